"""Exercises of *Which distance does a GAN minimize?*"""

import numpy as np

from ganbook.exercises.checking import differs, exercise, number
from ganbook.f_divergences import DIVERGENCES


@exercise("divergences-1")
def _conjugate_of_hellinger(answer):
    t = np.array([-2.0, -0.5, 0.0, 0.3, 0.7])
    u = np.linspace(0, 30, 600_001)
    supremum = [
        np.max(slope * u - DIVERGENCES["squared_hellinger"].f(u)) for slope in t
    ]
    if differs([answer(slope) for slope in t], supremum, 1e-5):
        return "not the supremum of t u - f(u): insert the u at which f'(u) = t"


@exercise("divergences-2")
def _followed_by_the_plain_logit(answer):
    if differs(answer(1.0), 0.0, 1e-6):
        return "one number, f(1) = 0, is asked for at u = 1"
    for u in (0.2, 0.5, 1.0, 3.0):
        # a chord's height over the middle: of right functions up to a line, alike
        bend, right = (
            float(f(u + 0.05)) - 2 * float(f(u)) + float(f(u - 0.05))
            for f in (answer, lambda u: -np.log(u))
        )
        if differs(bend, right, 1e-5):
            return "what is the best logit as a function of u, and what does G pay?"


@exercise("divergences-3")
def _kl_by_its_bound(answer):
    if not 0.47 < number(answer) < 0.53:
        return (
            "the mean of t over p less the mean of f*(t) over q, with t = 1 + log(p/q)"
        )


@exercise("divergences-4")
def _which_cover(answer):
    names = set() if isinstance(answer, str) else set(answer)
    if isinstance(answer, str) or not names <= set(DIVERGENCES):
        return f"a set of names is asked for, from {', '.join(DIVERGENCES)}"
    if names != {n for n, f in DIVERGENCES.items() if f.at_infinity == np.inf}:
        return "start the search both on a bump and between, and keep the better end"
