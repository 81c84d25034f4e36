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
    until the first one.

    Args:
        network: a built Keras model.
        limit: largest absolute value, > 0.

    Raises:
        TypeError, ValueError: if ``limit`` is no number > 0.
    """
    for variable in network.trainable_variables:
        variable.constraint = WeightClip(limit)
    return network
