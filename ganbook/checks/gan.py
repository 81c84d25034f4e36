"""What is handed to ``GAN(...)`` and to ``compile``."""

import math
import random

import keras
import numpy as np

from ganbook.checks.values import integer, number

# ---- GAN(...) ----


def loss(value, within=False):
    """An adversarial loss; ``within`` another one, of a single logit."""
    parts = ("discriminator", "generator", "generator_sees_real")
    if isinstance(value, type) or not all(hasattr(value, part) for part in parts):
        raise TypeError(
            f"loss: expected one such as losses.NonSaturating(), got {value!r}"
        )
    if within and getattr(value, "outputs", 1) > 1:
        raise ValueError(f"loss: expected one that reads a single logit, got {value!r}")
    return value


def penalties(terms):
    fits = isinstance(terms, list | tuple) and all(
        callable(term) and not isinstance(term, type) for term in terms
    )
    if not fits:
        raise TypeError(
            f"penalties: expected a list such as [penalties.R1(1.0)], got {terms!r}"
        )
    return tuple(terms)


def decay(ema):
    if ema is None:
        return None
    return number("ema", ema, "a decay in [0, 1)", lambda v: 0 <= v < 1)


def instance_noise(std):
    """A function of the step, or None for no noise."""
    if std is None or isinstance(std, keras.optimizers.schedules.LearningRateSchedule):
        return std
    expected = "a standard deviation >= 0 or a Keras schedule"
    number("instance_noise", std, expected, lambda v: 0 <= v < math.inf)
    return lambda step: std


def seed(value):
    return None if value is None else integer("seed", value, 0)


def words(value):
    """Two 31-bit words from a seed; without one, as ``set_random_seed`` has it."""
    value = random.getrandbits(63) if seed(value) is None else int(value)
    # mixed, for PyTorch adds the seed to the counter: neighbours would overlap
    return [int(w >> 1) for w in np.random.SeedSequence(value).generate_state(2)]


# ---- compile ----


def optimizers(gan, generator_optimizer, discriminator_optimizer):
    players = {
        "generator_optimizer": (
            generator_optimizer,
            gan.generator.trainable_variables,
        ),
        "discriminator_optimizer": (
            discriminator_optimizer,
            gan.discriminator_variables,
        ),
    }
    for name, (optimizer, variables) in players.items():
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise TypeError(f"{name}: expected a Keras optimizer, got {optimizer!r}")
        known = [id(v) for v in getattr(optimizer, "_trainable_variables", ())]
        if optimizer.built and known != [id(v) for v in variables]:
            raise ValueError(
                f"{name}: expected a fresh optimizer, got one that is built for other "
                "weights: make a new one"
            )
        if getattr(optimizer, "use_ema", False):
            raise ValueError(
                f"{name}: expected use_ema=False, which would replace the weights of "
                "both players, got True: use GAN(..., ema=0.999)"
            )
    if generator_optimizer is discriminator_optimizer:
        raise ValueError("optimizers: expected one for each player, got the same")


def precision(gan, optimizers):
    scaled = all(isinstance(o, keras.optimizers.LossScaleOptimizer) for o in optimizers)
    for layer in [] if scaled else gan._flatten_layers():
        if "float16" in (layer.compute_dtype, layer.variable_dtype):
            raise ValueError(
                f"dtype: expected no float16 without loss scaling, got it in "
                f"{layer.name!r}: use mixed_bfloat16, or wrap both optimizers in "
                "keras.optimizers.LossScaleOptimizer"
            )


def unused(method, arguments, names, instead):
    """Refuse arguments of Keras that a GAN has no use for."""
    for name in names:
        if arguments.get(name) is not None:
            raise TypeError(f"{method}: expected no {name}, got one: {instead}")
