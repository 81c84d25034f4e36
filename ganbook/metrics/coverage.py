"""Modes of a known mixture that samples reach."""

from dataclasses import dataclass

import numpy as np

from ganbook import checks


@dataclass(frozen=True, eq=False)
class Coverage:
    """What `coverage` found.

    Attributes:
        modes: number of modes found.
        total: number of modes there are.
        on_mode: share of all samples that lie on some mode, in [0, 1].
        counts: samples on each mode, ``(total,)``.
    """

    modes: int
    total: int
    on_mode: float
    counts: np.ndarray


def coverage(samples, mixture, radius=3.0, at_least=1):
    """Count the modes of a known mixture that samples reach.

    A sample is *on* a mode if it lies within ``radius`` standard deviations of
    the center nearest to it; a mode is found if ``at_least`` samples are on it.
    Papers differ in both numbers, so state them.

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
    dim = mixture.centers.shape[1]
    if samples.ndim != 2 or samples.shape[1] != dim or len(samples) == 0:
        raise ValueError(
            f"samples: expected (n, {dim}) with n >= 1, got {samples.shape}"
        )
    checks.positive("radius", radius)
    checks.integer("at_least", at_least)
    nearest = np.zeros(len(samples), int)
    distance = np.full(len(samples), np.inf)
    for mode, center in enumerate(mixture.centers):
        to_center = np.linalg.norm(samples - center, axis=1)
        closer = to_center < distance
        nearest[closer], distance[closer] = mode, to_center[closer]
    on = distance <= radius * mixture.std
    counts = np.bincount(nearest[on], minlength=len(mixture.centers))
    return Coverage(
        modes=int(np.sum(counts >= at_least)),
        total=len(mixture.centers),
        on_mode=float(on.mean()),
        counts=counts,
    )
