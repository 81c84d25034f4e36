import numpy as np
import pytest

from ganbook import data
from ganbook.metrics import coverage

GRID = data.grid()


def test_fresh_samples_cover_everything():
    report = coverage(GRID.sample(10_000, seed=0), GRID)
    assert (report.modes, report.total) == (25, 25)
    # chi-squared with two degrees of freedom: P(r > 3 sigma) = exp(-9/2)
    assert report.on_mode == pytest.approx(1 - np.exp(-4.5), abs=0.004)
    assert report.counts.sum() == round(report.on_mode * 10_000)


def test_counts_by_hand():
    pair = data.Mixture([[0.0], [10.0]], std=1.0)
    report = coverage([[0.0], [2.9], [-3.1], [10.5]], pair)
    assert report.counts.tolist() == [2, 1]
    assert report.on_mode == 0.75
    assert report.modes == 2
    assert coverage([[0.0], [2.9], [10.5]], pair, at_least=2).modes == 1
    assert coverage([[0.0], [2.9], [10.5]], pair, radius=1).counts.tolist() == [1, 1]


def test_a_sample_counts_for_its_nearest_mode_only():
    close = data.Mixture([[0.0], [1.0]], std=1.0)
    assert coverage([[0.4]], close).counts.tolist() == [1, 0]


def test_collapse_is_seen():
    assert coverage(np.repeat(GRID.centers[:1], 50, axis=0), GRID).modes == 1


@pytest.mark.parametrize(
    ("samples", "kwargs", "message"),
    [
        (np.zeros((3, 3)), {}, r"samples: expected \(n, 2\) with n >= 1, got \(3, 3\)"),
        (np.zeros((0, 2)), {}, r"samples: expected \(n, 2\) with n >= 1"),
        ([[np.nan, 0.0]], {}, "samples: expected finite numbers"),
        ("points", {}, "samples: expected an array of numbers, got str"),
        (np.zeros((1, 2)), {"radius": 0}, "radius: expected a number > 0, got 0"),
        (np.zeros((1, 2)), {"radius": np.inf}, "radius: expected a number > 0"),
        (np.zeros((1, 2)), {"at_least": 0}, "at_least: expected an integer >= 1"),
        (np.zeros((1, 2)), {"at_least": 1.5}, "at_least: expected an integer >= 1"),
        (
            np.zeros((1, 2)),
            {"mixture": data.spiral()},
            "mixture: expected centers and std, got Spiral",
        ),
    ],
)
def test_wrong_arguments(samples, kwargs, message):
    with pytest.raises((TypeError, ValueError), match=message):
        coverage(samples, **{"mixture": GRID} | kwargs)


def test_reports_are_compared_without_error():
    report = coverage(GRID.centers, GRID)
    assert report == report
    assert report != coverage(GRID.centers, GRID)
