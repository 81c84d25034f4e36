"""A run that a test kills: ``python survivor.py folder epochs``, until it ends.

It has everything that could differ after a restart: shuffled data in unequal
batches, dropout, batch statistics, instance noise, a penalty that draws, averages,
two Adams, several steps per execution, and epochs shorter than the data.
"""

import os
import signal
import subprocess
import sys

import keras
import numpy as np

from ganbook import GAN, callbacks, losses, penalties

layers = keras.layers


def make():
    # names start anew: graphs with other names may add in another order
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(16),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(2),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(16, "relu"),
            layers.Dropout(0.3),
            layers.Dense(1),
        ]
    )
    gan = GAN(
        generator,
        discriminator,
        loss=losses.RelativisticPairing(),
        penalties=[penalties.R1(0.1), penalties.GradientPenalty(0.1)],
        discriminator_steps=2,
        instance_noise=keras.optimizers.schedules.PolynomialDecay(0.3, 100),
        ema=0.9,
        seed=None,
    )
    adams = [keras.optimizers.Adam(1e-3, 0.5) for _ in range(2)]
    torch = keras.backend.backend() == "torch"
    gan.compile(*adams, steps_per_execution=1 if torch else 3)
    return gan


def train(gan, folder, **kwargs):
    x = np.random.default_rng(0).normal(size=(150, 2))
    options = dict(batch_size=16, steps_per_epoch=7, epochs=12, verbose=0) | kwargs
    return gan.fit(x, callbacks=[callbacks.Resume(folder)], **options)


def state(gan):
    """All that training changes but the means of the losses, which an epoch resets."""
    means = {id(v) for v in gan.metrics_variables}
    variables = [v for v in gan.state if id(v) not in means]
    return {str(i): keras.ops.convert_to_numpy(v) for i, v in enumerate(variables)}


def run(folder, epochs, chance=None):
    """Kill the script at random moments until it ends; its state, and the kills."""
    kills = 0
    while True:
        process = start(folder, epochs)
        try:
            # from within compilation to about the end
            process.wait(chance and chance.uniform(1.0, 9.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        if process.returncode == 0:
            return dict(np.load(f"{folder}/end.npz")), kills
        if process.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the script failed: {process.returncode}")


def start(folder, epochs):
    """The script as a process that has come to its training."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, str(folder), str(epochs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"KERAS_BACKEND": keras.backend.backend()},
    )
    with process.stdout:
        process.stdout.readline()
    return process


if __name__ == "__main__":
    gan = make()
    print("start", flush=True)
    train(gan, sys.argv[1], epochs=int(sys.argv[2]))
    np.savez(f"{sys.argv[1]}/end.npz", **state(gan))
