import numpy as np

RIGHT = {
    "saturation-1": [(0.0124533, 5.9875467), np.array([0.0124533, 5.9875467])],
    "saturation-2": [
        lambda u: (u + 1) * np.log((u + 1) / (2 * u)),
        lambda u: (u + 1) * np.log((u + 1) / (2 * u)) + u - 1,
    ],
    "saturation-3": [
        lambda p, q, pi: np.log(((1 - pi) * p + pi * q) / (pi * p + (1 - pi) * q))
    ],
    "saturation-4": [
        lambda b, y: y * np.logaddexp(0, -b) + (1 - y) * np.logaddexp(0, b)
    ],
}
WRONG = {
    "saturation-1": [
        ((5.9875467, 0.0124533), "where is the mean taken"),
        ((0.0020755, 0.9979245), "where is the mean taken"),
        ((float("nan"), 6.0), "where is the mean taken"),
        (6.0, "two numbers"),
        ("far", "two numbers"),
        (np.ones((2, 2)), "two numbers"),
    ],
    "saturation-2": [
        (lambda u: -np.log(u), "take q out of"),
        (lambda u: u * np.nan, "take q out of"),
        (lambda u: 1.0, "one value per ratio"),
        (0.5, "raises TypeError"),
    ],
    "saturation-3": [
        (lambda p, q, pi: np.log(p / q), "not the best logit"),
        (lambda p, q, pi: np.log((1 - pi) * p / (q + pi * p)), "not the best logit"),
        (lambda p, q, pi: np.nan, "not the best logit"),
        (lambda p, q: 0.0, "raises TypeError"),
        ("log", "raises TypeError"),
    ],
    "saturation-4": [
        (lambda b, y: np.logaddexp(0, b) - y * b, "does a difference cancel"),
        (
            lambda b, y: (
                -y * np.log(1 / (1 + np.exp(-b)))
                - (1 - y) * np.log(1 - 1 / (1 + np.exp(-b)))
            ),
            "infinite or NaN",
        ),
        (lambda b, y: np.logaddexp(0, -b), "not the cross-entropy"),
        (lambda b, y: 0.5, "one value per logit"),
        (np.ones(7), "raises TypeError"),
    ],
}
