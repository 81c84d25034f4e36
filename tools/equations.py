"""Which test checks which numbered equation, read from the tests' own marks.

A test that checks equations says so: ``@pytest.mark.equation("eq-min-best")``. A label
that only defines something stands in its test file's ``DEFINITIONS``, with a reason.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import notebooks

LABEL = re.compile(r"^\$\$ \((eq-[\w-]+)\)", re.M)


@dataclass
class Equation:
    """One labelled equation: who tests it, or why nobody does."""

    label: str
    page: str
    tests: list = field(default_factory=list)
    reason: str = ""


def labels(path):
    """The labels of a notebook's equations, in order."""
    cells = notebooks.read(path).cells
    return [
        x for c in cells if c.cell_type == "markdown" for x in LABEL.findall(c.source)
    ]


def marks(path):
    """(label, test name) for each mark in a test file, and its ``DEFINITIONS``."""
    tested, defined = [], {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if ast.unparse(mark).startswith("pytest.mark.equation("):
                    tested += [(arg.value, node.name) for arg in mark.args]
        elif (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "DEFINITIONS"
        ):
            defined |= ast.literal_eval(node.value)
    return tested, defined


def table(root=notebooks.ROOT, part="losses"):
    """The part's equations in order, each with its tests or its reason.

    Returns:
        list of `Equation`.

    Raises:
        ValueError: if a test names a label that no notebook has.
    """
    book = Path(root) / "book"
    rows = {
        label: Equation(label, path.relative_to(book).with_suffix("").as_posix())
        for path in sorted(book.rglob("*.ipynb"))
        for label in labels(path)
    }
    for path in sorted((Path(root) / "tests").glob("test_equations_*.py")):
        tested, defined = marks(path)
        unknown = {label for label, _ in tested} | set(defined)
        if unknown - set(rows):
            raise ValueError(f"{path.name}: no equation {sorted(unknown - set(rows))}")
        for label, name in tested:
            rows[label].tests.append(name)
        for label, reason in defined.items():
            rows[label].reason = reason
    return [row for row in rows.values() if row.page.startswith(f"{part}/")]
