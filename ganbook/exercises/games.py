"""Exercises of *Why do two learners go in circles?*"""

import numpy as np

from ganbook import games, losses
from ganbook.exercises.checking import differs, exercise, number


@exercise("games-1")
def _two_rates(answer):
    game = games.dirac(losses.Minimax())
    for rates in ((0.2, 0.2), (0.1, 0.4), (0.01, 1.0), (0.5, 0.02)):
        expected = games.spectral_radius(game, rates, "both")
        if differs(answer(*rates), expected, 1e-5):
            return (
                f"not the radius for h_G={rates[0]} and h_D={rates[1]}: "
                "write down the matrix of one step"
            )


@exercise("games-2")
def _critical_in_turns(answer):
    for h in (0.1, 0.2, 0.5, 1.0):
        gamma = number(answer(h))
        if not 0 < gamma < 3:
            return f"expected one number between 0 and 3 for h={h}, got {gamma}"
        game = games.quadratic(0.0, gamma, -0.5)  # the field near rest
        step = games.trajectory(game, np.eye(2), 1, h, "GD")[1].T
        apart = np.trace(step) ** 2 - 4 * np.linalg.det(step)
        if abs(apart) > 1e-6:
            return f"for h={h} the two eigenvalues of one step do not meet there"


@exercise("games-3")
def _at_rest_on_a_hill(answer):
    for a, b, c in np.random.default_rng(0).uniform(-2, 2, (200, 3)):
        real = games.quadratic(a, b, c).eigenvalues().real.max()
        said = answer(a, b, c)
        if not isinstance(said, bool | np.bool_):
            return f"expected true or false, got {said!r}"
        if abs(real) > 1e-3 and said != (real < 0):
            return f"not right for a={a:.2f}, b={b:.2f}, c={c:.2f}: trace, determinant?"


@exercise("games-4")
def _noise_on_one_side(answer):
    s = number(answer)
    if not abs(s - 2) < 0.01:
        return "which term of the noisy field came from the generated samples?"


@exercise("games-5")
def _momentum_in_turns(answer):
    h = 1e-2
    for beta in (-0.5, -0.2, 0.0, 0.3):
        radius = games.spectral_radius(games.bilinear(), h, "GD", games.Momentum(beta))
        if differs(number(answer(beta)), (radius**2 - 1) / h**2, 0.02):
            return f"not the coefficient for beta={beta}: is the exponent 1 or 3/2?"
