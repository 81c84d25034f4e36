r"""Gradient penalties: how steep the discriminator may be, and where.

A penalty is called as ``penalty(discriminator, real, fake)`` with two batches
``(batch, ...)`` and returns one value per example, ``(batch,)``.

Each is a function of :math:`\|\nabla_x D(x)\|` at its own points. The norm is
taken per example, which is only meaningful if D treats examples independently:
use no batch normalization in a penalized discriminator.
"""

import math
from dataclasses import dataclass

from keras import ops

from ganbook import checks
from ganbook.autodiff import input_gradient


def squared_gradient_norm(discriminator, x):
    """Squared Euclidean norm of dD/dx, one value per example, ``(batch,)``."""
    gradient = input_gradient(lambda x: discriminator(x, training=True), x)
    return ops.sum(ops.square(gradient), axis=tuple(range(1, gradient.ndim)))


@dataclass(frozen=True)
class _ZeroCentered:
    gamma: float

    def __post_init__(self):
        checks.number("gamma", self.gamma, "a number >= 0", lambda v: 0 <= v < math.inf)

    def at(self, discriminator, x):
        return 0.5 * self.gamma * squared_gradient_norm(discriminator, x)


@dataclass(frozen=True)
class R1(_ZeroCentered):
    r"""Zero-centered penalty on real samples, :math:`\frac\gamma2\|\nabla D(x)\|^2`.

    Args:
        gamma: strength, >= 0; note the factor one half, as in the paper.

    Raises:
        TypeError, ValueError: if ``gamma`` is no finite number >= 0.

    References:
        Mescheder et al., 2018, eq. 9. https://arxiv.org/abs/1801.04406
    """

    def __call__(self, discriminator, real, fake):
        return self.at(discriminator, real)


@dataclass(frozen=True)
class R2(_ZeroCentered):
    r"""`R1` on generated samples, :math:`\frac\gamma2\|\nabla D(G(z))\|^2`.

    Args:
        gamma: strength, >= 0; note the factor one half, as in the paper.

    Raises:
        TypeError, ValueError: if ``gamma`` is no finite number >= 0.

    References:
        Mescheder et al., 2018, eq. 10. https://arxiv.org/abs/1801.04406
    """

    def __call__(self, discriminator, real, fake):
        return self.at(discriminator, fake)
