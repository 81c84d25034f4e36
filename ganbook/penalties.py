r"""Gradient penalties: how steep the discriminator may be, and where.

A penalty is called as ``penalty(discriminator, real, fake, seed=None)`` with two
batches ``(batch, ...)`` and returns one value per example, ``(batch,)``, float32.
``discriminator`` is a function ``(x, training=True)`` to logits; ``seed``, an
integer or a `keras.random.SeedGenerator`, is for those that draw their points.

=====================  =======================================  ====================
Penalty                points :math:`u`                         value at a point
=====================  =======================================  ====================
`R1`                   real samples                             γ/2 ‖∇D(u)‖²
`R2`                   generated samples                        γ/2 ‖∇D(u)‖²
`GradientPenalty`      between both, uniform, one per example   λ (‖∇D(u)‖ - 1)²
`ZeroCentered`         the same                                 γ/2 ‖∇D(u)‖²
`DRAGAN`               real samples plus noise                  λ (‖∇D(u)‖ - 1)²
=====================  =======================================  ====================

The norm is over all axes of an example. That is only meaningful if D treats
examples independently: use no batch normalization in a penalized discriminator.
Of several logits per example, of patches, D is the sum.
"""

import math
from dataclasses import dataclass

import keras
from keras import ops

from ganbook import checks
from ganbook.autodiff import draw, input_gradient


def squared_gradient_norm(discriminator, x):
    """Squared Euclidean norm of dD/dx, one value per example, ``(batch,)``."""
    gradient = input_gradient(lambda x: discriminator(x, training=True), x)
    # squares of half-precision numbers overflow early
    gradient = ops.cast(gradient, "float32")
    return ops.sum(ops.square(gradient), axis=tuple(range(1, len(x.shape))))


def gradient_norm(discriminator, x):
    """Euclidean norm of dD/dx per example, with a finite slope where it is 0."""
    squared = squared_gradient_norm(discriminator, x)
    # the slope of the root is infinite at 0; below the floor it is 0
    return ops.sqrt(ops.maximum(squared, 1e-12))


def interpolates(real, fake, seed=None):
    """Points between pairs: one weight from U(0, 1) for each example."""
    shape = (ops.shape(real)[0], *[1] * (len(real.shape) - 1))
    weight = ops.cast(draw(keras.random.uniform, shape, seed), real.dtype)
    return real + weight * (fake - real)


def _check(name, value):
    checks.number(name, value, "a number >= 0", lambda v: 0 <= v < math.inf)


@dataclass(frozen=True)
class R1:
    r"""Zero-centered penalty on real samples, :math:`\frac\gamma2\|\nabla D(x)\|^2`.

    Args:
        gamma: strength, >= 0; note the factor one half, as in the paper.

    Raises:
        TypeError, ValueError: if ``gamma`` is no finite number >= 0.

    References:
        Mescheder et al., 2018, eq. 9. https://arxiv.org/abs/1801.04406
    """

    gamma: float

    def __post_init__(self):
        _check("gamma", self.gamma)

    def __call__(self, discriminator, real, fake, seed=None):
        return 0.5 * self.gamma * squared_gradient_norm(discriminator, real)


@dataclass(frozen=True)
class R2(R1):
    r"""`R1` on generated samples, :math:`\frac\gamma2\|\nabla D(G(z))\|^2`.

    Args:
        gamma: strength, >= 0; note the factor one half, as in the paper.

    Raises:
        TypeError, ValueError: if ``gamma`` is no finite number >= 0.

    References:
        Mescheder et al., 2018. https://arxiv.org/abs/1801.04406
    """

    def __call__(self, discriminator, real, fake, seed=None):
        return super().__call__(discriminator, fake, real, seed)


@dataclass(frozen=True)
class ZeroCentered(R1):
    r"""`R1` at random points between real and generated samples.

    Args:
        gamma: strength, >= 0; with the factor one half of `R1`.

    Raises:
        TypeError, ValueError: if ``gamma`` is no finite number >= 0.

    References:
        Thanh-Tung et al., 2019. https://arxiv.org/abs/1902.03984
    """

    def __call__(self, discriminator, real, fake, seed=None):
        points = interpolates(real, fake, seed)
        return super().__call__(discriminator, points, fake)


@dataclass(frozen=True)
class GradientPenalty:
    r"""One-centered penalty on interpolates, :math:`\lambda(\|\nabla D(u)\| - 1)^2`.

    Args:
        weight: strength, the paper's lambda, >= 0.

    Raises:
        TypeError, ValueError: if ``weight`` is no finite number >= 0.

    References:
        Gulrajani et al., 2017, eq. 3. https://arxiv.org/abs/1704.00028
    """

    weight: float = 10.0

    def __post_init__(self):
        _check("weight", self.weight)

    def __call__(self, discriminator, real, fake, seed=None):
        return self.at(discriminator, interpolates(real, fake, seed))

    def at(self, discriminator, points):
        return self.weight * ops.square(gradient_norm(discriminator, points) - 1.0)


@dataclass(frozen=True)
class DRAGAN(GradientPenalty):
    r"""One-centered penalty around real samples, at :math:`x + \delta`.

    The paper draws :math:`\delta` from a normal distribution; so does this. Its
    authors' code has a uniform one from 0 up, scaled by the spread of the batch:
    that moves all points to one side, and one example's by what the others are.

    Args:
        weight: strength, the paper's lambda, >= 0.
        std: standard deviation of the noise along each axis, >= 0.

    Raises:
        TypeError, ValueError: if an argument is no finite number >= 0.

    References:
        Kodali et al., 2017. https://arxiv.org/abs/1705.07215
    """

    std: float = 0.5

    def __post_init__(self):
        super().__post_init__()
        _check("std", self.std)

    def __call__(self, discriminator, real, fake, seed=None):
        noise = draw(keras.random.normal, ops.shape(real), seed)
        return self.at(discriminator, real + self.std * ops.cast(noise, real.dtype))
