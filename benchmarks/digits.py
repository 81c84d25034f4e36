"""From a tutorial's GAN to a modern one, 60 seconds each on the 8×8 digits.

Every rung of the ladder is a step from the rung above: one change, or some that belong
together. ``python digits.py MODERN`` runs and prints that rung alone.
"""

import sys
import time
from dataclasses import replace

import keras
import record
from judge import Judge, halves
from race import Recipe, race

from ganbook import data, losses, networks, penalties

SECONDS = 60
SEEDS = 5  # of the first and the last rung
SEEDS_BETWEEN = 3
SHAPE = (8, 8, 1)
STRICT = (penalties.R1(1.0), penalties.R2(1.0))


def dcgan(**discriminator):
    return lambda: (
        networks.dcgan_generator(SHAPE),
        networks.dcgan_discriminator(SHAPE, **discriminator),
    )


def convolutional():
    """DCGAN's shape without normalization, with Keras' own initial weights."""
    plain = dict(normalization=None, initializer=keras.initializers.GlorotUniform)
    generator = networks.dcgan_generator(
        SHAPE,
        upsample=networks.resized,
        kernel_size=3,
        activation="leaky_relu",
        **plain,
    )
    return generator, networks.dcgan_discriminator(SHAPE, kernel_size=3, **plain)


def modern():
    return networks.modern_generator(SHAPE), networks.modern_discriminator(SHAPE)


def ladder():
    dense = Recipe(
        lambda: networks.dense_128(SHAPE), losses.NonSaturating(), rate=1e-3,
        betas=(0.9, 0.999), batch=64,
    )  # fmt: skip
    yield "dense", dense
    rung = Recipe(dcgan(), losses.NonSaturating())
    yield "DCGAN", rung
    rung = replace(
        rung,
        networks=convolutional,
        penalties=STRICT[:1],
        rate=2e-3,
        betas=(0.0, 0.99),
    )
    yield "R1 for normalization", rung
    rung = replace(rung, loss=losses.RelativisticPairing(), penalties=STRICT)
    yield "pairing and R2", rung
    rung = replace(rung, falling=True)
    yield "falling rate", rung
    rung = replace(rung, ema=0.999)
    yield "average", rung
    yield "modern", replace(rung, networks=modern, rate=4e-3)


def main():
    start = time.perf_counter()
    x, labels = data.digits()
    judge = Judge(x, labels)
    chosen = sys.argv[1:]
    runs = {name: [] for name, _ in ladder() if not chosen or name in chosen}
    for seed in range(SEEDS):
        for name, recipe in ladder():
            ends = name in ("dense", "modern")
            if name not in runs or (seed >= SEEDS_BETWEEN and not ends):
                continue
            look = lambda gan: judge(gan.sample(len(x), seed=seed))  # noqa: E731, B023
            _, rows = race(recipe, x, SECONDS, seed, look)
            runs[name].append(rows)
            last = rows[-1]
            print(seed, name, last["steps"], last["seconds"], last["distance"])
            keras.backend.clear_session()
    if not chosen:
        measured = {
            "budget": SECONDS,
            "accuracy": judge.classifier.accuracy,
            "halves": halves(judge.features),
            "runs": runs,
        }
        seconds = time.perf_counter() - start
        record.write("digits", measured, seconds=seconds, data=(x, labels))


if __name__ == "__main__":
    main()
