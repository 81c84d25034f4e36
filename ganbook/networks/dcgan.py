"""Convolutional networks after the guidelines of DCGAN, each of which can be undone."""

import keras
from keras import layers

from ganbook import checks
from ganbook.networks import shapes

# ---- how a map of features changes its size, functions of (x, filters, size) ----


def transposed(x, filters, kernel_size=4, **kwargs):
    """Twice the size, by a transposed convolution of stride 2."""
    return layers.Conv2DTranspose(filters, kernel_size, 2, "same", **kwargs)(x)


def resized(x, filters, kernel_size=3, **kwargs):
    """Twice the size: each value four times, then a convolution.

    No output sees more kernel weights than its neighbor, so nothing favors a
    checkerboard.

    References:
        Odena et al., 2016. https://distill.pub/2016/deconv-checkerboard/
    """
    x = layers.UpSampling2D(2)(x)
    return layers.Conv2D(filters, kernel_size, padding="same", **kwargs)(x)


def strided(x, filters, kernel_size=4, **kwargs):
    """Half the size, by a convolution of stride 2."""
    return layers.Conv2D(filters, kernel_size, 2, "same", **kwargs)(x)


def max_pooled(x, filters, kernel_size=4, **kwargs):
    """Half the size: a convolution, then the largest of each 2×2 values."""
    x = layers.Conv2D(filters, kernel_size, padding="same", **kwargs)(x)
    return layers.MaxPooling2D(2)(x)


def dcgan_normal():
    """A new initializer N(0, 0.02²), DCGAN's for all weights."""
    return keras.initializers.RandomNormal(stddev=0.02)


# ---- the networks ----


def dcgan_generator(
    image_shape,
    latents=64,
    width=32,
    kernel_size=4,
    *,
    upsample=transposed,
    activation="relu",
    normalization=layers.BatchNormalization,
    initializer=dcgan_normal,
    hidden=0,
):
    """Generator: a dense layer makes a small map, convolutions double it.

    The smallest map has sides of 4 to 8 (of 2 for images of 8×8); filters halve
    from one map to the next, down to ``width`` before the image.

    Args:
        image_shape: ``(height, width, channels)``, sides such as 8, 28, 32 or 64.
        latents: size of the latent vector, >= 1.
        width: filters of the largest map of features, >= 1.
        kernel_size: of the convolutions, >= 1.
        upsample: `transposed` or `resized`, or a function of
            ``(x, filters, kernel_size, **kwargs)``.
        activation: of the hidden layers, a function or its name.
        normalization: a function that makes a normalization layer, or None.
        initializer: a function that makes a Keras initializer, such as
            `dcgan_normal` or the class `keras.initializers.GlorotUniform`.
        hidden: units of one more dense layer, which DCGAN avoids; 0 for none.

    Returns:
        keras.Model, latents ``(batch, latents)`` to images in [-1, 1].

    Raises:
        TypeError, ValueError: if a size is no positive integer, or the sides of the
            image cannot be halved down to 8 or less.

    References:
        Radford et al., 2016, sec. 3. https://arxiv.org/abs/1511.06434
    """
    height, wide, channels, doublings = shapes.pyramid(image_shape, at_least=2)
    filters = checks.integer("width", width) * 2 ** (doublings - 1)
    kernel_size = checks.integer("kernel_size", kernel_size)
    shapes.function("activation", activation)

    def then(x):
        x = normalization()(x) if normalization else x
        return layers.Activation(activation)(x)

    inputs = x = keras.Input((checks.integer("latents", latents),))
    if checks.integer("hidden", hidden, 0):
        x = then(layers.Dense(hidden, kernel_initializer=initializer())(x))
    x = layers.Dense(height * wide * filters, kernel_initializer=initializer())(x)
    x = then(layers.Reshape((height, wide, filters))(x))
    for _ in range(doublings - 1):
        filters //= 2
        x = then(upsample(x, filters, kernel_size, kernel_initializer=initializer()))
    x = upsample(x, channels, kernel_size, kernel_initializer=initializer())
    return keras.Model(inputs, layers.Activation("tanh")(x))


def dcgan_discriminator(
    image_shape,
    width=32,
    kernel_size=4,
    *,
    downsample=strided,
    activation="leaky_relu",
    normalization=layers.BatchNormalization,
    initializer=dcgan_normal,
    hidden=0,
):
    """Discriminator: convolutions halve the image, a dense layer gives the logit.

    Filters double from map to map, beginning with ``width``. The first layer is not
    normalized.

    Args:
        image_shape: ``(height, width, channels)``, sides such as 8, 28, 32 or 64.
        width: filters of the first layer, >= 1.
        kernel_size: of the convolutions, >= 1.
        downsample: `strided` or `max_pooled`, or a function of
            ``(x, filters, kernel_size, **kwargs)``.
        activation, normalization, initializer, hidden: as for `dcgan_generator`.
            With a gradient penalty, ``normalization`` must not be batch
            normalization, which mixes examples.

    Returns:
        keras.Model, images to logits ``(batch, 1)``.

    Raises:
        TypeError, ValueError: as for `dcgan_generator`.

    References:
        Radford et al., 2016, sec. 3. https://arxiv.org/abs/1511.06434
    """
    *_, halvings = shapes.pyramid(image_shape, at_least=2)
    filters = checks.integer("width", width)
    kernel_size = checks.integer("kernel_size", kernel_size)
    shapes.function("activation", activation)
    inputs = x = keras.Input(shapes.image(image_shape))
    for level in range(halvings):
        kernel = initializer()
        x = downsample(x, filters * 2**level, kernel_size, kernel_initializer=kernel)
        x = normalization()(x) if normalization and level else x
        x = layers.Activation(activation)(x)
    x = layers.Flatten()(x)
    if checks.integer("hidden", hidden, 0):
        x = layers.Dense(hidden, kernel_initializer=initializer())(x)
        x = layers.Activation(activation)(x)
    return keras.Model(inputs, layers.Dense(1, kernel_initializer=initializer())(x))
