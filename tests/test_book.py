"""Rules for every committed notebook; a failure names the notebook and the cell."""

import ast
import copy
import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import cover  # noqa: E402
import equations  # noqa: E402
from notebooks import paths, read, shown, tags  # noqa: E402

SETUP = "import ganbook\n\nSEED = ganbook.setup(seed=0)"
MEGABYTE = 1_000_000
SECONDS = 90
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|Users|opt)/|\bC:\\\\")
TIMESTAMP = re.compile(r"\b20\d\d-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b")
SHOWS = re.compile(r"^(?:claim|check|plt\.show)\(", re.M)
NOTEBOOKS = paths(ROOT)
PAGES = [*NOTEBOOKS, *sorted((ROOT / "book").rglob("*.md"))]


def is_chapter(path):
    """Chapters live in the folder of a part; the pages around them do not."""
    return path.parent.name not in ("book", "appendix")


def problems(notebook, size=0, chapter=True):
    """Yield ``cell 7: what is wrong`` for each broken rule; cells count from 1."""
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        yield f"not valid: {error.message}"
    if notebook.nbformat_minor < 5 or not all("id" in c for c in notebook.cells):
        yield "not in nbformat 4.5 with a cell id for each cell"
    if size > MEGABYTE:
        yield f"{size / MEGABYTE:.1f} MB, more than 1 MB"
    seconds = notebook.metadata.get("ganbook", {}).get("seconds")
    if seconds is None:
        yield "no measured time: run make execute"
    elif seconds > SECONDS:
        yield f"takes {seconds} s, more than {SECONDS} s"
    code = [c for c in notebook.cells if c.cell_type == "code"]
    if not code or code[0].source != SETUP or "setup" not in tags(code[0]):
        yield f"the first code cell is not the standard one, tagged setup: {SETUP!r}"
    expected = 0
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            expected += 1
            for problem in code_problems(cell, expected):
                yield f"cell {number}: {problem}"
    if not any("claim(" in c.source for c in code):
        yield "no claim"
    if chapter:
        yield from exercise_problems(notebook.cells)


def code_problems(cell, expected):
    if cell.execution_count != expected:
        yield f"executed as {cell.execution_count}, expected {expected}"
    if "execution" in cell.metadata:
        yield "timestamps in the metadata"
    if (
        re.search(r"^(?:claim|check|plt\.show)\(", cell.source, re.M)
        and not cell.outputs
    ):
        yield "no output"
    if ABSOLUTE.search(cell.source):
        yield "an absolute path in the code"
    for output in cell.outputs:
        text = shown(output)
        if output.output_type == "error":
            yield f"error output: {output.ename}: {output.evalue}"
        if output.get("name") == "stderr":
            yield f"stderr output: {text.strip().splitlines()[0]}"
        if re.search(r"[\r\b]|\d+/\d+ ━", text):
            yield "a progress bar in the output"
        if ABSOLUTE.search(text):
            yield "an absolute path in the output"
        if TIMESTAMP.search(text):
            yield "a time or date in the output"
        pictures = any(kind.startswith("image/") for kind in output.get("data", {}))
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if pictures and not alt.strip():
            yield "an image without alt text in mystnb.image.alt"


def exercise_problems(cells):
    """Each exercise: text, perhaps a cell to fill in, then an executed solution."""
    starts = [
        i
        for i, c in enumerate(cells)
        if c.cell_type == "markdown" and "exercise" in tags(c)
    ]
    if len(starts) < 3:
        yield f"{len(starts)} exercises, fewer than 3"
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        solved = [c for c in cells[start:end] if "solution" in tags(c)]
        run = [c for c in solved if c.cell_type == "code" and c.outputs]
        if not any(c.cell_type == "markdown" for c in solved) or not run:
            yield f"cell {start + 1}: an exercise without explained, executed solution"
        for number, cell in enumerate(cells[start:end], start + 1):
            text = "".join(shown(output) for output in cell.get("outputs", ()))
            to_fill_in = cell.cell_type == "code" and "exercise" in tags(cell)
            if to_fill_in and "not attempted yet" not in text:
                yield f"cell {number}: does not say 'not attempted yet' as shipped"
            if "solution" in tags(cell) and "✗" in text:
                yield f"cell {number}: a solution that its check calls wrong"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_follows_the_rules(path):
    name = path.relative_to(ROOT)
    found = problems(read(path), path.stat().st_size, is_chapter(path))
    lines = [f"{name}, {problem}" for problem in found]
    assert not lines, "\n" + "\n".join(lines)


