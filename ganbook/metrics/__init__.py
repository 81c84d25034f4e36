"""How good samples are, on NumPy arrays."""

from ganbook.metrics.birthday import birthday_support
from ganbook.metrics.classifying import Classifier, classifier
from ganbook.metrics.coverage import PROTOCOLS, Coverage, Protocol, coverage
from ganbook.metrics.distances import frechet_distance, kid
from ganbook.metrics.histogram import ModeCounts
from ganbook.metrics.stacked import StackedCoverage, stacked_coverage

__all__ = [
    "PROTOCOLS",
    "Classifier",
    "Coverage",
    "ModeCounts",
    "Protocol",
    "StackedCoverage",
    "birthday_support",
    "classifier",
    "coverage",
    "frechet_distance",
    "kid",
    "stacked_coverage",
]
