"""One measurement in a process of its own: ``python measure.py name``, JSON out."""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from ganbook import GAN, data, losses, metrics, networks, penalties

ROUNDS = 5


def taking_turns(runs, unit=1, rounds=ROUNDS):
    """Units per second, one per round, of ``{name: (function, steps)}``."""
    speed = {name: [] for name in runs}
    for turn in range(rounds + 1):  # the first round compiles and is dropped
        for name, (run, steps) in runs.items():
            start = time.perf_counter()
            run(steps)
            if turn:
                speed[name].append(unit * steps / (time.perf_counter() - start))
    return speed


def mlp():
    import peers

    batch = peers.MLP_BATCH
    x = data.grid().sample(800 * batch, seed=0)
    strict = [penalties.R1(0.005), penalties.R2(0.005)]

    def fit(**kwargs):
        return peers.ganbook_fit(peers.mlp_pair(), x, batch, **kwargs)

    return taking_turns(
        {
            "GAN.fit, 50 steps per execution": (fit(steps_per_execution=50), 800),
            "GAN.fit": (fit(), 800),
            "GAN.fit with R1 + R2, 50 steps per execution": (
                fit(steps_per_execution=50, penalties=strict),
                400,
            ),
            "fused by hand": (peers.fused_loop(peers.mlp_pair(), x, batch), 800),
            "copied loop": (peers.copied_loop(peers.mlp_pair(), x, batch), 40),
        }
    )


def dcgan():
    import peers

    batch = peers.DCGAN_BATCH
    x = np.random.default_rng(0).uniform(-1, 1, (12 * batch, 28, 28, 1))
    x = x.astype("float32")
    runs = {
        "GAN.fit": peers.ganbook_fit,
        "train_step in the style of the Keras example": peers.keras_style,
        "copied loop": peers.copied_loop,
    }
    return taking_turns(
        {name: (run(networks.dcgan_28(), x, batch), 12) for name, run in runs.items()},
        unit=batch,
    )


def backend():
    """`GAN.fit` on the backend of ``KERAS_BACKEND``."""
    torch = keras.backend.backend() == "torch"
    x = data.grid().sample(400 * 256, seed=0)
    gan = GAN(
        networks.mlp(2, 2), networks.mlp(2, 1), loss=losses.NonSaturating(), seed=0
    )
    adams = [keras.optimizers.Adam(2e-4, 0.5) for _ in range(2)]
    gan.compile(*adams, steps_per_execution=1 if torch else 50)

    def run(steps):
        gan.fit(x[: steps * 256], batch_size=256, verbose=0)

    return taking_turns({keras.backend.backend(): (run, 100 if torch else 400)})


def memory():
    """Resident memory after 5 epochs and after 50 more, in MB."""

    seen = []

    def resident(epoch, logs):
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
        seen.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)

    x = data.grid().sample(20 * 256, seed=0)
    gan = GAN(
        networks.mlp(2, 2),
        networks.mlp(2, 1),
        loss=losses.NonSaturating(),
        penalties=[penalties.R1(0.005), penalties.R2(0.005)],
        ema=0.999,
        seed=0,
    )
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    watch = keras.callbacks.LambdaCallback(on_epoch_end=resident)
    gan.fit(x, batch_size=256, epochs=55, verbose=0, callbacks=[watch])
    return {"after 5 epochs": [seen[4]], "after 55 epochs": [seen[-1]]}


def grid():
    """Seconds until 25 of 25 modes with 90 % of samples on them, for three seeds."""
    mixture = data.grid()
    x = mixture.sample(100_000, seed=0)

    class Until(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.report = metrics.coverage(self.model.sample(2500, seed=0), mixture)
            if self.report.modes == 25 and self.report.on_mode >= 0.9:
                self.model.stop_training = True

    seconds, steps, on_mode = [], [], []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        start = time.perf_counter()
        gan = GAN(
            networks.mlp(2, 2),
            networks.mlp(2, 1),
            loss=losses.RelativisticPairing(),
            penalties=[penalties.R1(0.005), penalties.R2(0.005)],
            ema=0.999,
            seed=seed,
        )
        rate = keras.optimizers.schedules.CosineDecay(1e-3, 10_000)
        adams = [keras.optimizers.Adam(rate, 0.0, 0.99) for _ in range(2)]
        gan.compile(*adams, steps_per_execution=50)
        until = Until()
        gan.fit(
            x,
            batch_size=256,
            steps_per_epoch=250,
            epochs=40,
            verbose=0,
            callbacks=[until],
        )
        seconds.append(time.perf_counter() - start)
        steps.append(int(gan.steps))
        on_mode.append(until.report.on_mode)
    return {"seconds": seconds, "steps": steps, "on mode": on_mode}


if __name__ == "__main__":
    measures = (mlp, dcgan, backend, memory, grid)
    print(json.dumps({m.__name__: m for m in measures}[sys.argv[1]]()))
