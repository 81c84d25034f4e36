import math

import numpy as np

RIGHT = {
    "reading-curves-1": [(0.0931, 0.6931), np.array([np.log(2) - 0.6, np.log(2)])],
    "reading-curves-2": [1.5, np.float32(1.5)],
    "reading-curves-3": [
        lambda gamma, shift, std: 0.5 * gamma * shift**2 / std**4,
        lambda gamma, shift, std: np.float32(gamma * (shift / std**2) ** 2 / 2),
    ],
    "reading-curves-4": [
        lambda spread: -spread / math.sqrt(math.pi),
        lambda spread: np.float32(-0.5642 * spread),
    ],
}
WRONG = {
    "reading-curves-1": [
        ((0.1863, 0.6931), "that is 2 JS"),
        ((0.0, 0.6931), "so that R = 0"),
        ((float("nan"), 0.6931), "so that R = 0"),
        ((0.0931, 1.3863), "JS cannot"),
        (0.0931, "two numbers"),
        ("low", "two numbers"),
    ],
    "reading-curves-2": [
        (2 / 3, "the other way round"),
        (0.5, "not the limit"),
        (float("nan"), "not the limit"),
        ("1.5", "not the limit"),
    ],
    "reading-curves-3": [
        (lambda gamma, shift, std: gamma * shift**2 / std**4, "twice too large"),
        (lambda gamma, shift, std: 0.5 * gamma * shift**2 / std**2, "which straight"),
        (lambda gamma, shift, std: float("nan"), "which straight"),
        (2.0, "raises TypeError"),
    ],
    "reading-curves-4": [
        (lambda spread: spread / math.sqrt(math.pi), "the sign"),
        (lambda spread: 0.0, "write min(x, y)"),
        (lambda spread: "0", "write min(x, y)"),
        (-0.5642, "raises TypeError"),
    ],
}
