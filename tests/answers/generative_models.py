import numpy as np


def phi(z):
    from scipy.special import ndtr

    return ndtr(z)


RIGHT = {
    "generative-models-1": [(1.0, 2.25), np.array([1.0, 2.25])],
    "generative-models-2": [
        lambda z: -np.log(1 - phi(z)),
        lambda z: -np.log(phi(z)),
    ],
}
WRONG = {
    "generative-models-1": [((1.0, 2.0), "variance of a random"), (3, "two numbers")],
    "generative-models-2": [
        (lambda z: z, "reaches below 0"),
        (lambda z: np.exp(z), "solve F"),
        (lambda z: 1.0, "one finite number per z"),
    ],
}
