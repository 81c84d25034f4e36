"""Keras callbacks for ``GAN.fit``; those of Keras itself work, too.

`Samples` and `Coverage` watch what the generator makes, `DivergenceGuard` watches
for numbers that are not finite, `Resume` makes a run survive its process, and
`ForDiscriminator` lets a callback of Keras act on the discriminator's optimizer.
"""

from ganbook.callbacks.guard import DivergenceGuard
from ganbook.callbacks.optimizer import ForDiscriminator
from ganbook.callbacks.resume import Resume
from ganbook.callbacks.samples import Coverage, Samples

__all__ = ["Coverage", "DivergenceGuard", "ForDiscriminator", "Resume", "Samples"]
