"""Data for the chapters: distributions with a known density, and images.

Distributions have ``sample(n, seed)`` and ``density(x)``, and, where they have
modes, ``centers`` and ``std``. Image loaders return ``(images, labels)``:
float32 ``(n, height, width, channels)`` in [-1, 1], and int64 ``(n,)``.
"""

from ganbook.data.folder import folder
from ganbook.data.images import digits, fashion_mnist, idx, mnist
from ganbook.data.toy import Mixture, Spiral, grid, ring, spiral

__all__ = [
    "Mixture",
    "Spiral",
    "digits",
    "fashion_mnist",
    "folder",
    "grid",
    "idx",
    "mnist",
    "ring",
    "spiral",
]
