"""What longer runs measured: written by ``benchmarks/``, read by the chapters.

A result is a JSON file beside this one. ``python benchmarks/NAME.py`` measures it
anew, and the chapters' claims then compare what they say with what it says.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt


def load(name):
    """One result as a dictionary.

    Args:
        name: of a file in this folder, without its ending.

    Returns:
        dict; ``"provenance"`` holds the command, machine, versions, seconds and the
        checksum of the data, the other keys what was measured.

    Raises:
        ValueError: if there is no such result.
    """
    return json.loads(_find(name, ".json").read_text())


def picture(name):
    """A picture that a run left: grays in [0, 1], ``(height, width)``.

    Args:
        name: of a PNG file in this folder, without its ending.

    Raises:
        ValueError: if there is no such picture.
    """
    return plt.imread(_find(name, ".png"))[..., 0]


def _find(name, ending):
    here = Path(__file__).parent
    known = sorted(path.stem for path in here.glob(f"*{ending}"))
    if name not in known:
        raise ValueError(f"name: expected one of {', '.join(known)}, got {name!r}")
    return here / f"{name}{ending}"
