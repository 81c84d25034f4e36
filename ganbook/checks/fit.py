"""What is handed to ``fit`` and to ``sample``: data and conditions."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from ganbook.checks.players import categories, head_range
from ganbook.checks.values import finite, integer


def trainable(gan):
    for name, networks in gan.players.items():
        if not all(network.trainable_variables for network in networks):
            raise ValueError(
                f"{name}: expected trainable weights, got none: do not freeze it: "
                "GAN.fit alternates by itself"
            )


def batch_size(value, pack, examples):
    size = integer("batch_size", 32 if value is None else value)
    if size % pack:
        raise ValueError(f"batch_size: expected a multiple of pack={pack}, got {size}")
    if examples < pack:
        raise ValueError(f"x: expected at least pack={pack} samples, got {examples}")
    return size


# ---- real samples ----


def samples(x, generator):
    """Real samples at once, as an array, or a stream of batches, as it is."""
    if isinstance(x, list) or hasattr(x, "__array__"):
        return _array(x, generator)
    iterates = hasattr(x, "__iter__") or isinstance(x, keras.utils.PyDataset)
    if not iterates or isinstance(x, str | bytes | dict | tuple | set | range):
        raise TypeError(
            "x: expected an array of real samples, a dataset or a generator, "
            f"got {type(x).__name__}"
        )
    if isinstance(x, Iterator):  # Keras asks for tuples
        return (batch if isinstance(batch, tuple) else (batch,) for batch in x)
    return x


def _array(x, generator):
    shape = generator.output_shape[1:]
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
        x = x.astype(keras.config.floatx(), copy=False)  # what the networks will see
    finite("x", x)
    _within_reach(x, generator)
    return x


def _within_reach(x, generator):
    activation, (low, high) = head_range(generator)
    # a little beyond is rounding, or a resized image
    if x.min() < low - 0.01 or x.max() > high + 0.01:
        raise ValueError(
            f"x: expected values in [{low:g}, {high:g}], which the generator's "
            f"{activation} can reach, got [{x.min():.4g}, {x.max():.4g}]"
        )


def _floating(dtype):
    name = getattr(dtype, "name", str(dtype)).rpartition(".")[-1]
    if "float" not in name:
        raise ValueError(f"x: expected floating-point samples, got {name}")


# ---- conditions ----


def one_for_each(gan, condition, n, name="condition"):
    """``[condition]`` with ``n`` rows, or ``[]`` for a GAN without conditions."""
    if not gan.conditional:
        if condition is not None and name == "condition":
            raise ValueError("condition: expected none, got one: no network takes it")
        return []
    want = gan.generator.inputs[1]
    shape = tuple(want.shape[1:])
    rows = f"(n, {', '.join(map(str, shape))})" if shape else "(n,)"
    if condition is None:
        raise ValueError(f"{name}: expected conditions {rows}, got None")
    array = ops.convert_to_numpy(condition)
    if name == "condition" and array.shape == shape:
        array = np.broadcast_to(array, (n, *shape))
    if array.shape != (n, *shape):
        raise ValueError(
            f"{name}: expected conditions {rows} with n = {n}, got {array.shape}"
        )
    if np.issubdtype(array.dtype, np.floating):
        finite(name, array)
    elif not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name}: expected numbers, got {array.dtype}")
    _labels(gan, array, want.dtype, name)
    return [array.astype(want.dtype)]


def _labels(gan, array, dtype, name):
    if "int" in dtype and not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name}: expected integer labels, got {array.dtype}")
    known = [categories(network) for network in [gan.generator, *gan.discriminators]]
    limit = min((k for k in known if k is not None), default=None)
    if limit is not None and (array.min() < 0 or array.max() >= limit):
        wrong = array[(array < 0) | (array >= limit)].flat[0]
        raise ValueError(f"{name}: expected labels in 0 to {limit - 1}, got {wrong}")


# ---- batches, inside a step ----


def batch(data, gan):
    """Real samples and ``[condition]`` in what Keras hands to a step."""
    data = tuple(data) if isinstance(data, tuple | list) else (data,)
    if len(data) > 2 and data[2] is not None:
        raise ValueError("x: expected batches without sample weights, got some")
    shape = gan.generator.output_shape[1:]
    real = _batch("x", data[0], shape, gan.packing)
    _floating(real.dtype)
    if not gan.conditional:
        return real, []
    if len(data) < 2 or data[1] is None:
        raise ValueError("y: expected batches (samples, conditions), got samples alone")
    want = gan.generator.inputs[1]
    condition = _batch("y", data[1], tuple(want.shape[1:]), gan.packing)
    return real, [ops.cast(condition, want.dtype)]


def _batch(name, value, shape, pack):
    if not hasattr(value, "dtype"):
        raise TypeError(
            f"{name}: expected batches of samples, got {type(value).__name__}"
        )
    got = tuple(value.shape) if value.shape else (None, *shape)  # of unknown rank
    same = len(got) == 1 + len(shape) and all(
        g in (None, s) for g, s in zip(got[1:], shape, strict=True)
    )
    if not same:
        wanted, had = ("".join(f", {n}" for n in s) for s in (shape, got[1:]))
        raise ValueError(f"{name}: expected batches (b{wanted}), got (b{had})")
    value = ops.convert_to_tensor(value)
    return value if pack == 1 else value[: ops.shape(value)[0] // pack * pack]


class _FiniteTraining(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        # not if a guard has noticed it, and has put the weights right
        if self.model.stop_training:
            return
        found = [
            f"losses, got {name} = {value}"
            for name, value in (logs or {}).items()
            if not np.isfinite(value)
        ]
        # a ReLU can turn NaN into zeros: losses are finite then, and weights not
        found += [
            f"weights, got others in {network.name!r}"
            for networks in self.model.players.values()
            for network in networks
            if not all(np.isfinite(weight).all() for weight in network.get_weights())
        ]
        if found:
            raise FloatingPointError(
                f"fit: expected finite {found[0]} in epoch {epoch + 1}: "
                "callbacks.DivergenceGuard() finds the step"
            )


def while_finite(callbacks):
    """Keras callbacks, before them one that stops when a number is not finite."""
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.append(_FiniteTraining())
        return callbacks
    if callbacks is None or isinstance(callbacks, keras.callbacks.Callback):
        callbacks = [callbacks] if callbacks else []
    return [_FiniteTraining(), *callbacks]
