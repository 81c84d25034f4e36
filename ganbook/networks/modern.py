"""A pair as one would build it today: residual, without normalization."""

import math

import keras
from keras import layers, ops

from ganbook import checks
from ganbook.networks import shapes


def modern_generator(image_shape, latents=64, width=32, blocks=1, group_size=16):
    """Generator of residual blocks and bilinear upsampling.

    Args:
        image_shape: ``(height, width, channels)``, sides such as 8, 28, 32 or 64.
        latents: size of the latent vector, >= 1.
        width: channels at half the size of the image, an even number >= 2; half as
            many at full size, twice as many at each smaller one.
        blocks: residual blocks at each size, >= 1.
        group_size: channels that a 3×3 convolution sees together, >= 1; must
            divide those of each size that has more.

    Returns:
        keras.Model, latents ``(batch, latents)`` to images. The last layer is
        linear, so values a little beyond [-1, 1] are possible.

    Raises:
        TypeError, ValueError: if a size is no positive integer or does not divide
            as it should, or the sides of the image cannot be halved down to 8.

    Notes:
        After R3GAN, made small: no normalization, leaky ReLU, grouped convolutions,
        bilinear resampling, blocks that begin as the identity. It leaves out the
        first of the paper's three convolutions per block and its learned basis; no
        block of the discriminator works at full size, where it would cost most.

    References:
        Huang et al., 2024. https://arxiv.org/abs/2501.05441
        Initialization: Zhang et al., 2019. https://arxiv.org/abs/1901.09321
    """
    height, wide, channels, doublings = shapes.pyramid(image_shape)
    filters = _width(width) * 2 ** (doublings - 1)
    blocks = checks.integer("blocks", blocks)
    depth = blocks * (doublings + 1)
    inputs = keras.Input((checks.integer("latents", latents),))
    x = layers.Dense(height * wide * filters)(inputs)
    x = layers.Reshape((height, wide, filters))(x)
    for level in range(doublings + 1):
        if level:
            filters //= 2
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
            x = layers.Conv2D(filters, 1)(x)
        for _ in range(blocks):
            x = residual(x, group_size, depth)
    x = layers.LeakyReLU(0.2)(x)
    return keras.Model(inputs, layers.Conv2D(channels, 3, padding="same")(x))


def modern_discriminator(image_shape, width=32, blocks=1, group_size=16):
    """Discriminator of residual blocks and bilinear downsampling.

    Treats examples independently, as gradient penalties ask.

    Args:
        image_shape, width, blocks, group_size: as for `modern_generator`.

    Returns:
        keras.Model, images to logits ``(batch, 1)``.

    Raises:
        TypeError, ValueError: as for `modern_generator`.

    References:
        Huang et al., 2024. https://arxiv.org/abs/2501.05441
    """
    *_, halvings = shapes.pyramid(image_shape)
    filters = _width(width)
    depth = checks.integer("blocks", blocks) * halvings
    inputs = keras.Input(shapes.image(image_shape))
    x = layers.Conv2D(filters, 3, 2, "same")(inputs)
    for level in range(halvings):
        if level:
            filters *= 2
            # the mean of 2×2 values: bilinear interpolation at half the size
            x = layers.AveragePooling2D(2)(x)
            x = layers.Conv2D(filters, 1)(x)
        for _ in range(blocks):
            x = residual(x, group_size, depth)
    x = layers.Flatten()(layers.LeakyReLU(0.2)(x))
    return keras.Model(inputs, layers.Dense(1)(x))


def residual(x, group_size, depth):
    """``x`` plus a grouped 3×3 convolution, then a 1×1 one that begins at zero.

    The block so begins as the identity. ``depth`` is the number of blocks: the
    first kernel shrinks with its root, or the sum of all blocks would grow.
    """
    y = layers.LeakyReLU(0.2)(x)
    y = grouped(y, group_size, gain=math.sqrt(2 / depth))
    y = layers.LeakyReLU(0.2)(y)
    return layers.Add()(
        [x, layers.Conv2D(x.shape[-1], 1, kernel_initializer="zeros")(y)]
    )


def grouped(x, group_size, gain):
    """A 3×3 convolution for each group of channels.

    Keras' own ``Conv2D(groups=...)`` is compiled by XLA on a CPU, again for each
    shape; these are plain convolutions.
    """
    filters, group_size = x.shape[-1], checks.integer("group_size", group_size)
    groups = max(filters // group_size, 1)
    if filters > group_size and filters % group_size:
        raise ValueError(
            f"group_size: expected a divisor of {filters} channels, got {group_size}"
        )
    parts = ops.split(x, groups, axis=-1) if groups > 1 else [x]
    seen = []
    for part in parts:
        kernel = keras.initializers.VarianceScaling(gain**2)
        conv = layers.Conv2D(
            filters // groups, 3, padding="same", kernel_initializer=kernel
        )
        seen.append(conv(part))
    return layers.Concatenate()(seen) if groups > 1 else seen[0]


def _width(width):
    if checks.integer("width", width) % 2:
        raise ValueError(f"width: expected an even number >= 2, got {width}")
    return width
