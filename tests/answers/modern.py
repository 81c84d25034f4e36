import math

import numpy as np


def modulated(kernel, style):
    return kernel * style[:, None]


def demodulated(kernel, style):
    scaled = modulated(kernel, style)
    return scaled / np.sqrt(np.sum(scaled**2, axis=(0, 1, 2)) + 1e-8)


def truncated_variance(t):
    density = math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    return 1 - 2 * t * density / math.erf(t / math.sqrt(2))


RIGHT = {
    "modern-1": [13_440, np.float64(13_440)],
    "modern-2": [lambda d: math.log(0.5) / math.log(d)],
    "modern-3": [demodulated],
    "modern-4": [truncated_variance],
    "modern-5": [1.0, np.float32(1.2)],
}
WRONG = {
    "modern-1": [
        (9 * 64**2 + 64**2, "groups share nothing"),
        ("13440", "count weights"),
        (float("nan"), "count weights"),
    ],
    "modern-2": [
        (lambda d: d / (1 - d), "is not halved"),
        (lambda d: float("nan"), "is not halved"),
        (693, "raises TypeError"),
    ],
    "modern-3": [
        (modulated, "not demodulated"),
        (lambda kernel, style: kernel, "length 1"),
        (lambda kernel, style: kernel[0], "shape of the given one"),
        (lambda kernel, style: np.full(kernel.shape, np.nan), "length 1"),
    ],
    "modern-4": [
        (lambda tau: 1.0, "not the variance"),
        (lambda tau: tau**2 / 3, "not the variance"),
        (lambda tau: "x", "not the variance"),
        (0.08, "raises TypeError"),
    ],
    "modern-5": [
        (3.0, "about equally good"),
        (float("nan"), "about equally good"),
        ("1", "about equally good"),
    ],
}
