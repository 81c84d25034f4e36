"""A GAN and data small enough for tests."""

import keras
import numpy as np

from ganbook import GAN, losses, networks

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
