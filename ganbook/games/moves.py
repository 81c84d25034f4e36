r"""Where a player goes from here: the update rules, one class each.

A move is called as ``move(game, x, memory, rate)`` at a point and returns a direction
and its new memory, an array of ``move.rows`` points. A step adds ``rate`` times the
direction. Momentum and its kin remember each player's own numbers, so any move goes
with any order of play.

===============  ===========================================================
Move             direction, with v the field
===============  ===========================================================
`Descent`        :math:`v(x)`
`Momentum`       :math:`m = \beta m_- + v(x)`
`Adam`           as in Keras
`Extragradient`  :math:`v(x + h v(x))`, with h the rate
`Optimistic`     :math:`2 v(x) - v_-`, with the field of the step before
`Consensus`      :math:`v - \gamma J^{\mathsf T} v`, down :math:`\lVert v \rVert^2 / 2`
===============  ===========================================================
"""

import math
from dataclasses import dataclass

import numpy as np

from ganbook import checks


@dataclass(frozen=True)
class Descent:
    """Follow the field."""

    rows = 0

    def __call__(self, game, x, memory, rate):
        return game.field(x), memory


DESCENT = Descent()


@dataclass(frozen=True)
class Momentum:
    """Follow a sum of fields, of which ``beta`` is kept at each step.

    A negative beta, from -1 to 0, can calm a game: Gidel et al., 2019.
    https://arxiv.org/abs/1807.04740
    """

    beta: float
    rows = 1

    def __post_init__(self):
        checks.number("beta", self.beta, "a number > -1 and < 1", lambda b: abs(b) < 1)

    def __call__(self, game, x, memory, rate):
        kept = self.beta * memory[0] + game.field(x)
        return kept, kept[None]


@dataclass(frozen=True)
class Adam:
    """Mean field over the root of the mean square field, as Keras computes them.

    Kingma & Ba, 2015. https://arxiv.org/abs/1412.6980
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    rows = 3

    def __post_init__(self):
        for name in ("beta_1", "beta_2"):
            value = getattr(self, name)
            checks.number(name, value, "a number >= 0 and < 1", lambda b: 0 <= b < 1)
        checks.positive("epsilon", self.epsilon)

    def __call__(self, game, x, memory, rate):
        mean, square, steps = memory
        v, steps = game.field(x), steps + 1
        mean = self.beta_1 * mean + (1 - self.beta_1) * v
        square = self.beta_2 * square + (1 - self.beta_2) * v**2
        correction = np.sqrt(1 - self.beta_2**steps) / (1 - self.beta_1**steps)
        direction = correction * mean / (np.sqrt(square) + self.epsilon)
        return direction, np.stack([mean, square, steps])


@dataclass(frozen=True)
class Extragradient:
    """Look one step ahead, and follow the field from there.

    Korpelevich, 1976; for GANs Gidel et al., 2019. https://arxiv.org/abs/1802.10551
    """

    rows = 0

    def __call__(self, game, x, memory, rate):
        return game.field(x + rate * game.field(x)), memory


@dataclass(frozen=True)
class Optimistic:
    """Guess the next field: this one, and what changed since the last (0 at first).

    Daskalakis et al., 2018. https://arxiv.org/abs/1711.00141
    """

    rows = 1

    def __call__(self, game, x, memory, rate):
        v = game.field(x)
        return 2 * v - memory[0], v[None]


@dataclass(frozen=True)
class Consensus:
    """Also make the field shorter, ``gamma`` times as eagerly.

    Mescheder et al., 2017. https://arxiv.org/abs/1705.10461
    """

    gamma: float = 1.0
    rows = 0

    def __post_init__(self):
        checks.number("gamma", self.gamma, "a number >= 0", lambda g: 0 <= g < math.inf)

    def __call__(self, game, x, memory, rate):
        v, J = game.field(x), game.jacobian(x)
        return v - self.gamma * np.einsum("...ji,...j->...i", J, v), memory
