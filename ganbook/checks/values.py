"""Numbers and arrays."""

from numbers import Integral, Real

import numpy as np


def integer(name, value, minimum=1):
    """An integer from ``minimum`` on, of Python or NumPy; no bool."""
    expected = f"{name}: expected an integer >= {minimum}, got {value!r}"
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(expected)
    if value < minimum:
        raise ValueError(expected)
    return int(value)


def number(name, value, expected="a finite number", holds=np.isfinite):
    """A real number for which ``holds``; no bool."""
    message = f"{name}: expected {expected}, got {value!r}"
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(message)
    if not holds(value):
        raise ValueError(message)
    return value


def positive(name, value):
    return number(name, value, "a number > 0", lambda v: 0 < v < np.inf)


def weight(name, value):
    # beyond, a float32 overflows
    return number(name, value, "a number >= 0", lambda v: 0 <= v < 1e30)


def numbers(name, value):
    """A float64 array of finite numbers, of any shape."""
    try:
        if value is None or np.asarray(value).dtype.kind not in "biufOV":
            raise TypeError
        array = np.array(value, float)
    except (TypeError, ValueError):
        raise TypeError(
            f"{name}: expected an array of numbers, got {type(value).__name__}"
        ) from None
    finite(name, array)
    return array


def finite(name, array):
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")
