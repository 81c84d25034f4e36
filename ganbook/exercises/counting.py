"""Exercises of *How many modes did it find?*"""

import numpy as np
from scipy.stats import chi

from ganbook.exercises.checking import differs, exercise, number


@exercise("counting-1")
def _four_dimensions(answer):
    for R in (0.5, 1.0, 2.0, 3.0):
        got, right = number(answer(R)), chi.sf(R, 4)
        if not differs(got, chi.sf(R, 2), 1e-4):
            return "that is the plane's probability"
        if not differs(got, 1 - right, 1e-4):
            return "that is the probability to be inside"
        if differs(got, right, 1e-4):
            return f"not the share of samples farther than {R} in four dimensions"


@exercise("counting-2")
def _rare_mode(answer):
    for w, delta in ((0.04, 0.01), (0.001, 0.05), (0.2, 0.001), (0.5, 0.3)):
        n = number(answer(w, delta))
        if not (n >= 1 and n % 1 == 0):
            return f"a number of samples is asked for, got {n:.4g}"
        if (1 - w) ** n > delta:
            return f"for w={w} it is still missed with probability {(1 - w) ** n:.2g}"
        if (1 - w) ** (n - 1) <= delta:
            return f"for w={w} and delta={delta} fewer samples will do"


@exercise("counting-3")
def _seven_modes(answer):
    if np.shape(answer) != (2,):
        return "two numbers are asked for: (KL, support)"
    shares = np.array([2, 1, 1, 1, 1, 1, 1]) / 8
    got = [number(value) for value in answer]
    if not differs(got[0], np.sum(np.log(1 / (7 * shares))) / 7):
        return "the other way around: the samples' shares come first"
    if differs(got[0], np.sum(shares * np.log(7 * shares))):
        return "not the KL divergence: which share has each of the seven modes?"
    if differs(got[1], 1 / np.sum(shares**2)):
        return "the KL divergence is right; how often are two samples from one mode?"


@exercise("counting-4")
def _ten_repeats(answer):
    for N in (1e6, 1000, 10):
        n = number(answer(N))
        if not n > 1:
            return f"expected more than one sample for N={N:g}, got {n:.4g}"
        pairs = n * (n - 1) / 2 / N
        if not differs(pairs, 5) or not differs(pairs, 20):
            return "a factor of two: is each pair counted once?"
        # a right answer may be rounded to whole samples
        if abs(n - (1 + np.sqrt(1 + 80 * N)) / 2) > 1:
            return f"{n:.4g} samples have {pairs:.3g} equal pairs, for N={N:g}"
