"""A block that other networks add to their convolutions."""

from keras import layers

from ganbook import checks


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
