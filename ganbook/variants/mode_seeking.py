"""Mode seeking: a generator that is paid for moving when its latents move."""

from keras import ops

from ganbook import autodiff, checks
from ganbook.training import GAN


class ModeSeeking(GAN):
    r"""A GAN whose generator also minimizes the inverse of how far it moves.

    Two latents and their samples give a ratio of distances, which a generator that
    maps many latents to one sample keeps near 0. The generator's loss grows by

    .. math:: \lambda \left( \mathrm{E} \frac{|G(z_1) - G(z_2)|}{|z_1 - z_2|}
        + \epsilon \right)^{-1}.

    Args:
        *args: as for `ganbook.training.GAN`.
        seeking: λ, >= 0.
        **kwargs: as for `ganbook.training.GAN`. Not for conditional GANs, whose pairs
            would need the same condition.

    Raises:
        TypeError, ValueError: as `ganbook.training.GAN`, for ``seeking``, and if the
            networks take a condition.

    Notes:
        Each row is paired with the one before it, the first with the last. Distances
        are means of absolute differences over the coordinates. The paper maximizes the
        ratio, which has no bound; its authors' code minimizes the inverse, as
        here. A generator that is exactly constant gets no slope.

    References:
        Mao et al., 2019. https://arxiv.org/abs/1903.05628
    """

    def __init__(self, *args, seeking=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        if self.conditional:
            raise ValueError(
                "generator: expected no condition for ModeSeeking, got one"
            )
        self.seeking = checks.weight("seeking", seeking)

    def generator_term(self, fake, latents):
        mean = autodiff.batch_mean(_moved(fake) / (_moved(latents) + 1e-8))
        return self.seeking / (mean + 1e-5) / autodiff.replicas()


def _moved(x):
    """Mean absolute difference from the row before, ``(batch,)``."""
    x = ops.cast(x, "float32")
    away = ops.abs(x - ops.roll(x, 1, axis=0))
    return ops.mean(away, axis=tuple(range(1, len(x.shape))))
