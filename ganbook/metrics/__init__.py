"""How good samples are, on NumPy arrays."""

from ganbook.metrics.classifying import Classifier, classifier
from ganbook.metrics.coverage import Coverage, coverage
from ganbook.metrics.distances import frechet_distance, kid

__all__ = [
    "Classifier",
    "Coverage",
    "classifier",
    "coverage",
    "frechet_distance",
    "kid",
]
