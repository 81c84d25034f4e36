"""The unrolled GAN: a generator that looks some updates of D ahead."""

from functools import partial

from ganbook import checks
from ganbook.autodiff import input_gradient, replicas
from ganbook.functional import Move, called, moves, vector
from ganbook.training import GAN


class Unrolled(GAN):
    r"""A GAN whose generator knows how its discriminator will answer.

    The generator's loss is judged by the discriminator as it will be after some
    more steps on the present batch, of its own optimizer or of gradient descent,

    .. math:: \psi_{i+1} = \psi_i - h \, \nabla_\psi L_D(\theta, \psi_i),

    and differentiated through these steps. The discriminator itself makes one update
    as always: the steps are undone.

    Args:
        *args: as for `ganbook.training.GAN`.
        unrolling: steps ahead, >= 0; 0 is a plain GAN.
        unrolling_rate: step size h of gradient descent, > 0; None for the steps of the
            discriminator's own optimizer, Adam or SGD without momentum, as in the
            paper.
        **kwargs: as for `ganbook.training.GAN`.

    Raises:
        TypeError, ValueError: as `ganbook.training.GAN`, and for the two numbers.
            ``compile`` refuses an optimizer whose steps it cannot repeat.
        NotImplementedError: if made for several devices, by ``tf.distribute``.

    References:
        Metz et al., 2017. https://arxiv.org/abs/1611.02163
    """

    def __init__(self, *args, unrolling=5, unrolling_rate=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.unrolling = checks.integer("unrolling", unrolling, 0)
        self.unrolling_rate = unrolling_rate
        if unrolling_rate is not None:
            checks.positive("unrolling_rate", unrolling_rate)
        if (devices := replicas()) > 1:
            raise NotImplementedError(f"Unrolled: expected one device, got {devices}")

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs):
        super().compile(generator_optimizer, discriminator_optimizer, **kwargs)
        if self.unrolling_rate is None and not moves(discriminator_optimizer):
            raise ValueError(
                "discriminator_optimizer: expected Adam or SGD without extras to look "
                f"ahead by, got {discriminator_optimizer!r}: give unrolling_rate"
            )

    def opponents(self, real, fake, condition):
        if not self.adversarial_loss.generator_sees_real:  # as D's loss sees it
            real = self.blur(real)
        return [
            self.ahead(network, real, fake, condition)
            for network in self.discriminators
        ]

    def ahead(self, network, real, fake, condition):
        """One discriminator as it will be, as a function of samples."""

        def judge(weights, x, training=True):
            inputs = [x, *condition] if condition else x
            return called(network, weights)(inputs, training)

        def descended(weights):
            critic = partial(judge, weights)
            loss, terms = self.discriminator_loss(critic, real, fake)
            return sum(terms, loss)

        weights, move = vector(network.trainable_variables), self.rule(network)
        for _ in range(self.unrolling):
            weights = move(weights, input_gradient(descended, weights))
        return partial(judge, weights)

    def rule(self, network):
        """What a step makes of weights and slope."""
        if self.unrolling_rate is None:
            return Move(self.discriminator_optimizer, network.trainable_variables)
        return lambda weights, slope: weights - self.unrolling_rate * slope
