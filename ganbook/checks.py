"""What `ganbook.training` refuses at the door, in one line each."""

import keras
import numpy as np


def networks(generator, discriminator):
    """The two must fit together, and the discriminator must answer one logit."""
    if generator.output_shape != discriminator.input_shape:
        raise ValueError(
            f"generator makes samples of shape {generator.output_shape}, "
            f"but discriminator expects {discriminator.input_shape}"
        )
    if discriminator.output_shape != (None, 1):
        raise ValueError(
            "discriminator: expected logits of shape (None, 1), "
            f"got {discriminator.output_shape}"
        )
    last = discriminator.layers[-1]
    if getattr(last, "activation", None) is keras.activations.sigmoid:
        raise ValueError(
            f"discriminator: expected logits, got a sigmoid in {last.name!r}: "
            "the sigmoid is part of the loss"
        )


def settings(discriminator_steps, ema):
    if not isinstance(discriminator_steps, int) or discriminator_steps < 1:
        raise ValueError(
            "discriminator_steps: expected an integer >= 1, "
            f"got {discriminator_steps!r}"
        )
    if ema is not None and not 0 <= ema < 1:
        raise ValueError(f"ema: expected a decay in [0, 1), got {ema!r}")


def optimizers(generator_optimizer, discriminator_optimizer):
    for optimizer in (generator_optimizer, discriminator_optimizer):
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise TypeError(f"optimizer: expected Keras', got {optimizer!r}")
    if generator_optimizer is discriminator_optimizer:
        raise ValueError("optimizers: expected one for each player, got the same")


def samples(x, shape):
    """Real samples in an array, each of the given shape."""
    if x.shape[1:] != shape or len(x) == 0:
        raise ValueError(
            f"x: expected real samples (n, {', '.join(map(str, shape))}) with n >= 1, "
            f"got {x.shape}"
        )
    if not np.issubdtype(x.dtype, np.floating):
        raise ValueError(f"x: expected floating-point samples, got {x.dtype}")
    if not np.isfinite(x).all():
        raise ValueError("x: expected finite numbers, got NaN or infinity")
