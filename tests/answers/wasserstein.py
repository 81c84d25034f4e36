import numpy as np

RIGHT = {
    "wasserstein-1": [
        lambda s: abs(s - 1) * np.sqrt(2 / np.pi),
        lambda s: np.abs(1 - s) * 0.797885,
    ],
    "wasserstein-2": [(0, -1, -3, -2, 1), np.array([5.0, 4.0, 2.0, 3.0, 6.0])],
    "wasserstein-3": [lambda distance, share: distance / (2 * share)],
    "wasserstein-4": [
        ((2**-0.5, -(2**-0.5)), (2**-0.5, 2**-0.5)),
        np.array([[-1.0, 1.0], [1.0, 1.0]]) / np.sqrt(2),
    ],
    "wasserstein-5": [(1.2507, 1.4133), np.array([1.25, 1.41])],
}
WRONG = {
    "wasserstein-1": [
        (lambda s: abs(s - 1), "two quantile functions"),
        (lambda s: (s - 1) * np.sqrt(2 / np.pi), "s=0.5"),
        (lambda s: abs(s**2 - 1) * np.sqrt(2 / np.pi), "s=0.5"),
        (lambda s: float("nan"), "not the distance"),
        (lambda s: np.ones(3), "not the distance"),
        (lambda s: None, "two quantile functions"),
        (0.8, "raises TypeError"),
        ("abs(s - 1)", "raises TypeError"),
    ],
    "wasserstein-2": [
        ((0, 1, 3, 2, -1), "another critic"),
        ((0, -2, -6, -4, 2), "steeper than 1"),
        ((0, -1, -3, -2), "five finite values"),
        ((0, -1, -3, -2, float("nan")), "five finite values"),
        (np.zeros(5), "another critic"),
        (3.0, "five finite values"),
        ("down", "raises ValueError"),
    ],
    "wasserstein-3": [
        (lambda distance, share: distance / share, "does not exceed"),
        (lambda distance, share: 10.0, "does not exceed"),
        (lambda distance, share: -distance / (2 * share), "does not exceed"),
        (lambda distance, share: float("nan"), "one number for two numbers"),
        (lambda distance, share: np.ones(2), "raises ValueError"),
        (lambda distance, share: None, "raises TypeError"),
        (10.0, "raises TypeError"),
    ],
    "wasserstein-4": [
        (((1, -1), (1, 1)), "longer than 1"),
        (((0.6, -0.6), (0.6, 0.6)), "a steeper one"),
        (((1, 0), (1, 0)), "not the same slope"),
        (((2**-0.5, -(2**-0.5)), (-(2**-0.5), -(2**-0.5))), "a steeper one"),
        (((1, -1), (1, float("nan"))), "two finite numbers each"),
        ((1, 2), "two finite numbers each"),
        ("wa", "two finite numbers each"),
    ],
    "wasserstein-5": [
        ((1.41, 1.25), "which density"),
        ((1.1, 1.1), "which density"),
        ((float("nan"), 1.41), "which density"),
        (1.25, "two slopes"),
        ("steep", "two slopes"),
    ],
}
