"""Exercises of *What are the two players playing for?*"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from ganbook import divergences
from ganbook.exercises.checking import differs, exercise, number

P, Q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.1, 0.2, 0.3, 0.4])


@exercise("minimax-1")
def _two_uniforms(answer):
    if differs(answer, -np.log(2)):
        return "on each of the three intervals: what are p, q and the best bet there?"


@exercise("minimax-2")
def _uneven_coin(answer):
    for p, q, share in ((0.3, 0.1, 0.2), (0.2, 0.7, 0.9), (0.4, 0.4, 0.5)):
        payment = lambda t, real=share * p, fake=(1 - share) * q: (  # noqa: E731
            real * np.logaddexp(0, -t) + fake * np.logaddexp(0, t)
        )
        if differs(answer(p, q, share), minimize_scalar(payment).x, 1e-4):
            return f"not the best logit for p={p}, q={q} and a share of {share}"


@exercise("minimax-3")
def _quadratic_payment(answer):
    bets = np.linspace(0, 1, 20_001)
    for p, q in ((P, Q), (Q, P), (P, P)):
        payments = -np.outer(p, (1 - bets) ** 2) - np.outer(q, bets**2)
        if differs(answer(p.copy(), q.copy()), payments.max(axis=1).sum(), 1e-5):
            return "not the best payment: insert the best bet, and sum over the atoms"


@exercise("minimax-4")
def _divergence_by_classifier(answer):
    x = np.linspace(-8, 9, 2001)
    truth = divergences.js(norm.pdf(x), norm.pdf(x - 1), cell=x[1] - x[0])
    if not abs(number(answer) - truth) < 0.006:
        return "log 2 less the mean of -log of the probability of the true label"
