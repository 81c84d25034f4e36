"""Exercises of *How do you draw something new?*"""

import numpy as np

from ganbook.exercises.checking import differs, exercise


@exercise("generative-models-1")
def _kernel_density_moments(answer):
    points, h = np.array([0.0, 0.0, 3.0]), 0.5
    right = points.mean(), points.var() + h**2
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (mean, variance)"
    if differs(answer[0], right[0]):
        return "the noise has mean 0, so the mean is that of the training points"
    if differs(answer[1], right[1]):
        return "add the variance of a random training point and that of the noise"


@exercise("generative-models-2")
def _noise_to_exponential(answer):
    from scipy.special import ndtri

    ranks = (np.arange(2000) + 0.5) / 2000
    # sorted, since a falling function is as right as a rising one
    x = np.sort(np.ravel(answer(ndtri(ranks))).astype(float))
    if x.shape != ranks.shape or not np.isfinite(x).all():
        return "one finite number per z is asked for"
    if x.min() < 0:
        return "the exponential density is 0 for x < 0, but your G reaches below 0"
    if differs(1 - np.exp(-x), ranks, 1e-2):
        return "solve F(x) = Phi(z) for x, where F(x) = 1 - exp(-x)"
