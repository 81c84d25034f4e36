"""The Colab edition: each executed notebook of the book in plain Markdown.

    python tools/colab.py [--out FOLDER] [--repository OWNER/NAME] [--ref TAG]
    python tools/colab.py --run --wheel WHEEL

Colab shows the book's MyST syntax raw, so ``myst`` rewrites it. Outputs stay. Each
notebook begins with a cell that installs the package where it is missing. As long
as the repository has no address, no link to it is made.
"""

import argparse
import copy
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from execute import KERNEL, LANGUAGE, Refused, execute
from myst import convert
from nbformat.v4 import new_code_cell, new_markdown_cell
from notebooks import ROOT, paths, read, tags
from references import Book, Unknown

BRANCH = "colab"  # where publishing pushes the edition
COLAB = "https://colab.research.google.com"
FOLDED = {"hide-cell", "hide-input", "remove-cell", "remove-input"}
INSTALL = """\
#@title Install the book's package, unless it is there
{comment}try:
    import ganbook
except ImportError:
    %pip install -q {wheel}"""
CHECK = """\
import ganbook
assert ganbook.__file__.startswith({site!r}), ganbook.__file__"""


def edition(path, book, version):
    """The Colab edition of one notebook.

    Args:
        path: of the executed notebook, below ``book.root``.
        book: a ``references.Book``.
        version: of the package that the notebook was made with.

    Raises:
        Refused: at a cell with syntax that is not known.
    """
    page = path.relative_to(book.root / "book").with_suffix("").as_posix()
    notebook = read(path)
    cells = head(page, book, version)
    for number, cell in enumerate(notebook.cells, 1):
        try:
            cells += converted(cell, page, book)
        except Unknown as problem:
            raise Refused(number, problem) from None
    notebook.cells = cells
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": [], "toc_visible": True},
            "kernelspec": KERNEL,
            "language_info": LANGUAGE,
        }
    )
    nbformat.validate(notebook)
    return notebook


def head(page, book, version):
    """The cells before the chapter: badge and installation."""
    wheel, cells = f"ganbook-{version}-py3-none-any.whl", []
    comment = f"# {wheel} must lie beside this notebook.\n"
    if book.repository:
        target = f"{COLAB}/github/{book.repository}/blob/{BRANCH}/{page}.ipynb"
        badge = f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({target})"
        cells.append(new_markdown_cell(badge, id="colab-badge"))
        # publishing puts it on the same branch, from the same commit
        wheel, comment = f'"ganbook @ {book.source}/raw/{BRANCH}/{wheel}"', ""
    install = INSTALL.format(wheel=wheel, comment=comment)
    form = {"cellView": "form"}
    return [*cells, new_code_cell(install, id="colab-install", metadata=form)]


def converted(cell, page, book):
    """One cell of the book as the cells that say the same in Colab."""
    cell = copy.deepcopy(cell)
    marks, mystnb = tags(cell), cell.metadata.get("mystnb", {})
    cell.metadata = nbformat.from_dict({})
    if cell.cell_type != "code":
        if cell.cell_type == "markdown":
            cell.source = convert(cell.source, page, book)
        return [cell]
    if marks & FOLDED:
        title = mystnb.get("code_prompt_show", "Show the code")
        title = "Solution" if "solution" in marks else title
        cell.source = f"#@title {title}\n{cell.source}"
        cell.metadata.cellView = "form"
    alt = mystnb.get("image", {}).get("alt")
    for output in cell.outputs:
        for kind in output.get("data", ()):
            if alt and kind.startswith("image/"):
                output.metadata[kind] = {"alt": alt}
    figure = mystnb.get("figure", {})
    if not figure.get("caption"):
        return [cell]
    label = book.targets.get(figure.get("name", ""))
    caption = convert(figure["caption"], page, book).strip()
    caption = f"*{f'{label.text}. ' if label else ''}{caption}*"
    return [cell, new_markdown_cell(caption, id=f"{cell.id[:56]}-caption")]


def write(book, version, out):
    """Convert every notebook of the book; return the files and what was wrong."""
    files, problems = [], []
    for path in paths(book.root):
        file = out / path.relative_to(book.root / "book")
        try:
            notebook = edition(path, book, version)
        except Refused as problem:
            problems.append(f"{path.relative_to(book.root)}, {problem}")
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, file)
        files.append(file)
    return files, problems


def run(files, out, wheel):
    """Run converted notebooks against a wheel, away from the repository.

    Yields:
        str, a line per notebook that failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = os.path.join(os.path.realpath(folder), "site")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        pip += ["--no-index", "--disable-pip-version-check", "--target", site]
        subprocess.run([*pip, os.fspath(wheel)], check=True)

        def one(path):
            notebook, name = read(path), path.relative_to(out)
            notebook.cells.append(new_code_cell(CHECK.format(site=site)))
            try:
                seconds = execute(notebook, folder, PYTHONPATH=site)
                print(f"{name}: ran from the wheel, {seconds:.1f} s", flush=True)
            except Refused as problem:
                return f"{name}, {problem}"

        with ThreadPoolExecutor(2) as pool:  # a kernel seldom keeps two cores busy
            yield from filter(None, pool.map(one, files))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Make the Colab edition.")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "colab")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the repository")
    parser.add_argument(
        "--repository",
        default=os.environ.get("GITHUB_REPOSITORY"),
        help="OWNER/NAME on GitHub; without it no address is made",
    )
    parser.add_argument("--ref", help="tag to which file links point")
    parser.add_argument("--run", action="store_true", help="run what was converted")
    parser.add_argument("--wheel", type=Path, help="for --run: the built package")
    options = parser.parse_args(arguments)
    if options.run and not (options.wheel and options.wheel.is_file()):
        parser.error("--run: expected --wheel with the path of a built wheel")
    if options.repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
        parser.error(f"--repository: expected OWNER/NAME, got {options.repository!r}")
    if options.root.resolve() / "book" in [
        (out := options.out.resolve()),
        *out.parents,
    ]:
        parser.error(f"--out: {options.out} lies in the book itself")
    project = tomllib.loads((options.root / "pyproject.toml").read_text("utf-8"))
    version = project["project"]["version"]
    book = Book(options.root, options.repository, options.ref or f"v{version}")
    files, problems = write(book, version, options.out)
    if options.run:
        problems += run(files, options.out, options.wheel)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"notebooks for Colab: {len(files)}, in {options.out}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
