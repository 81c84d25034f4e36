import math

import numpy as np
from scipy.special import gammaincc

NAN = float("nan")

RIGHT = {
    "counting-1": [
        lambda R: (1 + R**2 / 2) * np.exp(-(R**2) / 2),
        lambda R: gammaincc(2, R**2 / 2),
    ],
    "counting-2": [
        lambda w, delta: math.ceil(math.log(delta) / math.log(1 - w)),
        lambda w, delta: np.ceil(np.log(delta) / np.log1p(-w)),
    ],
    "counting-3": [
        (0.25 * math.log(7 / 4) + 0.75 * math.log(7 / 8), 6.4),
        np.array([0.0398, 6.4]),
    ],
    "counting-4": [
        lambda N: (1 + np.sqrt(1 + 80 * N)) / 2,
        lambda N: math.ceil(0.5 + math.sqrt(0.25 + 20 * N)),
    ],
}
WRONG = {
    "counting-1": [
        (lambda R: np.exp(-(R**2) / 2), "the plane's"),
        (lambda R: 1 - (1 + R**2 / 2) * np.exp(-(R**2) / 2), "to be inside"),
        (lambda R: NAN, "not the share"),
        (lambda R: "x", "not the share"),
        (0.06, "raises TypeError"),
    ],
    "counting-2": [
        (lambda w, delta: math.log(delta) / math.log(1 - w), "a number of samples"),
        (lambda w, delta: 10**6, "fewer samples"),
        (lambda w, delta: 1, "still missed"),
        (lambda w, delta: NAN, "a number of samples"),
        (lambda w, delta: float("inf"), "a number of samples"),
        (198, "raises TypeError"),
    ],
    "counting-3": [
        (0.0398, "two numbers"),
        ((0.0398, 7.0), "the KL divergence is right"),
        ((0.173, 6.4), "not the KL divergence"),
        ((sum(math.log(8 / 7 / k) for k in (2, 1, 1, 1, 1, 1, 1)) / 7, 6.4), "other"),
        ((NAN, 6.4), "not the KL divergence"),
        (("a", "b"), "not the KL divergence"),
    ],
    "counting-4": [
        (lambda N: np.sqrt(10 * N), "a factor of two"),
        (lambda N: np.sqrt(2 * N * np.log(2)), "equal pairs"),
        (lambda N: 0, "more than one sample"),
        (lambda N: NAN, "more than one sample"),
        (1000, "raises TypeError"),
    ],
}
