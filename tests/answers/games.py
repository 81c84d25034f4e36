import numpy as np

RIGHT = {
    "games-1": [
        lambda g, d: np.sqrt(1 + g * d / 4),
        lambda g, d: abs(1 + 0.5j * (g * d) ** 0.5),
    ],
    "games-2": [lambda h: 1 - h / 4, lambda h: np.float64(1 - 0.25 * h)],
    "games-3": [
        lambda a, b, c: a + b > 0 and a * b + c**2 > 0,
        lambda a, b, c: bool(np.all(np.roots([1, a + b, a * b + c**2]).real < 0)),
    ],
    "games-4": [2, 2.0, np.float32(2.0)],
    "games-5": [
        lambda beta: 2 * beta / (1 - beta) ** 3,
        lambda beta: np.float64(2 * beta * (1 - beta) ** -3),
    ],
}
WRONG = {
    "games-1": [
        (lambda g, d: np.sqrt(1 + g * d), "matrix of one step"),
        (lambda g, d: np.sqrt(1 + (g + d) ** 2 / 16), "matrix of one step"),
        (lambda g, d: 1.0, "matrix of one step"),
        (lambda g: g, "raises TypeError"),
        (1.005, "raises TypeError"),
        ("1", "raises TypeError"),
    ],
    "games-2": [
        (lambda h: 1.0, "do not meet"),
        (lambda h: 1 - h / 2, "do not meet"),
        (lambda h: float("nan"), "between 0 and 3"),
        (lambda h: -1 - h / 4, "between 0 and 3"),
        (lambda h: np.ones(2), "between 0 and 3"),
        (lambda h: "1", "between 0 and 3"),
        (0.95, "raises TypeError"),
    ],
    "games-3": [
        (lambda a, b, c: a > 0 and b > 0, "trace, determinant"),
        (lambda a, b, c: a + b > 0, "trace, determinant"),
        (lambda a, b, c: 1, "true or false"),
        (lambda a, b, c: None, "true or false"),
        (True, "raises TypeError"),
    ],
    "games-4": [
        (np.sqrt(2), "which term"),
        (1.0, "which term"),
        (-2.0, "which term"),
        (float("nan"), "which term"),
        ("2", "which term"),
        (np.array([2.0]), "which term"),
    ],
    "games-5": [
        (lambda beta: (1 + beta) / (1 - beta) ** 3, "exponent"),
        (lambda beta: 2 * beta, "exponent"),
        (lambda beta: float("nan"), "exponent"),
        (lambda beta: "no", "exponent"),
        (lambda beta: None, "raises TypeError"),
        (0.5, "raises TypeError"),
    ],
}
