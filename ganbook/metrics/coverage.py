"""Modes of a known mixture that samples reach."""

from dataclasses import dataclass

import numpy as np

from ganbook import checks
from ganbook.metrics.histogram import ModeCounts


@dataclass(frozen=True, eq=False)
class Coverage(ModeCounts):
    """What `coverage` found; see `ganbook.metrics.ModeCounts` for the rest.

    Attributes:
        spread: of the samples on each mode, ``(total,)``: root mean square distance
            from their mean, in units of what the mode itself has; NaN for less than
            two samples. Samples of the mixture give 0.97 (radius 3, two dimensions),
            for the tails are cut off; a mode that has shrunk to a point gives 0.
    """

    spread: np.ndarray


def coverage(samples, mixture, radius=3.0, at_least=1):
    """Count the modes of a known mixture that samples reach.

    A sample is *on* a mode if it lies within ``radius`` standard deviations of
    the center nearest to it; a mode is found if ``at_least`` samples are on it.
    Papers differ in both numbers, and in how many samples they draw, so state them.

    Args:
        samples: array ``(n, dim)``.
        mixture: `ganbook.data.Mixture` of the same ``dim``.
        radius: in standard deviations, > 0.
        at_least: samples that make a mode found, >= 1.

    Returns:
        `Coverage`.

    Raises:
        TypeError: if ``mixture`` has no modes, or an argument is no number.
        ValueError: if ``samples`` has another shape, is empty or not finite, or
            a threshold is out of range.

    Notes:
        Not every sample of the mixture itself is on a mode: in two dimensions
        and with ``radius=3`` a share of exp(-9/2), 1.1 %, is not.

    References:
        Srivastava et al., 2017. https://arxiv.org/abs/1705.07761
    """
    if not all(hasattr(mixture, name) for name in ("centers", "std")):
        raise TypeError(f"mixture: expected centers and std, got {mixture!r}")
    samples = checks.numbers("samples", samples)
    total, dim = mixture.centers.shape
    if samples.ndim != 2 or samples.shape[1] != dim or len(samples) == 0:
        raise ValueError(
            f"samples: expected (n, {dim}) with n >= 1, got {samples.shape}"
        )
    checks.positive("radius", radius)
    checks.integer("at_least", at_least)
    nearest, distance = _nearest(samples, mixture.centers)
    on = distance <= radius * mixture.std
    counts = np.bincount(nearest[on], minlength=total)
    spread = _spread(samples[on], nearest[on], counts) / (mixture.std * np.sqrt(dim))
    return Coverage(
        modes=int(np.sum(counts >= at_least)),
        total=total,
        on_mode=float(on.mean()),
        counts=counts,
        weights=mixture.weights,
        spread=spread,
    )


def _nearest(samples, centers):
    nearest = np.zeros(len(samples), int)
    distance = np.full(len(samples), np.inf)
    for mode, center in enumerate(centers):
        to_center = np.linalg.norm(samples - center, axis=1)
        closer = to_center < distance
        nearest[closer], distance[closer] = mode, to_center[closer]
    return nearest, distance


def _spread(samples, modes, counts):
    """Root mean square distance from the mean of each mode's samples."""
    some = np.where(counts > 1, counts, np.nan)[:, None]
    mean = np.zeros((len(counts), samples.shape[1]))
    np.add.at(mean, modes, samples)
    mean /= some
    square = np.zeros(len(counts))
    np.add.at(square, modes, np.sum((samples - mean[modes]) ** 2, axis=1))
    return np.sqrt(square / (some[:, 0] - 1))


@dataclass(frozen=True)
class Protocol:
    """How to count: samples drawn, radius in standard deviations, threshold.

    Call it with a function that draws, ``sample(n, seed=...)``, such as that of a GAN
    or a mixture, and with the mixture; returns a `Coverage`. The dictionary
    ``PROTOCOLS`` has those of two papers, ``"VEEGAN"`` and ``"PacGAN"``, which ask
    for one of 2,500 samples, and two of this book: the stricter ``"twenty"`` of
    2,500, and ``"ganbook"``, one of 10,000.
    """

    samples: int
    radius: float = 3.0
    at_least: int = 1

    def __call__(self, sample, mixture, seed=None):
        drawn = sample(self.samples, seed=seed)
        return coverage(drawn, mixture, self.radius, self.at_least)


PROTOCOLS = {
    "VEEGAN": Protocol(samples=2500),
    "PacGAN": Protocol(samples=2500),
    "twenty": Protocol(samples=2500, at_least=20),
    "ganbook": Protocol(samples=10_000),
}
