import numpy as np

NAN = float("nan")


def stored(kl, n):
    return 1 / (2 * kl / 999 - 1 / n)


def real(counts, n):
    shares = np.asarray(counts) / np.sum(counts)
    return 3 * np.sum(shares * np.log(10 * shares)) + 999 / (2 * n)


def mutual(counts, careful=True):
    p, found = counts / counts.sum(), []
    for left_out in (2, 1, 0):
        pair = p.sum(axis=left_out)
        apart = np.outer(pair.sum(axis=1), pair.sum(axis=0))
        seen = pair > 0 if careful else np.full(pair.shape, True)
        with np.errstate(all="ignore"):
            found.append(np.sum(pair[seen] * np.log(pair[seen] / apart[seen])))
    return found


RIGHT = {
    "thousand-modes-1": [(100, 0, np.log(10)), np.array([100, 0, 2.3026])],
    "thousand-modes-2": [stored, lambda kl, n: np.float64(stored(kl, n))],
    "thousand-modes-3": [real],
    "thousand-modes-4": [mutual, lambda counts: np.array(mutual(counts))],
}
WRONG = {
    "thousand-modes-1": [
        ((1000, 0, np.log(10)), "how many different stacks"),
        ((100, np.log(10), 0), "one channel alone"),
        ((100, 0, np.log(100)), "what is left"),
        ((100, 0), "three numbers"),
        (100, "three numbers"),
        ((NAN, 0, 0), "how many different stacks"),
    ],
    "thousand-modes-2": [
        (lambda kl, n: 999 / (2 * kl), "infinitely many"),
        (lambda kl, n: 1000, "stored stacks"),
        (lambda kl, n: -1, "a number > 0"),
        (lambda kl, n: NAN, "a number > 0"),
        (12_000, "raises TypeError"),
    ],
    "thousand-modes-3": [
        (lambda counts, n: 999 / (2 * n), "the floor alone"),
        (lambda counts, n: (real(counts, n) - 999 / n / 2) / 3 + 999 / n / 2, "many"),
        (lambda counts, n: real(counts, n) - 999 / (2 * n), "where is the floor"),
        (lambda counts, n: 0.06, "on average"),
        (lambda counts, n: NAN, "on average"),
        (0.02, "raises TypeError"),
    ],
    "thousand-modes-4": [
        (lambda counts: mutual(counts)[::-1], "the other order"),
        (lambda counts: mutual(counts, careful=False), "0 log 0"),
        (lambda counts: [1.0, 1.0, 1.0], "sum over the third"),
        (lambda counts: 1.0, "three numbers"),
        (0.0, "raises TypeError"),
    ],
}
