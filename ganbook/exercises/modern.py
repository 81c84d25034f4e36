"""Exercises of *What would one build today?*"""

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm

from ganbook import networks
from ganbook.exercises.checking import differs, exercise, number


@exercise("modern-1")
def _count_a_block(answer):
    whole = networks.modern_discriminator((8, 8, 1), width=64)
    # what is not in the block: the first convolution and the last layer
    outside = 9 * 64 + 64 + 16 * 64 + 1
    if number(answer) != whole.count_params() - outside:
        return "count weights and biases of both convolutions; groups share nothing"


@exercise("modern-2")
def _half_life(answer):
    for d in (0.5, 0.9, 0.999):
        steps = number(answer(d))
        if not abs(d**steps - 0.5) < 1e-6:
            return f"after {steps:.6g} steps a weight's share is not halved for d={d}"


@exercise("modern-3")
def _modulated_kernel(answer):
    rng = np.random.default_rng(0)
    kernel, style = rng.normal(size=(3, 3, 4, 5)), rng.normal(size=4)
    scaled = np.einsum("xyij,i->xyij", kernel, style)
    right = scaled / np.sqrt(np.einsum("xyij,xyij->j", scaled, scaled) + 1e-8)
    got = answer(kernel.copy(), style.copy())
    if differs(got, scaled):
        return None if not differs(got, right, 1e-6) else _lengths(got)
    return "modulated, but not demodulated"


def _lengths(kernel):
    if np.shape(kernel) != (3, 3, 4, 5):
        return "expected a kernel of the shape of the given one"
    return (
        "each output channel's kernel must have length 1, and inputs keep their style"
    )


@exercise("modern-4")
def _truncated_variance(answer):
    for tau in (0.2, 0.5, 1.0, 2.0):
        share = quad(norm.pdf, -tau, tau)[0]
        right = quad(lambda t: t * t * norm.pdf(t), -tau, tau)[0] / share
        if differs(number(answer(tau)), right, 1e-6):
            return f"not the variance at τ = {tau}: what is the density's constant?"


@exercise("modern-5")
def _average_at_the_end(answer):
    # over seeds the ratio was between 0.8 and 1.3
    if not 0.6 < number(answer) < 1.7:
        return "at the end both generators should be about equally good"
