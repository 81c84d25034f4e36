"""What the best discriminator answers, for each loss and two known densities."""

from functools import singledispatch

import numpy as np
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from scipy.special import expit

from ganbook import checks, losses
from ganbook.divergences.arrays import points as as_points
from ganbook.divergences.transport import lipschitz_critic
from ganbook.f_divergences import DIVERGENCES


def optimal_discriminator(p, q, loss=None, points=None):
    """The D that minimizes the mean of a loss, if D may be any function.

    Most losses are minimized place by place: there D depends on the ratio p/q alone,
    and p and q need not be complete. The Wasserstein critic depends on distances, the
    relativistic average on two means; these two need all of both distributions.

    Args:
        p, q: densities of real and generated samples at the same places, >= 0, arrays
            of one shape; a common factor makes no difference.
        loss: of `ganbook.losses`; None for `ganbook.losses.NonSaturating`.
        points: the places, ``(n,)`` or ``(n, dim)``, for p and q of shape ``(n,)``;
            needed for `ganbook.losses.Wasserstein` alone, for the best 1-Lipschitz
            critic on these points.

    Returns:
        array of the shape of p, logits or a critic's values. Infinite where p or q is
        0 and certainty is rewarded without limit; NaN where both are 0, since any
        answer is as good. Relativistic losses and critics leave a constant free: for
        `ganbook.losses.RelativisticPairing` D is log p/q, for
        `ganbook.losses.RelativisticAverage` the means under p and q are opposite, for
        a critic the mean under q is 0.

    Raises:
        TypeError: if ``loss`` is not of `ganbook.losses`.
        ValueError: if p or q is negative, not finite or zero throughout, their shapes
            differ, the points are missing or do not fit, or p and q have no common
            support, which the relativistic average needs.
        RuntimeError: if no optimum of the relativistic average is found: the larger
            p/q and q/p get, the farther away it lies.

    Example:
        >>> optimal_discriminator([0.5, 0.5], [0.25, 0.75]).round(4)
        array([ 0.6931, -0.4055])
    """
    p, q = (_nonnegative(name, x) for name, x in (("p", p), ("q", q)))
    if p.shape != q.shape:
        raise ValueError(
            f"p and q: expected one shape, got p {p.shape} and q {q.shape}"
        )
    loss = losses.NonSaturating() if loss is None else loss
    if type(loss).__module__ != losses.__name__:  # a subclass may have another optimum
        raise TypeError(f"loss: expected one of ganbook.losses, got {loss!r}")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        best = _best(loss, p, q, points)
    return np.where((p == 0) & (q == 0), np.nan, best)


def _nonnegative(name, values):
    values = checks.numbers(name, values)
    if values.size == 0 or values.min() < 0 or not 0 < values.max() < 1e300:
        got = f"{values.min():.4g} to {values.max():.4g}" if values.size else "none"
        raise ValueError(f"{name}: expected values >= 0, not all 0, got {got}")
    return values


@singledispatch
def _best(loss, p, q, points):
    """D at each place; one function for each class of loss."""


@_best.register
def _(loss: losses.Minimax, p, q, points):
    if loss.smoothing == 0:
        return np.log(p) - np.log(q)
    return np.log1p(-loss.smoothing) - np.log(q / p + loss.smoothing)


@_best.register
def _(loss: losses.LeastSquares, p, q, points):
    return (loss.real_label * p + loss.fake_label * q) / (p + q)


@_best.register
def _(loss: losses.Hinge, p, q, points):
    return np.sign(p - q)


@_best.register
def _(loss: losses.RelativisticPairing, p, q, points):
    return np.log(p) - np.log(q)


@_best.register
def _(loss: losses.FGAN, p, q, points):
    return DIVERGENCES[loss.divergence].optimal_logit(p / q)


@_best.register
def _(loss: losses.Wasserstein, p, q, points):
    if points is None:
        raise ValueError("points: expected the places of p and q, got None")
    points = as_points("points", points)
    if p.shape != (len(points),):
        raise ValueError(
            f"points: expected one per value of p {p.shape}, got {points.shape}"
        )
    return lipschitz_critic(cdist(points, points), p / p.sum(), q / q.sum())


@_best.register
def _(loss: losses.RelativisticAverage, p, q, points):
    if ((p > 0) != (q > 0)).any():
        raise ValueError("p and q: expected one support, got places with one of them 0")
    best = np.full(p.shape, np.nan)
    best[p > 0] = _relativistic_average(p[p > 0] / p.sum(), q[p > 0] / q.sum())
    return best


def _relativistic_average(p, q):
    """The mean loss is convex in D; no formula for its minimum is known to us."""
    scale = 1 / np.sqrt(p + q)  # then all places weigh alike
    found = minimize(
        lambda t: _average_loss(t * scale, p, q)[0],
        (np.log(p) - np.log(q)) / scale,
        method="trust-exact",
        jac=lambda t: scale * _average_loss(t * scale, p, q)[1],
        hess=lambda t: scale[:, None] * _average_loss(t * scale, p, q)[2] * scale,
        options={"gtol": 1e-9, "max_trust_radius": 1e6, "maxiter": 200},
    )
    if not found.success:
        raise RuntimeError(
            "optimal_discriminator: no optimum of RelativisticAverage found; p/q goes "
            f"up to {np.max(p / q):.4g}, q/p to {np.max(q / p):.4g}"
        )
    d = found.x * scale
    return d - (p @ d + q @ d) / 2


def _average_loss(d, p, q):
    """The mean loss at logits d, its gradient and its matrix of second derivatives."""
    above, below = q @ d - d, d - p @ d
    value = p @ np.logaddexp(0, above) + q @ np.logaddexp(0, below)
    real, fake = p * expit(above), q * expit(below)
    slope = -real + q * real.sum() + fake - p * fake.sum()
    curvature = np.zeros((len(d), len(d)))
    for weight, mean in ((real * expit(-above), q), (fake * expit(-below), p)):
        mixed = np.outer(weight, mean)
        curvature += np.diag(weight) - mixed - mixed.T
        curvature += weight.sum() * np.outer(mean, mean)
    return value, slope, curvature
