"""Exercises of *Which knobs matter?*"""

import numpy as np

from ganbook import games, losses, penalties
from ganbook.exercises.checking import differs, exercise, number


@exercise("balance-1")
def _no_more_turning(answer):
    for gamma, rate in ((0.3, 0.2), (0.5, 0.1), (1.0, 0.05), (0.2, 0.4)):
        got = number(answer(gamma, rate))
        if not got > 0:
            return f"expected a rate > 0 for gamma={gamma}, h_G={rate}, got {got:.3g}"
        game = games.dirac(losses.Minimax(), penalties.R1(gamma))

        def turns(rate_of_D, game=game, rate=rate):
            trace, det = _trace_and_determinant(game, rate, rate_of_D)
            return trace**2 < 4 * det

        if turns(1.001 * got):
            return f"it still turns at this rate, for gamma={gamma}, h_G={rate}"
        if not turns(0.999 * got):
            return (
                f"for gamma={gamma}, h_G={rate} it does not turn at a smaller rate, "
                "either: where is trace² = 4 det?"
            )


def _trace_and_determinant(game, rate, rate_of_D):
    unit = 1e-5 * np.eye(2)
    step = games.trajectory(game, unit, 1, (rate, rate_of_D))[1].T / 1e-5
    return np.trace(step), np.linalg.det(step)


@exercise("balance-2")
def _decay(answer):
    for period in (20, 100, 1000):
        beta = number(answer(period))
        if not 0 < beta < 1:
            return f"a decay lies between 0 and 1, got {beta:.3g} for {period} updates"
        # an average of a circle by its definition, as far as it remembers
        past = np.arange(min(int(20 / (1 - beta)), 10**6))
        circle = np.exp(-2j * np.pi * past / period)
        left = abs((1 - beta) * np.sum(beta**past * circle))
        if differs(left, 0.1, 2e-3):
            return f"for a period of {period} updates {left:.3g} of the circle is left"


@exercise("balance-3")
def _smoothed_fakes(answer):
    for p, q, r in ((0.3, 0.2, 0.1), (0.01, 0.5, 0.2), (0.7, 0.7, 0.3)):
        got = answer(p, q, r)
        if np.shape(got) != (2,):
            return "two numbers are asked for: (logit, slope)"
        # at the best logit the loss of one place is flat: its slope there is the excess
        pay = p + r * q, (1 - r) * q
        excess = pay[1] / (1 + np.exp(-got[0])) - pay[0] / (1 + np.exp(got[0]))
        if differs(excess / (p + q), 0, 1e-4):
            return f"not the best logit for p={p}, q={q}, r={r}: who is told what?"
        u, tiny = p / q, 1e-5

        def best(log_u, r=r):
            return np.log((np.exp(log_u) + r) / (1 - r))

        slope = (best(np.log(u) + tiny) - best(np.log(u) - tiny)) / (2 * tiny)
        if differs(got[1], slope):
            return "the logit is right, its derivative for log(p/q) is not"


@exercise("balance-4")
def _seeds(answer):
    answer = number(answer)
    if answer == 6:
        return "six: luck then separates the two sets in 1 of 462 cases"
    if answer > 7 and answer == round(answer):
        return "enough, but fewer will do"
    if answer != 7:
        return "of all orders of 2n runs, in how many do the n of one set come first?"
