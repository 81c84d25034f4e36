"""The tables of the part on mode collapse say what the committed records say.

Each is read from the page as a reader sees it, and computed once more from the record's
rows by other means than the page's.
"""

import json
import re
from pathlib import Path
from statistics import mean, median, stdev

import pytest

from ganbook import results

PAGES = Path(__file__).resolve().parents[1] / "book" / "mode-collapse"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def printed(page):
    """The lines that the notebook's cells have printed."""
    cells = json.loads((PAGES / f"{page}.ipynb").read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(output.get("text", "")) for output in outputs).splitlines()


def numbers(lines, label, after=None):
    """As printed, in the line that starts with ``label``, below one with ``after``."""
    if after:
        heads = [line.strip().startswith(after) for line in lines]
        start = heads.index(True)
        lines = lines[start:]
    line = next(line for line in lines if line.strip().startswith(label))
    return NUMBER.findall(line.strip()[len(label) :])


def column(rows, what):
    return [row[what] for row in rows]


def with_error(values):
    return mean(values), stdev(values) / len(values) ** 0.5


def agree(shown, computed):
    """Equal to half a unit of the last place that is shown."""
    assert len(shown) == len(computed)
    for one, other in zip(shown, computed, strict=True):
        places = len(one.partition(".")[2])
        assert abs(float(one) - other) <= 0.5001 * 10**-places, (shown, computed)


CURES = results.load("cures")["rows"]


@pytest.mark.parametrize("task", ["ring", "grid"])
@pytest.mark.parametrize("cure", sorted({row["cure"] for row in CURES}))
def test_every_cure(task, cure):
    lines = printed("cures")

    rows = [r for r in CURES if r["task"] == task and r["cure"] == cure]
    assert sorted(column(rows, "seed")) == list(range(10))
    modes = with_error(column(rows, "modes"))
    share = with_error([100 * on for on in column(rows, "on_mode")])
    seconds = mean(column(rows, "processor_seconds"))
    shown = numbers(lines, f"{cure}  ", after=f"{task}  ")
    agree(shown, [*modes, *share, median(column(rows, "kl")), seconds])


GRIDS = results.load("grids")["rows"]


@pytest.mark.parametrize("recipe", ["recipe", "plain"])
@pytest.mark.parametrize("task", ["ring", "grid", "grid of 100"])
def test_the_recipe_on_rings_and_grids(task, recipe):
    rows = [r for r in GRIDS if r["task"] == task and r["recipe"] == recipe]
    assert sorted(column(rows, "seed")) == list(range(10))
    modes = column(rows, "modes")
    share = with_error([100 * on for on in column(rows, "on_mode")])
    kl = with_error(column(rows, "kl"))
    seconds = mean(column(rows, "processor_seconds"))
    shown = numbers(printed("cures"), f"{task} {recipe:>7}:")
    good = [
        row["modes"] == len(row["counts"])
        and row["on_mode"] >= (0.85 if task == "grid of 100" else 0.95)
        and row["kl"] <= 0.01
        for row in rows
    ]
    assert [int(number) for number in shown[-2:]] == [sum(good), len(good)]
    agree(shown[:-2], [*with_error(modes), min(modes), *share, *kl, seconds])


PAPERS = results.load("papers")["rows"]


@pytest.mark.parametrize(
    ("task", "method"), sorted({(row["task"], row["method"]) for row in PAPERS})
)
def test_the_papers_settings(task, method):
    rows = [r for r in PAPERS if r["task"] == task and r["method"] == method]
    assert len(rows) > 1, "a spread takes two seeds"
    shares = [100 * on for on in column(rows, "on_mode")]
    means = [mean(column(rows, "modes")), mean(shares), mean(column(rows, "kl"))]
    pairs = zip(column(rows, "modes"), shares, strict=True)
    each = [number for pair in pairs for number in pair]
    shown = numbers(printed("cures"), f"{task} {method} ")
    assert len(shown) - len(means + each) in (0, 3), "the paper's numbers, if any"
    agree(shown[-len(means + each) :], means + each)


STACKED, MNIST = results.load("stacked"), results.load("stacked_mnist")


def of_five(recipe):
    """Fewest and most modes, least and largest divergence, and the rows."""
    rows = [row for row in STACKED["rows"] if row["recipe"] == recipe]
    assert sorted(column(rows, "seed")) == list(range(5))
    modes, kl = column(rows, "modes"), column(rows, "kl")
    return [min(modes), max(modes), min(kl), max(kl)], rows


def of_one(recipe):
    (row,) = [row for row in MNIST["rows"] if row["recipe"] == recipe]
    return [row["modes"], row["kl"]], row


def shown_of_real(lines, after, real):
    agree(numbers(lines, "real:", after), [real["modes"], real["kl"], real["sure"]])


@pytest.mark.parametrize("recipe", sorted({row["recipe"] for row in STACKED["rows"]}))
def test_a_thousand_modes(recipe):
    lines, title = printed("thousand-modes"), "8x8, five seeds"
    shown_of_real(lines, title, STACKED["real"])
    found, rows = of_five(recipe)
    shown = numbers(lines, f"{recipe}:", title)
    agree(shown, [*found, median(column(rows, "sure"))])


@pytest.mark.parametrize("recipe", sorted({row["recipe"] for row in MNIST["rows"]}))
def test_a_thousand_modes_at_full_size(recipe):
    lines, title = printed("thousand-modes"), "28x28, classifier"
    shown_of_real(lines, title, MNIST["real"])
    found, row = of_one(recipe)
    agree(numbers(lines, f"{recipe}:", title), [*found, row["sure"], row["steps"]])


@pytest.mark.parametrize(
    ("published", "recipe"),
    {
        "DCGAN": "DCGAN",
        "PacDCGAN2": "PacDCGAN2",
        "WGAN-GP": "dense, WGAN-GP",
        "GAN, R1 + R2": "dense, R1 + R2",
        "pairing, R1 + R2": "dense, pairing, R1 + R2",
    }.items(),
)
def test_a_thousand_modes_beside_the_papers(published, recipe):
    shown = numbers(printed("thousand-modes"), f"{published}:", "modes, KL")
    agree(shown[2:], of_five(recipe)[0] + of_one(recipe)[0])
