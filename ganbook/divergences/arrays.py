"""What the functions here accept as densities, weights and points."""

import numpy as np

from ganbook import checks


def densities(p, q, cell=1.0):
    """Both as float64 probabilities of the grid's cells, which sum to 1."""
    checks.positive("cell", cell)
    p, q = (_probabilities(name, x, cell) for name, x in (("p", p), ("q", q)))
    if p.shape != q.shape:
        raise ValueError(
            f"p and q: expected one shape, got p {p.shape} and q {q.shape}"
        )
    return p, q


def _probabilities(name, values, cell):
    values = checks.numbers(name, values)
    if values.ndim == 0 or values.size == 0:
        raise ValueError(
            f"{name}: expected an array of at least one value, got shape {values.shape}"
        )
    if values.min() < 0:
        raise ValueError(f"{name}: expected values >= 0, got {values.min():.4g}")
    with np.errstate(over="ignore"):
        shares = values * cell
        total = shares.sum()
    if not abs(total - 1) <= 1e-3:
        times = "" if cell == 1 else f" when multiplied by cell={cell:.4g}"
        raise ValueError(f"{name}: expected a sum of 1{times}, got {total:.4g}")
    return shares / total


def points(name, values):
    """Float64 points ``(n, dim)``; those on a line may come as ``(n,)``."""
    values = checks.numbers(name, values)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or values.size == 0:
        raise ValueError(
            f"{name}: expected points (n,) or (n, dim) with n >= 1, got {values.shape}"
        )
    return values


def pair(x, y):
    """Two sets of points of the same dimension."""
    x, y = points("x", x), points("y", y)
    if x.shape[1] != y.shape[1]:
        raise ValueError(
            f"x and y: expected one dimension, got x {x.shape} and y {y.shape}"
        )
    return x, y


def weights(name, values, n):
    """Probabilities ``(n,)``; None for equal ones."""
    if values is None:
        return np.full(n, 1.0 / n)
    values = _probabilities(name, values, 1.0)
    if values.shape != (n,):
        raise ValueError(f"{name}: expected one per point, ({n},), got {values.shape}")
    return values
