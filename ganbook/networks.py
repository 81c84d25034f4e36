"""Network builders: functions that return plain, unsubclassed Keras models."""

import math

import keras
from keras import layers


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
        activation: of the hidden layers, anything that Keras takes.
        output_activation: of the last layer; None keeps it linear, as the
            logits of a discriminator must be. ``"tanh"`` suits images in [-1, 1].
        name: the model's name.

    Returns:
        keras.Sequential.

    Raises:
        ValueError: if a size is not a positive integer.

    Example:
        >>> mlp(64, (8, 8, 1), output_activation="tanh").output_shape
        (None, 8, 8, 1)
    """
    inputs, outputs = _shape("inputs", inputs), _shape("outputs", outputs)
    _shape("width", width)
    if not isinstance(depth, int) or depth < 0:
        raise ValueError(f"depth: expected an integer >= 0, got {depth!r}")
    model = keras.Sequential([keras.Input(inputs)], name=name)
    if len(inputs) > 1:
        model.add(layers.Flatten())
    for _ in range(depth):
        model.add(layers.Dense(width, activation))
    model.add(layers.Dense(math.prod(outputs), output_activation))
    if len(outputs) > 1:
        model.add(layers.Reshape(outputs))
    return model


def _shape(argument, size):
    shape = size if isinstance(size, tuple) else (size,)
    if not shape or not all(isinstance(n, int) and n > 0 for n in shape):
        raise ValueError(
            f"{argument}: expected a positive integer or a tuple of them, got {size!r}"
        )
    return shape
