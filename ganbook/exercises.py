"""``check(name, answer)``: does an answer do what a right answer does?

Each check computes what is right, and answers a wrong try with a hint, not with
the solution.
"""

from numbers import Real

import numpy as np

_CHECKS = {}


def check(name, answer):
    """Print whether an answer to a chapter's exercise is right.

    Args:
        name: of the exercise, as in the chapter, such as ``"two-players-1"``.
        answer: what the exercise asks for; None counts as not attempted.

    Raises:
        ValueError: if there is no exercise of that name.
    """
    if not isinstance(name, str) or name not in _CHECKS:
        raise ValueError(f"name: expected one of {sorted(_CHECKS)}, got {name!r}")
    if answer is None:
        print(f"{name}: not attempted yet")
        return
    try:
        hint = _CHECKS[name](answer)
    except Exception as error:
        said = " ".join(str(error).split())
        hint = f"your answer raises {type(error).__name__}: {said}"
    print(f"✗ {name}: {hint}" if hint else f"✓ {name}: right")


def _exercise(name):
    """Register a function that returns a hint for a wrong answer, else None."""

    def register(function):
        _CHECKS[name] = function
        return function

    return register


def _differs(got, expected, tolerance=1e-3):
    got = np.asarray(got, float)
    return got.shape != np.shape(expected) or not np.allclose(
        got, expected, rtol=tolerance, atol=tolerance
    )


@_exercise("generative-models-1")
def _kernel_density_moments(answer):
    points, h = np.array([0.0, 0.0, 3.0]), 0.5
    right = points.mean(), points.var() + h**2
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (mean, variance)"
    if _differs(answer[0], right[0]):
        return "the noise has mean 0, so the mean is that of the training points"
    if _differs(answer[1], right[1]):
        return "add the variance of a random training point and that of the noise"


@_exercise("generative-models-2")
def _noise_to_exponential(answer):
    from scipy.special import ndtri

    ranks = (np.arange(2000) + 0.5) / 2000
    # sorted, since a falling function is as right as a rising one
    x = np.sort(np.ravel(answer(ndtri(ranks))).astype(float))
    if x.shape != ranks.shape or not np.isfinite(x).all():
        return "one finite number per z is asked for"
    if x.min() < 0:
        return "the exponential density is 0 for x < 0, but your G reaches below 0"
    if _differs(1 - np.exp(-x), ranks, 1e-2):
        return "solve F(x) = Phi(z) for x, where F(x) = 1 - exp(-x)"


@_exercise("two-players-1")
def _best_line(answer):
    if _differs(answer, (2.0, -4.0)):
        return "insert the two means into the line: w is their difference"


@_exercise("two-players-2")
def _non_saturating(answer):
    logits = np.array([[-1000.0], [-3.0], [0.0], [3.0], [1000.0]])
    with np.errstate(all="ignore"):
        got = np.asarray(answer(logits), float)
    if got.shape != logits.shape:
        return f"expected one loss per logit, {logits.shape}, got {got.shape}"
    if not np.isfinite(got).all():
        return "infinite or NaN for a large logit: find a form that cannot overflow"
    if _differs(got, np.logaddexp(0.0, -logits), 1e-6):
        return "finite, but not -log(sigmoid(logit))"


@_exercise("two-players-3")
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


@_exercise("two-players-4")
def _distance_of_noisy_copies(answer):
    number = isinstance(answer, Real) and not isinstance(answer, bool)
    if not number or not 1.9 < answer < 2.8:
        return (
            "add noise to training images, and take the median of nearest(...)'s "
            "second result"
        )
