"""Exercises of *What do the curves tell?*"""

import numpy as np
from scipy.stats import norm

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise, number

X = np.linspace(-20, 20, 8001)
CELL = X[1] - X[0]


@exercise("reading-curves-1")
def _which_js(answer):
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (least, largest)"
    least = np.log(2) - 1.2 / 2
    if not differs(answer[0], np.log(4) - 1.2):
        return "that is 2 JS"
    if differs(answer[0], least):
        return "the least: what is JS if D is the best one, so that R = 0?"
    if differs(answer[1], np.log(2)):
        return "the least is right; R can be as large as it likes, but JS cannot"


@exercise("reading-curves-2")
def _near_equilibrium(answer):
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(6))
    change = rng.normal(size=6)
    q = p * (1 + 1e-3 * (change - p @ change))
    best = divergences.optimal_discriminator(p, q)
    above = q @ np.logaddexp(0, -best) - np.log(2)
    below = np.log(4) - p @ np.logaddexp(0, -best) - q @ np.logaddexp(0, best)
    if not differs(number(answer), below / above, 0.01):
        return "the other way round: G's distance in the numerator"
    if differs(number(answer), above / below, 0.01):
        return (
            "not the limit: expand log(1 + t) to the second order in (q - p)/p, in "
            "both losses, and do not forget that G's mean is taken over q"
        )


@exercise("reading-curves-3")
def _penalty_of_the_best(answer):
    for gamma, shift, std in ((1.0, 2.0, 1.0), (0.3, 1.0, 0.5), (2.0, 0.5, 1.5)):
        p = norm.pdf(X, shift, std)
        best = norm.logpdf(X, shift, std) - norm.logpdf(X, 0, std)
        slope = np.gradient(best, CELL)
        expected = 0.5 * gamma * CELL * np.sum(p * slope**2)
        got = number(answer(gamma, shift, std))
        if not differs(got, 2 * expected):
            return "twice too large: R1 has a factor one half"
        if differs(got, expected):
            return (
                f"not the penalty for gamma={gamma}, means {shift} apart and s={std}: "
                "which straight line is the best logit?"
            )


@exercise("reading-curves-4")
def _best_of_two(answer):
    error = X[np.abs(X) < 10]
    for spread in (1.0, 0.2):
        least = 2 * norm.pdf(error) * norm.sf(error)  # density of the smaller one
        expected = spread * CELL * np.sum(least * error)
        got = number(answer(spread))
        if not differs(got, -expected):
            return "the sign: the smaller of two is below the mean"
        if differs(got, expected):
            return (
                f"not the mean of the smaller error for a spread of {spread}: write "
                "min(x, y) with x + y and |x - y|"
            )
