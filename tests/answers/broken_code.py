import numpy as np
from keras import ops


def quadratic(x, training=True):
    return 0.5 * ops.sum(x**2, axis=(1, 2, 3))[:, None]


def tests_r1(penalty):
    rng = np.random.default_rng(1)
    x, far = (rng.normal(size=(5, 2, 3, 2)).astype("float32") for _ in range(2))
    got = ops.convert_to_numpy(penalty(quadratic, ops.array(x), ops.array(far)))
    want = 0.5 * np.sum(x**2, axis=(1, 2, 3))
    return got.shape == (5,) and np.allclose(got, want, rtol=1e-4)


def asserts_r1(penalty):
    assert tests_r1(penalty)
    return True


def only_the_mean(penalty):
    x = np.random.default_rng(1).normal(size=(5, 2, 3, 2)).astype("float32")
    got = np.mean(
        ops.convert_to_numpy(penalty(quadratic, ops.array(x), ops.array(2 * x)))
    )
    return abs(got - 0.5 * np.mean(np.sum(x**2, axis=(1, 2, 3)))) < 1e-4


def one_sided(penalty):
    x = np.random.default_rng(1).normal(size=(5, 2, 3, 2)).astype("float32")
    got = ops.convert_to_numpy(penalty(quadratic, ops.array(x), ops.array(2 * x)))
    return np.all(got - 0.5 * np.sum(x**2, axis=(1, 2, 3)) < 1e-4)


RIGHT = {
    "broken-code-1": [lambda s: (1 - s) / s, lambda s: np.float64(1 / s - 1)],
    "broken-code-2": [
        (1.4481, 1.0064, 1.3863, 0.0),
        np.array([1.448, 1.006, 1.386, 0.0]),
    ],
    "broken-code-3": [tests_r1, asserts_r1],
    "broken-code-4": [
        lambda a, c: -np.mean((a - a.mean()) * (c - c.mean())),
        lambda a, c: a.mean() * c.mean() - np.mean(a * c),
    ],
}
WRONG = {
    "broken-code-1": [
        (lambda s: 1 / s, "not the border"),
        (lambda s: s / (1 - s), "not the border"),
        (lambda s: -1.0, "one positive number"),
        (lambda s: float("nan"), "one positive number"),
        (39, "raises TypeError"),
    ],
    "broken-code-2": [
        ((1.386, 1.006, 1.386, 0.0), "start: what does the loss take"),
        ((1.448, 0.0, 1.386, 0.0), "floor: which logits"),
        ((1.448, 1.006, 0.693, 0.0), "right start"),
        ((1.448, 1.006, 1.386, float("nan")), "right floor"),
        ((1.448, 1.006), "four numbers"),
        ("abcd", "four numbers"),
    ],
    "broken-code-3": [
        (lambda penalty: True, "without the factor one half"),
        (lambda penalty: False, "refuses R1"),
        (only_the_mean, "gives everyone the batch's mean"),
        (one_sided, "of the norm, not of its square"),
        (lambda penalty: penalty.nonsense, "raises AttributeError"),
        (0.5, "a function of a penalty"),
    ],
    "broken-code-4": [
        (lambda a, c: np.mean((a - a.mean()) * (c - c.mean())), "the other sign"),
        (lambda a, c: 0.0, "not the difference"),
        (lambda a, c: np.ones(3), "not the difference"),
        (lambda a, c: float("nan"), "not the difference"),
        (0.5, "raises TypeError"),
    ],
}
