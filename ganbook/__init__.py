"""Small, tested building blocks for the chapters of the GAN book."""

from importlib import import_module

from ganbook.notebook import claim, setup
from ganbook.training import GAN

__version__ = "0.1.0"

# Imported at first use: scikit-learn and Matplotlib would double the import time
_MODULES = {
    "autodiff",
    "callbacks",
    "constraints",
    "data",
    "divergences",
    "exercises",
    "f_divergences",
    "games",
    "loss_map",
    "losses",
    "metrics",
    "networks",
    "penalties",
    "plotting",
    "results",
    "training",
    "variants",
}

__all__ = ["GAN", "claim", "setup", *sorted(_MODULES)]


def __getattr__(name):
    if name in _MODULES:
        return import_module(f"ganbook.{name}")
    raise AttributeError(f"module 'ganbook' has no attribute {name!r}")
