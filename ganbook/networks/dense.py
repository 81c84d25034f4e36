"""Perceptrons."""

import math

import keras
from keras import layers

from ganbook import checks
from ganbook.networks.shapes import function, size


def mlp(
    inputs,
    outputs,
    width=128,
    depth=3,
    activation="relu",
    output_activation=None,
    name=None,
):
    """Perceptron from ``(batch, *inputs)`` to ``(batch, *outputs)``.

    Args:
        inputs: number of inputs, or their shape without the batch, such as
            ``(8, 8, 1)``; shapes are flattened first.
        outputs: number of outputs, or their shape.
        width: units of each hidden layer, >= 1.
        depth: number of hidden layers, >= 0.
        activation: of the hidden layers, a function or a name that Keras knows.
        output_activation: of the last layer; None keeps it linear, as the
            logits of a discriminator must be. ``"tanh"`` suits images in [-1, 1].
        name: the model's name.

    Returns:
        keras.Sequential.

    Raises:
        TypeError, ValueError: if a size is not a positive integer, or an
            activation is a layer.

    Example:
        >>> mlp(64, (8, 8, 1), output_activation="tanh").output_shape
        (None, 8, 8, 1)
    """
    inputs, outputs = size("inputs", inputs), size("outputs", outputs)
    width = checks.integer("width", width)
    depth = checks.integer("depth", depth, 0)
    function("activation", activation)
    function("output_activation", output_activation)
    model = keras.Sequential([keras.Input(inputs)], name=name)
    if len(inputs) > 1:
        model.add(layers.Flatten())
    for _ in range(depth):
        model.add(layers.Dense(width, activation))
    model.add(layers.Dense(math.prod(outputs), output_activation))
    if len(outputs) > 1:
        model.add(layers.Reshape(outputs))
    return model
