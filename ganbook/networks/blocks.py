"""Blocks that other networks add to their convolutions."""

import keras
from keras import layers, ops

from ganbook import checks


@keras.saving.register_keras_serializable(package="ganbook")
class MinibatchStd(layers.Layer):
    """Append one channel: how much the examples of a group differ.

    The standard deviation over each group, for each pixel and channel, averaged to
    one number. A discriminator so sees that a batch of equal images is not real.
    It mixes examples: with a gradient penalty, say
    ``GAN(..., allow_mixing=True)``.

    Args:
        group: examples that are compared, >= 2; a batch that is no multiple of it
            is one group.

    Returns:
        Maps ``(batch, height, width, channels + 1)``.

    Raises:
        TypeError, ValueError: if ``group`` is no integer >= 2.

    References:
        Karras et al., 2018, sec. 3. https://arxiv.org/abs/1710.10196
    """

    def __init__(self, group=4, **kwargs):
        super().__init__(**kwargs)
        self.group = checks.integer("group", group, 2)

    def call(self, x):
        batch, height, width, channels = ops.shape(x)
        groups = batch // self.group
        if isinstance(batch, int):  # JAX takes no traced number for a shape
            groups = groups if batch % self.group == 0 else 1
        else:
            groups = ops.where(batch % self.group == 0, groups, 1)
        split = ops.reshape(x, (groups, -1, height, width, channels))
        # the small number keeps the slope of the root finite at 0
        std = ops.sqrt(ops.var(split, axis=1, keepdims=True) + 1e-8)
        mean = ops.mean(std, axis=(2, 3, 4), keepdims=True)
        plane = ops.broadcast_to(mean, (*ops.shape(split)[:-1], 1))
        plane = ops.reshape(plane, (batch, height, width, 1))
        return ops.concatenate([x, plane], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return super().get_config() | {"group": self.group}


def self_attention(x, size=None):
    """``x`` plus what each place sees at all others; begins as ``x``.

    Queries and keys are 1×1 convolutions to ``size`` channels; a softmax over the
    places weighs the values. The last 1×1 convolution begins at zero, in place of
    the paper's factor that does.

    Args:
        x: symbolic maps ``(batch, height, width, channels)``.
        size: channels of queries and keys, >= 1; None for an eighth of those of
            ``x``, as in the paper.

    Returns:
        Symbolic maps of the shape of ``x``.

    Raises:
        TypeError, ValueError: if ``x`` has no four axes or ``size`` is no positive
            integer.

    References:
        Zhang et al., 2019, sec. 3. https://arxiv.org/abs/1805.08318
    """
    if len(x.shape) != 4:
        raise ValueError(f"x: expected (batch, height, width, channels), got {x.shape}")
    height, width, channels = x.shape[1:]
    size = max(channels // 8, 1) if size is None else checks.integer("size", size)

    def places(filters):
        return layers.Reshape((-1, filters))(layers.Conv2D(filters, 1)(x))

    query, key, value = places(size), places(size), places(channels)
    weights = layers.Softmax()(layers.Dot(axes=2)([query, key]))
    seen = layers.Reshape((height, width, channels))(
        layers.Dot(axes=(2, 1))([weights, value])
    )
    seen = layers.Conv2D(channels, 1, kernel_initializer="zeros")(seen)
    return layers.Add()([x, seen])
