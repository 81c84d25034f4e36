"""What the package refuses at the door, each in one line: name, expected, got."""

from ganbook.checks.gan import (
    batch,
    decay,
    loss,
    optimizers,
    penalties,
    precision,
    samples,
    seed,
    trainable,
    unused,
)
from ganbook.checks.players import networks
from ganbook.checks.saving import SavedByWeights
from ganbook.checks.values import finite, integer, number, numbers, positive

__all__ = [
    "SavedByWeights",
    "batch",
    "decay",
    "finite",
    "integer",
    "loss",
    "networks",
    "number",
    "numbers",
    "optimizers",
    "penalties",
    "positive",
    "precision",
    "samples",
    "seed",
    "trainable",
    "unused",
]
