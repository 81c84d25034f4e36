"""``check(name, answer)``: does an answer do what a right answer does?

Each check computes what is right, and answers a wrong try with a hint, not with
the solution.
"""

from ganbook.exercises import (  # noqa: F401
    balance,
    broken_code,
    causes,
    conditional,
    counting,
    cures,
    dcgan,
    divergences,
    games,
    generative_models,
    minimax,
    modern,
    reading_curves,
    saturation,
    stability,
    thousand_modes,
    two_players,
    wasserstein,
)
from ganbook.exercises.checking import check

__all__ = ["check"]
