"""GMAN: several discriminators, and how much the generator heeds each."""

from keras import ops

from ganbook import autodiff, checks
from ganbook.training import GAN


class GMAN(GAN):
    r"""A GAN with several discriminators, of which the harshest count most.

    The generator minimizes a mean of its losses against each,

    .. math:: \sum_i w_i L_G^{(i)}, \qquad w = \mathrm{softmax}(\lambda L_G^{(1)},
        \dots, \lambda L_G^{(n)}).

    With λ = 0 this is the plain mean of `ganbook.training.GAN`; the larger λ, the
    nearer to the harshest discriminator alone.

    Args:
        *args: as for `ganbook.training.GAN`, with a list of discriminators.
        heed: λ, >= 0.
        **kwargs: as for `ganbook.training.GAN`.

    Raises:
        TypeError, ValueError: as `ganbook.training.GAN`, and for ``heed``.

    Notes:
        No gradient passes through the weights.

    References:
        Durugkar et al., 2017. https://arxiv.org/abs/1611.01673
    """

    def __init__(self, *args, heed=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.heed = checks.weight("heed", heed)

    def generator_loss(self, verdicts):
        losses = ops.stack([autodiff.batch_mean(values) for values in verdicts])
        weights = ops.stop_gradient(ops.softmax(self.heed * losses))
        shares = ops.stack([autodiff.share_of_mean(values) for values in verdicts])
        return ops.sum(weights * shares)
