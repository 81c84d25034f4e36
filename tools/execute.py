"""Run notebooks in place: what they show is what their code has just printed.

    python tools/execute.py [--check] [NOTEBOOK ...]

Without names it runs every notebook of the book. A notebook that fails, warns or
prints what another run would not print again is named and left as it was.
"""

import argparse
import asyncio
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from notebooks import ENVIRONMENT, ROOT, paths, read, shown

TIMEOUT = 600  # seconds per cell
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}

MACHINE = {ROOT, Path.home(), tempfile.gettempdir(), sys.prefix, sys.base_prefix}
UNSTABLE = {
    "a progress bar": re.compile(r"[\r\b]"),
    "a memory address": re.compile(r"\bat 0x[0-9a-f]{6,}"),
    "a path of this machine": re.compile(
        "|".join(rf"(?<!\w){re.escape(str(place))}[/\\]" for place in MACHINE)
    ),
}


class Refused(Exception):
    """Why a notebook may not be written, and in which cell."""

    def __init__(self, number, reason):
        lines = [line for line in str(reason).splitlines() if line.strip()]
        super().__init__(f"cell {number}: {lines[0] if lines else 'no message'}")


def execute(notebook, folder, **environment):
    """Run a notebook's cells in a fresh kernel, and replace their outputs.

    Args:
        notebook: changed in place.
        folder: where the kernel works.
        **environment: variables for the kernel, over those of this process.

    Returns:
        float, wall time in seconds, the kernel's start and end included.

    Raises:
        Refused: at the first cell that fails, writes to stderr or prints what
            another run would not.
    """
    number = 0

    def started(cell, cell_index):
        nonlocal number
        number = cell_index + 1

    def executed(cell, cell_index, execute_reply):
        for output in cell.outputs:
            refuse_unstable(number, output)

    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name=KERNEL["name"],
        coalesce_streams=True,  # else cells print in pieces that depend on time
        store_widget_state=False,
        on_cell_start=started,
        on_cell_executed=executed,  # earlier than the above, which hides "\r"
        resources={"metadata": {"path": str(folder)}},
        # TensorFlow's C++ code says on every start that it found no GPU, before it
        # reads its log level. With this, stderr in a notebook is Python's alone.
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )
    start = time.perf_counter()
    try:
        # not client.execute, which leaves an event loop open in each thread
        asyncio.run(
            client.async_execute(
                env={**os.environ, **ENVIRONMENT, **environment},
                stderr=subprocess.DEVNULL,
            )
        )
    except CellTimeoutError:
        raise Refused(number, f"still running after {TIMEOUT} s") from None
    except RuntimeError as error:  # such as nbclient's DeadKernelError
        raise Refused(number, f"{error} (out of memory?)") from None
    return time.perf_counter() - start


def refuse_unstable(number, output):
    """Raise Refused if an output is no part of a page that stays the same."""
    if output.output_type == "error":
        raise Refused(number, f"{output.ename}: {output.evalue}")
    if output.get("name") == "stderr":
        raise Refused(number, f"wrote to stderr: {output.text.strip()}")
    for what, pattern in UNSTABLE.items():
        if pattern.search(shown(output)):
            raise Refused(number, f"printed {what}")


def normalize(notebook, seconds):
    """Leave in the metadata only what the book reads, and add the facts."""
    for cell in notebook.cells:
        keep(cell.metadata, "mystnb", "tags")
    keep(notebook.metadata, "mystnb")
    notebook.metadata.update(
        kernelspec=KERNEL,
        language_info=LANGUAGE,
        ganbook={
            "seconds": round(seconds, 1),
            "python": platform.python_version(),
            **{name: version(name) for name in ("keras", "tensorflow", "ganbook")},
        },
    )


def keep(metadata, *names):
    for name in set(metadata) - set(names):
        del metadata[name]


def update(path, write=True):
    """Execute one notebook and, if it passed, replace its file at once.

    Returns:
        float, seconds.
    """
    before = path.read_bytes()
    notebook = read(path)
    seconds = execute(notebook, path.resolve().parent)
    if write:
        normalize(notebook, seconds)
        nbformat.validate(notebook)
        if path.read_bytes() != before:
            raise ValueError("changed on disk while it ran")
        part = path.with_name(f".{path.name}.part")
        try:
            nbformat.write(notebook, part)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    return seconds


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Run notebooks in place.")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--check", action="store_true", help="run, but write nothing")
    options = parser.parse_args(arguments)
    failed = False
    for path in options.notebooks or paths():
        absolute = path.resolve()
        name = absolute.relative_to(ROOT) if ROOT in absolute.parents else path
        try:
            print(f"{name}: {update(path, not options.check):.1f} s", flush=True)
        except Refused as problem:
            failed = True
            print(f"{name}, {problem}", file=sys.stderr, flush=True)
        except (OSError, ValueError) as problem:
            failed = True
            print(f"{name}: {problem}", file=sys.stderr, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
