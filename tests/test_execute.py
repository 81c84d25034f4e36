"""Running notebooks in place, on notebooks of a few plain cells."""

import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

pytest.importorskip("jupyter_book", reason="needs the extra 'book'")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import execute
import notebooks


@pytest.fixture
def notebook(tmp_path):
    """A function that writes a notebook of code cells and returns its path."""

    def write(*sources):
        path = tmp_path / "chapter.ipynb"
        cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return write


def test_a_good_notebook_is_written(notebook):
    path = notebook("a = 1", "print('✓ it adds', flush=True)\nprint(a + 1)")
    ids = [cell.id for cell in notebooks.read(path).cells]
    assert execute.main([str(path)]) == 0
    written = notebooks.read(path)
    assert [cell.id for cell in written.cells] == ids
    assert [cell.execution_count for cell in written.cells[1:]] == [1, 2]
    assert written.cells[2].outputs[0].text == "✓ it adds\n2\n"
    assert (written.nbformat, written.nbformat_minor) == (4, 5)
    assert path.read_text(encoding="utf-8").endswith("}\n")
    assert written.metadata.kernelspec.name == "python3"
    assert "version" not in written.metadata.language_info
    facts = notebooks.facts(path)
    assert 0 < facts["seconds"] < 60
    assert facts["versions"].keys() == {"python", "keras", "tensorflow", "ganbook"}
    assert list(path.parent.iterdir()) == [path]


def test_running_again_changes_the_seconds_only(notebook):
    path = notebook("import os\nos.getpid() > 0", "{'b': 1, 'a': [2]}")
    texts = []
    for _ in range(2):
        assert execute.main([str(path)]) == 0
        text = path.read_text(encoding="utf-8")
        texts.append(re.sub(r'"seconds": [\d.]+', "", text))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys\nprint('careful', file=sys.stderr)", "wrote to stderr: careful"),
        ("import warnings\nwarnings.warn('old')", "wrote to stderr: "),
        ("print('1/9\\r2/9')", "printed a progress bar"),
        ("print('1/9\\b\\b\\b2/9')", "printed a progress bar"),
        ("object()", "printed a memory address"),
        ("import sys\nsys.executable", "printed a path of this machine"),
        ("import os\nos._exit(1)", "Kernel died (out of memory?)"),
    ],
)
def test_a_notebook_that_may_not_stay_is_left_alone(notebook, capfd, source, reason):
    path = notebook("a = 1", source)
    before = path.read_bytes()
    assert execute.main([str(path)]) == 1
    seen = capfd.readouterr()
    assert seen.err.count("\n") == 1
    assert seen.err.startswith(f"{path}, cell 3: ")
    assert reason in seen.err
    assert seen.out == ""
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_one_failure_does_not_stop_the_others(notebook, tmp_path, capsys):
    bad = notebook("1 / 0").rename(tmp_path / "bad.ipynb")
    good = notebook("1")
    missing = tmp_path / "missing.ipynb"
    assert execute.main([str(bad), str(missing), str(good)]) == 1
    seen = capsys.readouterr()
    assert re.fullmatch(rf"{re.escape(str(good))}: \d+\.\d s\n", seen.out)
    assert [line.split(":")[0] for line in seen.err.splitlines()] == [
        f"{bad}, cell 2",
        str(missing),
    ]


def test_check_writes_nothing(notebook):
    path = notebook("print(1)")
    before = path.read_bytes()
    assert execute.main(["--check", str(path)]) == 0
    assert path.read_bytes() == before


def test_an_edit_made_meanwhile_survives(notebook, capsys):
    path = notebook("open('chapter.ipynb', 'a').write(' ')")
    before = path.read_bytes()
    assert execute.main([str(path)]) == 1
    assert path.read_bytes() == before + b" "
    assert "changed on disk while it ran" in capsys.readouterr().err


def test_the_kernel_is_quiet_and_keeps_the_seed_it_is_given(notebook, monkeypatch):
    monkeypatch.setenv("GANBOOK_SEED", "3")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel is quieter when it sees it
    path = notebook(
        "import os\n"
        "print(*map(os.environ.get, ('GANBOOK_QUIET', 'TF_CPP_MIN_LOG_LEVEL')))\n"
        "print(os.environ['GANBOOK_SEED'])",
        "import os\n_ = os.write(2, b'from C++\\n')",
    )
    assert execute.main([str(path)]) == 0
    written = notebooks.read(path)
    assert written.cells[1].outputs[0].text == "1 3\n3\n"
    assert written.cells[2].outputs == []


def test_other_tools_metadata_is_dropped(notebook):
    path = notebook("1")
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["metadata"]["widgets"] = {}
    raw["cells"][1]["metadata"] = {"tags": ["setup"], "scrolled": True}
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert execute.main([str(path)]) == 0
    written = notebooks.read(path)
    assert written.cells[1].metadata == {"tags": ["setup"]}
    assert written.metadata.keys() == {"ganbook", "kernelspec", "language_info"}


def test_facts_count_claims_and_exercises(notebook):
    text = "✓ D is right\n✓ a-1: right\na-2: not attempted yet\n✓ and: G too\n"
    path = notebook(f"print({text!r})", "print('no ✓ here')")
    assert notebooks.facts(path)["time"] == "not yet measured"
    assert execute.main([str(path)]) == 0
    written = notebooks.read(path)
    written.cells[0].metadata.tags = ["exercise"]
    written.cells[1].metadata.tags = ["exercise"]
    nbformat.write(written, path)
    facts = notebooks.facts(path)
    assert (facts["claims"], facts["exercises"]) == (2, 1)


def test_paths_skips_copies(tmp_path):
    for name in ("a/b", "index", "_build/b", "a/.ipynb_checkpoints/b-checkpoint"):
        path = tmp_path / "book" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = notebooks.paths(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "book/a/b.ipynb",
        "book/index.ipynb",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.1, "under 5 seconds"),
        (4.9, "under 5 seconds"),
        (5.1, "about 5 seconds"),
        (21.3, "about 20 seconds"),
        (29.9, "about 30 seconds"),
        (44, "about 40 seconds"),
        (94.9, "about 90 seconds"),
        (95, "about 2 minutes"),
    ],
)
def test_times_in_words(seconds, words):
    assert notebooks.in_words(seconds) == words
