"""A tutorial's DCGAN, one by the guidelines and the modern pair on 28×28 digits.

``python mnist.py FOLDER`` reads IDX files, the test set of MNIST if both are there;
without a folder Keras downloads the full training set. ``--minutes`` is the budget
of each. On a GPU the modern pair is wider, deeper and sees larger batches.
"""

import argparse
import time
from pathlib import Path

import keras
import record
from judge import Judge, halves
from race import Recipe, race

from ganbook import data, losses, networks, penalties, results

SHAPE = (28, 28, 1)
SHOWN = 64


def has_gpu():
    try:
        return bool(keras.distribution.list_devices("gpu"))
    except (NotImplementedError, AttributeError, RuntimeError):
        return False


def dcgan():
    """As wide as the tutorial's, with batch normalization in both networks."""
    generator = networks.dcgan_generator(SHAPE, latents=100, width=64)
    return generator, networks.dcgan_discriminator(SHAPE, width=64)


def recipes(large):
    wide = dict(width=128, blocks=2) if large else {}
    strict = (penalties.R1(1.0), penalties.R2(1.0))
    return {
        "tutorial": Recipe(networks.dcgan_28, losses.NonSaturating()),
        "DCGAN": Recipe(dcgan, losses.NonSaturating()),
        "modern": Recipe(
            lambda: (
                networks.modern_generator(SHAPE, **wide),
                networks.modern_discriminator(SHAPE, **wide),
            ),
            losses.RelativisticPairing(),
            strict,
            rate=5e-4 if large else 2e-3,
            betas=(0.0, 0.99),
            falling=True,
            ema=0.999,
            batch=256 if large else 64,
        ),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="of IDX files")
    parser.add_argument("--split", default="test", choices=["train", "test"])
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", help="one of the recipes, again; keeps the others")
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    arguments = parser.parse_args()
    start = time.perf_counter()
    if arguments.folder:
        x, labels = data.idx(Path(arguments.folder), arguments.split)
    else:
        x, labels = data.mnist("train")
    judge, large = Judge(x, labels), has_gpu()
    measured = {
        "images": len(x),
        "budget": 60 * arguments.minutes,
        "large": large,
        "accuracy": judge.classifier.accuracy,
        "halves": halves(judge.features),
        "runs": {},
    }
    print(measured, flush=True)
    if arguments.only:
        measured["runs"] |= results.load("mnist")["runs"]
    for name, recipe in recipes(large).items():
        if arguments.only not in (None, name):
            continue
        measured["runs"][name] = []
        for seed in range(arguments.seeds):
            look = lambda gan: judge(gan.sample(len(x), seed=seed))  # noqa: E731, B023
            gan, rows = race(recipe, x, 60 * arguments.minutes, seed, look)
            measured["runs"][name].append(rows)
            for row in rows:
                print(name, seed, row, flush=True)
            if seed == 0 and not arguments.dry:
                record.picture(f"mnist-{name.lower()}", gan.sample(SHOWN, seed=0))
    if not arguments.dry:
        seconds = time.perf_counter() - start
        record.write("mnist", measured, seconds=seconds, data=(x, labels))


if __name__ == "__main__":
    main()
