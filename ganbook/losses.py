r"""Adversarial losses: what each player minimizes.

A loss is a pair of functions of the discriminator's logits. Write
:math:`a = D(x)` for the logits of real samples and :math:`b = D(G(z))` for
those of generated ones; the sigmoid, where there is one, lives in the loss.

=====================  =============================  =======================
Loss                   discriminator minimizes        generator minimizes
=====================  =============================  =======================
`Minimax`              softplus(-a) + softplus(b)     -softplus(b)
`NonSaturating`        softplus(-a) + softplus(b)     softplus(-b)
`RelativisticPairing`  softplus(b - a)                softplus(a - b)
=====================  =============================  =======================

Every method takes ``(real_logits, fake_logits)``, both ``(batch, 1)``, and
returns one value per example, same shape, in nats. `ganbook.training` takes
the mean. ``generator_sees_real`` says whether the generator's loss depends on
the real logits; where it does not, they need not be computed.
"""

from dataclasses import dataclass
from typing import ClassVar

from keras import ops


@dataclass(frozen=True)
class Minimax:
    """Two-player zero-sum loss; its generator gradient fades as D wins.

    References:
        Goodfellow et al., 2014, eq. 1. https://arxiv.org/abs/1406.2661
    """

    generator_sees_real: ClassVar[bool] = False

    def discriminator(self, real_logits, fake_logits):
        return ops.softplus(-real_logits) + ops.softplus(fake_logits)

    def generator(self, real_logits, fake_logits):
        return -ops.softplus(fake_logits)


@dataclass(frozen=True)
class NonSaturating(Minimax):
    """`Minimax` discriminator; the generator maximizes log D(G(z)) instead.

    Same fixed point, but the generator's gradient is largest where it is
    losing, not smallest.

    References:
        Goodfellow et al., 2014, sec. 3. https://arxiv.org/abs/1406.2661
    """

    def generator(self, real_logits, fake_logits):
        return ops.softplus(-fake_logits)


@dataclass(frozen=True)
class RelativisticPairing:
    """Non-saturating loss on the *difference* of paired logits.

    Proven to converge locally when `ganbook.penalties.R1` and
    `ganbook.penalties.R2` are added.

    References:
        Jolicoeur-Martineau, 2018 (RSGAN). https://arxiv.org/abs/1807.00734
        Huang et al., 2024, sec. 2. https://arxiv.org/abs/2501.05441
    """

    generator_sees_real: ClassVar[bool] = True

    def discriminator(self, real_logits, fake_logits):
        return ops.softplus(fake_logits - real_logits)

    def generator(self, real_logits, fake_logits):
        return ops.softplus(real_logits - fake_logits)
