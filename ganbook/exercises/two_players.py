"""Exercises of *How can two networks teach each other?*"""

from numbers import Real

import numpy as np

from ganbook.exercises.checking import differs, exercise


@exercise("two-players-1")
def _best_line(answer):
    if differs(answer, (2.0, -4.0)):
        return "insert the two means into the line: w is their difference"


@exercise("two-players-2")
def _non_saturating(answer):
    logits = np.array([[-1000.0], [-3.0], [0.0], [3.0], [1000.0]])
    with np.errstate(all="ignore"):
        got = np.asarray(answer(logits), float)
    if got.shape != logits.shape:
        return f"expected one loss per logit, {logits.shape}, got {got.shape}"
    if not np.isfinite(got).all():
        return "infinite or NaN for a large logit: find a form that cannot overflow"
    if differs(got, np.logaddexp(0.0, -logits), 1e-6):
        return "finite, but not -log(sigmoid(logit))"


@exercise("two-players-3")
def _saturation(answer):
    if np.shape(answer) != (2,) or not np.isfinite(answer).all():
        return "two numbers of updates are asked for: (minimax, non-saturating)"
    minimax, non_saturating = answer
    if min(minimax, non_saturating) <= 0:
        return "count updates until theta is near mu; let the slow game run longer"
    if minimax <= non_saturating:
        return "the minimax loss should be the slower one from so far away"
    if not (100 <= minimax <= 400 and 15 <= non_saturating <= 90):
        return "start at theta = -2, take 20 discriminator steps, and stop near mu"


@exercise("two-players-4")
def _distance_of_noisy_copies(answer):
    number = isinstance(answer, Real) and not isinstance(answer, bool)
    if not number or not 1.9 < answer < 2.8:
        return (
            "add noise to training images, and take the median of nearest(...)'s "
            "second result"
        )
