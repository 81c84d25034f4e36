"""What a trained GAN is for: drawing from its generator."""

import keras
import numpy as np
from keras import ops

from ganbook import checks


class Samples(checks.SavedByWeights):
    """The base of a GAN that draws: needs ``generator``, ``average``, ``stream``."""

    @property
    def conditional(self):
        """Whether both networks take a condition besides latents and samples."""
        return len(self.generator.inputs) == 2

    def call(self, inputs, training=False):
        """The trained generator's samples, never the average's: see `sample`."""
        return self.generator(inputs, training=training)

    def latents(self, n, seed=None):
        """Draw ``n`` standard normal latents, float32 ``(n, latent_dim)``."""
        seed = self.stream if seed is None else checks.seed(seed)
        return keras.random.normal((n, *self.generator.inputs[0].shape[1:]), seed=seed)

    def sample(self, n, seed=None, condition=None, ema=None, batch_size=1024):
        """Generate samples, in inference mode.

        Args:
            n: how many, >= 1.
            seed: integer for the same latents at each call; None goes on with a
                stream of the GAN's own, which training does not touch.
            condition: of a conditional GAN: one for all samples, such as a
                label, or an array ``(n, ...)`` of one for each.
            ema: True draws from the averaged generator, False from the trained
                one; None from the average if there is one.
            batch_size: samples computed at once, which bounds the memory.

        Returns:
            float32 array ``(n, ...)``.

        Raises:
            TypeError, ValueError: if a number is no positive integer, ``ema``
                is True and the GAN keeps no average, or ``condition`` is
                missing, not asked for, of another shape or out of range.
        """
        n = checks.integer("n", n)
        batch_size = checks.integer("batch_size", batch_size)
        if ema and self.average is None:
            raise ValueError("ema: expected a GAN(..., ema=0.999), got one without")
        generator = self.generator if ema is False else self.average or self.generator
        inputs = [self.latents(n, seed), *checks.one_for_each(self, condition, n)]
        # not predict, which traces a graph for each network and size of batch
        batches = []
        for i in range(0, n, batch_size):
            rows = slice(i, i + batch_size)
            part = [ops.convert_to_tensor(array[rows]) for array in inputs]
            x = generator(part if self.conditional else part[0], training=False)
            batches.append(ops.convert_to_numpy(ops.cast(x, "float32")))
        return np.concatenate(batches)
