"""Exercises of *Why does nobody train with the minimax loss?*"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise


@exercise("saturation-1")
def _how_far(answer):
    x = np.linspace(-10, 10, 2001)
    density = np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
    minimax = 6 * np.sum(density * expit(6 * x - 18)) * (x[1] - x[0])
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (minimax, non-saturating)"
    if differs(answer, (minimax, 6 - minimax)):
        return "what are the best line's slope and J, and where is the mean taken?"


@exercise("saturation-2")
def _f(answer):
    rng = np.random.default_rng(0)
    for p, q in rng.dirichlet(np.ones(6), (5, 2)):
        expected = divergences.reverse_kl(p, q) - 2 * divergences.js(p, q)
        values = np.asarray(answer(p / q), float)
        if values.shape != p.shape:
            return f"expected one value per ratio, {p.shape}, got {values.shape}"
        if differs(np.sum(q * values), expected, 1e-6):
            return (
                "the sum of q f(p/q) is not KL(q||p) - 2 JS: take q out of 2 KL(m||p)"
            )


@exercise("saturation-3")
def _flipped_labels(answer):
    for p, q, flips in ((0.3, 0.1, 0.1), (0.2, 0.7, 0.05), (0.01, 0.9, 0.2)):
        as_real, as_fake = (1 - flips) * p + flips * q, flips * p + (1 - flips) * q
        payment = lambda t, real=as_real, fake=as_fake: (  # noqa: E731
            real * np.logaddexp(0, -t) + fake * np.logaddexp(0, t)
        )
        if differs(answer(p, q, flips), minimize_scalar(payment).x, 1e-4):
            return (
                f"not the best logit for p={p}, q={q} and a share of flips of {flips}"
            )


@exercise("saturation-4")
def _cross_entropy(answer):
    logits = np.array([-1000, -20, -3, 0, 3, 20, 1000], "float32")
    exact = logits.astype(float)
    for target in (0.0, 0.1, 0.9, 1.0):
        with np.errstate(all="ignore"):
            got = np.asarray(answer(logits, target), float)
        if got.shape != logits.shape:
            return f"expected one value per logit, {logits.shape}, got {got.shape}"
        if not np.isfinite(got).all():
            return f"infinite or NaN with target {target}: start from the logits"
        real, fake = np.logaddexp(0, -exact), np.logaddexp(0, exact)
        expected = target * real + (1 - target) * fake
        if differs(got, expected):
            return f"finite, but not the cross-entropy with target {target}"
        if not np.allclose(got, expected, rtol=1e-4, atol=0):
            return f"lost digits with target {target}: does a difference cancel?"
