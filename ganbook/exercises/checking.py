"""How answers are checked; each chapter's checks are in a module of its name."""

import numpy as np

_CHECKS = {}


def check(name, answer):
    """Print whether an answer to a chapter's exercise is right.

    Args:
        name: of the exercise, as in the chapter, such as ``"two-players-1"``.
        answer: what the exercise asks for; None counts as not attempted.

    Raises:
        ValueError: if there is no exercise of that name.
    """
    if not isinstance(name, str) or name not in _CHECKS:
        raise ValueError(f"name: expected one of {sorted(_CHECKS)}, got {name!r}")
    if answer is None:
        print(f"{name}: not attempted yet")
        return
    try:
        hint = _CHECKS[name](answer)
    except Exception as error:
        said = " ".join(str(error).split())
        hint = f"your answer raises {type(error).__name__}: {said}"
    print(f"✗ {name}: {hint}" if hint else f"✓ {name}: right")


def exercise(name):
    """Register a function that returns a hint for a wrong answer, else None."""

    def register(function):
        _CHECKS[name] = function
        return function

    return register


def number(answer):
    """A real number as a float, of any library; NaN for anything else."""
    if isinstance(answer, (str, bytes, bool, np.bool_)) or np.ndim(answer):
        return float("nan")
    return float(answer)


def differs(got, expected, tolerance=1e-3):
    if np.asarray(got).dtype.kind in "USb":
        return True
    got = np.asarray(got, float)
    return got.shape != np.shape(expected) or not np.allclose(
        got, expected, rtol=tolerance, atol=tolerance
    )
