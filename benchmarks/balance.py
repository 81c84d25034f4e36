"""The knobs of a GAN's training, turned one at a time on two recipes.

On the ring of eight, with and without R1 + R2, scored by the Wasserstein distance and
the share of samples on a mode. About half an hour; read by the chapter
*Which knobs matter?*
"""

import time
from functools import partial

import keras
import numpy as np
import record

import ganbook
from ganbook import GAN, data, divergences, losses, metrics, networks, penalties

SEEDS, STEPS, EVERY = range(5), 2400, 100
LATE = range(2000, 2401, EVERY)  # a score each
EARLY = 700, 800  # where five steps of D have cost what one has in LATE
POINTS = 800  # in a score
RATE, BETA, BATCH, GAMMA = 1e-3, 0.5, 128, 0.01
RECIPES = {"plain": [], "penalized": [penalties.R1(GAMMA), penalties.R2(GAMMA)]}
FALLING = keras.optimizers.schedules.CosineDecay(RATE, STEPS)
FADING = keras.optimizers.schedules.PolynomialDecay(0.1, STEPS, 0.0)
CASES = {  # what is changed; rates are the generator's and the discriminator's
    "base": {},
    "both rates doubled": {"rates": (2 * RATE, 2 * RATE)},
    "both rates halved": {"rates": (RATE / 2, RATE / 2)},
    "D 4 times as fast": {"rates": (RATE / 2, 2 * RATE)},
    "G 4 times as fast": {"rates": (2 * RATE, RATE / 2)},
    "5 D steps": {"discriminator_steps": 5},
    "beta_1 = 0": {"beta": 0.0},
    "beta_1 = 0.9": {"beta": 0.9},
    "batch of 32": {"batch": 32},
    "batch of 512": {"batch": 512},
    "falling rates": {"rates": (FALLING, FALLING)},
    "smoothing 0.1": {"loss": losses.NonSaturating(smoothing=0.1)},
    "noise 0.1": {"instance_noise": 0.1},
    "fading noise": {"instance_noise": FADING},
}
LAGGING = ("base", "D 4 times as fast", "G 4 times as fast", "5 D steps")
MORE = 500  # updates of D alone, to see how far it lags; as many to measure its loss
SCORES = ("distance", "on_mode", "modes")


def score(generate, mixture, seed):
    """`SCORES` of samples, the distance to as many points on each mode."""
    samples = generate(POINTS, seed)
    rng = np.random.default_rng(seed)
    centers = np.repeat(mixture.centers, POINTS // len(mixture.centers), axis=0)
    real = centers + mixture.std * rng.normal(size=centers.shape)
    seen = metrics.coverage(samples, mixture)
    return divergences.wasserstein(real, samples), seen.on_mode, seen.modes


def accuracy(gan, mixture, seed):
    """Share of fresh samples, half of them real, that the discriminator tells."""
    real, fake = mixture.sample(POINTS, seed), gan.sample(POINTS, seed, ema=False)
    real, fake = (
        keras.ops.convert_to_numpy(gan.discriminator(x)) for x in (real, fake)
    )
    return (np.mean(real > 0) + np.mean(fake < 0)) / 2


def gan_of(pair, seed, recipe, rates=(RATE, RATE), beta=BETA, **changed):
    options = {"loss": losses.NonSaturating()} | changed
    gan = GAN(*pair, penalties=RECIPES[recipe], ema=0.999, seed=seed, **options)
    optimizers = [keras.optimizers.Adam(rate, beta_1=beta) for rate in rates]
    gan.compile(*optimizers, steps_per_execution=EVERY // 2)
    return gan


def train(gan, real, steps=EVERY, batch=BATCH):
    """The mean of what the discriminator minimized."""
    fitted = gan.fit(real, batch_size=batch, steps_per_epoch=steps, verbose=0)
    return fitted.history["d_loss"][0] + fitted.history["penalty"][0]


def lag(gan, seed, recipe, real):
    """How far D's loss falls while G waits for it."""
    pair = gan.generator, gan.discriminator
    waiting = gan_of(pair, seed, recipe, rates=(0.0, 0.0))
    before = train(waiting, real, MORE)
    waiting.discriminator_optimizer.learning_rate.assign(RATE)
    train(waiting, real, MORE)
    waiting.discriminator_optimizer.learning_rate.assign(0.0)
    return before - train(waiting, real, MORE)


def one_run(name, seed, recipe, mixture, real):
    """What `main` records of one case and seed, ready for JSON."""
    ganbook.setup(seed)
    changed = dict(CASES[name])
    batch = changed.pop("batch", BATCH)
    pair = networks.mlp(2, 2, width=64), networks.mlp(2, 1, width=64)
    gan = gan_of(pair, seed, recipe, **changed)
    plan = {"early": (EARLY, False), "late": (LATE, False), "ema": (LATE, True)}
    looks = {key: [] for key in plan}
    told, weights, spent = [], [], []
    for step in range(EVERY, STEPS + 1, EVERY):
        began = time.process_time()
        train(gan, real, batch=batch)
        spent.append(time.process_time() - began)
        weights.append(gan.generator.get_weights())
        for key, (steps, ema) in plan.items():
            if step in steps:
                looks[key].append(score(partial(gan.sample, ema=ema), mixture, step))
        if step in LATE:
            told.append(accuracy(gan, mixture, step))
    milliseconds = 1e3 * np.median(spent) / EVERY
    measured = {"accuracy": np.mean(told), "processor_ms": milliseconds}
    if name in LAGGING:
        measured["lag"] = lag(gan, seed, recipe, real)
    # last, since it replaces the weights
    half = zip(*weights[len(weights) // 2 :], strict=True)
    gan.generator.set_weights([np.mean(w, axis=0) for w in half])
    looks["mean"] = [score(partial(gan.sample, ema=False), mixture, s) for s in LATE]
    for key, rows in looks.items():
        for what, values in zip(SCORES, np.transpose(rows), strict=True):
            measured[f"{key} {what}"] = np.median(values)
    late = np.transpose(looks["late"])[0]
    measured["swing"] = late.max() - late.min()
    return {key: float(f"{value:.4g}") for key, value in measured.items()}


def main():
    began, spent = time.time(), time.process_time()
    mixture = data.ring()
    real = mixture.sample(20_000, seed=0)
    fresh = [score(mixture.sample, mixture, seed) for seed in range(100, 120)]
    floor = dict(zip(SCORES, np.median(fresh, axis=0), strict=True))
    runs = {recipe: {name: [] for name in CASES} for recipe in RECIPES}
    for seed in SEEDS:
        for recipe, cases in runs.items():
            for name, rows in cases.items():
                rows.append(one_run(name, seed, recipe, mixture, real))
                found = [rows[-1][f"late {what}"] for what in SCORES]
                print(f"seed {seed}: {recipe}, {name}:", *found, flush=True)
        record.write(
            "balance",
            {
                "steps": STEPS,
                "seeds": seed + 1,
                "processor_seconds": round(time.process_time() - spent),
                "floor": floor,
                "runs": {
                    recipe: {
                        name: {key: [row[key] for row in rows] for key in rows[0]}
                        for name, rows in cases.items()
                    }
                    for recipe, cases in runs.items()
                },
            },
            seconds=time.time() - began,
            data=(real,),
        )


if __name__ == "__main__":
    main()
