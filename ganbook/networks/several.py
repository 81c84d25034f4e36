"""Several generators in one network."""

import math

import keras
from keras import layers, ops

from ganbook import checks
from ganbook.networks.dense import mlp


@keras.saving.register_keras_serializable(package="ganbook")
class TakeTurns(layers.Layer):
    """Row i keeps entry i mod n: ``(batch, n, ...)`` to ``(batch, ...)``."""

    def build(self, input_shape):
        self.turns = input_shape[1]

    def call(self, x):
        batch, n = ops.shape(x)[0], x.shape[1]
        turn = ops.one_hot(ops.arange(batch) % n, n, dtype=x.dtype)
        turn = ops.reshape(turn, (batch, n, *[1] * (len(x.shape) - 2)))
        return ops.sum(turn * x, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *input_shape[2:])


def several_generators(count, latents, outputs, width=128, depth=3, activation="relu"):
    """Generators that take turns in a batch and share all layers but the first.

    Row i of a batch comes from generator i mod ``count``: a batch holds equally many of
    each if its size is a multiple of ``count``. A GAN's ``sample`` goes batch by batch,
    so this holds for its ``batch_size`` too.

    Args:
        count: generators, >= 2.
        latents: size of the latent vector, >= 1.
        outputs: number of outputs, or their shape.
        width: units of each hidden layer, >= 1.
        depth: hidden layers, >= 1, the first of which each generator has for itself.
        activation: of the hidden layers.

    Returns:
        keras.Model, latents ``(batch, latents)`` to ``(batch, *outputs)``.

    Raises:
        TypeError, ValueError: as `mlp`, and if ``count`` is no integer >= 2.

    References:
        Hoang et al., 2018, sec. 3. https://openreview.net/forum?id=rkmu5b0a-
    """
    count = checks.integer("count", count, 2)
    latents = checks.integer("latents", latents)
    width = checks.integer("width", width)
    depth = checks.integer("depth", depth)
    trunk = mlp(width, outputs, width, depth - 1, activation)
    # Glorot's initializer, for the units of one generator
    limit = math.sqrt(6 / (latents + width))
    kernel = keras.initializers.RandomUniform(-limit, limit)
    inputs = keras.Input((latents,))
    x = layers.Dense(count * width, activation, kernel_initializer=kernel)(inputs)
    x = TakeTurns()(layers.Reshape((count, width))(x))
    return keras.Model(inputs, trunk(x))
