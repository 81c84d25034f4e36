import math

import numpy as np

from ganbook.f_divergences import DIVERGENCES

RIGHT = {
    "divergences-1": [lambda t: t / (1 - t)],
    "divergences-2": [lambda u: -math.log(u), lambda u: np.float32(u - 1 - np.log(u))],
    "divergences-3": [0.5, np.array(0.49)],
    "divergences-4": [{"kl", "pearson"}, iter(["pearson", "kl"])],
}
WRONG = {
    "divergences-1": [
        (lambda t: t, "not the supremum"),
        (lambda t: float("nan"), "not the supremum"),
        ("t", "raises TypeError"),
    ],
    "divergences-2": [
        (lambda u: np.log(u), "best logit as a function of u"),
        (lambda u: u * np.log(u), "best logit as a function of u"),
        (lambda u: 1 - np.log(u), "f(1) = 0"),
        (lambda u: u, "f(1) = 0"),
    ],
    "divergences-3": [
        (answer, "mean of t over p")
        for answer in (0.4, float("nan"), "0.5", True, np.ones(2))
    ],
    "divergences-4": [
        (set(), "start the search"),
        (set(DIVERGENCES), "start the search"),
        ("kl", "a set of names"),
        ({"chi"}, "a set of names"),
        (3, "raises TypeError"),
    ],
}
