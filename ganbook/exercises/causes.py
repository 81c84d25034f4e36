"""Exercises of *Why does a generator forget most of the data?*"""

import numpy as np
from scipy.stats import norm

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise, number


@exercise("causes-1")
def _price_of_missing(answer):
    for n, k in ((2, 1), (8, 7), (25, 24), (10, 3), (6, 6)):
        kept = (np.arange(n) < k) / k
        expected = 2 * divergences.js(np.full(n, 1 / n), kept)
        got = number(answer(n, k))
        if not differs(got, expected / 2, 1e-6) and expected > 0:
            return "that is JS: twice as much is asked for"
        if differs(got, expected, 1e-6):
            return f"not 2 JS for {k} of {n}: what is m on a kept mode, and on a lost?"


@exercise("causes-2")
def _least_slope(answer):
    for gap, share in ((1.0, 0.1), (3.0, 0.4), (1.4, 0.001)):
        got = number(answer(gap, share))
        if not got > 0:
            return f"expected a slope > 0 for a gap of {gap}, got {got:.3g}"
        bridge = 2 * norm.cdf(gap / (2 * got)) - 1
        if differs(bridge / share, 1, 1e-4):
            if not differs(got, gap / np.sqrt(2 * np.pi) / share, 1e-6):
                return "the tangent's answer: near for small shares, but not exact"
            return f"at this slope the least bridge is {bridge:.3g}, not {share}"


@exercise("causes-3")
def _without_a_bridge(answer):
    z = np.random.default_rng(0).normal(size=(20_000, 2))
    got = np.asarray(answer(z), float)
    if got.shape != (len(z),):
        return f"expected one sample per row, ({len(z)},), got {got.shape}"
    if not np.isfinite(got).all():
        return "some samples are not finite"
    left, right = got[got < 0], got[got >= 0]
    if abs(len(left) / len(got) - 0.5) > 0.02:
        return f"{len(left) / len(got):.2f} of the samples are left of 0, not half"
    if np.mean(np.abs(got) < 0.7) > 0.004:
        return "there is a bridge: who decides the side, and does it jump?"
    for side, center in ((left, -1), (right, 1)):
        if abs(side.mean() - center) > 0.01 or abs(side.std() - 0.1) > 0.005:
            return (
                f"near {center} the mean is {side.mean():.2f} and the standard "
                f"deviation {side.std():.2f}"
            )


@exercise("causes-4")
def _loss_of_preferring(answer):
    p, logits = np.array([0.5, 0.3, 0.2]), np.array([np.log(2), 0, 0])
    least = -p @ np.logaddexp(0, -logits) - np.logaddexp(0, logits.max())
    loss = -2 * np.log(2) - least
    got = number(answer)
    if not differs(got, least):
        return "that is min V itself: how much smaller is it than the best one?"
    if not differs(got, -loss):
        return "right up to the sign"
    if differs(got, loss):
        return "where does a greedy q put its mass, and what is the best value?"
