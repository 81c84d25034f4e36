"""f-divergences between densities on a grid, or between discrete distributions."""

import math

import numpy as np

from ganbook.divergences.arrays import densities
from ganbook.f_divergences import DIVERGENCES, FDivergence


def f_divergence(f, p, q, cell=1.0):
    r"""Any f-divergence, :math:`D_f(p \| q) = \int q\, f(p / q)\, dx`.

    Where q is 0, a unit of p costs the limit of f(u)/u, and where p is 0 a unit of q
    costs f(0), so the result may be infinite; where both are 0 there is no cost.

    Args:
        f: a key of `ganbook.f_divergences.DIVERGENCES`, or an
            `ganbook.f_divergences.FDivergence` of your own.
        p, q: densities on one grid, arrays of one shape.
        cell: volume of a grid cell, > 0; 1 for discrete distributions.

    Returns:
        float, >= 0 for a convex f with f(1) = 0.

    Raises:
        TypeError: if ``f`` is neither, or an array holds no numbers.
        ValueError: if ``f`` is an unknown name, p or q is negative, not finite, empty
            or does not sum to 1, or their shapes differ.

    Notes:
        A density that underflows counts as 0, and a ratio p/q beyond 1e300 as
        infinite: two normal distributions 40 standard deviations apart have an
        infinite KL divergence here.

    References:
        Nowozin et al., 2016. https://arxiv.org/abs/1606.00709

    Example:
        >>> f_divergence("pearson", [0.5, 0.5], [0.25, 0.75])
        0.333333
    """
    if isinstance(f, str):
        if f not in DIVERGENCES:
            raise ValueError(f"f: expected one of {', '.join(DIVERGENCES)}, got {f!r}")
        f = DIVERGENCES[f]
    if not isinstance(f, FDivergence):
        raise TypeError(f"f: expected a name or an FDivergence, got {f!r}")
    p, q = densities(p, q, cell)
    with np.errstate(all="ignore"):
        u = p / q
    both = (p > 0) & (u < 1e300)  # beyond, q counts as 0
    with np.errstate(over="ignore"):
        total = np.sum(q[both] * f.f(u[both]))
    real_alone = p[(p > 0) & ~both]
    for alone, price in ((q[p == 0], f.at_zero), (real_alone, f.at_infinity)):
        if alone.any():
            total += alone.sum() * price
    return float(total)


def kl(p, q, cell=1.0):
    r"""KL divergence :math:`\int p \log(p/q)\, dx`; see `f_divergence`.

    Infinite if q is 0 where p is not: q must cover p.

    Example:
        >>> round(kl([0.5, 0.5], [0.25, 0.75]), 4)
        0.1438
    """
    return max(f_divergence("kl", p, q, cell), 0.0)  # less rounding


def reverse_kl(p, q, cell=1.0):
    """KL(q‖p): infinite if q is anywhere where p is not; see `f_divergence`."""
    return max(f_divergence("reverse_kl", p, q, cell), 0.0)


def js(p, q, cell=1.0):
    r"""Jensen-Shannon divergence, in [0, log 2]; see `f_divergence`.

    :math:`\frac12 \mathrm{KL}(p \| m) + \frac12 \mathrm{KL}(q \| m)` with
    :math:`m = (p + q) / 2`. It is log 2 exactly where the supports do not overlap.
    """
    twice = f_divergence("jensen_shannon", p, q, cell)
    return min(max(twice / 2, 0.0), math.log(2.0))


def total_variation(p, q, cell=1.0):
    r"""Total variation :math:`\frac12 \int |p - q|\, dx`, in [0, 1]."""
    return f_divergence("total_variation", p, q, cell)


def hellinger(p, q, cell=1.0):
    r"""Hellinger distance, in [0, 1]: root of half :math:`\int (\sqrt p - \sqrt q)^2`.

    The f-divergence ``squared_hellinger`` is twice its square.
    """
    return math.sqrt(f_divergence("squared_hellinger", p, q, cell) / 2)


def chi_squared(p, q, cell=1.0):
    r"""Pearson's χ², :math:`\int (p - q)^2 / q\, dx`; infinite if q misses p."""
    return f_divergence("pearson", p, q, cell)
