import numpy as np


def middle(weight):
    c = 2.0**-weight
    a, b = 1 - c, 1.5 - 0.5 * c
    return c / (b + np.sqrt(b**2 - 2 * c * a))


def factors(table):
    u, s, vt = np.linalg.svd(table, full_matrices=False)
    d = int(np.sum(s > 1e-9 * s[0]))
    return u[:, :d] * s[:d], np.zeros(d), vt[:d].T


RIGHT = {
    "conditional-1": [
        lambda p, q, share, asked: np.log(p * share) - np.log(q * asked),
    ],
    "conditional-2": [middle],
    "conditional-3": [factors],
    "conditional-4": [
        lambda s, k: 1 - s + s / k,
        lambda s, k: np.float32(1 - s * (1 - 1 / k)),
    ],
}
WRONG = {
    "conditional-1": [
        (lambda p, q, share, asked: np.log(p / q), "not the best logit"),
        (3.0, "raises TypeError"),
    ],
    "conditional-2": [
        (lambda weight: 0.5, "another m pays less"),
        (lambda weight: 0.5 * 2**-weight, "another m pays less"),
        (0.219, "raises TypeError"),
    ],
    "conditional-3": [
        (lambda t: (t, np.zeros(t.shape[1]), np.eye(t.shape[1])), "fewer than 6"),
        (lambda t: t, "three arrays"),
        (lambda t: (t, np.ones(t.shape[1]), np.eye(t.shape[1])), "is not the table"),
        (lambda t: ([[0.0]], [0.0], [[0.0]]), "the shapes are not"),
    ],
    "conditional-4": [
        (lambda s, k: 1 - s, "not so for a share"),
        (lambda s, k: 1 / k, "not so for a share"),
        (lambda s, k: (s, k), "not so for a share"),
        (0.55, "raises TypeError"),
    ],
}
