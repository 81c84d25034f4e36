"""Four ways for a label to enter a GAN, with true, permuted and noisy labels.

On the 8×8 digits, scored by a classifier and its features. Under twenty minutes on
2 cores; read by the chapter *How does one ask a GAN for a seven?*
"""

import time

import keras
import numpy as np
import record
from judge import halves

import ganbook
from ganbook import GAN, data, losses, metrics, networks, penalties, variants

SEEDS, STEPS, BATCH = range(5), 3000, 128
NOISE, SHAPE, CLASSES = 32, (8, 8), 10
NOISY = 0.5  # share of the labels that are replaced by random ones

images, labels = data.digits()
classifier = metrics.classifier(images, labels)
features = classifier.features(images)


def true(seed):
    return labels


def permuted(seed):
    return np.random.default_rng(seed).permutation(labels)


def noisy(seed):
    rng = np.random.default_rng(seed)
    replaced = rng.random(len(labels)) < NOISY
    return np.where(replaced, rng.integers(CLASSES, size=len(labels)), labels)


def generator(code):
    return networks.mlp(
        NOISE + code, (*SHAPE, 1), 128, 2, "leaky_relu", output_activation="tanh"
    )


def discriminator(channels=1):
    return networks.mlp((*SHAPE, channels), 1, 128, 2, "leaky_relu")


def none():
    return generator(0), discriminator()


def one_hot():
    return (
        networks.conditional_generator(generator(CLASSES), CLASSES),
        networks.conditional_discriminator(discriminator(1 + CLASSES), CLASSES),
    )


def embedding():
    return (
        networks.conditional_generator(generator(10), CLASSES, embedding=10),
        networks.conditional_discriminator(discriminator(2), CLASSES, embedding=1),
    )


def projection():
    return (
        networks.conditional_generator(generator(10), CLASSES, embedding=10),
        networks.projection_discriminator(discriminator(), CLASSES),
    )


def auxiliary():
    return (
        networks.conditional_generator(generator(10), CLASSES, embedding=10),
        networks.auxiliary_classifier(discriminator(), CLASSES),
    )


PLAIN = losses.NonSaturating()
CASES = {  # networks, loss, the labels they are trained with
    "one-hot": (one_hot, PLAIN, true),
    "embedding": (embedding, PLAIN, true),
    "projection": (projection, PLAIN, true),
    "AC-GAN": (auxiliary, variants.AuxiliaryClassifier(PLAIN), true),
    "AC-GAN, weight 0.3": (auxiliary, variants.AuxiliaryClassifier(PLAIN, 0.3), true),
    "AC-GAN, weight 3": (auxiliary, variants.AuxiliaryClassifier(PLAIN, 3.0), true),
    "no label": (none, PLAIN, true),
    "permuted labels": (projection, PLAIN, permuted),
    "half the labels random": (projection, PLAIN, noisy),
    # without penalty, at a constant learning rate
    "no label, hasty": (none, PLAIN, true, 4e-3),
    "projection, hasty": (projection, PLAIN, true, 4e-3),
    "no label, reckless": (none, PLAIN, true, 1e-2),
    "projection, reckless": (projection, PLAIN, true, 1e-2),
}


def adam(rate=None):
    if rate is not None:
        return keras.optimizers.Adam(rate, 0.5)
    decay = keras.optimizers.schedules.CosineDecay(1e-3, STEPS)
    return keras.optimizers.Adam(decay, 0.0, 0.99)


def trained(pair, loss, condition, seed, rate=None):
    punished = [penalties.R1(1.0)] if rate is None else []
    gan = GAN(*pair, loss=loss, penalties=punished, ema=0.995, seed=seed)
    gan.compile(adam(rate), adam(rate), steps_per_execution=50)
    gan.fit(
        images, condition, batch_size=BATCH, epochs=1, steps_per_epoch=STEPS, verbose=0
    )
    return gan


def spread(x):
    """Total variance within each class, (classes,)."""
    return np.array(
        [
            x[labels == c].reshape(sum(labels == c), -1).var(0).sum()
            for c in range(CLASSES)
        ]
    )


def per_class(seen):
    return [
        metrics.frechet_distance(features[labels == c], seen[labels == c])
        for c in range(CLASSES)
    ]


def scores(samples):
    """Of samples that were asked for with the real images' own labels."""
    seen, belief = classifier.features(samples), classifier.probabilities(samples)
    return {
        "shares": np.bincount(belief.argmax(axis=1), minlength=CLASSES) / len(labels),
        "accuracy": np.mean(belief.argmax(axis=1) == labels),
        "distance": metrics.frechet_distance(features, seen),
        "per_class": per_class(seen),
        "spread": spread(samples) / spread(images),
        "feature_spread": spread(seen) / spread(features),
        "doubtful": np.mean(belief.max(axis=1) < 0.9),
    }


def short(value):
    return np.round(np.asarray(value, float), 4).tolist()


def main():
    start = time.perf_counter()
    rows = {name: [] for name in CASES}
    for seed in SEEDS:
        for name, (pair, loss, given, *rate) in CASES.items():
            ganbook.setup(seed)
            gan = trained(pair(), loss, given(seed), seed, *rate)
            condition = labels if gan.conditional else None
            samples = gan.sample(len(labels), seed=seed + 100, condition=condition)
            row = {key: short(value) for key, value in scores(samples).items()}
            rows[name].append(row)
            print(seed, name, row["accuracy"], row["distance"], flush=True)
    measured = {
        "settings": {"steps": STEPS, "batch": BATCH, "noisy": NOISY},
        "classifier": short(classifier.accuracy),
        "halves": short(np.mean(halves(features))),
        "halves_per_class": short(
            [np.mean(halves(features[labels == c])) for c in range(CLASSES)]
        ),
        "doubtful": short(np.mean(classifier.probabilities(images).max(axis=1) < 0.9)),
        "cases": rows,
    }
    seconds = time.perf_counter() - start
    record.write("labels", measured, seconds=seconds, data=(images, labels))


if __name__ == "__main__":
    main()
