"""The runs that the chapters read: budgets, recipes, and what is written."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import digits  # noqa: E402
import mnist  # noqa: E402
import race  # noqa: E402
import record  # noqa: E402
from judge import Judge, halves  # noqa: E402

from ganbook import data, losses, networks, results  # noqa: E402
from ganbook.metrics import classifying  # noqa: E402

SMALL = race.Recipe(
    lambda: (
        networks.mlp(3, 2, width=4, depth=1),
        networks.mlp(2, 1, width=4, depth=1),
    ),
    losses.NonSaturating(),
    falling=True,
    ema=0.9,
)


def test_a_race_ends_with_its_budget_and_looks_on_the_way():
    x = np.random.default_rng(0).normal(size=(256, 2)).astype("float32")
    gan, rows = race.race(
        SMALL, x, 0.5, seed=3, look=lambda gan: {"n": len(gan.sample(5))}, looks=3
    )
    assert [row["n"] for row in rows] == [5, 5, 5]
    steps = [row["steps"] for row in rows]
    assert np.diff(steps).tolist() == [steps[1] - steps[0]] * 2
    assert all(np.diff([row["seconds"] for row in rows]) >= 0)
    assert float(gan.optimizer.learning_rate) == pytest.approx(0, abs=1e-9)


def test_the_judge_measures_real_digits_as_near(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(classifying, "STEPS", 60)
    x, labels = data.digits()
    judge = Judge(x, labels)
    itself = judge(x)
    assert itself["distance"] == 0
    assert sum(itself["shares"]) == pytest.approx(1, abs=1e-3)
    assert judge(-x)["distance"] > 10 * max(halves(judge.features))


@pytest.mark.parametrize(
    "recipe", [r for _, r in digits.ladder()], ids=[n for n, _ in digits.ladder()]
)
def test_every_rung_of_the_ladder_is_a_gan_of_digits(recipe):
    gan = recipe.gan(100, seed=0)
    assert gan.sample(2).shape == (2, 8, 8, 1)


@pytest.mark.parametrize("large", [False, True])
def test_the_full_size_recipes_are_gans_of_28_pixels(large):
    for recipe in mnist.recipes(large).values():
        assert recipe.gan(100, seed=0).sample(2).shape == (2, 28, 28, 1)


def test_what_is_written_is_read_again(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "RESULTS", tmp_path)
    monkeypatch.setattr(results, "__file__", str(tmp_path / "__init__.py"))
    x = np.linspace(-1, 1, 16 * 9).reshape(16, 3, 3, 1)
    record.write("run", {"scores": {"a": [[1, 2.5], [3, 4]]}}, seconds=7.4, data=(x,))
    record.picture("board", x)
    found = results.load("run")
    assert found["scores"] == {"a": [[1, 2.5], [3, 4]]}
    assert found["provenance"]["seconds"] == 7
    assert found["provenance"]["data"] == record.checksum(x)
    assert str(tmp_path) not in json.dumps(found)
    board = results.picture("board")
    assert board.shape == (6, 24)
    np.testing.assert_allclose(board[:3, :3], (x[0, ..., 0] + 1) / 2, atol=1 / 255)
    np.testing.assert_allclose(board[3:, -3:], (x[15, ..., 0] + 1) / 2, atol=1 / 255)


def test_the_checksum_depends_on_the_data():
    a, b = np.zeros(3), np.array([0.0, 0.0, 1e-12])
    assert record.checksum(a) != record.checksum(b)
    assert record.checksum(a, b) != record.checksum(b, a)
