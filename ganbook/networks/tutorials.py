"""The pairs of networks that introductions to GANs use most, under one roof.

As they are usually written, but for two things: samples are in [-1, 1], by a tanh,
and the discriminator ends in logits.
"""

import keras
from keras import layers

from ganbook import checks
from ganbook.networks import shapes
from ganbook.networks.dense import mlp


def dense_128(image_shape=(28, 28, 1), latents=100):
    """One hidden layer of 128 units with ReLU in each network.

    Args:
        image_shape: ``(height, width, channels)``.
        latents: size of the latent vector, >= 1.

    Returns:
        ``(generator, discriminator)``, of `keras.Sequential`.

    Raises:
        TypeError, ValueError: if a size is no positive integer.
    """
    return _dense(image_shape, latents, width=128, depth=1, activation="relu")


def dense_1024(image_shape=(28, 28, 1), latents=100):
    """Three hidden layers of 1024 units with leaky ReLU in each network.

    Arguments, result and errors are those of `dense_128`.
    """
    return _dense(image_shape, latents, width=1024, depth=3, activation="leaky_relu")


def _dense(image_shape, latents, **hidden):
    image = shapes.image(image_shape)
    generator = mlp(latents, image, output_activation="tanh", **hidden)
    return generator, mlp(image, 1, **hidden)


def dcgan_28(latents=100):
    """The convolutional pair of countless 28×28 tutorials.

    A dense layer makes 7×7×256 features; transposed convolutions 5×5 with 128, 64
    and 1 filters make the image, strided convolutions 5×5 with 64 and 128 filters
    and dropout of 0.3 judge it. There is no normalization. The tutorials train it
    with Adam at 2e-4 and beta_1 = 0.5.

    Args:
        latents: size of the latent vector, >= 1.

    Returns:
        ``(generator, discriminator)``, of `keras.Sequential`.

    Raises:
        TypeError, ValueError: if ``latents`` is no positive integer.
    """
    up = dict(padding="same", use_bias=False)
    generator = keras.Sequential(
        [
            keras.Input((checks.integer("latents", latents),)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, 1, **up),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(64, 5, 2, **up),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(1, 5, 2, activation="tanh", **up),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, 2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, 2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    return generator, discriminator
