"""The two networks of a GAN."""

import keras
from keras import ops


def networks(generator, discriminator):
    """Two Keras models that fit together, the second ending in one linear unit."""
    players = {"generator": generator, "discriminator": discriminator}
    for name, network in players.items():
        if not isinstance(network, keras.Model):
            raise TypeError(f"{name}: expected a Keras model, got {network!r}")
        if not hasattr(network, "input_shape"):
            raise ValueError(
                f"{name}: expected a Sequential or functional model that starts with "
                f"keras.Input, got {network!r}"
            )
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
    head = _head(discriminator.outputs[0])
    if activation := _activation(head):
        raise ValueError(
            f"discriminator: expected linear logits, got {activation} in {head.name!r}:"
            " the sigmoid is part of the loss"
        )
    own = {id(weight) for weight in generator.weights}
    if shared := [w.path for w in discriminator.weights if id(w) in own]:
        raise ValueError(
            f"discriminator: expected weights of its own, got the generator's {shared}"
        )
    for name, network in players.items():
        if _losses(network):
            raise ValueError(
                f"{name}: expected no regularizer and no add_loss, which GAN.fit would "
                f"ignore, got one in {network.name!r}: add a penalty instead"
            )


def _losses(network):
    """What a call adds to the loss; without a trace in the network's state."""
    with keras.StatelessScope(collect_losses=True) as scope:
        network(ops.zeros((1, *network.input_shape[1:])), training=True)
    return scope.losses + network.losses


def _head(tensor):
    """The operation that makes ``tensor``, inside models, wrappers and reshapes."""
    operation, index, _ = tensor._keras_history
    if isinstance(operation, keras.Model):
        return _head(operation.outputs[0])
    if isinstance(operation, keras.layers.Flatten | keras.layers.Reshape):
        return _head(operation._inbound_nodes[index].input_tensors[0])
    return getattr(operation, "layer", operation)


# layers and operations such as ReLU or Sigmoid are called like the functions
_NONLINEAR = {n.replace("_", "") for n in dir(keras.activations)} - {"linear"}
_NONLINEAR |= {"prelu"}


def _activation(operation):
    """Name of the non-linear function that an operation ends with, else None."""
    name = type(operation).__name__
    if name.lower() in _NONLINEAR:
        return name
    function = getattr(operation, "activation", None)
    if function not in (None, keras.activations.linear):
        return getattr(function, "__name__", repr(function))
