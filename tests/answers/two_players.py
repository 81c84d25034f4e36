import numpy as np

RIGHT = {
    "two-players-1": [(2, -4), np.array([2.0, -4.0])],
    "two-players-2": [lambda t: np.logaddexp(0.0, -t)],
    "two-players-3": [(197, 37), np.array([201, 36])],
    "two-players-4": [2.4, np.float32(2.4)],
}
WRONG = {
    "two-players-1": [((-2, 4), "insert the two means"), (2, "insert the two means")],
    "two-players-2": [
        (lambda t: -np.log(1 / (1 + np.exp(-t))), "infinite or NaN"),
        (lambda t: np.logaddexp(0.0, t), "not -log"),
        (lambda t: 0.5, "one loss per logit"),
        (lambda t: t.nonsense, "raises AttributeError"),
        ("softplus", "raises TypeError"),
    ],
    "two-players-3": [
        ((0, 37), "let the slow game run"),
        ((37, 197), "slower one"),
        ((2, 1), "start at theta = -2"),
        ((197, 1), "start at theta = -2"),
        ((float("nan"), 37), "two numbers of updates"),
        ((float("inf"), 37), "two numbers of updates"),
        (197, "two numbers of updates"),
    ],
    "two-players-4": [
        (answer, "median of nearest")
        for answer in (1.8, 2.9, float("nan"), True, "2.4", np.ones(3))
    ],
}
