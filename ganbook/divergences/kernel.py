"""Maximum mean discrepancy: a distance of means, after a kernel."""

import numpy as np
from scipy.spatial.distance import cdist

from ganbook import checks
from ganbook.divergences.arrays import pair, weights


def squared_mmd(x, y, x_weights=None, y_weights=None, bandwidth=1.0, unbiased=False):
    r"""Squared maximum mean discrepancy with a Gaussian kernel.

    :math:`E k(x, x') - 2 E k(x, y) + E k(y, y')` with
    :math:`k(x, y) = \exp(-\|x - y\|^2 / (2 h^2))`. It is in [0, 2]; farther apart
    than a few bandwidths h it hardly changes any more.

    Args:
        x, y: points ``(n,)`` or ``(n, dim)``.
        x_weights, y_weights: probabilities of the points; None for equal ones.
        bandwidth: h, > 0, in the units of the points.
        unbiased: leave out pairs of a point with itself. Of samples from two
            distributions that estimates theirs without bias, and may be negative;
            the default is exact for the weighted points themselves.

    Returns:
        float.

    Raises:
        TypeError, ValueError: if an argument is of another type, shape or range, or
            weights are given with ``unbiased``.

    References:
        Gretton et al., 2012.
        https://jmlr.org/papers/v13/gretton12a.html
    """
    x, y = pair(x, y)
    bandwidth = float(checks.positive("bandwidth", bandwidth))
    if unbiased and not (x_weights is None and y_weights is None):
        raise ValueError("unbiased: expected samples without weights, got weights")
    if unbiased and min(len(x), len(y)) < 2:
        raise ValueError(
            f"x and y: expected at least 2 points each, got {len(x)} and {len(y)}"
        )
    x_weights = weights("x_weights", x_weights, len(x))
    y_weights = weights("y_weights", y_weights, len(y))

    def mean(a, b, a_weights, b_weights):
        with np.errstate(over="ignore"):
            kernel = np.exp(-((cdist(a, b) / bandwidth) ** 2) / 2)
        if unbiased and a is b:  # k(x, x) = 1
            return (kernel.sum() - len(a)) / (len(a) * (len(a) - 1))
        return a_weights @ kernel @ b_weights

    within = mean(x, x, x_weights, x_weights) + mean(y, y, y_weights, y_weights)
    squared = float(within - 2 * mean(x, y, x_weights, y_weights))
    return squared if unbiased else max(squared, 0.0)  # less rounding
