"""Steps per second: `GAN.fit` against the loop that most tutorials copy.

Both train the same two networks (three hidden layers of 128) on the grid of 25
Gaussians with batches of 256, one discriminator and one generator update a step.
The copied loop calls ``predict`` once and ``train_on_batch`` three times a step;
as `losses` and the update order differ in no other way, the ratio is the cost of
leaving compiled code. They take turns, and the median of the rounds counts.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from ganbook import GAN, data, losses, networks

BATCH = 256


def networks_2d():
    return networks.mlp(2, 2), networks.mlp(2, 1)


def fit(x, steps_per_execution):
    """A function that trains for a number of steps with `GAN.fit`."""
    gan = GAN(*networks_2d(), loss=losses.NonSaturating(), seed=0)
    gan.compile(
        keras.optimizers.Adam(2e-4, 0.5),
        keras.optimizers.Adam(2e-4, 0.5),
        steps_per_execution=steps_per_execution,
    )
    return lambda steps: gan.fit(x[: steps * BATCH], batch_size=BATCH, verbose=0)


def copied_loop(x):
    """The loop of ``predict`` and ``train_on_batch``.

    Keras 3 reads ``trainable`` when it traces a training step. Frozen before that,
    as the tutorials have it, the discriminator would learn nothing: so it takes one
    step first.
    """
    generator, discriminator = networks_2d()
    discriminator.add(keras.layers.Activation("sigmoid"))
    discriminator.compile(keras.optimizers.Adam(2e-4, 0.5), "binary_crossentropy")
    ones, zeros = np.ones((BATCH, 1)), np.zeros((BATCH, 1))
    discriminator.train_on_batch(x[:BATCH], ones)
    discriminator.trainable = False
    gan = keras.Sequential([keras.Input((2,)), generator, discriminator])
    gan.compile(keras.optimizers.Adam(2e-4, 0.5), "binary_crossentropy")
    rng = np.random.default_rng(0)

    def run(steps):
        for _ in range(steps):
            fake = generator.predict(rng.normal(size=(BATCH, 2)), verbose=0)
            real = x[rng.integers(len(x), size=BATCH)]
            discriminator.train_on_batch(real, ones)
            discriminator.train_on_batch(fake, zeros)
            gan.train_on_batch(rng.normal(size=(BATCH, 2)), ones)

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    keras.utils.set_random_seed(0)
    x = data.grid().sample(400 * BATCH, seed=0)
    runs = {
        "the copied loop": (copied_loop(x), 40),
        "GAN.fit": (fit(x, 1), 400),
        "GAN.fit, steps_per_execution=50": (fit(x, 50), 400),
    }
    speed = {name: [] for name in runs}
    for turn in range(rounds + 1):  # the first round compiles and is dropped
        for name, (run, steps) in runs.items():
            start = time.perf_counter()
            run(steps)
            if turn:
                speed[name].append(steps / (time.perf_counter() - start))
    base = statistics.median(speed["the copied loop"])
    print(f"{'':34}{'ratio':>7}{'steps/s':>9}  (range over {rounds} rounds)")
    for name, values in speed.items():
        middle = statistics.median(values)
        spread = f"({min(values):.0f} to {max(values):.0f})"
        print(f"{name:34}{middle / base:7.1f}{middle:9.0f}  {spread}")


if __name__ == "__main__":
    main()
