"""Exercises of *Which cure helps?*"""

import numpy as np

from ganbook import games
from ganbook.exercises.checking import differs, exercise, number


@exercise("cures-1")
def _pack_size(answer):
    for r, delta in ((0.5, 0.01), (0.9, 0.05), (0.99, 0.1), (0.25, 0.2)):
        got = number(answer(r, delta))
        if not got >= 1 or got != round(got):
            return f"expected an integer >= 1 for r={r}, delta={delta}, got {got:.4g}"
        wrong = 0.5 * r**got
        if wrong > delta * (1 + 1e-9):
            return f"with r={r}, packs of {got:.0f} still fool it in {wrong:.3g} of all"
        if got > 1 and 0.5 * r ** (got - 1) <= delta * (1 - 1e-9):
            return f"enough for r={r}, delta={delta}, but smaller packs will do"


@exercise("cures-2")
def _valleys(answer):
    for b, c, h in ((0.0, 1.0, 0.3), (0.5, 1.0, 0.2), (0.3, 2.0, 0.1)):

        def ahead(theta, psi, b=b, c=c, h=h):
            return c * theta * (psi + h * (c * theta - b * psi))

        def below(theta, psi, b=b, c=c):
            return b * psi**2 / 2 - c * theta * psi

        expected = games.Game(ahead, below).jacobian()
        got = np.asarray(answer(b, c, h), float)
        if got.shape != (2, 2):
            return "a matrix of two rows and two columns is asked for"
        if not differs(got, expected):
            continue
        if not differs(got, -expected):
            return "the field is minus each player's own slope"
        if not differs(np.trace(got), -h * c**2 - b):
            return "half of G's valley is missing: D's answer, too, depends on theta"
        return f"not the derivative of the field for b={b}, c={c}, h={h}"


@exercise("cures-3")
def _overlap(answer):
    for t in (0.1, 0.3, 0.5, 0.8):
        made = np.array([[1 - t, t], [t, 1 - t]])  # generator, mode
        named = made / made.sum(axis=0)
        expected = -np.mean(np.sum(made * np.log(named), axis=1))
        got = number(answer(t))
        if not differs(got, np.log(2) - expected):
            return "that is the divergence: the term costs log 2 less it"
        if differs(got, expected):
            return f"not what the classifier costs at t={t}: average -log C over both"


@exercise("cures-4")
def _best_noise(answer):
    for a, w in ((1.0, 0.1), (0.5, 0.3), (2.0, 0.01)):
        got = number(answer(a, w))
        if not got > 0:
            return f"expected a deviation > 0 for a={a}, w={w}, got {got:.3g}"

        def slope(s, a=a, w=w):
            v = w**2 + s**2
            return 2 * a / v / (1 + np.exp(2 * a**2 / v))

        if not differs(got**2 + w**2, 2 * (a / 1.2784645) ** 2 * 1.2784645, 1e-3):
            continue
        better = "more" if slope(1.01 * got) > slope(got) else "less"
        return f"for a={a}, w={w} a little {better} noise makes it steeper"
