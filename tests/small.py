"""A GAN and data small enough for tests."""

import keras
import numpy as np
from keras import ops

from ganbook import GAN, autodiff, losses, networks

X = np.random.default_rng(0).normal(3.0, 1.0, (64, 2)).astype("float32")


def make(generator=None, discriminator=None, optimizer=keras.optimizers.Adam, **kwargs):
    keras.utils.set_random_seed(0)
    kwargs = {"loss": losses.NonSaturating(), "seed": 0} | kwargs
    gan = GAN(
        generator or networks.mlp(4, 2, width=8, depth=1),
        discriminator or networks.mlp(2, 1, width=8, depth=1),
        **kwargs,
    )
    gan.compile(optimizer(1e-2), optimizer(1e-2))
    return gan


def fit(gan, x=X, **kwargs):
    kwargs = {"batch_size": 16, "epochs": 1, "verbose": 0, "shuffle": False} | kwargs
    return gan.fit(x, **kwargs)


def values(x):
    """A tensor as an array."""
    return ops.convert_to_numpy(ops.stop_gradient(ops.convert_to_tensor(x)))


def slope(fn, x):
    """The gradient of ``sum(fn(x))`` at an array."""
    return values(autodiff.input_gradient(fn, ops.convert_to_tensor(x, "float32")))


def linear(*weights):
    """A network of one output: a weight for each input, then the bias."""
    network = networks.mlp(len(weights) - 1, 1, depth=0)
    network.set_weights([np.reshape(weights[:-1], (-1, 1)), np.array(weights[-1:])])
    return network


def variant(kind, *players, **kwargs):
    """A GAN of another class that learns by plain descent, at a rate of 0.01."""
    kwargs = {"loss": losses.NonSaturating(), "seed": 0} | kwargs
    gan = kind(*players, **kwargs)
    gan.compile(keras.optimizers.SGD(1e-2), keras.optimizers.SGD(1e-2))
    return gan
