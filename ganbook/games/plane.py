r"""Games of two players with one number each, in float64.

A point is an array ``(..., 2)`` of (θ, ψ), the generator's number first. Both players
go down their own loss. The *field* says where to:

.. math:: v(\theta, \psi) = -(\partial_\theta L_G, \; \partial_\psi L_D).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganbook import checks

TINY, SMALL = 1e-30, 1e-3  # steps of the two kinds of differences below


@dataclass(frozen=True)
class Game:
    r"""Two losses, each a function of θ and ψ.

    The functions get arrays and must work elementwise and be analytic, since slopes
    come from a step along the imaginary axis: use NumPy's ``exp``, ``log``,
    ``tanh`` and the like; no ``abs``, ``maximum`` or comparison.

    Args:
        generator: :math:`L_G(\theta, \psi)`, which θ goes down.
        discriminator: :math:`L_D(\theta, \psi)`, which ψ goes down.
        bound: largest absolute value of ψ, as weight clipping has it, > 0; None
            for no bound.

    Raises:
        TypeError, ValueError: if an argument is none of these.
    """

    generator: Callable
    discriminator: Callable
    bound: float | None = None

    def __post_init__(self):
        for name in ("generator", "discriminator"):
            loss = getattr(self, name)
            if not callable(loss):
                raise TypeError(f"{name}: expected a function of θ and ψ, got {loss!r}")
        if self.bound is not None:
            checks.positive("bound", self.bound)

    def field(self, x):
        """Minus each player's own slope at the points ``(..., 2)``; same shape."""
        theta, psi = np.moveaxis(points(x), -1, 0)
        slopes = [
            slope(lambda t: self.generator(t, psi), theta),
            slope(lambda t: self.discriminator(theta, t), psi),
        ]
        return -np.stack(slopes, axis=-1)

    def jacobian(self, x=(0.0, 0.0)):
        """Derivative of the field, ``(..., 2, 2)``; its columns are θ and ψ."""
        return derivative(self.field, points(x))

    def eigenvalues(self, x=(0.0, 0.0)):
        """Of the Jacobian at the points, complex, ``(..., 2)``."""
        return np.linalg.eigvals(self.jacobian(x)).astype(complex)


def bilinear(coupling=1.0):
    r"""G wants :math:`c\, \theta \psi` small, D wants it large."""
    return quadratic(coupling=coupling)


def quadratic(generator=0.0, discriminator=0.0, coupling=1.0):
    r"""A valley for each player, and what one wins from the other.

    :math:`L_G = \frac a2 \theta^2 + c\, \theta \psi` and
    :math:`L_D = \frac b2 \psi^2 - c\, \theta \psi`, with the arguments a, b, c in this
    order. The eigenvalues at 0 solve :math:`(\lambda + a)(\lambda + b) + c^2 = 0`.
    """
    a, b, c = (
        checks.number(name, value)
        for name, value in (
            ("generator", generator),
            ("discriminator", discriminator),
            ("coupling", coupling),
        )
    )
    return Game(
        lambda t, s: a * t**2 / 2 + c * t * s, lambda t, s: b * s**2 / 2 - c * t * s
    )


def points(x):
    """An array ``(..., 2)`` of finite numbers, float64."""
    x = checks.numbers("x", x)
    if x.ndim == 0 or x.shape[-1] != 2:
        raise ValueError(f"x: expected points (..., 2), got shape {x.shape}")
    return x


def slope(function, x):
    """Derivative of an elementwise analytic function, to the last digits.

    Squire & Trapp, 1998: f(x + ih) = f(x) + ih f'(x) + O(h²), with nothing to cancel.
    """
    return np.imag(function(x + TINY * 1j)) / TINY


def derivative(function, x):
    """Matrix ``(..., m, n)`` of a map from ``(..., n)``, by differences of order 4."""
    columns = []
    for e in SMALL * np.eye(x.shape[-1]):
        near = function(x + e) - function(x - e)
        far = function(x + 2 * e) - function(x - 2 * e)
        columns.append((8 * near - far) / (12 * SMALL))
    return np.stack(columns, axis=-1)
