"""Exercises of *What do a thousand modes prove?*"""

import numpy as np

from ganbook.exercises.checking import differs, exercise, number


def _kl(shares, others):
    seen = shares > 0
    return float(np.sum(shares[seen] * np.log(shares[seen] / others[seen])))


@exercise("thousand-modes-1")
def _tied(answer):
    if np.shape(answer) != (3,):
        return "three numbers are asked for: (modes, sum for single digits, tie)"
    modes, single, tie = (number(part) for part in answer)
    if differs(modes, 100):
        return "how many different stacks have equal first and second digits?"
    if differs(single, 0, 1e-6):
        return "look at one channel alone: which digits does it show, how often?"
    if differs(tie, np.log(10)):
        return "the modes are even: what is KL(q || uniform), and what is left of it?"


@exercise("thousand-modes-2")
def _memory(answer):
    for kl, n in ((0.06, 26_000), (0.03, 26_000), (0.5, 2600)):
        got = number(answer(kl, n))
        if not got > 0:
            return f"expected a number > 0 for kl={kl}, n={n}, got {got:.3g}"
        stored = 999 / 2 * (1 / got + 1 / n)
        if not differs(got, 999 / (2 * kl), 1e-4):
            return "right for infinitely many samples: what do n of them add?"
        if differs(stored / kl, 1, 1e-3):
            return (
                f"with {got:.0f} stored stacks {n} samples give {stored:.3g}, not {kl}"
            )


@exercise("thousand-modes-3")
def _uneven_digits(answer):
    rng = np.random.default_rng(0)
    for n in (10_000, 26_000):
        counts = rng.integers(4000, 7000, size=10)
        shares = counts / counts.sum()
        got, single = number(answer(counts, n)), _kl(shares, np.full(10, 0.1))
        floor = 999 / (2 * n)
        if not differs(got / floor, 1, 1e-3):
            return "that is the floor alone: are the digits even?"
        if not differs(got / (single + floor), 1, 1e-3):
            return "one channel is uneven by this much: how many are there?"
        if not differs(got / (3 * single), 1, 1e-3):
            return "right for infinitely many stacks: where is the floor?"
        if differs(got / (3 * single + floor), 1, 1e-3):
            return f"not what {n} real stacks score on average"


@exercise("thousand-modes-4")
def _pairs(answer):
    rng = np.random.default_rng(0)
    for size in (3.0, 0.1):
        counts = rng.gamma(size, size=(10, 10, 10)) * 100
        if size < 1:
            counts[3] = 0  # a digit that never comes
        p = counts / counts.sum()
        right = []
        for left_out in (2, 1, 0):
            pair = p.sum(axis=left_out)
            apart = np.outer(pair.sum(axis=1), pair.sum(axis=0))
            right.append(_kl(pair, apart))
        got = np.asarray(answer(counts), float)
        if got.shape != (3,):
            return "three numbers are asked for, of channels (0, 1), (0, 2), (1, 2)"
        if np.isnan(got).any():
            return "0 log 0 counts as 0: take the places with a share > 0"
        if not differs(got, right[::-1], 1e-4):
            return "in the other order: channels (0, 1), (0, 2), (1, 2)"
        if differs(got, right, 1e-4):
            return "sum over the third channel, then compare with the product of shares"
