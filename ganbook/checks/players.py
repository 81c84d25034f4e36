"""The networks of a GAN."""

import keras
import numpy as np
from keras import ops

from ganbook import autodiff


def networks(generator, discriminator, pack=1, loss=None, beside=0):
    """The discriminators, after Keras models that fit together have been seen.

    ``loss`` says how much it reads, ``beside``: what they see besides a sample.
    """
    outputs = getattr(loss, "outputs", 1)
    if outputs > 1 and pack > 1:
        raise ValueError(
            f"pack: expected 1 with a loss that reads more than a logit, got {pack}"
        )
    committee = list(discriminator) if _several(discriminator) else [discriminator]
    critics = dict(zip(_names(committee), committee, strict=True))
    players = {"generator": generator} | critics
    for name, network in players.items():
        plain(name, network)
    for name, network in critics.items():
        _fit_together(generator, network, name, pack, beside)
        _linear_logits(network, name, outputs)
    _take_turns(generator, getattr(loss, "generators", 1))
    apart(players)
    return committee


def plain(name, network):
    """Refuse what is no Keras model of an input, perhaps a condition, and an output."""
    if not isinstance(network, keras.Model):
        raise TypeError(f"{name}: expected a Keras model, got {network!r}")
    if not getattr(network, "inputs", None):
        raise ValueError(
            f"{name}: expected a Sequential or functional model that starts with "
            f"keras.Input, got {network!r}"
        )
    if len(network.inputs) > 2 or len(network.outputs) > 1:
        raise ValueError(
            f"{name}: expected one input or two (with a condition) and one output, "
            f"got {len(network.inputs)} and {len(network.outputs)}"
        )


def apart(players):
    """Refuse networks that share weights, or that would add to the loss."""
    owner = {}
    for name, network in players.items():
        if shared := [w for w in network.weights if id(w) in owner]:
            other, paths = owner[id(shared[0])], [w.path for w in shared]
            raise ValueError(
                f"{name}: expected weights of its own, got the {other}'s {paths}"
            )
        owner |= {id(weight): name for weight in network.weights}
    for name, network in players.items():
        if _losses(network):
            raise ValueError(
                f"{name}: expected no regularizer and no add_loss, which GAN.fit would "
                f"ignore, got one in {network.name!r}: add a penalty instead"
            )


def _several(discriminator):
    return isinstance(discriminator, list | tuple) and len(discriminator) > 0


def _names(committee):
    if len(committee) == 1:
        return ["discriminator"]
    return [f"discriminator[{i}]" for i in range(len(committee))]


def _fit_together(generator, discriminator, name, pack, beside):
    made, seen = generator.output_shape, discriminator.inputs[0].shape
    shown = (*made[:-1], made[-1] + beside) if beside else made
    if _packed(shown, pack) != tuple(seen):
        packs = f" {beside} numbers beside," if beside else ""
        packs += f" {pack} of them in one pack," if pack > 1 else ""
        raise ValueError(
            f"generator makes samples of shape {made},{packs} but {name} expects {seen}"
        )
    inputs = len(generator.inputs), len(discriminator.inputs)
    if inputs[0] != inputs[1]:
        raise ValueError(
            f"{name}: expected as many inputs as the generator's {inputs[0]}, for a "
            f"condition goes through both, got {inputs[1]}"
        )
    if inputs[0] == 2:
        given, taken = (
            network.inputs[1].shape for network in (generator, discriminator)
        )
        if _packed(given, pack) != tuple(taken):
            raise ValueError(
                f"{name}: expected conditions {_packed(given, pack)} as in the "
                f"generator, got {tuple(taken)}"
            )


def _packed(shape, pack):
    if pack == 1:
        return tuple(shape)
    return (*shape[:-1], pack * shape[-1]) if len(shape) > 1 else (None, pack)


def _linear_logits(discriminator, name, outputs):
    shape = discriminator.output_shape
    if outputs > 1 and shape != (None, outputs):
        raise ValueError(
            f"{name}: expected outputs of shape (None, {outputs}) for this loss, "
            f"got {shape}"
        )
    if outputs == 1 and (len(shape) < 2 or shape[-1] != 1):
        raise ValueError(
            f"{name}: expected logits of shape (None, 1), or (None, ..., 1) of "
            f"patches, got {shape}"
        )
    head = _head(discriminator.outputs[0])
    if activation := _activation(head):
        raise ValueError(
            f"{name}: expected linear logits, got {activation} in {head.name!r}:"
            " the sigmoid is part of the loss"
        )


def _take_turns(generator, wanted):
    """Refuse another number of generators in one than its loss tells apart."""
    turns = [n for f in generator._flatten_layers() if (n := getattr(f, "turns", 0))]
    if wanted > 1 and turns != [wanted]:
        raise ValueError(
            f"generator: expected networks.several_generators({wanted}, ...) for this "
            f"loss, got {turns[0] if turns else 1} in {generator.name!r}"
        )


def _losses(network):
    """What a call adds to the loss; without a trace in the network's state."""
    with keras.StatelessScope(collect_losses=True) as scope:
        network(_zeros(network, 1), training=True)
    return scope.losses + network.losses


def _zeros(network, n):
    values = [ops.zeros((n, *i.shape[1:]), i.dtype) for i in network.inputs]
    return values if len(values) > 1 else values[0]


def examples_apart(discriminators):
    """Refuse a discriminator whose logit of one example depends on another one."""
    rng = np.random.default_rng(0)
    for name, network in zip(_names(discriminators), discriminators, strict=True):
        x = rng.normal(size=(4, *network.inputs[0].shape[1:])).astype("float32")
        rest = _zeros(network, 4)[1:] if len(network.inputs) > 1 else []

        def first(x, network=network, rest=rest):
            return network([x, *rest] if rest else x, training=True)[:1]

        with keras.StatelessScope():
            slope = autodiff.input_gradient(first, ops.convert_to_tensor(x))
        if slope is not None and np.any(ops.convert_to_numpy(slope)[1:] != 0):
            raise ValueError(
                f"{name}: expected one that treats examples independently, for a "
                "penalty takes the norm of each example's gradient, got one that mixes "
                "a batch, as batch normalization does: use LayerNormalization, or say "
                "allow_mixing=True"
            )


def categories(network):
    """How many labels the network's condition may take, None if it does not say."""
    condition = network.inputs[1]
    limits = []
    for operation in network.operations:
        size = getattr(operation, "input_dim", getattr(operation, "num_tokens", None))
        if isinstance(size, int) and any(
            tensor is condition
            for node in operation._inbound_nodes
            for tensor in node.input_tensors
        ):
            limits.append(size)
    return min(limits, default=None)


_RANGES = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, np.inf),
    "softplus": (0.0, np.inf),
}


def head_range(network):
    """The last activation's name, and the values between which it stays."""
    name = _activation(_head(network.outputs[0])) or "linear"
    return name, _RANGES.get(name.lower(), (-np.inf, np.inf))


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
