r"""How far apart two known distributions are, and what the best D says of them.

Functions of two densities take arrays of one shape, which hold the values on an even
grid of any dimension; ``cell`` is the volume of one cell, in two dimensions the
product of both steps. With ``cell=1`` the arrays are the probabilities of a discrete
distribution. Either way the values times ``cell`` must sum to 1, up to 0.1 %, which a
grid that ends somewhere needs; that rest is divided out.

Functions of two sets of points take samples, or points with weights: a density on a
grid is the grid's points with the weights ``density * cell``.

Results are floats, in nats where there is a logarithm.
"""

from ganbook.divergences.densities import (
    chi_squared,
    f_divergence,
    hellinger,
    js,
    kl,
    reverse_kl,
    total_variation,
)
from ganbook.divergences.kernel import squared_mmd
from ganbook.divergences.optimal import optimal_discriminator
from ganbook.divergences.transport import (
    Transport,
    lipschitz_critic,
    transport,
    wasserstein,
)

__all__ = [
    "Transport",
    "chi_squared",
    "f_divergence",
    "hellinger",
    "js",
    "kl",
    "lipschitz_critic",
    "optimal_discriminator",
    "reverse_kl",
    "squared_mmd",
    "total_variation",
    "transport",
    "wasserstein",
]
