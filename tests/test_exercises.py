"""Right answers pass, wrong ones get a hint; nothing typed there stops a cell."""

import numpy as np
import pytest

from ganbook.exercises import check

RIGHT = {
    "generative-models-1": [(1.0, 2.25), np.array([1.0, 2.25])],
    "generative-models-2": [
        lambda z: -np.log(1 - phi(z)),
        lambda z: -np.log(phi(z)),
    ],
    "two-players-1": [(2, -4), np.array([2.0, -4.0])],
    "two-players-2": [lambda t: np.logaddexp(0.0, -t)],
    "two-players-3": [(197, 37), np.array([201, 36])],
    "two-players-4": [2.4, np.float32(2.4)],
}
WRONG = {
    "generative-models-1": [((1.0, 2.0), "variance of a random"), (3, "two numbers")],
    "generative-models-2": [
        (lambda z: z, "reaches below 0"),
        (lambda z: np.exp(z), "solve F"),
        (lambda z: 1.0, "one finite number per z"),
    ],
    "two-players-1": [((-2, 4), "insert the two means"), (2, "insert the two means")],
    "two-players-2": [
        (lambda t: -np.log(1 / (1 + np.exp(-t))), "infinite or NaN"),
        (lambda t: np.logaddexp(0.0, t), "not -log"),
        (lambda t: 0.5, "one loss per logit"),
        (lambda t: t.nonsense, "raises AttributeError"),
        ("softplus", "raises TypeError"),
    ],
    "two-players-3": [
        ((0, 37), "let the slow game run"),
        ((37, 197), "slower one"),
        ((2, 1), "start at theta = -2"),
        ((197, 1), "start at theta = -2"),
        ((float("nan"), 37), "two numbers of updates"),
        ((float("inf"), 37), "two numbers of updates"),
        (197, "two numbers of updates"),
    ],
    "two-players-4": [
        (answer, "median of nearest")
        for answer in (1.8, 2.9, float("nan"), True, "2.4", np.ones(3))
    ],
}


def phi(z):
    from scipy.special import ndtr

    return ndtr(z)


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
