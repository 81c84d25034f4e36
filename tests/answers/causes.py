import numpy as np
from scipy.stats import norm


def price(n, k):
    r = k / n
    kept = r * np.log(2 * r / (1 + r)) + np.log(2 / (1 + r))
    return (1 - r) * np.log(2) + kept


def slope(gap, share):
    return gap / (2 * norm.ppf((1 + share) / 2))


LOSS = 1.5 * np.log(3) - 2 * np.log(2)

RIGHT = {
    "causes-1": [price, lambda n, k: np.float64(price(n, k))],
    "causes-2": [slope],
    "causes-3": [
        lambda z: np.sign(z[:, 0]) + 0.1 * z[:, 1],
        lambda z: np.where(z[:, 1] > 0, 1, -1) - 0.1 * z[:, 0],
    ],
    "causes-4": [LOSS, round(LOSS, 4)],
}
WRONG = {
    "causes-1": [
        (lambda n, k: price(n, k) / 2, "that is JS"),
        (lambda n, k: (1 - k / n) * np.log(2), "not 2 JS"),
        (lambda n, k: float("nan"), "not 2 JS"),
        (0.028, "raises TypeError"),
    ],
    "causes-2": [
        (lambda g, e: g / np.sqrt(2 * np.pi) / e, "the tangent's answer"),
        (lambda g, e: g / norm.ppf((1 + e) / 2), "the least bridge is"),
        (lambda g, e: -1.0, "a slope > 0"),
        (lambda g, e: float("nan"), "a slope > 0"),
        (560.0, "raises TypeError"),
    ],
    "causes-3": [
        (lambda z: np.tanh(5 * z[:, 0]) + 0.1 * z[:, 1], "there is a bridge"),
        (lambda z: np.sign(z[:, 0]), "standard deviation"),
        (lambda z: 1 + 0.1 * z[:, 1], "not half"),
        (lambda z: np.sign(z) + 0.1 * z, "one sample per row"),
        (lambda z: z[:, 0] * np.nan, "not finite"),
        (1.0, "raises TypeError"),
    ],
    "causes-4": [
        (-2 * np.log(2) - LOSS, "min V itself"),
        (-LOSS, "up to the sign"),
        (0.0, "greedy q"),
        ("0.262", "greedy q"),
        (float("nan"), "greedy q"),
    ],
}
