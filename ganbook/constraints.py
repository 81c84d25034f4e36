"""What an optimizer does to weights after each step."""

import keras
from keras import ops

from ganbook import checks


@keras.saving.register_keras_serializable(package="ganbook")
class WeightClip(keras.constraints.Constraint):
    """Clip each weight to [-limit, limit], the first recipe for Wasserstein critics.

    For one layer: ``Dense(8, kernel_constraint=WeightClip(0.01))``; for all of a
    network, see `clip`.

    Args:
        limit: largest absolute value, > 0.

    Raises:
        TypeError, ValueError: if ``limit`` is no number > 0.

    References:
        Arjovsky et al., 2017, algorithm 1. https://arxiv.org/abs/1701.07875
    """

    def __init__(self, limit=0.01):
        self.limit = checks.positive("limit", limit)

    def __call__(self, weight):
        return ops.clip(weight, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}


def clip(network, limit=0.01):
    """Constrain every trainable weight of ``network``, which is returned.

    The optimizer clips after its steps: the initial weights stay as they are
    until the first one. A clone of the network, or one from its configuration, is
    free again.

    Args:
        network: a Keras model with trainable weights: a built one.
        limit: largest absolute value, > 0.

    Raises:
        TypeError: if ``network`` is no Keras model.
        TypeError, ValueError: if ``limit`` is no number > 0.
        ValueError: if there is nothing to constrain.
    """
    if not isinstance(network, keras.Model):
        raise TypeError(f"network: expected a Keras model, got {network!r}")
    if not network.trainable_variables:
        raise ValueError(
            f"network: expected trainable weights, got none in {network.name!r}"
        )
    for variable in network.trainable_variables:
        variable.constraint = WeightClip(limit)
    return network
