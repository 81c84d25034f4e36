"""Two-player games: where the players go, and whether they come to rest.

On the plane, where each player has one number: a `Game` has a field, a Jacobian and
eigenvalues; `dirac`, `bilinear` and `quadratic` make games, `trajectory` plays one.
For networks: `NeuralGame`, the Jacobian of a small GAN.
"""

from ganbook.games.dirac import dirac, dirac_eigenvalues
from ganbook.games.moves import (
    Adam,
    Consensus,
    Descent,
    Extragradient,
    Momentum,
    Optimistic,
)
from ganbook.games.neural import NeuralGame
from ganbook.games.plane import Game, bilinear, quadratic
from ganbook.games.play import spectral_radius, trajectory

__all__ = [
    "Adam",
    "Consensus",
    "Descent",
    "Extragradient",
    "Game",
    "Momentum",
    "NeuralGame",
    "Optimistic",
    "bilinear",
    "dirac",
    "dirac_eigenvalues",
    "quadratic",
    "spectral_radius",
    "trajectory",
]
