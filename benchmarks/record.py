"""Write what was measured to where the chapters read it, with its provenance."""

import datetime
import hashlib
import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

RESULTS = Path(__file__).parents[1] / "ganbook" / "results"


def machine():
    """Cores, processor and memory of a Linux machine."""
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if "model name" in line]
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(names)} cores, {names[0]}, {gigabytes:.0f} GiB"


def checksum(*arrays):
    """SHA-256 of the arrays' bytes, the first 16 digits."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def write(name, measured, *, seconds, data=()):
    """Write ``measured``, a dictionary, to the result ``name``.

    ``seconds`` is how long all of it took, ``data`` the arrays it was measured on.
    """
    backend = keras.backend.backend()
    packages = ("ganbook", "keras", backend, "numpy")
    provenance = {
        "command": f"python benchmarks/{name}.py",
        "date": str(datetime.date.today()),
        "machine": machine(),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in packages},
        "seconds": round(seconds),
        "data": checksum(*data),
    }
    text = json.dumps({"provenance": provenance} | measured, indent=1)
    (RESULTS / f"{name}.json").write_text(_rows_on_one_line(text) + "\n")


def picture(name, images, columns=8):
    """Write images ``(n, height, width, 1)`` in [-1, 1] as one PNG, row by row."""
    n, height, width, _ = images.shape
    board = images[: n // columns * columns].reshape(-1, columns, height, width)
    board = board.transpose(0, 2, 1, 3).reshape(-1, columns * width)
    plt.imsave(RESULTS / f"{name}.png", board, cmap="gray", vmin=-1, vmax=1)


def _rows_on_one_line(text):
    """Lists of plain numbers on one line each, for a readable difference."""

    def joined(match):
        return "[" + ", ".join(part.strip() for part in match[1].split(",")) + "]"

    return re.sub(r"\[([^\[\]{}\"]*)\]", joined, text)
