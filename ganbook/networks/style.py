"""A generator in the manner of StyleGAN2: latents choose the weights of each layer."""

import keras
from keras import layers, ops

from ganbook import checks
from ganbook.networks import shapes


@keras.saving.register_keras_serializable(package="ganbook")
class ModulatedConv2D(layers.Layer):
    r"""Convolution whose kernel each example scales by a style of its own.

    With a style s, one number per input channel and example, the kernel is
    :math:`w'_{ijk} = s_i w_{ijk}`, and, demodulated,
    :math:`w''_{ijk} = w'_{ijk} / \sqrt{\sum_{i,k} w'^2_{ijk} + \epsilon}`. Scaling
    the input by s and the output by the root's reciprocal does the same and needs
    no kernel per example.

    Called with ``[x, w]``: maps ``(batch, height, width, channels)`` and ``w``
    ``(batch, d)``, from which a dense layer makes the style.

    Args:
        filters: output channels, >= 1.
        kernel_size: >= 1.
        demodulate: divide by the root.

    Returns:
        Maps ``(batch, height, width, filters)``.

    Raises:
        TypeError, ValueError: if a size is no positive integer.

    References:
        Karras et al., 2020, eqs. 1 to 3. https://arxiv.org/abs/1912.04958
    """

    def __init__(self, filters, kernel_size=3, demodulate=True, **kwargs):
        super().__init__(**kwargs)
        self.filters = checks.integer("filters", filters)
        self.kernel_size = checks.integer("kernel_size", kernel_size)
        self.demodulate = demodulate

    def build(self, input_shape):
        channels = input_shape[0][-1]
        size = self.kernel_size
        self.style = layers.Dense(channels, bias_initializer="ones")
        self.style.build(input_shape[1])
        self.kernel = self.add_weight(
            (size, size, channels, self.filters), "he_normal", name="kernel"
        )
        self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, inputs):
        x, w = inputs
        style = self.style(w)
        y = ops.conv(x * style[:, None, None], self.kernel, padding="same")
        if self.demodulate:
            squares = ops.sum(ops.square(self.kernel), axis=(0, 1))
            norm = ops.matmul(ops.square(style), squares)
            y = y * ops.rsqrt(norm + 1e-8)[:, None, None]
        return y + self.bias

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], self.filters)

    def get_config(self):
        config = dict(
            filters=self.filters,
            kernel_size=self.kernel_size,
            demodulate=self.demodulate,
        )
        return super().get_config() | config


@keras.saving.register_keras_serializable(package="ganbook")
class LearnedConstant(layers.Layer):
    """The same learned map ``shape`` for every example of the input."""

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)

    def build(self, input_shape):
        self.value = self.add_weight((1, *self.shape), "random_normal", name="value")

    def call(self, w):
        return ops.repeat(self.value, ops.shape(w)[0], axis=0)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.shape)

    def get_config(self):
        return super().get_config() | {"shape": self.shape}


def style_generator(image_shape, latents=64, width=32, depth=2):
    """Generator of two networks, by name: ``mapping``, then ``synthesis``.

    The mapping, a perceptron on latents of length 1 (times the root of their
    number), makes w; the synthesis starts from a constant and lets w scale the
    channels of each convolution. Get them with ``generator.get_layer("mapping")``:
    what lies between them can be averaged, mixed and truncated.

    Args:
        image_shape: ``(height, width, channels)``, sides such as 8, 28, 32 or 64.
        latents: size of the latent vector and of w, >= 1.
        width: channels at full size, >= 1; twice as many at each smaller size.
        depth: layers of the mapping, >= 1.

    Returns:
        keras.Model, latents ``(batch, latents)`` to images. The last layer is
        linear, so values a little beyond [-1, 1] are possible.

    Raises:
        TypeError, ValueError: as for `ganbook.networks.modern_generator`.

    Notes:
        Left out of StyleGAN2: noise in each layer, skip connections, path length
        regularization.

    References:
        Karras et al., 2020. https://arxiv.org/abs/1912.04958
    """
    height, wide, channels, doublings = shapes.pyramid(image_shape)
    latents = checks.integer("latents", latents)
    filters = checks.integer("width", width) * 2**doublings
    mapping = keras.Sequential(name="mapping")
    mapping.add(keras.Input((latents,)))
    mapping.add(layers.UnitNormalization())
    mapping.add(layers.Rescaling(latents**0.5))
    for _ in range(checks.integer("depth", depth)):
        mapping.add(layers.Dense(latents, "leaky_relu"))

    w = keras.Input((latents,))
    x = LearnedConstant((height, wide, filters))(w)
    x = layers.LeakyReLU(0.2)(ModulatedConv2D(filters)([x, w]))
    for _ in range(doublings):
        filters //= 2
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = layers.LeakyReLU(0.2)(ModulatedConv2D(filters)([x, w]))
    image = ModulatedConv2D(channels, 1, demodulate=False)([x, w])
    synthesis = keras.Model(w, image, name="synthesis")

    inputs = keras.Input((latents,))
    return keras.Model(inputs, synthesis(mapping(inputs)))
