"""The Colab edition: each rule on a book of two small pages, then the real book."""

import re
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytest.importorskip("jupyter_book", reason="needs the extra 'book'")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import colab
from myst import convert
from notebooks import ROOT, paths, read
from references import Book, Unknown

PAGE = "basics/game"
SITE = "https://owner.github.io/gans/"

GAME = """\
(game)=
# What is a game of $D$?

$$ V = 1 $$ (eq-value)

```python
$$ no = equation $$ (eq-code)
# a comment, no title
```

(game-two)=
## A second part

$$
W = 2
$$ (eq-two)"""

TOC = """\
root: index
parts:
  - numbered: 1
    chapters: [file: basics/other, file: basics/game]
  - chapters: [file: appendix/glossary]
"""

GLOSSARY = """\
# Glossary

```{glossary}
:sorted:

GAN
generative adversarial network
  (生成对抗网络) Two players.

mode (概率峰)
  A peak.
```

$$ g $$ (eq-glossary)
"""

BIBLIOGRAPHY = r"""
@misc{one, author = {van den Oord, A{\"a}ron}, year = 2016, doi = {10.1/2}}
@misc{two, author = {Kingma, D. and Ba, J.}, year = 2015, url = {https://x.org/a}}
@misc{three, author = {Goodfellow, Ian and A, B and C, D}, year = 2014}
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A repository with two pages."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    page = tmp_path / "book" / f"{PAGE}.ipynb"
    page.parent.mkdir(parents=True)
    picture = new_output("display_data", {"image/png": "aGk=", "text/plain": "<F>"})
    print_it = new_output("stream", name="stdout", text="✓ it holds\n")
    show = {"image": {"alt": "a curve"}, "figure": {"caption": "It *falls* to $0$."}}
    show["figure"]["name"] = "fig-fall"
    prompt = {"code_prompt_show": "Show the solution's code"}
    cells = [
        new_markdown_cell(GAME),
        new_code_cell("plt.show()", metadata={"mystnb": show}, outputs=[picture]),
        new_markdown_cell("### Exercise 1: say", metadata={"tags": ["exercise"]}),
        new_code_cell(
            "claim('it holds', True)",
            metadata={"tags": ["solution", "hide-cell"], "mystnb": prompt},
            outputs=[print_it],
            execution_count=2,
        ),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {"ganbook": {"seconds": 21.3, "python": "3.11.7"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), page)
    for name, text in {
        "book/appendix/glossary.md": GLOSSARY,
        "book/references.bib": BIBLIOGRAPHY,
        "book/_static/logo.svg": "<svg/>",
        "_toc.yml": TOC,
        "LICENSE": "MIT",
        "pyproject.toml": '[project]\nversion = "0.1.0"\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def hidden(root):
    return Book(root)


@pytest.fixture
def public(root):
    return Book(root, "Owner/gans", "v0.1.0")


UNCHANGED = [
    "# A *plain* title with `code` and $x_{1}`$",
    "- a list\n- with [a link](https://x.org/a_(b)) and <https://x.org>",
    "| $a$ | `{eq}` |\n|---|---|\n| 1 | ``{note}`a` `` |",
    "```python\n:::{note}\n{eq}`x` (label)= $$\n:::\n```",
    "~~~\n```{note}\n~~~",
    "- item\n\n  ```text\n  {ref}`a`\n  ```",
    "It costs \\$5, and $\\{D\\}[0](x)$ is math.",
    "$$ \\begin{cases} 1 & x \\\\ 2 & y \\end{cases} $$",
    "in `a`, a pair $(x, y)$ and [1, 2] (so)",
    "After `code`: so. After $x$% of it, and `a` : b.",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_plain_markdown_stays(public, text):
    assert convert(text, PAGE, public) == text


RULES = {
    "admonition": (
        ":::{admonition} Predict before you run\n:class: predict\n\nWill $D$ win?\n\n"
        "Say why.\n:::",
        "> **Predict before you run.** Will $D$ win?\n>\n> Say why.",
    ),
    "title with its own mark": (
        "```{admonition} Why *this*?\nSo.\n```",
        "> **Why *this*?** So.",
    ),
    "body that is a list": (":::{tip}\n- a\n- b\n:::", "> **Tip.**\n>\n> - a\n> - b"),
    "body in the first line": ("```{note} Mind $x$.\n```", "> **Note.** Mind $x$."),
    "nested": (
        "::::{warning}\nOuter.\n\n:::{important}\nInner.\n:::\n::::",
        "> **Warning.** Outer.\n>\n> > **Important.** Inner.",
    ),
    "in a list": (
        "- item\n  :::{note}\n  Text.\n  :::\n- next",
        "- item\n  > **Note.** Text.\n- next",
    ),
    "code inside": (
        "````{note}\n```python\n:::{note}\n```\n````",
        "> **Note.**\n>\n> ```python\n> :::{note}\n> ```",
    ),
    "dropdown": (
        ":::{admonition} Solution\n:class: dropdown\nBy {eq}`eq-two`.\n:::\n\nAfter.",
        "<details><summary>Solution</summary>\n\nBy (2.2).\n\n</details>\n\nAfter.",
    ),
    "target": ("(a-b)=\n## Part\n\nText.", "## Part\n\nText."),
    "equation": ("$$ V = 1 $$ (eq-value)", "$$ V = 1 \\tag{2.1} $$"),
    "equation of lines": ("$$\nW = 2\n$$ (eq-two)", "$$\nW = 2 \\tag{2.2}\n$$"),
    "aligned by the site": (
        "$$\na &= b \\\\\n  &= c\n$$ (eq-two)",
        "$$\n\\begin{aligned}\na &= b \\\\\n  &= c\n\\end{aligned} \\tag{2.2}\n$$",
    ),
    "equation here": ("as {eq}`eq-value` says", "as (2.1) says"),
    "figure here": (
        "{numref}`fig-fall`, {numref}`see %s <fig-fall>`",
        "Fig. 2.1, see 2.1",
    ),
    "citation": (
        "{cite:t}`one` and {cite:p}`two, three`",
        "[van den Oord (2016)](https://doi.org/10.1/2) and "
        "([Kingma and Ba, 2015](https://x.org/a); Goodfellow et al., 2014)",
    ),
    "citations in text": (
        "{cite:t}`three,two,one`",
        "Goodfellow et al. (2014), [Kingma and Ba (2015)](https://x.org/a) and "
        "[van den Oord (2016)](https://doi.org/10.1/2)",
    ),
    "facts": (
        "{chapter}`time`, {chapter}`claims`, {chapter}`exercises`",
        "about 20 seconds, 1, 1",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules(public, hidden, rule):
    text, expected = RULES[rule]
    assert convert(text, PAGE, public) == expected
    assert convert(text, PAGE, hidden) == expected


# What is written, what readers see, and where it leads below the site
REFERENCES = [
    ("{ref}`game-two`", "A second part", "basics/game.html#game-two"),
    ("{ref}`this\n part <game-two>`", "this part", "basics/game.html#game-two"),
    ("{ref}`game`", "What is a game of $D$?", "basics/game.html#game"),
    ("[there](#game-two)", "there", "basics/game.html#game-two"),
    ("{doc}`../appendix/glossary`", "Glossary", "appendix/glossary.html"),
    ("{doc}`words </appendix/glossary>`", "words", "appendix/glossary.html"),
    ("[a `g`](../appendix/glossary.md#a)", "a `g`", "appendix/glossary.html#a"),
    ("[](game.ipynb)", "What is a game of $D$?", "basics/game.html"),
    ("{term}`Gan`", "Gan", "appendix/glossary.html#term-GAN"),
    ("{term}`peaks <mode (概率峰)>`", "peaks", "appendix/glossary.html#term-mode"),
    (
        "{eq}`eq-glossary`",
        "(1) of Glossary",
        "appendix/glossary.html#equation-eq-glossary",
    ),
]


@pytest.mark.parametrize(("text", "seen", "address"), REFERENCES)
def test_references(public, hidden, text, seen, address):
    assert convert(text, PAGE, public) == f"[{seen}]({SITE}{address})"
    assert convert(text, PAGE, hidden) == f"*{seen}*"


def test_files(public, hidden):
    text = "[terms](../../LICENSE) ![logo](../_static/logo.svg)"
    source = "https://github.com/Owner/gans"
    assert convert(text, PAGE, public) == (
        f"[terms]({source}/blob/v0.1.0/LICENSE) "
        f"![logo]({source}/raw/v0.1.0/book/_static/logo.svg)"
    )
    assert convert(text, PAGE, hidden) == "*terms* *logo*"


@pytest.mark.parametrize(
    "text",
    [
        "{abbr}`GAN`",
        "{ref}`nowhere`",
        "{doc}`nowhere`",
        "{term}`nowhere`",
        "{eq}`nowhere`",
        "{cite:t}`nowhere`",
        "{chapter}`nowhere`",
        "[x](nowhere.md)",
        "[x](#nowhere)",
        "[x](project:a.md)",
        "{eq}`never closed",
        ":::{figure} a.png\n:::",
        "```{code-cell}\n1\n```",
        ":::\nno name\n:::",
        ":::{note}\nnever closed",
        ":::{note}\n:open:\nText.\n:::",
        ":::{note}\n---\nclass: dropdown\n---\nText.\n:::",
        ":::{note}\n{abbr}`inside`\n:::",
        ":::{admonition} {abbr}`title`\n:::",
        "> :::{note}\n> Quoted.\n> :::",
        "% a comment",
        "+++",
        "{{ name }}",
        "A footnote[^1].",
        "[a]{.class}",
        "term\n: definition",
        "<doc:game>",
        '<img src="a.png">',
        "text $$ x $$ text",
        "one $x\n\n{abbr}`y`\n\nx$ two",
    ],
)
def test_what_is_not_known_is_an_error(public, text):
    with pytest.raises(Unknown):
        convert(text, PAGE, public)


def test_a_notebook(root, tmp_path):
    out = tmp_path / "out"
    arguments = ["--root", str(root), "--out", str(out), "--repository", "Owner/gans"]
    assert colab.main(arguments) == 0
    path = out / f"{PAGE}.ipynb"
    badge, install, title, plot, caption, exercise, solution = read(path).cells
    link = "https://colab.research.google.com"
    assert badge.source == (
        f"[![Open in Colab]({link}/assets/colab-badge.svg)]"
        f"({link}/github/Owner/gans/blob/colab/{PAGE}.ipynb)"
    )
    assert install.source == (
        "#@title Install the book's package, unless it is there\n"
        "try:\n    import ganbook\nexcept ImportError:\n"
        '    %pip install -q "ganbook @ https://github.com/Owner/gans/raw/colab/'
        'ganbook-0.1.0-py3-none-any.whl"'
    )
    assert install.metadata == {"cellView": "form"}
    assert title.source.startswith("# What is a game of $D$?\n")
    assert "(eq-code)" in title.source
    assert plot.metadata == {}
    assert plot.outputs[0].data["image/png"] == "aGk="
    assert plot.outputs[0].metadata == {"image/png": {"alt": "a curve"}}
    assert caption.source == "*Fig. 2.1. It *falls* to $0$.*"
    assert exercise.metadata == {}
    assert solution.source == "#@title Solution\nclaim('it holds', True)"
    assert solution.metadata == {"cellView": "form"}
    assert solution.outputs[0].text == "✓ it holds\n"
    assert solution.execution_count == 2
    metadata = read(path).metadata
    assert metadata.keys() == {"colab", "kernelspec", "language_info"}
    assert metadata.colab == {"provenance": [], "toc_visible": True}

    first = path.read_bytes()
    assert colab.main(arguments) == 0
    assert path.read_bytes() == first


def test_without_an_address_none_is_made(root, tmp_path):
    assert colab.main(["--root", str(root), "--out", str(tmp_path / "out")]) == 0
    path = tmp_path / "out" / f"{PAGE}.ipynb"
    assert "http" not in path.read_text(encoding="utf-8")
    assert read(path).cells[0].source == (
        "#@title Install the book's package, unless it is there\n"
        "# ganbook-0.1.0-py3-none-any.whl must lie beside this notebook.\n"
        "try:\n    import ganbook\nexcept ImportError:\n"
        "    %pip install -q ganbook-0.1.0-py3-none-any.whl"
    )


def test_an_error_names_notebook_and_cell(root, tmp_path, capsys):
    path = root / "book" / f"{PAGE}.ipynb"
    notebook = read(path)
    notebook.cells[2].source = "an {abbr}`odd` role"
    nbformat.write(notebook, path)
    out = tmp_path / "out"
    assert colab.main(["--root", str(root), "--out", str(out)]) == 1
    assert not list(out.rglob("*.ipynb"))
    error = "book/basics/game.ipynb, cell 3: unknown role '{abbr}`odd`'\n"
    assert capsys.readouterr().err == error


@pytest.mark.parametrize(
    "arguments",
    [
        "--repository x",
        "--repository https://github.com/a/b",
        "--run",
        "--run --wheel no.whl",
        "--out {root}/book/colab",
    ],
)
def test_arguments(root, arguments):
    before = sorted(root.rglob("*"))
    with pytest.raises(SystemExit, match="2"):
        colab.main(["--root", str(root), *arguments.format(root=root).split()])
    assert sorted(root.rglob("*")) == before


def test_runs_from_a_wheel(root, tmp_path, capfd):
    """With a wheel that holds another ganbook than the one under test."""
    wheel, info = tmp_path / "ganbook-0.1.0-py3-none-any.whl", "ganbook-0.1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("ganbook/__init__.py", "def claim(*_): print('✓ it holds')")
        file.writestr(f"{info}/METADATA", "Name: ganbook\nVersion: 0.1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        file.writestr(f"{info}/RECORD", "")
    path = root / "book" / f"{PAGE}.ipynb"
    notebook = read(path)
    notebook.cells[1].source = "from ganbook import claim"
    nbformat.write(notebook, path)
    arguments = ["--root", str(root), "--out", str(tmp_path / "out"), "--run"]
    arguments += ["--wheel", str(wheel)]
    assert colab.main(arguments) == 0
    assert f"{PAGE}.ipynb: ran from the wheel" in capfd.readouterr().out
    notebook.cells[1].source += "\nimport ganbook\nganbook.__file__ = 'elsewhere'"
    nbformat.write(notebook, path)
    assert colab.main(arguments) == 1
    error = f"{PAGE}.ipynb, cell 7: AssertionError: elsewhere\n"
    assert capfd.readouterr().err == error


CODE_AND_MATH = re.compile(r"(?s)```.*?```|`+[^`]+`+|\$\$[^$]+\$\$|\$[^$]+\$")


@pytest.mark.parametrize("repository", [None, "owner/gans"])
def test_the_book_itself(repository):
    book = Book(ROOT, repository, "v0.1.0")
    for path in paths():
        source, edition = read(path), colab.edition(path, book, "0.1.0")
        for cell in edition.cells:
            if cell.cell_type == "markdown":
                assert not re.search(r"\{[\w:-]+\}`", cell.source)
                prose = CODE_AND_MATH.sub("", cell.source)
                assert not re.search(r":::|\{\w+\}|^\(\S+\)=", prose, re.M)
        assert _outputs(edition) == [[], *_outputs(source)]  # [] of the install cell
        if repository is None:
            written = nbformat.writes(edition)
            assert "colab.research" not in written
            assert "github.io" not in written


def _outputs(notebook):
    return [
        [output.get("text", output.get("data")) for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
