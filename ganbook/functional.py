"""Networks and optimizers as functions of weights, which come in one vector."""

import keras
import numpy as np
from keras import ops


def vector(variables):
    """Variables, such as trainable weights, as one tensor ``(n,)``."""
    return ops.concatenate([ops.reshape(v.value, (-1,)) for v in variables])


def called(network, weights):
    """The network with other trainable weights, as a function of its input.

    What it assigns on the way, such as batch statistics, is dropped; masks of dropout
    are the same at each call.
    """
    variables = network.trainable_variables
    sizes = [int(np.prod(v.shape)) for v in variables]
    parts = [
        ops.cast(ops.reshape(weights[end - size : end], v.shape), v.dtype)
        for v, size, end in zip(variables, sizes, np.cumsum(sizes), strict=True)
    ]
    fixed = [v.value for v in network.non_trainable_variables]

    def call(x, training=True):
        return network.stateless_call(parts, fixed, x, training=training)[0]

    return call


def moves(optimizer):
    """Whether `Move` can repeat what the optimizer does."""
    extras = ("amsgrad", "clipnorm", "clipvalue", "global_clipnorm", "momentum")
    extras += ("weight_decay", "gradient_accumulation_steps")
    known = isinstance(optimizer, keras.optimizers.Adam | keras.optimizers.SGD)
    return known and not any(getattr(optimizer, name, None) for name in extras)


class Move:
    """The next steps of an optimizer that is left as it is.

    Args:
        optimizer: Adam, or gradient descent, without extras: see `moves`.
        variables: those of its variables that move.

    References:
        Kingma and Ba, 2015, algorithm 1. https://arxiv.org/abs/1412.6980
    """

    def __init__(self, optimizer, variables):
        self.optimizer = optimizer
        dtype = variables[0].dtype  # in which Keras, too, makes its step
        self.rate = ops.cast(optimizer.learning_rate, dtype)
        if self.adaptive:
            own = [optimizer._get_variable_index(v) for v in variables]
            self.mean = vector([optimizer._momentums[i] for i in own])
            self.square = vector([optimizer._velocities[i] for i in own])
            self.t = ops.cast(optimizer.iterations, dtype)

    @property
    def adaptive(self):
        return isinstance(self.optimizer, keras.optimizers.Adam)

    def __call__(self, weights, slope):
        """Weights after one step along a slope, both ``(n,)``."""
        if not self.adaptive:
            return weights - self.rate * slope
        adam = self.optimizer
        self.t += 1.0
        self.mean = adam.beta_1 * self.mean + (1 - adam.beta_1) * slope
        self.square = adam.beta_2 * self.square + (1 - adam.beta_2) * slope**2
        # Keras' form of the corrections for the start from 0
        rate = self.rate * ops.sqrt(1 - adam.beta_2**self.t) / (1 - adam.beta_1**self.t)
        # the small number keeps the slope of the root finite where a weight is idle
        root = ops.sqrt(self.square + 1e-20)
        return weights - rate * self.mean / (root + adam.epsilon)
