"""What the book's tools know about its notebooks.

Cells are counted from 1, Markdown cells included, wherever a message names one.
"""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]

# For kernels whose output is stored or compared: fit() draws no progress bar, and
# TensorFlow logs errors only.
ENVIRONMENT = {"GANBOOK_QUIET": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def paths(root=ROOT):
    """All notebooks of the book, sorted, without copies made by tools."""
    return sorted(
        path
        for path in (Path(root) / "book").rglob("*.ipynb")
        if not {"_build", ".ipynb_checkpoints"} & set(path.parts)
    )


def read(path):
    """A notebook in the current format, 4.5 or later, whose cells have ids."""
    notebook = nbformat.read(path, as_version=4)
    return nbformat.v4.upgrade(notebook, notebook.nbformat, notebook.nbformat_minor)


def tags(cell):
    """The set of a cell's tags."""
    return set(cell.metadata.get("tags", ()))


def shown(output):
    """All text of an output, without its pictures."""
    data = output.get("data", {})
    texts = [text for kind, text in data.items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts])


def facts(path):
    """What a notebook says about itself.

    Args:
        path: of an executed notebook.

    Returns:
        dict with ``time`` (seconds in words), ``seconds`` (as measured by
        ``tools/execute.py``, or None), ``claims`` (how many held), ``exercises``
        and ``versions`` (python, keras, tensorflow, ganbook; empty if unknown).
    """
    notebook = read(path)
    versions = dict(notebook.metadata.get("ganbook", {}))
    seconds = versions.pop("seconds", None)
    printed = "\n".join(
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.get("name") == "stdout"
    )
    return {
        "time": in_words(seconds),
        "seconds": seconds,
        # check() prints "✓ name: right", which no claim's sentence looks like
        "claims": len(re.findall(r"^✓ (?![\w-]+: right$)", printed, re.M)),
        "exercises": sum(
            cell.cell_type == "markdown" and "exercise" in tags(cell)
            for cell in notebook.cells
        ),
        "versions": versions,
    }


def in_words(seconds):
    """A run time no more precise than another machine can confirm.

    Example:
        >>> [in_words(seconds) for seconds in (3.2, 21.3, 74.9, 130)]
        ['under 5 seconds', 'about 20 seconds', 'about 70 seconds', 'about 2 minutes']
    """
    if seconds is None:
        return "not yet measured"
    if seconds < 5:
        return "under 5 seconds"
    if seconds < 95:
        step = 5 if seconds < 30 else 10
        return f"about {step * round(seconds / step)} seconds"
    return f"about {round(seconds / 60)} minutes"
