"""What every chapter begins with, and how it says what it has shown."""

import os

import keras

from ganbook import checks


def setup(seed=0):
    """Seed every generator of random numbers and apply the book's figure style.

    The environment variable ``GANBOOK_SEED`` (an integer) is added to ``seed``.
    A whole chapter can so be run again with other luck, and its claims must
    still hold.

    Args:
        seed: integer >= 0.

    Returns:
        int, the seed in use: what a chapter hands to everything that takes one.

    Raises:
        TypeError: if ``seed`` is no integer.
        ValueError: if ``seed`` is negative or ``GANBOOK_SEED`` is no integer >= 0.
    """
    from ganbook import plotting

    seed = checks.integer("seed", seed, 0)
    luck = os.environ.get("GANBOOK_SEED", "0")
    if not luck.isdecimal():
        raise ValueError(f"GANBOOK_SEED: expected an integer >= 0, got {luck!r}")
    seed += int(luck)
    keras.utils.set_random_seed(seed)
    plotting.use_style()
    return seed


def claim(text, condition, **observed):
    """Print ``✓ text`` if ``condition`` holds, else stop with what was observed.

    Chapters guard each number and comparison of their prose with a claim, so
    that a sentence that stops being true stops the build.

    Args:
        text: the sentence, worded no stronger than what was measured.
        condition: a truth value: a bool, or one element of a boolean array.
        **observed: measured values for the error message, printed with 4 digits.

    Raises:
        TypeError: if ``text`` is no string or ``condition`` no single truth value.
        AssertionError: if the condition does not hold.

    Example:
        >>> claim("every mode is covered", 25 == 25, modes=25)
        ✓ every mode is covered
    """
    if not isinstance(text, str):
        raise TypeError(f"text: expected a string, got {text!r}")
    # a number, even NaN, would count as true
    boolean = "bool" in str(getattr(condition, "dtype", type(condition)))
    if not boolean or getattr(condition, "shape", ()) != ():
        raise TypeError(f"condition: expected one truth value, got {condition!r}")
    if not condition:
        seen = ", ".join(f"{name}={_short(value)}" for name, value in observed.items())
        raise AssertionError(f"claim does not hold: {text} ({seen or 'no values'})")
    print("✓", text)


def _short(value):
    try:
        return f"{value:.4g}"
    except (TypeError, ValueError):
        return str(value)