# ---- each rule, proved on a notebook that breaks it ----


def good():
    v4 = nbformat.v4
    image = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    said = v4.new_output("stream", name="stdout", text="✓ yes\n")
    open_ = v4.new_output("stream", name="stdout", text="x-1: not attempted yet\n")
    cells = [
        v4.new_markdown_cell("# Why?"),
        v4.new_code_cell(SETUP, metadata={"tags": ["setup"]}),
        v4.new_code_cell("plt.show()", outputs=[image]),
        v4.new_code_cell('claim("yes", True)', outputs=[said]),
    ]
    cells[2].metadata["mystnb"] = {"image": {"alt": "a curve"}}
    for k in range(3):
        asked = {"metadata": {"tags": ["exercise"]}}
        solved = {"metadata": {"tags": ["solution"]}}
        cells += [
            v4.new_markdown_cell(f"### Exercise {k}", **asked),
            v4.new_code_cell('check("x-1", None)', outputs=[open_], **asked),
            v4.new_markdown_cell("Because.", **solved),
            v4.new_code_cell("print()", outputs=[said], **solved),
        ]
    code = [c for c in cells if c.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
    metadata = {"ganbook": {"seconds": 3.0}}
    return copy.deepcopy(v4.new_notebook(cells=cells, metadata=metadata))


def stdout(text):
    return lambda nb: nb.cells[3].outputs[0].update(text=text)


def stderr(nb):
    nb.cells[3].outputs[0]["name"] = "stderr"


def error(nb):
    nb.cells[3].outputs = [
        nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    ]


BREAKS = {
    "cell 3: an image without alt text": lambda nb: nb.cells[2].metadata.clear(),
    "cell 4: error output: ValueError: no": error,
    "cell 4: stderr output: ✓ yes": stderr,
    "cell 4: a progress bar": stdout("1/2 ━━━━━"),
    "cell 4: an absolute path in the output": stdout("saved /tmp/x"),
    "cell 4: a time or date in the output": stdout("saved 2031-01-02"),
    "cell 4: no output": lambda nb: nb.cells[3].update(outputs=[]),
    "cell 4: executed as 9, expected 3": lambda nb: nb.cells[3].update(
        execution_count=9
    ),
    "cell 3: timestamps": lambda nb: nb.cells[2].metadata.update(execution={}),
    "cell 3: an absolute path in the code": lambda nb: nb.cells[2].update(
        source='open("/home/x")'
    ),
    "no claim": lambda nb: nb.cells[3].update(source="print()"),
    "no measured time": lambda nb: nb.metadata.clear(),
    "takes 91 s": lambda nb: nb.metadata.ganbook.update(seconds=91),
    "the first code cell is not the standard": lambda nb: nb.cells[1].update(source=""),
    "2 exercises, fewer than 3": lambda nb: nb.cells[4].metadata.update(tags=[]),
    "cell 5: an exercise without": lambda nb: nb.cells[7].update(outputs=[]),
    "cell 6: does not say": lambda nb: nb.cells[5].outputs[0].update(text="x"),
    "cell 8: a solution that its check": lambda nb: (
        nb.cells[7].outputs[0].update(text="✗")
    ),
    "not in nbformat 4.5": lambda nb: nb.update(nbformat_minor=4),
}


def test_a_good_notebook_has_no_problems():
    assert list(problems(good())) == []


@pytest.mark.parametrize("message", BREAKS)
def test_rule_is_enforced(message):
    notebook = good()
    BREAKS[message](notebook)
    assert any(message in problem for problem in problems(notebook))


def test_size_is_limited():
    assert list(problems(good(), size=1_200_000)) == ["1.2 MB, more than 1 MB"]


# ---- the book as a whole ----


def markdown(path):
    if path.suffix == ".md":
        return path.read_text()
    return "\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")


