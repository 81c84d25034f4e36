r"""The Dirac-GAN: one real point, one generated point, one slope."""

import numpy as np

from ganbook import checks, loss_map, penalties
from ganbook.games.plane import Game


def dirac(loss, *punished, bound=None):
    r"""The smallest GAN there is, with a loss and penalties of the package.

    The data are the point 0, the generator makes the point θ, and
    :math:`D(x) = \psi x`. The equilibrium is (0, 0).

    Args:
        loss: of `ganbook.losses`.
        *punished: of `ganbook.penalties`. All points have the same slope, ψ, so it
            does not matter where they take it.
        bound: of the absolute value of ψ, as weight clipping has it.

    Returns:
        `ganbook.games.Game`.

    Raises:
        TypeError, ValueError: if an argument is none of these.

    References:
        Mescheder et al., 2018. https://arxiv.org/abs/1801.04406
    """
    entry = next((e for e in loss_map.LOSSES if e.loss == loss), None)
    if entry is None:
        raise TypeError(f"loss: expected one of loss_map.LOSSES, got {loss!r}")
    for penalty in punished:
        if not isinstance(penalty, ZERO_CENTERED | ONE_CENTERED):
            raise TypeError(f"punished: expected a gradient penalty, got {penalty!r}")

    def pay(expression, theta, psi):
        names = dict(a=0.0, b=theta * psi, p=1.0, q=1.0) | ANALYTIC
        return loss_map.evaluate(expression, **names)

    def discriminator(theta, psi):
        prices = [_price(penalty, psi) for penalty in punished]
        return pay(entry.discriminator, theta, psi) + sum(prices)

    return Game(lambda t, s: pay(entry.generator, t, s), discriminator, bound)


ZERO_CENTERED = penalties.R1 | penalties.R2
ONE_CENTERED = penalties.GradientPenalty


def _price(penalty, psi):
    if isinstance(penalty, ZERO_CENTERED):
        return penalty.gamma / 2 * psi**2
    return penalty.weight * (_abs(psi) - 1) ** 2


def dirac_eigenvalues(gamma=0.0, pull=0.5):
    r"""Eigenvalues at rest, :math:`-\frac\gamma2 \pm \sqrt{\gamma^2/4 - k^2}`.

    Args:
        gamma: strength of `ganbook.penalties.R1`, >= 0; an array works, too.
        pull: k, how strongly each player reacts to the other: the slope of its
            loss at the logit 0, one half for the minimax loss.

    Returns:
        Complex, ``(..., 2)``.

    Raises:
        TypeError, ValueError: if an argument is no number.

    References:
        Mescheder et al., 2018. https://arxiv.org/abs/1801.04406
    """
    gamma, pull = checks.numbers("gamma", gamma), checks.number("pull", pull)
    root = np.sqrt(gamma**2 / 4 - pull**2 + 0j)
    return np.stack([-gamma / 2 + root, -gamma / 2 - root], axis=-1)


def _abs(t):
    return np.where(np.real(t) < 0, -t, t)


def _relu(t):
    return np.where(np.real(t) < 0, 0, t)


def _softplus(t):
    return _relu(t) + np.log1p(np.exp(-_abs(t)))


# the map's functions, for complex numbers; a sum is over one point
ANALYTIC = {"relu": _relu, "softplus": _softplus, "sum": lambda t: t}
