"""What the builders ask of sizes and functions."""

import keras
from keras import layers

from ganbook import checks


def size(argument, value):
    """A positive integer or a tuple of them, as a tuple."""
    shape = value if isinstance(value, tuple) else (value,)
    try:
        if shape:
            return tuple(checks.integer(argument, n) for n in shape)
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"{argument}: expected a positive integer or a tuple of them, got {value!r}"
    )


def image(image_shape):
    """``(height, width, channels)`` as integers."""
    try:
        shape = size("image_shape", tuple(image_shape))
    except (TypeError, ValueError):
        shape = ()
    if len(shape) != 3:
        raise ValueError(
            "image_shape: expected (height, width, channels), all >= 1, "
            f"got {image_shape!r}"
        )
    return shape


def pyramid(image_shape, at_least=1):
    """``(height, width, channels, halvings)`` of the smallest map of features.

    Both sides are halved while they are even and longer than 4, ``at_least`` so
    often: 64 to 4, 28 to 7, 8 to 4.
    """
    height, width, channels = image(image_shape)
    halvings = 0
    while height % 2 == width % 2 == 0 and (
        halvings < at_least or min(height, width) > 4
    ):
        height, width, halvings = height // 2, width // 2, halvings + 1
    if halvings == 0 or max(height, width) > 8:
        raise ValueError(
            "image_shape: expected sides that can be halved until they are at most "
            f"8, such as 8, 28, 32 or 64, got {image_shape!r}"
        )
    return height, width, channels, halvings


def function(argument, activation):
    # one layer object would be shared by all hidden layers
    if isinstance(activation, layers.Layer | type):
        raise TypeError(
            f"{argument}: expected a function or its name, such as 'leaky_relu', "
            f"got the layer {activation!r}"
        )


def sequential(argument, network, head=None):
    """Refuse what is no Keras model with one input, or has another last layer."""
    if not isinstance(network, keras.Model) or len(network.inputs or ()) != 1:
        raise TypeError(
            f"{argument}: expected a Keras model with one input, got {network!r}"
        )
    last = network.layers[-1]
    if head is not None and not isinstance(last, head):
        raise ValueError(
            f"{argument}: expected a last layer {head.__name__}, got {last!r}"
        )
    return network
