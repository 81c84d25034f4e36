"""What is handed to ``GAN(...)`` and to its methods."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from ganbook.checks.values import finite, integer, number

# ---- GAN(...) ----


def loss(value):
    parts = ("discriminator", "generator", "generator_sees_real")
    if isinstance(value, type) or not all(hasattr(value, part) for part in parts):
        raise TypeError(
            f"loss: expected one such as losses.NonSaturating(), got {value!r}"
        )
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


def seed(value):
    return None if value is None else integer("seed", value, 0)


# ---- compile ----


def optimizers(gan, generator_optimizer, discriminator_optimizer):
    players = {
        "generator_optimizer": (generator_optimizer, gan.generator),
        "discriminator_optimizer": (discriminator_optimizer, gan.discriminator),
    }
    for name, (optimizer, player) in players.items():
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise TypeError(f"{name}: expected a Keras optimizer, got {optimizer!r}")
        known = [id(w) for w in getattr(optimizer, "_trainable_variables", ())]
        if optimizer.built and known != [id(w) for w in player.trainable_variables]:
            raise ValueError(
                f"{name}: expected a fresh optimizer, got one that is built for other "
                "weights: make a new one"
            )
    if generator_optimizer is discriminator_optimizer:
        raise ValueError("optimizers: expected one for each player, got the same")


def precision(gan):
    for layer in gan._flatten_layers():
        if "float16" in (layer.compute_dtype, layer.variable_dtype):
            raise ValueError(
                f"dtype: expected no float16, which needs loss scaling, got it in "
                f"{layer.name!r}: use mixed_bfloat16 instead"
            )


def unused(method, arguments, names, instead):
    """Refuse arguments of Keras that a GAN has no use for."""
    for name in names:
        if arguments.get(name) is not None:
            raise TypeError(f"{method}: expected no {name}, got one: {instead}")


# ---- fit ----


def trainable(gan):
    for name in ("generator", "discriminator"):
        if not getattr(gan, name).trainable_variables:
            raise ValueError(
                f"{name}: expected trainable weights, got none: do not freeze it: "
                "GAN.fit alternates by itself"
            )


def samples(x, shape):
    """Real samples at once, as an array, or a stream of batches, as it is."""
    if isinstance(x, list) or hasattr(x, "__array__"):
        return _array(x, shape)
    iterates = hasattr(x, "__iter__") or isinstance(x, keras.utils.PyDataset)
    if not iterates or isinstance(x, str | bytes | dict | tuple | set | range):
        raise TypeError(
            "x: expected an array of real samples, a dataset or a generator, "
            f"got {type(x).__name__}"
        )
    if isinstance(x, Iterator):  # Keras asks for tuples
        return (batch if isinstance(batch, tuple) else (batch,) for batch in x)
    return x


def _array(x, shape):
    try:
        x = ops.convert_to_numpy(x) if ops.is_tensor(x) else np.asarray(x)
    except (TypeError, ValueError):
        raise ValueError("x: expected samples of one shape, got several") from None
    if x.shape[1:] != shape or x.ndim == 0 or len(x) == 0:
        raise ValueError(
            f"x: expected real samples (n, {', '.join(map(str, shape))}) with n >= 1, "
            f"got {x.shape}"
        )
    _floating(x.dtype)
    with np.errstate(over="ignore"):
        finite("x", x.astype("float32", copy=False))  # what the networks will see
    return x


def _floating(dtype):
    name = getattr(dtype, "name", str(dtype)).rpartition(".")[-1]
    if "float" not in name:
        raise ValueError(f"x: expected floating-point samples, got {name}")


def batch(data, shape):
    """The real samples in what Keras hands to a step, targets left out."""
    data = data if isinstance(data, tuple) else (data,)
    if len(data) > 2 and data[2] is not None:
        raise ValueError("x: expected batches without sample weights, got some")
    real = data[0]
    if not hasattr(real, "dtype"):
        raise TypeError(f"x: expected batches of samples, got {type(real).__name__}")
    _floating(real.dtype)
    got = tuple(real.shape) if real.shape else (None, *shape)  # of unknown rank
    same = len(got) == 1 + len(shape) and all(
        g in (None, s) for g, s in zip(got[1:], shape, strict=True)
    )
    if not same:
        raise ValueError(
            f"x: expected batches (b, {', '.join(map(str, shape))}), got {got}"
        )
    return real
