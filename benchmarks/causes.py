"""Causes of mode collapse, one changed at a time, and what a small D can see.

GANs on a ring of eight with broad modes, with and without R1 + R2 (a narrower D only
with), and discriminators alone on a grid of 25. All seeds share one data set. Three
quarters of an hour on a busy machine; runs only what the record lacks; read by the
chapter *Why does a generator forget most of the data?*
"""

import json
import time

import keras
import numpy as np
import record

import ganbook
from ganbook import GAN, data, losses, metrics, networks, penalties

SEEDS, STEPS, EVERY = range(5), 2000, 100
LATE = range(1000, STEPS + 1, EVERY)  # a count each
RATE, BETA, BATCH, GAMMA, WIDTH = 1e-3, 0.5, 128, 0.01, 64
RECIPES = {"plain": [], "penalized": [penalties.R1(GAMMA), penalties.R2(GAMMA)]}
CASES = {  # what is changed
    "base": {},
    "D of width 2": {"width": 2},
    "D of width 4": {"width": 4},
    "D of width 8": {"width": 8},
    "D of width 16": {"width": 16},
    "batch of 4": {"batch": 4},
    "D half as fast": {"rate_of_D": RATE / 2},
    "D a quarter as fast": {"rate_of_D": RATE / 4},
    "beta_1 = 0.8": {"beta": 0.8},
    "beta_1 = 0.9": {"beta": 0.9},
    "KL": {"loss": losses.FGAN("kl")},
    "KL, non-saturating": {"loss": losses.FGAN("kl", non_saturating=True)},
    "reverse KL": {"loss": losses.FGAN("reverse_kl")},
}
WIDTHS = 4, 8, 16, 32, 64, 128
LOST = {"one": [12], "every second": range(0, 25, 2)}  # modes of the grid left out


def one_run(
    seed,
    recipe,
    real,
    mixture,
    width=WIDTH,
    batch=BATCH,
    beta=BETA,
    rate_of_D=RATE,
    loss=None,
):
    """Modes and share on a mode at each look; shorter where training failed.

    ``met`` counts the modes that had 20 samples at one look at least.
    """
    ganbook.setup(seed)
    gan = GAN(
        networks.mlp(2, 2, width=WIDTH, depth=2),
        networks.mlp(2, 1, width=width, depth=2),
        loss=loss or losses.NonSaturating(),
        penalties=RECIPES[recipe],
        seed=seed,
    )
    adam = [keras.optimizers.Adam(rate, beta_1=beta) for rate in (RATE, rate_of_D)]
    gan.compile(*adam, steps_per_execution=EVERY // 2)
    modes, on_mode, met, failed = [], [], set(), None

    def look(epoch, logs):
        step = EVERY * (epoch + 1)
        if step in LATE:
            report = metrics.PROTOCOLS["twenty"](gan.sample, mixture, seed=step)
            modes.append(report.modes)
            on_mode.append(round(report.on_mode, 4))
            met.update(np.flatnonzero(report.counts >= 20).tolist())

    try:
        gan.fit(
            real,
            batch_size=batch,
            epochs=STEPS // EVERY,
            steps_per_epoch=EVERY,
            verbose=0,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=look)],
        )
    except FloatingPointError as error:
        failed = str(error)
    return {"modes": modes, "on_mode": on_mode, "met": len(met), "failed": failed}


def without(lost, mixture):
    """The mixture without some of its modes."""
    kept = ~np.isin(np.arange(len(mixture.centers)), lost)
    return data.Mixture(mixture.centers, mixture.std, kept / kept.sum())


def seen(seed, width, lost, mixture, n=20_000):
    """Nats by which a D of its own tells the mixture from the same without modes."""
    keras.utils.set_random_seed(seed)
    rest = without(lost, mixture)
    x = np.concatenate([mixture.sample(n, seed), rest.sample(n, seed + 1000)])
    y = np.repeat([[1.0], [0.0]], n, axis=0)
    D = networks.mlp(2, 1, width=width, depth=2)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    D.compile(keras.optimizers.Adam(3e-3), loss, steps_per_execution=50)
    D.fit(x, y, batch_size=400, epochs=20, verbose=0)
    test = mixture.sample(n, seed + 2000), rest.sample(n, seed + 3000)
    paid = D.evaluate(np.concatenate(test), y, batch_size=4000, verbose=0)
    return float(2 * np.log(2) - 2 * paid)


def begun():
    """What earlier calls have left, and their seconds."""
    path = record.RESULTS / "causes.json"
    if path.exists():
        left = json.loads(path.read_text())
        return left["seen"], left["runs"], left["provenance"]["seconds"]
    return {name: {} for name in LOST}, {recipe: {} for recipe in RECIPES}, 0


def main():
    blind, runs, spent = begun()
    began = time.time() - spent
    mixture, grid = data.ring(std=0.05), data.grid()
    real = mixture.sample(20_000, seed=0)

    def save():
        record.write(
            "causes",
            {
                "steps": STEPS,
                "seeds": len(SEEDS),
                "late": list(LATE),
                "seen": blind,
                "runs": runs,
            },
            seconds=time.time() - began,
            data=(real,),
        )

    for name, lost in LOST.items():
        for width in WIDTHS:
            found = blind[name].setdefault(str(width), [])
            for seed in SEEDS[len(found) :]:
                found.append(round(seen(seed, width, lost, grid), 4))
            save()
    for recipe, cases in runs.items():
        for name, changed in CASES.items():
            if recipe == "plain" and "width" in changed:
                continue
            rows = cases.setdefault(name, {})
            for seed in SEEDS[len(rows.get("met", [])) :]:
                found = one_run(seed, recipe, real, mixture, **changed)
                for what, value in found.items():
                    rows.setdefault(what, []).append(value)
                print(f"{recipe}, {name}, seed {seed}:", *found.values(), flush=True)
                save()


if __name__ == "__main__":
    main()
