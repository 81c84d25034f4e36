import numpy as np


def spoils_its_arguments(p, q):
    p /= p + q
    p *= q
    q *= np.nan
    return -p.sum()


RIGHT = {
    "minimax-1": [-np.log(2), np.float32(-0.6931)],
    "minimax-2": [lambda p, q, share: np.log(p / q) + np.log(share / (1 - share))],
    "minimax-3": [
        lambda p, q: -np.sum(p * q / (p + q)),
        lambda p, q: -0.5 + 0.25 * np.sum((p - q) ** 2 / (p + q)),
        spoils_its_arguments,
    ],
    "minimax-4": [0.1114, np.float64(0.11)],
}
WRONG = {
    "minimax-1": [
        (answer, "on each of the three")
        for answer in (np.log(2), -np.log(4), float("nan"), [-np.log(2)])
    ],
    "minimax-2": [
        (lambda p, q, share: np.log(p / q), "not the best logit for p=0.3"),
        (lambda p, q, share: None, "not the best logit"),
        (0.5, "raises TypeError"),
    ],
    "minimax-3": [
        (lambda p, q: np.sum(p * q / (p + q)), "insert the best bet"),
        (lambda p, q: p * q / (p + q), "insert the best bet"),
        (lambda p, q: float("nan"), "insert the best bet"),
    ],
    "minimax-4": [
        (answer, "less the mean of -log")
        for answer in (0.5, float("nan"), "0.1114", True, np.ones(2))
    ],
}
