r"""Adversarial losses: what each player minimizes.

A loss is a pair of functions of the discriminator's logits. Write
:math:`a = D(x)` for the logits of real samples and :math:`b = D(G(z))` for
those of generated ones; the sigmoid, where there is one, lives in the loss.
A bar is the mean over the batch, softplus is :math:`\log(1 + e^t)`; the functions
f* and g of an f-divergence are in `ganbook.f_divergences`.

=====================  ==========================================  ===================
Loss                   discriminator minimizes                     generator minimizes
=====================  ==========================================  ===================
`Minimax`              softplus(-a) + softplus(b)                  -softplus(b)
`NonSaturating`        softplus(-a) + softplus(b)                  softplus(-b)
`LeastSquares`         (a - 1)²/2 + b²/2                           (b - 1)²/2
`Hinge`                relu(1 - a) + relu(1 + b)                   -b
`Wasserstein`          b - a                                       -b
`RelativisticPairing`  softplus(b - a)                             softplus(a - b)
`RelativisticAverage`  softplus(b̄ - a) + softplus(b - ā)           a and b exchanged
`FGAN`                 f*(g(b)) - g(a)                             -f*(g(b))
=====================  ==========================================  ===================

Every method takes ``(real_logits, fake_logits)``, both ``(batch, 1)`` or, for
patches, ``(batch, ..., 1)``, and returns one value per logit, same shape, in nats
where there is a logarithm. No step on the way overflows; `FGAN` does where its value
is exponential in a logit. `ganbook.training` takes the mean.
``generator_sees_real`` says whether the generator's loss depends on the real
logits; where it does not, they need not be computed.
"""

from dataclasses import dataclass
from typing import ClassVar

from keras import ops

from ganbook import checks
from ganbook.autodiff import batch_mean
from ganbook.f_divergences import DIVERGENCES


@dataclass(frozen=True)
class Minimax:
    """Two-player zero-sum loss; its generator gradient fades as D wins.

    Args:
        smoothing: the discriminator's target for real samples is ``1 - smoothing``,
            in [0, 0.5); targets for generated ones stay 0 (one-sided).

    Raises:
        TypeError, ValueError: if ``smoothing`` is no number in [0, 0.5).

    References:
        Goodfellow et al., 2014, eq. 1. https://arxiv.org/abs/1406.2661
        Smoothing: Salimans et al., 2016. https://arxiv.org/abs/1606.03498
    """

    smoothing: float = 0.0
    generator_sees_real: ClassVar[bool] = False

    def __post_init__(self):
        expected = "a number in [0, 0.5)"
        checks.number("smoothing", self.smoothing, expected, lambda v: 0 <= v < 0.5)

    def discriminator(self, real_logits, fake_logits):
        # cross-entropy with target t: t softplus(-a) + (1 - t) softplus(a)
        real = ops.softplus(-real_logits) + self.smoothing * real_logits
        return real + ops.softplus(fake_logits)

    def generator(self, real_logits, fake_logits):
        return -ops.softplus(fake_logits)


@dataclass(frozen=True)
class NonSaturating(Minimax):
    """`Minimax` discriminator; the generator maximizes log D(G(z)) instead.

    Same fixed point, but the generator's gradient is largest where it is
    losing, not smallest.

    Args:
        smoothing: as in `Minimax`.

    References:
        Goodfellow et al., 2014, sec. 3. https://arxiv.org/abs/1406.2661
    """

    def generator(self, real_logits, fake_logits):
        return ops.softplus(-fake_logits)


@dataclass(frozen=True)
class LeastSquares:
    """Squared distance of the output to a label, 1 for real and 0 for generated.

    With b - c = 1 and b - a = 2, as (-1, 1, 0), the generator of an optimal
    discriminator minimizes a Pearson divergence. The default labels, also in the
    paper, have no such reading.

    Args:
        fake_label: the discriminator's for generated samples, the paper's a.
        real_label: its label for real ones, b.
        generator_label: the one that the generator wants for its samples, c.

    Raises:
        TypeError, ValueError: if a label is no finite number.

    References:
        Mao et al., 2017. https://arxiv.org/abs/1611.04076
    """

    fake_label: float = 0.0
    real_label: float = 1.0
    generator_label: float = 1.0
    generator_sees_real: ClassVar[bool] = False

    def __post_init__(self):
        for name in ("fake_label", "real_label", "generator_label"):
            checks.number(name, getattr(self, name))

    def discriminator(self, real_logits, fake_logits):
        real = ops.square(real_logits - self.real_label)
        return 0.5 * (real + ops.square(fake_logits - self.fake_label))

    def generator(self, real_logits, fake_logits):
        return 0.5 * ops.square(fake_logits - self.generator_label)


