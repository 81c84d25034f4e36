"""How many different samples a generator makes, from how often two look alike."""

import numpy as np

from ganbook import checks


def birthday_support(samples, distance, rows=500):
    r"""Support size from the share of pairs that are nearly equal.

    Two draws from N equally likely values are equal with probability 1/N, so that
    among :math:`\sqrt{2 \ln(2) N}` of them two are equal in every second party: the
    birthday paradox. Here all pairs are compared at once.

    Args:
        samples: array ``(n, ...)``, n >= 2; other axes are flattened.
        distance: pairs at most this far apart, in Euclidean distance, are equal, >= 0.
        rows: samples compared with all others at once, which bounds the memory.

    Returns:
        float: pairs over equal pairs, >= 1; infinite if no pair is equal. For values
        of unequal probability this is :math:`1 / \sum_i p_i^2`, at most their number.

    Raises:
        ValueError: if ``samples`` holds less than two, or a number is out of range.

    Notes:
        For continuous samples the result depends on ``distance``: compare it with
        that of as many real samples. With less than some ten equal pairs it is noise.

    References:
        Arora and Zhang, 2017. https://arxiv.org/abs/1706.08224
    """
    samples = checks.numbers("samples", samples)
    if samples.ndim == 0 or len(samples) < 2:
        raise ValueError(f"samples: expected (n, ...) with n >= 2, got {samples.shape}")
    checks.number("distance", distance, "a number >= 0", lambda v: 0 <= v < np.inf)
    rows = checks.integer("rows", rows)
    x = samples.reshape(len(samples), -1)
    x = x - x.mean(axis=0)  # smaller numbers, smaller rounding in the squares
    square, equal = np.sum(x**2, axis=1), 0
    for start in range(0, len(x), rows):
        part = slice(start, start + rows)
        apart = square[part, None] + square - 2.0 * x[part] @ x.T
        slack = 1e-12 * (square[part, None] + square)
        equal += np.sum(apart <= distance**2 + slack)
    n = len(x)
    pairs = n * (n - 1)
    equal -= n  # each sample is equal to itself
    return float(pairs / equal) if equal else np.inf
