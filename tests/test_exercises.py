"""Right answers pass, wrong ones get a hint; nothing typed there stops a cell."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from ganbook.exercises import check

RIGHT, WRONG = {}, {}
for path in Path(__file__).parent.glob("answers/[!_]*.py"):
    answers = import_module(f"answers.{path.stem}")
    RIGHT |= answers.RIGHT
    WRONG |= answers.WRONG


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers(name, capsys):
    for answer in RIGHT[name]:
        check(name, answer)
        assert capsys.readouterr().out == f"✓ {name}: right\n"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_a_hint(name, capsys):
    for answer, hint in WRONG[name]:
        check(name, answer)
        out = capsys.readouterr().out
        assert out.startswith(f"✗ {name}: ")
        assert hint in out


@pytest.mark.parametrize("name", RIGHT)
def test_not_attempted(name, capsys):
    check(name, None)
    assert capsys.readouterr().out == f"{name}: not attempted yet\n"


def test_every_exercise_is_tested():
    from ganbook.exercises.checking import _CHECKS

    assert set(_CHECKS) == set(RIGHT) == set(WRONG)


@pytest.mark.parametrize("name", ["two-1", ["two-players-1"]])
def test_unknown_exercise(name):
    with pytest.raises(ValueError, match=r"name: expected one of .* got .*two-"):
        check(name, 1)


def test_an_error_is_told_in_one_line(capsys):
    def answer(_):
        raise RuntimeError("one\n\ntwo")

    check("two-players-2", answer)
    assert capsys.readouterr().out.endswith("raises RuntimeError: one two\n")


def test_noise_on_digits_is_as_far_as_the_check_of_two_players_4_says(capsys):
    from ganbook import data

    images = data.digits()[0].reshape(-1, 64)
    rng = np.random.default_rng(0)
    copies = images[:300] + 0.3 * rng.normal(size=(300, 64))
    gaps = np.linalg.norm(copies[:, None] - images[None], axis=2).min(axis=1)
    check("two-players-4", np.median(gaps))
    assert capsys.readouterr().out == "✓ two-players-4: right\n"