@dataclass(frozen=True)
class Hinge:
    """Margin loss: D stops caring about examples that it gets right by 1.

    References:
        Lim & Ye, 2017. https://arxiv.org/abs/1705.02894
    """

    generator_sees_real: ClassVar[bool] = False

    def discriminator(self, real_logits, fake_logits):
        return ops.relu(1.0 - real_logits) + ops.relu(1.0 + fake_logits)

    def generator(self, real_logits, fake_logits):
        return -fake_logits


@dataclass(frozen=True)
class Wasserstein:
    """Difference of critic scores; needs a Lipschitz constraint on D.

    Unbounded below by itself: add `ganbook.penalties.GradientPenalty`, spectral
    normalization or `ganbook.constraints.WeightClip`.

    References:
        Arjovsky et al., 2017. https://arxiv.org/abs/1701.07875
    """

    generator_sees_real: ClassVar[bool] = False

    def discriminator(self, real_logits, fake_logits):
        return fake_logits - real_logits

    def generator(self, real_logits, fake_logits):
        return -fake_logits


@dataclass(frozen=True)
class RelativisticPairing:
    """Non-saturating loss on the *difference* of paired logits.

    Proven to converge locally when `ganbook.penalties.R1` and
    `ganbook.penalties.R2` are added.

    References:
        Jolicoeur-Martineau, 2018 (RSGAN). https://arxiv.org/abs/1807.00734
        Huang et al., 2024. https://arxiv.org/abs/2501.05441
    """

    generator_sees_real: ClassVar[bool] = True

    def discriminator(self, real_logits, fake_logits):
        return ops.softplus(fake_logits - real_logits)

    def generator(self, real_logits, fake_logits):
        return ops.softplus(real_logits - fake_logits)


@dataclass(frozen=True)
class RelativisticAverage:
    """Each logit against the mean logit of the other kind in the batch.

    The discriminator wants real samples above the mean of generated ones, and
    those below the mean of real ones; the generator wants the opposite.

    References:
        Jolicoeur-Martineau, 2018 (RaSGAN). https://arxiv.org/abs/1807.00734
    """

    generator_sees_real: ClassVar[bool] = True

    def discriminator(self, real_logits, fake_logits):
        above = ops.softplus(batch_mean(fake_logits) - real_logits)
        return above + ops.softplus(fake_logits - batch_mean(real_logits))

    def generator(self, real_logits, fake_logits):
        return self.discriminator(fake_logits, real_logits)


@dataclass(frozen=True)
class FGAN:
    """The variational bound of an f-divergence, with its output activation g.

    Args:
        divergence: a key of `ganbook.f_divergences.DIVERGENCES`.
        non_saturating: the generator minimizes -g(b), the paper's trick for
            early training, in place of -f*(g(b)).

    Raises:
        ValueError: if the divergence is unknown.

    References:
        Nowozin et al., 2016. https://arxiv.org/abs/1606.00709
    """

    divergence: str
    non_saturating: bool = False
    generator_sees_real: ClassVar[bool] = False

    def __post_init__(self):
        if self.divergence not in list(DIVERGENCES):
            raise ValueError(
                f"divergence: expected one of {', '.join(DIVERGENCES)}, "
                f"got {self.divergence!r}"
            )

    def discriminator(self, real_logits, fake_logits):
        f = DIVERGENCES[self.divergence]
        return f.conjugate_of_output(fake_logits) - f.output(real_logits)

    def generator(self, real_logits, fake_logits):
        f = DIVERGENCES[self.divergence]
        if self.non_saturating:
            return -f.output(fake_logits)
        return -f.conjugate_of_output(fake_logits)
