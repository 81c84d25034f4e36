"""Exercises of *Why does this code not learn?*"""

import numpy as np
from keras import ops

from ganbook import penalties
from ganbook.exercises.checking import differs, exercise, number


@exercise("broken-code-1")
def _where_labels_explode(answer):
    for s in (0.01, 0.05, 0.2, 0.6):
        ratio = number(answer(s))
        if not 0 < ratio < np.inf:
            return f"expected one positive number for s={s}, got {ratio}"
        # the slope at a logit that a float64 takes for certain
        below, above = (_slope(1.0, q, s, 40.0) for q in (0.99 * ratio, 1.01 * ratio))
        if not below > 0 > above:
            return (
                f"not the border for s={s}: what is the slope of the mean loss as the "
                "logit grows?"
            )


def _slope(p, q, s, logit):
    """Of p (softplus(t) - s t) + q (softplus(t) - (1 + s) t)."""
    return (p + q) / (1 + np.exp(-logit)) - s * p - (1 + s) * q


@exercise("broken-code-2")
def _sigmoid_twice(answer):
    if np.shape(answer) != (4,):
        return "four numbers are asked for: (start, floor, right start, right floor)"

    def paid(real, fake):
        return np.logaddexp(0, -real) + np.logaddexp(0, fake)

    asked = (
        ("start", paid(0.5, 0.5), "what does the loss take for the logits at first?"),
        ("floor", paid(1.0, 0.0), "which logits are the best that a sigmoid can give?"),
        ("right start", paid(0.0, 0.0), "the loss at logits of 0"),
        ("right floor", 0.0, "what does a perfect discriminator pay?"),
    )
    for (name, expected, hint), value in zip(asked, answer, strict=True):
        if differs(value, expected, 2e-3):
            return f"{name}: {hint}"


def _without_half(discriminator, real, fake):
    return 2.0 * penalties.R1(1.0)(discriminator, real, fake)


def _at_fakes(discriminator, real, fake):
    return penalties.R2(1.0)(discriminator, real, fake)


def _length(discriminator, real, fake):
    return 0.5 * penalties.gradient_norm(discriminator, real)


def _mean_of_axes(discriminator, real, fake):
    return penalties.R1(1.0)(discriminator, real, fake) / np.prod(real.shape[1:])


def _first_axis(discriminator, real, fake):
    # and takes the mean over the others
    return penalties.R1(1.0)(discriminator, real, fake) / np.prod(real.shape[2:])


def _of_the_batch(discriminator, real, fake):
    values = penalties.R1(1.0)(discriminator, real, fake)
    return ops.zeros_like(values) + ops.mean(values)


def _nothing(discriminator, real, fake):
    return ops.zeros((len(real),))


_WRONG = {
    "without the factor one half": _without_half,
    "at generated samples": _at_fakes,
    "of the norm, not of its square": _length,
    "that takes the mean over an example's axes": _mean_of_axes,
    "that sums over one axis only": _first_axis,
    "that gives everyone the batch's mean": _of_the_batch,
    "that is always 0": _nothing,
}


@exercise("broken-code-3")
def _write_the_test(answer):
    if not callable(answer):
        return "expected a function of a penalty"
    if not _accepts(answer, penalties.R1(1.0)):
        return "your test refuses R1 with gamma = 1"
    for name, wrong in _WRONG.items():
        if _accepts(answer, wrong):
            return f"your test lets a penalty pass {name}"


def _accepts(test, penalty):
    try:
        return bool(test(penalty))
    except AssertionError:
        return False


@exercise("broken-code-4")
def _what_broadcasting_forgets(answer):
    rng = np.random.default_rng(0)
    for _ in range(5):
        a, c = rng.normal(1, 2, (2, 20))
        c += a
        off = np.mean(a[:, None] * c) - np.mean(a * c)
        got = number(answer(a.copy(), c.copy()))
        if not differs(got, -off):
            return "the right size, with the other sign"
        if differs(got, off):
            return "not the difference: write both means as sums over i and j"
