"""Layers that let a discriminator compare the examples of a batch."""

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
        Features or maps ``(batch, ..., channels + 1)``.

    Raises:
        TypeError, ValueError: if ``group`` is no integer >= 2.

    References:
        Karras et al., 2018, sec. 3. https://arxiv.org/abs/1710.10196
    """

    def __init__(self, group=4, **kwargs):
        super().__init__(**kwargs)
        self.group = checks.integer("group", group, 2)

    def call(self, x):
        batch, *rest = ops.shape(x)
        groups = batch // self.group
        if isinstance(batch, int):  # JAX takes no traced number for a shape
            groups = groups if batch % self.group == 0 else 1
        else:
            groups = ops.where(batch % self.group == 0, groups, 1)
        split = ops.reshape(x, (groups, -1, *rest))
        # the small number keeps the slope of the root finite at 0
        std = ops.sqrt(ops.var(split, axis=1, keepdims=True) + 1e-8)
        mean = ops.mean(std, axis=tuple(range(2, len(rest) + 2)), keepdims=True)
        channel = ops.broadcast_to(mean, (*ops.shape(split)[:-1], 1))
        return ops.concatenate([x, ops.reshape(channel, (batch, *rest[:-1], 1))], -1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return super().get_config() | {"group": self.group}


@keras.saving.register_keras_serializable(package="ganbook")
class MinibatchDiscrimination(layers.Layer):
    r"""Append how near the other examples of the batch are, in learned directions.

    With :math:`M_i` the features of example i times a learned tensor, a matrix of
    ``kernels`` rows of size ``size``, entry b of

    .. math:: o(x_i)_b = \sum_j \exp(- \lVert M_{ib} - M_{jb} \rVert_1)

    counts the examples that look alike: 1 (the example itself) to the batch size. The
    layer mixes examples, as `MinibatchStd` does.

    Args:
        kernels: numbers that are appended, >= 1.
        size: directions for each, >= 1.

    Returns:
        Features ``(batch, n + kernels)``.

    Raises:
        TypeError, ValueError: if a size is no positive integer, or the features are not
            ``(batch, n)``.

    References:
        Salimans et al., 2016, sec. 3.2. https://arxiv.org/abs/1606.03498
    """

    def __init__(self, kernels=16, size=8, **kwargs):
        super().__init__(**kwargs)
        self.kernels = checks.integer("kernels", kernels)
        self.size = checks.integer("size", size)

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(f"x: expected features (batch, n), got {input_shape}")
        # wide enough for distances near 1, where the exponential has a slope
        self.tensor = self.add_weight(
            (input_shape[-1], self.kernels * self.size), "glorot_uniform", name="tensor"
        )

    def call(self, x):
        rows = ops.reshape(ops.matmul(x, self.tensor), (-1, self.kernels, self.size))
        apart = ops.sum(ops.abs(rows[:, None] - rows[None]), axis=-1)
        return ops.concatenate([x, ops.sum(ops.exp(-apart), axis=1)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] + self.kernels)

    def get_config(self):
        return super().get_config() | {"kernels": self.kernels, "size": self.size}
