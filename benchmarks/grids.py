"""One recipe against the ring of 8, the grid of 25 and the grid of 100.

Relativistic pairing, R1 + R2, a falling rate and averaged weights, for long enough;
beside it a plain GAN. Read by the chapter *Which cure helps?*
"""

import cells
import judge
import keras
from keras.optimizers.schedules import CosineDecay

from ganbook import GAN, data, losses, metrics, networks, penalties

SEEDS, POINTS, BATCH, AT_ONCE = 10, 100_000, 256, 50
TASKS = {"ring": data.ring(), "grid": data.grid(), "grid of 100": data.grid(10)}
STRENGTH = 0.02
STEPS = {"ring": 12_000, "grid": 15_000, "grid of 100": 30_000}
RATES = {"ring": 2e-3, "grid": 2e-3, "grid of 100": 1e-3}


def pair():
    return networks.mlp(2, 2), networks.mlp(2, 1)


def recipe(task, seed):
    strict = [penalties.R1(STRENGTH), penalties.R2(STRENGTH)]
    loss = losses.RelativisticPairing()
    gan = GAN(*pair(), loss=loss, penalties=strict, ema=0.999, seed=seed)
    falling = [CosineDecay(RATES[task], STEPS[task]) for _ in "GD"]
    return gan, [keras.optimizers.Adam(rate, 0.0, 0.99) for rate in falling]


def plain(task, seed):
    gan = GAN(*pair(), loss=losses.NonSaturating(), seed=seed)
    return gan, [keras.optimizers.Adam(1e-3, 0.5) for _ in "GD"]


RECIPES = {"recipe": recipe, "plain": plain}


def run(task, recipe, seed):
    keras.utils.set_random_seed(seed)
    x = TASKS[task].sample(POINTS, seed=seed)
    gan, optimizers = RECIPES[recipe](task, seed)
    gan.compile(*optimizers, steps_per_execution=AT_ONCE)
    gan.fit(x, batch_size=BATCH, steps_per_epoch=STEPS[task], verbose=0)
    found = metrics.PROTOCOLS["ganbook"](gan.sample, TASKS[task], seed=seed + 1000)
    keras.backend.clear_session()
    return judge.modes(found)


def main():
    rows = [
        {"task": task, "recipe": name, "seed": seed}
        for task in TASKS
        for name in RECIPES
        for seed in range(SEEDS)
    ]
    cells.measure(
        "grids",
        run,
        rows,
        data=[mixture.sample(POINTS, seed=0) for mixture in TASKS.values()],
        samples=metrics.PROTOCOLS["ganbook"].samples,
        strength=STRENGTH,
        steps=STEPS,
        rates=RATES,
    )


if __name__ == "__main__":
    main()
