"""Exercises of *When does a GAN come to rest?*"""

import numpy as np
from keras import ops

from ganbook import losses
from ganbook.exercises.checking import differs, exercise, number


@exercise("stability-1")
def _largest_step(answer):
    for b, c in ((0.5, 0.1), (0.5, 0.6), (1.0, 1.9), (0.5, 1.5), (0.2, 3.0)):
        values = np.linalg.eigvals([[0.0, -b], [b, -c]])
        expected = np.min(-2 * values.real / np.abs(values) ** 2)
        if differs(number(answer(b, c)), expected, 1e-6):
            side = "a pair that turns" if c < 2 * b else "two valleys, one is sharper"
            return f"not the largest step for b={b} and c={c}: {side}"


@exercise("stability-2")
def _least_squares(answer):
    def pays(loss, t):
        t = ops.full((1, 1), t)
        return ops.convert_to_numpy(loss(t, t)).item()

    # differences over half a unit are exact for a parabola
    loss = losses.LeastSquares()
    low, mid, high = (pays(loss.discriminator, t) for t in (0.0, 0.5, 1.0))
    slope = pays(loss.generator, 1.0) - pays(loss.generator, 0.0)
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (c, k)"
    if differs(answer, (4 * (high - 2 * mid + low), -slope)):
        return "where is D flat, and what are slope and curvature of each term there?"


@exercise("stability-3")
def _turn(answer):
    for h, n in ((0.2, 1), (0.2, 5), (0.1, 25), (0.02, 25)):
        step = [[1 - n * h**2, h], [-n * h, 1]]
        expected = 2 * np.pi / np.abs(np.angle(np.linalg.eigvals(step))).max()
        if differs(number(answer(h, n)), expected, 1e-6):
            return f"not the turn for h={h} and n={n}: what is the sum of both values?"


@exercise("stability-4")
def _zeros(answer):
    rng = np.random.default_rng(0)
    for n, m in ((3, 5), (5, 3), (4, 4), (9, 2)):
        B, root = rng.normal(size=(m, n)), rng.normal(size=(m, m))
        J = np.block([[np.zeros((n, n)), -B.T], [B, -root @ root.T]])
        expected = np.sum(np.abs(np.linalg.eigvals(J)) < 1e-9)
        if differs(number(answer(n, m)), expected, 1e-6):
            return f"not so for {n} weights of G and {m} of D: what does B map to 0?"
