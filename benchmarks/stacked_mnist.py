"""A thousand modes at full size: ``python stacked_mnist.py FOLDER --minutes 12``.

``FOLDER`` holds MNIST's IDX files. The DCGANs and the dense recipes of ``stacked.py``
train for so many minutes of processor time each, on one thread.
"""

import argparse
import time
from functools import cache, partial
from pathlib import Path

import cells
import keras
import numpy as np
import stacked

from ganbook import data, metrics

LOOKS, TRIAL, UNLEARNED = 4, 100, 10_000
LEFT_OUT = "convolutional", "constant"
RECIPES = [
    name for name in stacked.RECIPES if not any(what in name for what in LEFT_OUT)
]


@cache
def mnist(folder, split):
    images, labels = data.idx(Path(folder), split)
    return images, labels, metrics.classifier(images, labels)


def run(recipe, seed, folder, split, minutes):
    keras.utils.set_random_seed(seed)
    images, labels, judge = mnist(folder, split)
    x, _ = stacked.stacks(images, labels, stacked.STACKS, seed)
    recipe, looks = stacked.RECIPES[recipe], []
    steps = round(minutes * 60 / pace(recipe, x) / LOOKS / stacked.AT_ONCE)
    steps = max(steps, 1) * stacked.AT_ONCE
    gan = recipe.gan(x.shape[1:], LOOKS * steps, seed)
    for _ in range(LOOKS):
        gan.fit(x, batch_size=recipe.batch, steps_per_epoch=steps, verbose=0)
        samples = gan.sample(stacked.SAMPLES, seed=seed + 1000)
        done = {"steps": (len(looks) + 1) * steps}
        looks.append(done | stacked.score(samples, judge))
    keras.backend.clear_session()
    return looks[-1] | {"looks": looks}


def pace(recipe, x):
    """Processor seconds per step."""
    trial = recipe.gan(x.shape[1:], TRIAL, 0)
    options = dict(batch_size=recipe.batch, verbose=0)
    trial.fit(x, steps_per_epoch=stacked.AT_ONCE, **options)
    start = time.process_time()
    trial.fit(x, steps_per_epoch=TRIAL, **options)
    return (time.process_time() - start) / TRIAL


def unlearned(images, n, seed):
    """Images in which nothing was learned but sums: what a score of 1000 is worth."""
    rng, flat = np.random.default_rng(seed), images.reshape(len(images), -1)
    values, vectors = np.linalg.eigh(np.cov(flat.T))
    normal = rng.normal(size=(n, len(values))) * np.sqrt(np.clip(values, 0, None))
    first, second = images[rng.integers(len(images), size=(2, n))]
    made = {
        "double exposure": 0.7 * first + 0.3 * second,
        "one Gaussian": (flat.mean(axis=0) + normal @ vectors.T).reshape(first.shape),
        "noise": rng.uniform(-1, 1, first.shape),
    }
    return {name: np.clip(x, -1, 1).astype("float32") for name, x in made.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="of IDX files")
    parser.add_argument("--split", default="test", choices=["train", "test"])
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    told = parser.parse_args()
    images, labels, judge = mnist(told.folder, told.split)
    real, _ = stacked.stacks(images, labels, stacked.SAMPLES, seed=1)
    nobody = np.zeros(UNLEARNED, int)  # labels, which are not used
    by_rote = {
        name: stacked.score(stacked.stacks(x, nobody, stacked.SAMPLES, 1)[0], judge)
        for name, x in unlearned(images, UNLEARNED, 1).items()
    }
    fixed = {"folder": told.folder, "split": told.split, "minutes": told.minutes}
    cells.measure(
        "stacked_mnist",
        partial(run, **fixed),
        [
            {"recipe": recipe, "seed": seed}
            for seed in range(told.seeds)
            for recipe in RECIPES
        ],
        data=(images, labels),
        images=len(images),
        minutes=told.minutes,
        samples=stacked.SAMPLES,
        accuracy=judge.accuracy,
        real=stacked.score(real, judge),
        unlearned=by_rote,
    )


if __name__ == "__main__":
    main()
