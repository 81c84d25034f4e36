import numpy as np

RIGHT = {
    "dcgan-1": [(14, 4), np.array([14.0, 4.0])],
    "dcgan-2": [
        lambda k, s: (-(-k // s) / (k // s)) ** 2,
        lambda k, s: np.float32(np.ceil(k / s) / np.floor(k / s)) ** 2,
    ],
    "dcgan-3": [
        lambda a, b, c: (c, b + c, a + b, a),
        lambda a, b, c: np.array([c, b + c, a + b, a]),
    ],
    "dcgan-4": [0.9354, np.sqrt(7 / 8)],
}
WRONG = {
    "dcgan-1": [
        ((12, 4), "how far apart"),
        ((14, 2), "where does the next field begin"),
        (14, "two numbers"),
        ("14", "two numbers"),
    ],
    "dcgan-2": [
        (lambda k, s: -(-k // s) / (k // s), "along how many sides"),
        (lambda k, s: 4, "not the ratio"),
        (lambda k, s: "4", "not the ratio"),
        (lambda k, s: None, "raises TypeError"),
    ],
    "dcgan-3": [
        (lambda a, b, c: (a, a + b, b + c, c), "another order"),
        (lambda a, b, c: (a, b, c, a), "not the same map"),
        (lambda a, b, c: (a, b, c), "expected four weights"),
    ],
    "dcgan-4": [
        (7 / 8, "mean squares"),
        (0.7071, "mean 0"),
        (-np.sqrt(7 / 8), "not negative"),
        (1.0, "mean and variance"),
        ("0.935", "mean and variance"),
        (float("nan"), "mean and variance"),
    ],
}
