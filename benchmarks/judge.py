"""Score samples by a classifier of the data and by the distance of its features."""

import numpy as np

from ganbook import metrics


def halves(features, splits=10):
    """Fréchet distances of two random halves of real data: how low is low."""
    rng, distances = np.random.default_rng(0), []
    for _ in range(splits):
        a, b = np.array_split(rng.permutation(features), 2)
        distances.append(round(metrics.frechet_distance(a, b), 3))
    return distances


def modes(found):
    """A `metrics.Coverage` as a row of a record."""
    return {
        "modes": found.modes,
        "on_mode": round(found.on_mode, 4),
        "kl": round(min(found.kl, 99.0), 4),
        "counts": found.counts.tolist(),
    }


class Judge:
    """Fréchet distance to all of the data, and the share of each class."""

    def __init__(self, x, labels):
        self.classifier = metrics.classifier(x, labels)
        self.features = self.classifier.features(x)
        self.classes = int(labels.max()) + 1

    def __call__(self, samples):
        features = self.classifier.features(samples)
        labels = self.classifier.labels(samples)
        shares = np.bincount(labels, minlength=self.classes) / len(labels)
        return {
            "distance": round(metrics.frechet_distance(self.features, features), 3),
            "shares": [round(float(share), 4) for share in shares],
        }
