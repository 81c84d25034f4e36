"""A pair as one would build it today: residual, without normalization."""

import math

import keras
from keras import layers, ops

from ganbook import checks
from ganbook.networks import shapes


def modern_generator(image_shape, latents=64, width=32, blocks=1, groups=4):
    """Generator of residual blocks and bilinear upsampling.

    Args:
        image_shape: ``(height, width, channels)``, sides such as 8, 28, 32 or 64.
        latents: size of the latent vector, >= 1.
        width: channels at full size, >= 1 and a multiple of ``groups``; twice as
            many at each smaller size.
        blocks: residual blocks at each size, >= 1.
        groups: of the 3×3 convolutions, >= 1: each sees a share of the channels.

    Returns:
        keras.Model, latents ``(batch, latents)`` to images. The last layer is
        linear, so values a little beyond [-1, 1] are possible.

    Raises:
        TypeError, ValueError: if a size is no positive integer, ``width`` no
            multiple of ``groups``, or the sides of the image cannot be halved down
            to 8 or less.

    Notes:
        After R3GAN: no normalization, leaky ReLU, grouped convolutions between two
        1×1 ones, bilinear resampling, and an initialization that starts every block
        as the identity. Smaller, and without its learned 4×4 basis.

    References:
        Huang et al., 2024, sec. 4. https://arxiv.org/abs/2501.05441
        Initialization: Zhang et al., 2019. https://arxiv.org/abs/1901.09321
    """
    height, wide, channels, doublings = shapes.pyramid(image_shape)
    width, depth = _sizes(width, blocks, groups, doublings)
    inputs = keras.Input((checks.integer("latents", latents),))
    filters = width * 2**doublings
    x = layers.Dense(height * wide * filters, kernel_initializer=_scaled())(inputs)
    x = layers.Reshape((height, wide, filters))(x)
    for level in range(doublings + 1):
        if level:
            filters //= 2
            x = _point(x, filters, gain=1.0)
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        for _ in range(blocks):
            x = residual(x, groups, depth)
    return keras.Model(inputs, _point(x, channels, gain=1.0))


def modern_discriminator(image_shape, width=32, blocks=1, groups=4):
    """Discriminator of residual blocks and bilinear downsampling.

    Treats examples independently, as gradient penalties ask.

    Args:
        image_shape, width, blocks, groups: as for `modern_generator`.

    Returns:
        keras.Model, images to logits ``(batch, 1)``.

    Raises:
        TypeError, ValueError: as for `modern_generator`.

    References:
        Huang et al., 2024, sec. 4. https://arxiv.org/abs/2501.05441
    """
    *_, halvings = shapes.pyramid(image_shape)
    filters, depth = _sizes(width, blocks, groups, halvings)
    inputs = keras.Input(shapes.image(image_shape))
    x = _point(inputs, filters, gain=1.0)
    for level in range(halvings + 1):
        if level:
            filters *= 2
            # the mean of 2×2 pixels: bilinear interpolation at half the size
            x = layers.AveragePooling2D(2)(x)
            x = _point(x, filters, gain=1.0)
        for _ in range(blocks):
            x = residual(x, groups, depth)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(1, kernel_initializer=_scaled())(x))


def residual(x, groups, depth):
    """``x`` plus two 1×1 convolutions around a grouped 3×3 one.

    The last convolution begins at zero, so the block begins as the identity; the
    others are scaled by ``depth ** -0.25``, for their product to keep its size.
    """
    filters = x.shape[-1]
    gain = depth**-0.25
    y = _point(x, 2 * filters, gain * math.sqrt(2))
    y = layers.LeakyReLU(0.2)(y)
    y = _grouped(y, groups, gain * math.sqrt(2))
    y = layers.LeakyReLU(0.2)(y)
    return layers.Add()([x, _point(y, filters, gain=0.0)])


def _grouped(x, groups, gain):
    # one convolution for each group of channels: Keras' own ``groups=`` compiles
    # with XLA on a CPU
    size = x.shape[-1] // groups
    parts = [
        layers.Conv2D(size, 3, padding="same", kernel_initializer=_scaled(gain))(part)
        for part in (ops.split(x, groups, axis=-1) if groups > 1 else [x])
    ]
    return layers.Concatenate()(parts) if groups > 1 else parts[0]


def _point(x, filters, gain):
    kernel = _scaled(gain) if gain else "zeros"
    return layers.Conv2D(filters, 1, kernel_initializer=kernel)(x)


def _scaled(gain=1.0):
    return keras.initializers.VarianceScaling(gain**2)


def _sizes(width, blocks, groups, levels):
    width = checks.integer("width", width)
    if width % checks.integer("groups", groups):
        raise ValueError(f"width: expected a multiple of groups={groups}, got {width}")
    return width, checks.integer("blocks", blocks) * (levels + 1)
