"""The scripts of the part on mode collapse, each for a step or two."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import cells
import cures
import grids
import papers
import record
import stacked
import stacked_mnist

from ganbook import data


@pytest.mark.parametrize("cure", cures.CURES)
def test_every_cure_trains_and_scores(cure, monkeypatch):
    monkeypatch.setattr(cures, "STEPS", 2)
    monkeypatch.setattr(cures, "AT_ONCE", 2)
    found = cures.run("ring", cure, 0)
    assert set(found) == {"modes", "twenty", "on_mode", "kl", "counts"}
    assert len(found["counts"]) == 8


@pytest.mark.parametrize("recipe", grids.RECIPES)
def test_the_recipe_and_the_plain_gan_train(recipe, monkeypatch):
    monkeypatch.setattr(grids, "STEPS", {"grid of 100": 2})
    monkeypatch.setattr(grids, "AT_ONCE", 2)
    assert len(grids.run("grid of 100", recipe, 0)["counts"]) == 100


@pytest.mark.parametrize("method", ["PacGAN2", "unrolled 5"])
def test_the_papers_settings_train(method, monkeypatch):
    monkeypatch.setattr(papers, "ITERATIONS", 2)
    monkeypatch.setattr(papers, "EPOCHS", 2)
    monkeypatch.setattr(papers, "POINTS", 400)
    monkeypatch.setattr(papers, "AT_ONCE", 2)
    task = "ring of seven" if "unrolled" in method else "grid"
    assert sum(papers.run(task, method, 0)["counts"]) <= 2500


def test_the_ring_of_seven_is_the_one_with_a_doubled_angle():
    angles = np.linspace(0, 2 * np.pi, 8)
    mixture = papers.ring_of_seven()
    every = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    for center, weight in zip(mixture.centers, mixture.weights, strict=True):
        same = np.linalg.norm(every - center, axis=1) < 1e-9
        assert weight == same.sum() / 8


@pytest.mark.parametrize("recipe", stacked.RECIPES)
def test_every_recipe_is_a_gan_of_stacked_digits(recipe):
    gan = stacked.RECIPES[recipe].gan((8, 8, 3), 10, 0)
    assert gan.sample(2, seed=0).shape == (2, 8, 8, 3)


def test_stacks_hold_the_digits_that_their_modes_name():
    images, labels = data.digits()
    stacks, modes = stacked.stacks(images, labels, 50, seed=0)
    for channel, unit in enumerate((100, 10, 1)):
        for stack, mode in zip(stacks, modes, strict=True):
            same = (images[..., 0] == stack[..., channel]).all(axis=(1, 2))
            assert labels[same][0] == mode // unit % 10


def test_what_nobody_learned_has_the_mean_of_the_images():
    images, _ = data.digits()
    made = stacked_mnist.unlearned(images, 4000, seed=0)
    for name in ("double exposure", "one Gaussian"):
        mean = made[name].mean(axis=0)
        assert np.abs(mean - images.mean(axis=0)).max() < 0.15, name
    assert np.abs(made["noise"].mean()) < 0.01


def square(number):
    return {"square": number**2}


def test_cells_are_measured_once_and_in_order(monkeypatch, tmp_path):
    class InLine(nullcontext):
        def Pool(self, maxtasksperchild):
            return self

        def __enter__(self):
            return self

        def imap_unordered(self, function, tasks):
            asked.extend(tasks)
            return map(function, tasks)

    asked = []
    monkeypatch.setattr(cells, "get_context", lambda method: InLine())
    monkeypatch.setattr(record, "RESULTS", tmp_path)
    written = tmp_path / "x.json"
    monkeypatch.setattr(
        cells.results, "load", lambda name: json.loads(written.read_text())
    )
    table = [{"number": n} for n in (3, 1, 2)]
    cells.measure("x", square, table[1:], data=[np.zeros(1)])
    monkeypatch.setattr(sys, "argv", ["x.py", "--resume"])
    cells.measure("x", square, table, data=[np.zeros(1)], note="n")
    assert asked == [{"number": 1}, {"number": 2}, {"number": 3}]
    found = json.loads(written.read_text())
    assert [row["square"] for row in found["rows"]] == [9, 1, 4]
    assert found["note"] == "n"
