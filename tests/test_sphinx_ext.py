"""The extension in ``book/_ext``: a small book built with the settings of the book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4, write

pytest.importorskip("jupyter_book", reason="needs the extra 'book'")

ROOT = Path(__file__).resolve().parents[1]
TOC = """\
format: jb-book
root: index
chapters:
  - file: part/chapter
  - file: part/not-run
  - file: status
"""
FACTS = {"seconds": 21.3, "python": "3.11.7", "keras": "3.15.1", "tensorflow": "2.21.0"}


def notebook(path, title, **metadata):
    text = f"# {title}\n\nTakes {{chapter}}`time`. It has {{chapter}}`exercises`, $x$."
    cells = [
        v4.new_markdown_cell(text),
        v4.new_markdown_cell("## Exercise 1", metadata={"tags": ["exercise"]}),
    ]
    write(v4.new_notebook(cells=cells, metadata=metadata), path)


def build(folder, index="# Home", repository=""):
    """Build in a folder; return the process, and a function that reads a page."""
    for part in ("tools", "book/_ext", "book/_static"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "_toc.yml").write_text(TOC)
    (folder / "book/references.bib").touch()
    (folder / "book/index.md").write_text(index)
    (folder / "book/status.md").write_text("# Status\n\n```{chapter-status}\n```\n")
    (folder / "book/part").mkdir()
    notebook(folder / "book/part/chapter.ipynb", "How?", ganbook=FACTS)
    notebook(folder / "book/part/not-run.ipynb", "Why?")
    jupyter_book = (
        "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    )
    process = subprocess.run(
        [
            *(sys.executable, "-c", jupyter_book, "build", "book", "-W", "-n"),
            *("--keep-going", "--config=_config.yml", f"--toc={folder}/_toc.yml"),
            "--path-output=.",
        ],
        cwd=folder,
        env=os.environ | {"GITHUB_REPOSITORY": repository},
        capture_output=True,
        text=True,
    )
    return process, lambda page: (folder / "_build/html" / page).read_text()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    process, read = build(tmp_path_factory.mktemp("published"), repository="own/er")
    assert process.returncode == 0, process.stderr
    return read


@pytest.fixture(scope="module")
def private(tmp_path_factory):
    index = "# Home\n\n{chapter}`time`\n\nNothing."
    return build(tmp_path_factory.mktemp("private"), index)


def test_chapter_prints_what_the_notebook_knows(published):
    assert "Takes about 20 seconds. It has 1," in published("part/chapter.html")


def test_chapter_outside_a_notebook_is_an_error_that_names_the_page(private):
    process, _ = private
    assert process.returncode != 0
    assert "index.md:3: ERROR: chapter: expected" in process.stderr
    assert "got 'time' in index.md" in process.stderr


def test_full_stop_stays_with_its_formula(published):
    page = published("part/chapter.html")
    group = page[page.index('<span class="nobreak">') :].split("</p>")[0]
    assert group.endswith(r"\(x\)</span>.</span>")


def test_status_lists_the_chapters_in_the_order_of_the_book(published):
    page = published("status.html")
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = table.replace("</tr>", "").split("<tr")[1:]
    assert ["How?" in row for row in rows] == [True, False]
    assert all(f"<p>{cell}</p>" in rows[0] for cell in ("21", "3.11.7", "2.21.0"))
    assert 'href="part/not-run.html"' in rows[1]
    assert rows[1].count("<p>–</p>") == 4


def test_pages_link_to_the_repository_if_it_is_known(published):
    page = published("part/chapter.html")
    assert 'href="https://github.com/own/er"' in page
    assert "https://github.com/own/er/edit/main/book/part/chapter.ipynb" in page
    colab = "https://colab.research.google.com/github/own/er/blob/colab"
    assert f'href="{colab}/part/chapter.ipynb"' in page
    assert "colab" not in published("status.html")


def test_pages_link_to_no_repository_if_it_is_not(private):
    _, read = private
    for page in ("index.html", "part/chapter.html"):
        assert "github.com" not in read(page)
        assert "colab" not in read(page)


def test_mathjax_is_local_and_loaded_only_where_it_is_needed(private):
    _, read = private
    assert read("part/chapter.html").count("mathjax/tex-chtml-full.js") == 1
    assert "mathjax/" not in read("status.html")


def test_arguments_that_keras_hides_are_shown(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from ganbook_sphinx import show_init

    class Hidden:
        def __init__(self, generator, *, seed=None): ...

    arguments = show_init(None, "class", "", Hidden, None, "(*args, **kwargs)", None)
    assert arguments == ("(generator, *, seed=None)", None)
    assert show_init(None, "function", "", print, None, "(x)", None) is None
