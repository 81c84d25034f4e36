import numpy as np


def critical(gamma, rate, k=0.5):
    return 4 * rate * k**2 / (gamma + rate * k**2) ** 2


def tenth(period, left=0.1):
    m = 2 * (1 / left**2 - 1)
    b = 1 + 4 * np.sin(np.pi / period) ** 2 / m
    return b - np.sqrt(b**2 - 1)


RIGHT = {
    "balance-1": [critical, lambda g, h: np.float64(16 * h / (4 * g + h) ** 2)],
    "balance-2": [tenth],
    "balance-3": [
        lambda p, q, r: (np.log((p + r * q) / ((1 - r) * q)), p / (p + r * q)),
        lambda p, q, r: np.array([np.log(p / q + r) - np.log(1 - r), p / (p + r * q)]),
    ],
    "balance-4": [7, np.int64(7)],
}
WRONG = {
    "balance-1": [
        (lambda g, h: 1 / g, "smaller rate"),
        (lambda g, h: 100.0, "smaller rate"),
        (lambda g, h: 1e-3, "still turns"),
        (lambda g, h: -1.0, "a rate > 0"),
        (lambda g, h: float("nan"), "a rate > 0"),
        (3.0, "raises TypeError"),
    ],
    "balance-2": [
        (lambda period: 0.99, "of the circle is left"),
        (lambda period: 1 - 1e-9, "of the circle is left"),
        (lambda period: 1.0, "between 0 and 1"),
        (lambda period: "x", "between 0 and 1"),
        (0.99, "raises TypeError"),
    ],
    "balance-3": [
        (
            lambda p, q, r: (np.log((1 - r) * p / (q + r * p)), 1.0),
            "not the best logit",
        ),
        (
            lambda p, q, r: (np.log((p + r * q) / ((1 - r) * q)), 1.0),
            "the logit is right",
        ),
        (lambda p, q, r: np.log(p / q), "two numbers"),
        (lambda p, q, r: (float("nan"), 1.0), "not the best logit"),
        (0.5, "raises TypeError"),
    ],
    "balance-4": [
        (6, "1 of 462"),
        (8, "fewer will do"),
        (5, "of all orders"),
        ("7", "of all orders"),
        (float("nan"), "of all orders"),
    ],
}
