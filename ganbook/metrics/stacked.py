"""Modes of images: what a classifier names."""

from dataclasses import dataclass

import numpy as np

from ganbook import checks
from ganbook.metrics.classifying import Classifier
from ganbook.metrics.histogram import ModeCounts


@dataclass(frozen=True, eq=False)
class StackedCoverage(ModeCounts):
    """What `stacked_coverage` found; see `ganbook.metrics.ModeCounts` for the rest.

    Attributes:
        error: probability that the classifier misnames a real image in at least one
            channel, from its accuracy on held-out images: 1 - accuracy^channels.
    """

    error: float


def stacked_coverage(images, classifier, at_least=1, confidence=0.0):
    """Count the modes of images whose channels hold one class each.

    With three digits in three channels there are 1000 modes, "StackedMNIST".

    Args:
        images: floats ``(n, height, width, channels)``.
        classifier: `ganbook.metrics.Classifier` of one channel.
        at_least: images that make a mode found, >= 1.
        confidence: an image is on a mode if the classifier gives each channel's class
            at least this probability, in [0, 1]; 0, the papers' rule, counts all.

    Returns:
        `StackedCoverage`. Mode k has the digits of k in base ``classes``, first channel
        first; all modes weigh the same.

    Raises:
        TypeError: if ``classifier`` is none.
        ValueError: if ``images`` has other axes, is empty or not finite, its channels
            do not fit the classifier, or a threshold is out of range.

    References:
        Metz et al., 2017. https://arxiv.org/abs/1611.02163
    """
    if not isinstance(classifier, Classifier):
        raise TypeError(f"classifier: expected a Classifier, got {classifier!r}")
    images = checks.numbers("images", images)
    height, width, channel = classifier.network.input_shape[1:]
    if images.ndim != 4 or images.shape[1:3] != (height, width) or images.size == 0:
        raise ValueError(
            f"images: expected (n, {height}, {width}, channels) with n >= 1, "
            f"got {images.shape}"
        )
    if channel != 1:
        raise ValueError(f"classifier: expected one of one channel, got {channel}")
    checks.integer("at_least", at_least)
    checks.number("confidence", confidence, "a number in [0, 1]", lambda v: 0 <= v <= 1)
    channels = images.shape[-1]
    classes = classifier.network.output_shape[-1]
    mode, on = np.zeros(len(images), int), np.ones(len(images), bool)
    for c in range(channels):
        share = classifier.probabilities(images[..., c : c + 1].astype("float32"))
        mode = classes * mode + share.argmax(axis=1)
        on &= share.max(axis=1) >= confidence
    total = classes**channels
    counts = np.bincount(mode[on], minlength=total)
    return StackedCoverage(
        modes=int(np.sum(counts >= at_least)),
        total=total,
        on_mode=float(on.mean()),
        counts=counts,
        weights=np.full(total, 1.0 / total),
        error=1.0 - classifier.accuracy**channels,
    )
