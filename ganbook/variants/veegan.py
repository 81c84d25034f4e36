"""VEEGAN: a third network that must recover the latents from the samples."""

from keras import ops

from ganbook import autodiff, checks
from ganbook.training import GAN


class VEEGAN(GAN):
    r"""A GAN with a reconstructor F, and a discriminator that sees pairs.

    The discriminator tells pairs (G(z), z) from pairs (x, F(x)). The reconstructor and
    the generator both descend

    .. math:: \beta \, \mathrm{E}_z \lVert F(G(z)) - z \rVert^2,

    so that different latents must stay apart: a generator that maps many of them to
    one mode cannot be inverted. Real samples that no latent reaches are mapped by F to
    places where latents are not dense, which the discriminator sees.

    Args:
        generator: as for `ganbook.training.GAN`, for samples ``(batch, dim)``.
        discriminator: of ``dim + latent_dim`` inputs, the sample first.
        reconstructor: Keras model, samples ``(batch, dim)`` to latents; it learns
            together with the discriminator, by the same optimizer.
        reconstruction: weight β, >= 0.
        **kwargs: as for `ganbook.training.GAN`, except ``pack``. Penalties act on the
            slope with respect to the pair.

    Raises:
        TypeError, ValueError: as `ganbook.training.GAN`, and for what is new here.

    References:
        Srivastava et al., 2017. https://arxiv.org/abs/1705.07761
    """

    def __init__(
        self, generator, discriminator, reconstructor, *, reconstruction=1.0, **kwargs
    ):
        if kwargs.get("pack", 1) != 1:
            raise ValueError(f"pack: expected 1 for VEEGAN, got {kwargs['pack']!r}")
        _vectors(generator, reconstructor)
        super().__init__(generator, discriminator, **kwargs)
        self.reconstructor = reconstructor
        self.reconstruction = checks.weight("reconstruction", reconstruction)
        critics = {f"discriminator[{i}]": d for i, d in enumerate(self.discriminators)}
        checks.apart(
            {"generator": generator, **critics, "reconstructor": reconstructor}
        )

    @property
    def players(self):
        return super().players | {"reconstructor": [self.reconstructor]}

    @property
    def discriminator_variables(self):
        return super().discriminator_variables + self.reconstructor.trainable_variables

    def beside(self, generator):
        return generator.input_shape[-1]

    def generate(self, latents, condition):
        fake, pull = super().generate(latents, condition)

        def pull_sample(slope):  # latents hang on no weight
            return pull(ops.cast(slope[:, : fake.shape[-1]], fake.dtype))

        return ops.concatenate([fake, latents], -1), pull_sample

    def update_discriminator(self, real, fake, condition):
        super().update_discriminator(self.paired(real), fake, condition)

    def update_generator(self, real, latents, fake, pull, condition):
        super().update_generator(self.paired(real), latents, fake, pull, condition)

    def paired(self, real):
        """Real samples with the latents that F finds; D's verdict teaches F nothing."""
        latents = ops.stop_gradient(self.reconstructor(real, training=True))
        return ops.concatenate([real, latents], -1)

    def discriminator_term(self, fake):
        return self.reconstruction_error(fake)

    def generator_term(self, fake, latents):
        return self.reconstruction_error(fake)

    def reconstruction_error(self, pairs):
        """This replica's share of β E‖F(G(z)) - z‖², of pairs ``(batch, dim + d)``."""
        dim = self.generator.output_shape[-1]
        fake, latents = pairs[:, :dim], ops.cast(pairs[:, dim:], "float32")
        recovered = ops.cast(self.reconstructor(fake, training=True), "float32")
        square = ops.sum(ops.square(recovered - latents), axis=-1)
        return self.reconstruction * autodiff.share_of_mean(square)


def _vectors(generator, reconstructor):
    checks.plain("generator", generator)
    checks.plain("reconstructor", reconstructor)
    shapes = [generator.inputs[0].shape, generator.output_shape]
    if len(generator.inputs) > 1 or [len(shape) for shape in shapes] != [2, 2]:
        raise ValueError(
            "generator: expected latents (batch, d) to samples (batch, dim) for "
            f"VEEGAN, and no condition, got {generator.input_shape} to {shapes[1]}"
        )
    found = [reconstructor.input_shape, reconstructor.output_shape]
    if found != shapes[::-1]:
        raise ValueError(
            f"reconstructor: expected samples {shapes[1]} to latents {shapes[0]}, "
            f"got {found[0]} to {found[1]}"
        )