def test_citations_and_bibliography_agree():
    bibliography = (ROOT / "book" / "references.bib").read_text()
    entries = set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, re.M))
    cited = {
        key.strip()
        for path in PAGES
        for keys in re.findall(r"\{cite:[tp]\}`([^`]+)`", markdown(path))
        for key in keys.split(",")
    }
    assert cited - entries == set(), "cited, but not in references.bib"
    assert entries - cited == set(), "in references.bib, but never cited"


def test_every_page_is_in_the_table_of_contents():
    toc = (ROOT / "_toc.yml").read_text()
    for path in PAGES:
        name = path.relative_to(ROOT / "book").with_suffix("").as_posix()
        assert re.search(rf"\b{name}\s*$", toc, re.M), f"{name} is not in _toc.yml"


@pytest.mark.parametrize("page", ["index.ipynb", "how-to-use.md"])
def test_every_chapter_is_in_the_overviews(page):
    text = markdown(ROOT / "book" / page)
    names = {p.relative_to(ROOT / "book").with_suffix("").as_posix() for p in PAGES}
    chapters = {n for n in names if "/" in n and not n.startswith("appendix/")}
    assert {n for n in chapters if f"{{doc}}`{n}`" not in text} == set()


def test_the_readme_shows_what_the_landing_page_computes():
    assert cover.PICTURE.read_bytes() == cover.picture(), "run make execute"


@pytest.mark.parametrize(
    "part", ["losses", "architectures", "dynamics", "mode-collapse"]
)
def test_every_numbered_equation_is_tested_or_a_definition(part):
    rows = equations.table(part=part)
    assert rows
    for equation in rows:
        assert equation.tests or equation.reason, f"{equation.label} has no test"


def test_a_mark_for_an_equation_that_is_not_there(tmp_path):
    (tmp_path / "tests").mkdir()
    source = '@pytest.mark.equation("eq-none")\ndef test_nothing():\n    pass\n'
    (tmp_path / "tests" / "test_equations_x.py").write_text(source)
    with pytest.raises(ValueError, match=r"test_equations_x.py: no .*eq-none"):
        equations.table(tmp_path)


# ---- the package keeps its shape ----

MAY_IMPORT = {
    "__init__": {"notebook", "training"},
    "autodiff": set(),
    "callbacks": {"checks", "metrics", "plotting", "training"},
    "checks": {"autodiff"},
    "constraints": {"checks"},
    "data": {"checks"},
    "divergences": {"checks", "f_divergences", "losses"},
    "exercises": {
        "divergences",
        "f_divergences",
        "games",
        "losses",
        "metrics",
        "networks",
        "penalties",
    },
    "f_divergences": set(),
    "functional": set(),
    "games": {"autodiff", "checks", "functional", "loss_map", "penalties", "training"},
    "loss_map": {"checks", "divergences", "losses"},
    "losses": {"autodiff", "checks", "f_divergences"},
    "metrics": {"checks"},
    "networks": {"checks"},
    "notebook": {"checks", "plotting"},
    "penalties": {"autodiff", "checks"},
    "plotting": {"checks"},
    "results": set(),
    "training": {"autodiff", "checks"},
    "variants": {"autodiff", "checks", "functional", "training"},
}


@pytest.mark.parametrize("path", sorted((ROOT / "ganbook").rglob("*.py")), ids=str)
def test_modules_import_only_what_the_design_allows(path):
    parts = path.relative_to(ROOT / "ganbook").with_suffix("").parts
    module = parts[0]
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "ganbook":
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, _, rest = node.module.partition(".")
            imported |= {rest.split(".")[0]} if package == "ganbook" and rest else set()
    assert imported - {module} <= MAY_IMPORT[module]
    assert len(path.read_text().splitlines()) <= 260, "longer than a reader follows"
