"""Exercises of *What do convolutions buy?*"""

import numpy as np
from keras import ops

from ganbook.exercises.checking import differs, exercise, number


@exercise("dcgan-1")
def _receptive_field(answer):
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (size, distance)"
    first, last = _seen(5)
    if differs(answer[0], last - first + 1):
        return (
            "the output depends on another number of pixels: how far apart, in pixels, "
            "are two neighbors in the map before each layer?"
        )
    if differs(answer[1], _seen(6)[0] - first):
        return "the size is right; where does the next field begin?"


def _seen(place):
    """First and last pixel with an effect on one output of the third layer."""
    pixels = np.eye(64, dtype="float32")[..., None]  # one of them lit at a time
    for kernel, stride in ((3, 1), (4, 2), (5, 2)):
        pixels = ops.conv(pixels, np.ones((kernel, 1, 1), "float32"), stride)
    seen = np.flatnonzero(ops.convert_to_numpy(pixels)[:, place])
    return seen[0], seen[-1]


@exercise("dcgan-2")
def _unevenness(answer):
    for k, s in ((3, 2), (4, 2), (5, 2), (5, 3), (7, 3), (3, 3), (4, 1)):
        counts = np.zeros(k + 20 * s)
        for i in range(20):
            counts[i * s : i * s + k] += 1
        inner = counts[k:-k]
        if differs(number(answer(k, s)), (inner.max() / inner.min()) ** 2):
            return (
                f"not the ratio of mean squares for k={k}, s={s}: how many copies of "
                "the kernel cover a pixel, at most and at least, and along how many "
                "sides?"
            )


@exercise("dcgan-3")
def _resized_kernel(answer):
    rng = np.random.default_rng(0)
    signal = rng.normal(size=(1, 10, 1)).astype("float32")
    for kernel in rng.normal(size=(3, 3)).astype("float32"):
        twice = ops.repeat(signal, 2, axis=1)
        expected = ops.conv(twice, kernel[:, None, None], 1, "same")
        weights = np.asarray(answer(*kernel), "float32")
        if weights.shape != (4,):
            return f"expected four weights, got an array of shape {weights.shape}"
        got = ops.conv_transpose(signal, weights[:, None, None], 2, "same")
        if differs(got[0, 1:-1], expected[0, 1:-1]):
            if not differs(sorted(weights), sorted(_resized(*kernel))):
                return "the right four weights, in another order"
            return "not the same map: write the outputs at 2i and 2i + 1 as sums"


def _resized(a, b, c):
    return c, b + c, a + b, a


@exercise("dcgan-4")
def _uniform_midpoint(answer):
    answer, expected = number(answer), np.sqrt(7 / 8)
    if not differs(answer**2, expected**2) and differs(answer, expected):
        return "a length is not negative"
    if not differs(answer, expected**2):
        return "the ratio of the mean squares; the lengths are asked for"
    if not differs(answer, np.sqrt(1 / 2)):
        return "right for latents with mean 0, which these are not"
    if differs(answer, expected):
        return "what are mean and variance of a coordinate, before and after averaging?"
