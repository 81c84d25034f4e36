"""AC-GAN: both players also want the label to be recognized."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ganbook import checks


@dataclass(frozen=True)
class AuxiliaryClassifier:
    """An adversarial loss, less the log-probability of the right label.

    The discriminator learns to name the label of real and of generated samples,
    the generator to make samples whose label is named. For discriminators made by
    `ganbook.networks.auxiliary_classifier`, whose outputs ``(batch, 2)`` are a logit
    and log P(label | sample). Penalties act on the logit alone.

    Args:
        loss: of `ganbook.losses`, for the logits.
        weight: of the log-probabilities, >= 0.

    Raises:
        TypeError, ValueError: if ``loss`` is no loss or ``weight`` no number >= 0.

    Notes:
        The generator gains by samples that are easy to classify, not by samples
        that are distributed like the real ones of the class.

    References:
        Odena et al., 2017, eqs. 2 and 3. https://arxiv.org/abs/1610.09585
    """

    loss: Any
    weight: float = 1.0
    outputs: ClassVar[int] = 2

    def __post_init__(self):
        checks.loss(self.loss, within=True)
        checks.weight("weight", self.weight)

    @property
    def generator_sees_real(self):
        return self.loss.generator_sees_real

    def discriminator(self, real_logits, fake_logits):
        adversarial = self.loss.discriminator(real_logits[:, :1], fake_logits[:, :1])
        named = real_logits[:, 1:] + fake_logits[:, 1:]
        return adversarial - self.weight * named

    def generator(self, real_logits, fake_logits):
        real = real_logits[:, :1] if self.generator_sees_real else None
        adversarial = self.loss.generator(real, fake_logits[:, :1])
        return adversarial - self.weight * fake_logits[:, 1:]
