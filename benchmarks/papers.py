"""Two papers' own settings on their own data, for a part of their steps.

PacGAN: networks, optimizer and data of its published code, whose runs have 400 epochs.
The unrolled GAN: those of its authors' demonstration, all 25,000 steps. Its ring counts
the first angle twice, so that it has seven modes. Read by `cures`.
"""

import cells
import judge
import keras
import numpy as np
from keras import layers, ops

from ganbook import GAN, data, losses, metrics, variants

SEEDS, POINTS, AT_ONCE = 2, 100_000, 50
EPOCHS, EPOCHS_IN_THE_PAPER, PACKS = 5, 400, 100
ITERATIONS, BATCH = 25_000, 512


def ring_of_seven():
    """``linspace(0, 2 pi, 8)``: the last center is the first."""
    angles = np.linspace(0.0, 2.0 * np.pi, 8)[:-1]
    centers = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    return data.Mixture(centers, 0.01, np.array([2, 1, 1, 1, 1, 1, 1]) / 8)


MIXTURES = {
    "ring": data.ring(unit_variance=False),
    "grid": data.grid(unit_variance=False),
    "ring of seven": ring_of_seven(),
}


def small_normal():
    return keras.initializers.RandomNormal(0.0, 0.02)


def pacgan_generator():
    model = keras.Sequential([keras.Input((2,))])
    for _ in range(4):
        model.add(layers.Dense(400, use_bias=False, kernel_initializer=small_normal()))
        model.add(layers.BatchNormalization(momentum=0.95))
        model.add(layers.ReLU())
    model.add(layers.Dense(2, kernel_initializer=small_normal()))
    return model


def pacgan_critic(pack):
    """Three maxout layers of 200 units with five pieces."""
    x = inputs = keras.Input((2 * pack,))
    for _ in range(3):
        x = layers.Dense(1000, kernel_initializer=small_normal())(x)
        x = ops.max(layers.Reshape((200, 5))(x), axis=-1)
    return keras.Model(inputs, layers.Dense(1, kernel_initializer=small_normal())(x))


def pacgan(pack):
    def train(x, seed):
        gan = GAN(
            pacgan_generator(),
            pacgan_critic(pack),
            loss=losses.NonSaturating(),
            pack=pack,
            seed=seed,
        )
        adam = [keras.optimizers.Adam(1e-4, 0.8) for _ in "GD"]
        gan.compile(*adam, steps_per_execution=AT_ONCE)
        # a batch holds 100 packs, of which an epoch has 1000, as in the paper's code
        steps = EPOCHS * POINTS // PACKS
        gan.fit(x, batch_size=PACKS * pack, steps_per_epoch=steps, verbose=0)
        return gan

    return train


def tanh_pair():
    def network(inputs, outputs):
        def dense(units, activation=None):
            first = keras.initializers.Orthogonal(1.4)
            return layers.Dense(units, activation, kernel_initializer=first)

        hidden = [dense(128, "tanh"), dense(128, "tanh")]
        return keras.Sequential([keras.Input((inputs,)), *hidden, dense(outputs)])

    return network(256, 2), network(2, 1)


def unrolled(steps):
    def train(x, seed):
        loss = losses.Minimax()
        gan = variants.Unrolled(*tanh_pair(), loss=loss, unrolling=steps, seed=seed)
        adam = [keras.optimizers.Adam(rate, 0.5) for rate in (1e-3, 1e-4)]
        gan.compile(*adam, steps_per_execution=AT_ONCE)
        gan.fit(x, batch_size=BATCH, steps_per_epoch=ITERATIONS, verbose=0)
        return gan

    return train


METHODS = {
    "GAN": pacgan(1),
    "PacGAN2": pacgan(2),
    "PacGAN4": pacgan(4),
    "unrolled 0": unrolled(0),
    "unrolled 5": unrolled(5),
}


def run(task, method, seed):
    keras.utils.set_random_seed(seed)
    mixture = MIXTURES[task]
    gan = METHODS[method](mixture.sample(POINTS, seed=seed), seed)
    found = metrics.PROTOCOLS["PacGAN"](gan.sample, mixture, seed=seed + 1000)
    keras.backend.clear_session()
    return judge.modes(found)


def main():
    pairs = [
        (task, method)
        for task, mixture in MIXTURES.items()
        for method in METHODS
        if ("unrolled" in method) == (task == "ring of seven")
    ]
    cells.measure(
        "papers",
        run,
        [
            {"task": task, "method": method, "seed": seed}
            for seed in range(SEEDS)
            for task, method in pairs
        ],
        data=[mixture.sample(POINTS, seed=0) for mixture in MIXTURES.values()],
        epochs=EPOCHS,
        epochs_in_the_paper=EPOCHS_IN_THE_PAPER,
        iterations=ITERATIONS,
    )


if __name__ == "__main__":
    main()
