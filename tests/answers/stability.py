import numpy as np


def largest_step(b, c):
    if c < 2 * b:
        return c / b**2
    return 2 / (c / 2 + np.sqrt(c**2 / 4 - b**2))


RIGHT = {
    "stability-1": [largest_step, lambda b, c: np.float32(largest_step(b, c))],
    "stability-2": [(2, 0.5), np.array([2.0, 0.5])],
    "stability-3": [
        lambda h, n: 2 * np.pi / np.arccos(1 - n * h**2 / 2),
        lambda h, n: np.pi / np.arcsin(h * np.sqrt(n) / 2),
    ],
    "stability-4": [lambda n, m: max(n - m, 0), lambda n, m: np.maximum(n - m, 0)],
}
WRONG = {
    "stability-1": [
        (lambda b, c: c / b**2, "two valleys, one is sharper"),
        (lambda b, c: 2 / b, "a pair that turns"),
        (lambda b, c: float("nan"), "a pair that turns"),
        (lambda b, c: "c", "a pair that turns"),
        (0.4, "raises TypeError"),
    ],
    "stability-2": [
        ((0.5, 0.5), "where is D flat"),
        ((2, 1), "where is D flat"),
        ((float("nan"), 0.5), "where is D flat"),
        (2, "two numbers"),
        ("2, 1/2", "two numbers"),
    ],
    "stability-3": [
        (lambda h, n: 2 * np.pi / (n * h), "what is the sum"),
        (lambda h, n: 2 * np.pi / h, "what is the sum"),
        (lambda h, n: float("nan"), "what is the sum"),
        (lambda h, n: None, "raises TypeError"),
        (31.4, "raises TypeError"),
    ],
    "stability-4": [
        (lambda n, m: n - m, "what does B map to 0"),
        (lambda n, m: max(m - n, 0), "what does B map to 0"),
        (lambda n, m: 0, "what does B map to 0"),
        (lambda n, m: True, "what does B map to 0"),
        (13, "raises TypeError"),
    ],
}
