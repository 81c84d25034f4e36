"""Exercises of *What can a discriminator say when nothing overlaps?*"""

import numpy as np
from scipy.stats import norm

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise

PLACES = np.array([0.0, 1.0, 3.0, 4.0, 7.0])
P, Q = np.array([0.4, 0.1, 0.0, 0.1, 0.4]), np.array([0.1, 0.2, 0.6, 0.1, 0.0])


@exercise("wasserstein-1")
def _two_widths(answer):
    z = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    for s in (0.5, 1.0, 3.0):
        if differs(answer(s), divergences.wasserstein(z, s * z)):
            return f"not the distance for s={s}: what are the two quantile functions?"


@exercise("wasserstein-2")
def _critic_by_hand(answer):
    f = np.asarray(answer, float)
    if f.shape != PLACES.shape or not np.isfinite(f).all():
        return f"expected five finite values, one per place, got {answer}"
    if (np.abs(np.diff(f)) > np.diff(PLACES) + 1e-6).any():
        return "steeper than 1 between two neighbors"
    if differs(f @ (P - Q), divergences.wasserstein(PLACES, PLACES, P, Q)):
        return "1-Lipschitz, but another critic tells p and q further apart"


@exercise("wasserstein-3")
def _strength(answer):
    for distance, share in ((2.0, 0.1), (5.0, 0.01), (0.3, 0.5)):
        w = np.linspace(0.5, 2, 150_001)
        values = answer(distance, share) * (w - 1) ** 2 - distance * w
        if np.shape(values) != w.shape or not np.isfinite(values).all():
            return "expected one number for two numbers"
        if differs(w[np.argmin(values)], 1 + share, 1e-4):
            return (
                f"at distance {distance} the best line does not exceed slope 1 by "
                f"{share}"
            )


@exercise("wasserstein-4")
def _half_of_a_v(answer):
    if np.shape(answer) != (2, 2) or not np.isfinite(np.asarray(answer, float)).all():
        return "expected (w, a), two finite numbers each"
    w, a = np.asarray(answer, float)
    if max(np.linalg.norm(w), np.linalg.norm(a)) > 1 + 1e-6:
        return "w or a is longer than 1"
    left, right = (a @ np.maximum(w * x, 0) for x in (-1.0, 1.0))
    if abs(left - right) > 1e-3:
        return "not the same slope on both sides of 0"
    if right < 0.499:
        return "a V, but there is a steeper one"


@exercise("wasserstein-5")
def _wrong_weight(answer):
    if np.shape(answer) != (2,):
        return "two slopes are asked for: (beside the real, beside the generated)"
    if differs(answer, 1 + 0.1 / norm.pdf([0.0, 1.0]), 0.01):
        return "which density has a normal weight times 2 at 0, and which at 2?"
