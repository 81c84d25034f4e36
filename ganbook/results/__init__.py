"""What longer runs measured: written by ``benchmarks/``, read by the chapters.

A result is a JSON file beside this one. ``python benchmarks/NAME.py`` measures it
anew, and the chapters' claims then compare what they say with what it says.
"""

import json
from importlib import resources


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
    here = resources.files(__name__)
    known = sorted(f.name[:-5] for f in here.iterdir() if f.name.endswith(".json"))
    if name not in known:
        raise ValueError(f"name: expected one of {', '.join(known)}, got {name!r}")
    return json.loads((here / f"{name}.json").read_text())
