"""Exercises of *How does one ask a GAN for a seven?*"""

import numpy as np
from scipy.optimize import minimize_scalar

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise, number


@exercise("conditional-1")
def _other_shares(answer):
    for p, q, share, asked in ((0.3, 0.1, 0.2, 0.2), (0.2, 0.5, 0.1, 0.4)):
        payment = lambda t, real=share * p, fake=asked * q: (  # noqa: E731
            real * np.logaddexp(0, -t) + fake * np.logaddexp(0, t)
        )
        if differs(answer(p, q, share, asked), minimize_scalar(payment).x, 1e-4):
            return (
                f"not the best logit for p(x|y)={p}, q(x|y)={q} and a label with a "
                f"share of {share} in the data, {asked} in the requests"
            )


@exercise("conditional-2")
def _middle(answer):
    def pays(m, weight):
        real, fake = np.array([0.25, 0.5, 0.25]), np.array([1 - m, 2 * m, 1 - m]) / 2
        return 2 * divergences.js(real, fake) + weight * m * np.log(2)

    for weight in (0.0, 0.3, 1.0, 2.0, 5.0):
        got = number(answer(weight))
        best = minimize_scalar(
            pays,
            bounds=(1e-12, 1 - 1e-12),
            args=(weight,),
            method="bounded",
            options={"xatol": 1e-10},
        )
        if not abs(got - best.x) < 1e-4:
            return f"for a weight of {weight} another m pays less than {got:.4g}"


@exercise("conditional-3")
def _factors(answer):
    rng = np.random.default_rng(0)
    for places, labels, rank in ((9, 4, 4), (12, 6, 3), (5, 8, 5)):
        table = rng.normal(size=(places, rank)) @ rng.normal(size=(rank, labels))
        parts = [np.asarray(part, float) for part in answer(table.copy())]
        if len(parts) != 3 or [part.ndim for part in parts] != [2, 1, 2]:
            return "three arrays are asked for: phi (n, d), w (d,) and e (K, d)"
        phi, w, e = parts
        d = phi.shape[1]
        shapes = (places, d), (d,), (labels, d)
        if tuple(part.shape for part in parts) != shapes:
            return f"for a table {table.shape} and d={d} the shapes are not {shapes}"
        if differs((phi @ w)[:, None] + phi @ e.T, table, 1e-6):
            return "w.phi + e_y.phi is not the table"
        if d > rank:
            return (
                f"right, but fewer than {d} features are enough for one of the tables"
            )


@exercise("conditional-4")
def _noisy_labels(answer):
    for share, classes in ((0.0, 10), (0.5, 10), (0.3, 4), (1.0, 5)):
        # y given by the noisy label: the true one, or any with equal chance
        chances = (1 - share) * np.eye(classes) + share / classes
        if differs(number(answer(share, classes)), np.diag(chances).mean(), 1e-6):
            return f"not so for a share of {share} and {classes} classes"
