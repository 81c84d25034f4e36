import numpy as np


def size(r, delta):
    return max(1, int(np.ceil(np.log(2 * delta) / np.log(r) - 1e-9)))


def counted(r, delta):
    m = 1
    while 0.5 * r**m > delta * (1 + 1e-12):
        m += 1
    return np.int64(m)


def jacobian(b, c, h):
    return [[-2 * h * c**2, -c * (1 - h * b)], [c, -b]]


def entropy(t):
    return -t * np.log(t) - (1 - t) * np.log(1 - t)


def noise(a, w):
    return np.sqrt(2 * a**2 / 1.2784645427610738 - w**2)


RIGHT = {
    "cures-1": [size, counted],
    "cures-2": [jacobian, lambda b, c, h: np.array(jacobian(b, c, h))],
    "cures-3": [entropy, lambda t: np.float32(entropy(t))],
    "cures-4": [noise],
}
WRONG = {
    "cures-1": [
        (lambda r, delta: np.log(2 * delta) / np.log(r), "an integer"),
        (lambda r, delta: 1, "still fool"),
        (lambda r, delta: 1000, "smaller packs"),
        (lambda r, delta: size(r, delta) + 1, "smaller packs"),
        (lambda r, delta: 0, "an integer"),
        (lambda r, delta: float("nan"), "an integer"),
        (6, "raises TypeError"),
    ],
    "cures-2": [
        (lambda b, c, h: [[0, -c], [c, -b]], "not the derivative"),
        (
            lambda b, c, h: [[-h * c**2, -c * (1 - h * b)], [c, -b]],
            "half of G's valley",
        ),
        (lambda b, c, h: -np.array(jacobian(b, c, h)), "minus each player"),
        (lambda b, c, h: np.transpose(jacobian(b, c, h)), "not the derivative"),
        (lambda b, c, h: [1, 2], "two rows"),
        (lambda b, c, h: np.full((2, 2), np.nan), "not the derivative"),
        (3.0, "raises TypeError"),
    ],
    "cures-3": [
        (lambda t: np.log(2) - entropy(t), "that is the divergence"),
        (lambda t: -t * np.log(t), "not what the classifier costs"),
        (lambda t: float("nan"), "not what the classifier costs"),
        (lambda t: "x", "not what the classifier costs"),
        (0.5, "raises TypeError"),
    ],
    "cures-4": [
        (lambda a, w: 0.1, "more noise"),
        (lambda a, w: 3 * a, "less noise"),
        (lambda a, w: 1.25 * a, "noise makes it steeper"),
        (lambda a, w: -noise(a, w), "a deviation > 0"),
        (lambda a, w: float("nan"), "a deviation > 0"),
        (1.0, "raises TypeError"),
    ],
}
