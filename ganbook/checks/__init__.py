"""What the package refuses at the door, each in one line: name, expected, got."""

from ganbook.checks.fit import (
    batch,
    batch_size,
    one_for_each,
    samples,
    trainable,
    while_finite,
)
from ganbook.checks.gan import (
    decay,
    instance_noise,
    loss,
    optimizers,
    penalties,
    precision,
    seed,
    unused,
    words,
)
from ganbook.checks.players import apart, examples_apart, networks, plain
from ganbook.checks.saving import SavedByWeights
from ganbook.checks.values import finite, integer, number, numbers, positive, weight

__all__ = [
    "SavedByWeights",
    "apart",
    "batch",
    "batch_size",
    "decay",
    "examples_apart",
    "finite",
    "instance_noise",
    "integer",
    "loss",
    "networks",
    "number",
    "numbers",
    "one_for_each",
    "optimizers",
    "penalties",
    "plain",
    "positive",
    "precision",
    "samples",
    "seed",
    "trainable",
    "unused",
    "weight",
    "while_finite",
    "words",
]
