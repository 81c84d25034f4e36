"""MGAN and MAD-GAN: several generators, kept apart by naming who made a sample."""

from dataclasses import dataclass
from typing import Any, ClassVar

from keras import ops

from ganbook import checks


@dataclass(frozen=True)
class MGAN:
    r"""An adversarial loss plus the log-loss of naming the generator of a sample.

    Row i of a batch of generated samples comes from generator i mod n, as
    `ganbook.networks.several_generators` makes them. The discriminator, whose outputs
    ``(batch, 1 + n)`` are a logit and the logits of a classifier, and the generators
    both minimize

    .. math:: - \beta \, \mathrm{E} \log C_{i}(G_i(z))

    besides their adversarial loss, so that each generator looks for a place of its own.
    Penalties act on the first logit alone.

    Args:
        generators: how many, n >= 2.
        loss: of `ganbook.losses`, for the first logit.
        weight: β, >= 0.

    Raises:
        TypeError, ValueError: if an argument is not what it should be.

    References:
        Hoang et al., 2018. https://openreview.net/forum?id=rkmu5b0a-
    """

    generators: int
    loss: Any
    weight: float = 1.0

    def __post_init__(self):
        checks.integer("generators", self.generators, 2)
        checks.loss(self.loss, within=True)
        checks.weight("weight", self.weight)

    @property
    def outputs(self):
        return 1 + self.generators

    @property
    def generator_sees_real(self):
        return self.loss.generator_sees_real

    def discriminator(self, real_logits, fake_logits):
        adversarial = self.loss.discriminator(real_logits[:, :1], fake_logits[:, :1])
        return adversarial + self.weight * _misnamed(fake_logits[:, 1:])

    def generator(self, real_logits, fake_logits):
        real = real_logits[:, :1] if self.generator_sees_real else None
        adversarial = self.loss.generator(real, fake_logits[:, :1])
        return adversarial + self.weight * _misnamed(fake_logits[:, 1:])


@dataclass(frozen=True)
class MADGAN:
    r"""One classifier for "real" and for each of n generators.

    The discriminator's outputs ``(batch, 1 + n)`` are the logits of a softmax: first
    "real", then the generators, of which row i of a batch comes from number i mod n.
    It minimizes the log-loss. The generators maximize log D_real of their samples: the
    non-saturating form of the paper's log(1 - D_real).

    Args:
        generators: how many, n >= 2.

    Raises:
        TypeError, ValueError: if it is no integer >= 2.

    Notes:
        Each generator makes an n-th of the fakes. At its optimum the discriminator so
        says p/(p + q̄) for "real", with q̄ the mean of the generators' densities: what a
        plain one would say of them together. The paper sums over the generators, which
        makes fakes n times as likely as real samples; p = q̄ is the fixed point of both.
        What keeps generators apart is not their loss, but what D learns for it.

        A penalty would act on the first logit alone, which has no meaning of its own
        here: a softmax knows only differences.

    References:
        Ghosh et al., 2018, sec. 3. https://arxiv.org/abs/1704.02906
    """

    generators: int
    generator_sees_real: ClassVar[bool] = False

    def __post_init__(self):
        checks.integer("generators", self.generators, 2)

    @property
    def outputs(self):
        return 1 + self.generators

    def discriminator(self, real_logits, fake_logits):
        log = ops.log_softmax(fake_logits, axis=-1)
        return -ops.log_softmax(real_logits, axis=-1)[:, :1] - _own(log[:, 1:])

    def generator(self, real_logits, fake_logits):
        return -ops.log_softmax(fake_logits, axis=-1)[:, :1]


def _misnamed(logits):
    """Minus the log-probability of the right generator, ``(batch, 1)``."""
    return -_own(ops.log_softmax(logits, axis=-1))


def _own(values):
    """Entry i mod n of row i, ``(batch, n)`` to ``(batch, 1)``."""
    n = values.shape[-1]
    owner = ops.arange(ops.shape(values)[0]) % n
    return ops.sum(values * ops.one_hot(owner, n), axis=-1, keepdims=True)
