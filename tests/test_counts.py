"""Counts of modes beyond how many: histograms, spread, protocols, images, support."""

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.linear_model import LogisticRegression

from ganbook import data, metrics
from ganbook.metrics import (
    PROTOCOLS,
    birthday_support,
    coverage,
    stacked_coverage,
)

GRID = data.grid()
EVEN = np.full(4, 0.25)


def counts(*of_each, weights=EVEN):
    of_each = np.array(of_each)
    found = int(np.sum(of_each > 0))
    return metrics.ModeCounts(found, len(of_each), 1.0, of_each, np.array(weights))


# ---- histograms ----


def test_the_divergence_by_hand():
    assert counts(5, 5, 5, 5).kl == pytest.approx(0, abs=1e-15)
    assert counts(9, 0, 0, 0).kl == pytest.approx(np.log(4))
    assert counts(7, 7, 0, 0).kl == pytest.approx(np.log(2))
    shares = np.array([0.5, 0.25, 0.25])
    by_hand = np.sum(shares * np.log(shares / 0.25))
    assert counts(2, 1, 1, 0).kl == pytest.approx(by_hand)
    uneven = counts(6, 3, 1, weights=[0.6, 0.3, 0.1])
    assert uneven.kl == pytest.approx(0, abs=1e-15)


def test_the_divergence_is_that_of_the_shares_given_the_weights():
    # not the other way around, which a missing mode would make infinite
    forward = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(0.5 / 0.1)
    assert counts(1, 1, weights=[0.9, 0.1]).kl == pytest.approx(forward)


def test_the_divergence_is_never_negative():
    rng = np.random.default_rng(0)
    for _ in range(200):  # exactly the weights, where rounding decides the sign
        of_each = rng.integers(1, 50, size=rng.integers(2, 30))
        assert 0 <= counts(*of_each, weights=of_each / of_each.sum()).kl < 1e-12


def test_the_floor_of_the_divergence():
    rng = np.random.default_rng(0)
    for modes, n in ((25, 2500), (1000, 26_000)):
        weights = np.full(modes, 1 / modes)
        draws = rng.multinomial(n, weights, size=200)
        mean = np.mean([counts(*draw, weights=weights).kl for draw in draws])
        assert mean == pytest.approx((modes - 1) / (2 * n), rel=0.05)


def test_extreme_histograms():
    nothing = counts(0, 0, 0, 0)
    assert nothing.kl == np.inf
    assert np.isnan(nothing.evenness)
    # a mode that the data never show, but the generator does
    assert counts(1, 1, weights=[1.0, 0.0]).kl == np.inf
    assert counts(1, 0, weights=[1.0, 0.0]).kl == 0
    assert counts(3, weights=[1.0]).kl == 0
    assert np.isnan(counts(3, weights=[1.0]).evenness)


def test_evenness():
    assert counts(5, 5, 5, 5).evenness == pytest.approx(1)
    assert counts(9, 0, 0, 0).evenness == 0
    assert counts(7, 7, 0, 0).evenness == pytest.approx(0.5)
    some = counts(8, 1, 3, 2)
    assert some.kl == pytest.approx((1 - some.evenness) * np.log(4))


# ---- mixtures ----


def test_the_spread_of_exact_samples_and_of_points():
    exact = coverage(GRID.sample(50_000, seed=0), GRID).spread
    trimmed = np.sqrt(1 - 4.5 * np.exp(-4.5) / (1 - np.exp(-4.5)))
    assert exact.shape == (25,)
    np.testing.assert_allclose(exact, trimmed, rtol=0.06)
    assert exact.mean() == pytest.approx(trimmed, rel=0.01)
    points = np.repeat(GRID.centers + 0.5 * GRID.std, 3, axis=0)
    np.testing.assert_allclose(coverage(points, GRID).spread, 0, atol=1e-6)


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_the_spread_is_one_where_nothing_is_cut_off(dim):
    one = data.Mixture(np.full((1, dim), 3.0), 0.2)
    found = coverage(one.sample(20_000, seed=0), one, radius=20).spread
    np.testing.assert_allclose(found, 1, atol=0.02)


def test_the_spread_by_hand():
    pair = data.Mixture([[0.0], [10.0]], std=1.0)
    found = coverage([[-1.0], [1.0], [10.5], [2.0]], pair)
    # mean 2/3, squares (25 + 1 + 16) / 9 over n - 1 = 2
    assert found.spread[0] == pytest.approx(np.sqrt(42 / 9 / 2))
    assert np.isnan(found.spread[1])  # a single sample has none
    assert np.isnan(coverage([[50.0]], pair).spread).all()


def test_the_divergence_of_a_mixture_asks_for_its_own_weights():
    lopsided = data.Mixture(GRID.centers[:2], GRID.std, [0.9, 0.1])
    found = coverage(lopsided.sample(5000, seed=0), lopsided)
    assert found.kl < 0.002
    assert found.evenness < 0.6
    even = data.Mixture(GRID.centers[:2], GRID.std)
    assert coverage(even.sample(5000, seed=0), lopsided).kl > 0.4


def test_samples_off_all_modes_do_not_enter_the_divergence():
    some = GRID.sample(1000, seed=0)
    report = coverage(np.concatenate([some, np.full((1000, 2), 9.0)]), GRID)
    assert report.kl == coverage(some, GRID).kl
    assert report.on_mode == coverage(some, GRID).on_mode / 2
    nowhere = coverage([[9.0, 9.0]], GRID)
    assert (nowhere.modes, nowhere.on_mode, nowhere.kl) == (0, 0.0, np.inf)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VEEGAN", (2500, 3.0, 1)),
        ("PacGAN", (2500, 3.0, 1)),
        ("twenty", (2500, 3.0, 20)),
        ("ganbook", (10_000, 3.0, 1)),
    ],
)
def test_protocols(name, expected):
    protocol = PROTOCOLS[name]
    assert (protocol.samples, protocol.radius, protocol.at_least) == expected
    calls = []

    def sample(n, seed=None):
        calls.append((n, seed))
        return GRID.sample(n, seed=seed)

    report = protocol(sample, GRID, seed=5)
    assert calls == [(expected[0], 5)]
    same = coverage(GRID.sample(expected[0], seed=5), GRID, *expected[1:])
    assert report.counts.tolist() == same.counts.tolist()
    assert report.modes == same.modes == 25


def test_a_protocol_has_its_own_radius_and_threshold():
    narrow = metrics.Protocol(1000, radius=1.0, at_least=30)
    report = narrow(GRID.sample, GRID, seed=0)
    assert report.on_mode == pytest.approx(1 - np.exp(-0.5), abs=0.05)
    assert report.modes == np.sum(report.counts >= 30) < 25


# ---- images ----


def stub(accuracy=0.9, classes=3, sure=20.0):
    """Names an image of one pixel by its value: 0, 1, … classes - 1."""
    pixel = keras.Input((1, 1, 1))
    values = np.arange(classes, dtype="float32")
    # -(x - k)^2 without x^2, which is the same for all k
    logits = layers.Dense(classes, name="logits")
    network = keras.Model(pixel, logits(layers.Flatten()(pixel)))
    logits.set_weights([2 * sure * values[None], -sure * values**2])
    return metrics.Classifier(network, accuracy)


def stacked(*triples):
    return np.array(triples, "float32").reshape(len(triples), 1, 1, -1)


def test_stacks_by_hand():
    report = stacked_coverage(stacked([0, 1, 2], [2, 2, 2], [0, 1, 2]), stub())
    assert (report.modes, report.total, report.on_mode) == (2, 27, 1.0)
    assert np.flatnonzero(report.counts).tolist() == [5, 26]  # 012 and 222, base 3
    assert report.counts[[5, 26]].tolist() == [2, 1]
    np.testing.assert_allclose(report.weights, 1 / 27)
    assert report.error == pytest.approx(1 - 0.9**3)
    assert stacked_coverage(stacked([0, 1, 2], [0, 1, 2]), stub(), 2).modes == 1
    assert stacked_coverage(stacked([0, 1, 2]), stub(), 2).modes == 0


@pytest.mark.parametrize("channels", [1, 2])
def test_any_number_of_channels(channels):
    report = stacked_coverage(stacked([1] * channels), stub())
    assert report.total == 3**channels
    assert report.error == pytest.approx(1 - 0.9**channels)


def test_only_confident_images_count():
    images = stacked([0, 1, 2], [0, 1, 1.49])  # the last is nearly between 1 and 2
    assert stacked_coverage(images, stub()).counts.sum() == 2
    sure = stacked_coverage(images, stub(), confidence=0.9)
    assert (sure.modes, sure.on_mode, sure.counts.sum()) == (1, 0.5, 1)
    nothing = stacked_coverage(images, stub(sure=1e-3), confidence=0.9)
    assert (nothing.modes, nothing.on_mode, nothing.kl) == (0, 0.0, np.inf)


def linear(images, labels):
    """A classifier of real images that needs no training loop."""
    x = images.reshape(len(images), -1)
    half = len(x) // 2
    fitted = LogisticRegression(C=10.0, max_iter=200).fit(x[:half], labels[:half])
    inputs = keras.Input(images.shape[1:])
    logits = layers.Dense(10, name="logits")
    network = keras.Model(inputs, logits(layers.Flatten()(inputs)))
    logits.set_weights([fitted.coef_.T, fitted.intercept_])
    return metrics.Classifier(network, fitted.score(x[half:], labels[half:]))


def test_real_stacked_digits():
    images, labels = data.digits()
    judge = linear(images, labels)
    images, labels = images[len(images) // 2 :], labels[len(images) // 2 :]
    rng = np.random.default_rng(0)
    rows = rng.integers(len(images), size=(6000, 3))
    stacks = np.concatenate([images[rows[:, c]] for c in range(3)], axis=-1)
    report = stacked_coverage(stacks, judge)
    # 6 of each on average: a mode is missed with probability exp(-6)
    assert report.modes > 980
    assert report.total == 1000
    assert report.kl == pytest.approx(999 / 12_000, rel=0.4)
    truth = labels[rows] @ [100, 10, 1]
    given = np.bincount(truth, minlength=1000)
    moved = np.abs(report.counts - given).sum() / 2 / len(rows)
    assert moved <= report.error + 0.02
    assert 0 < report.error < 0.25
    sure = stacked_coverage(stacks, judge, confidence=0.9)
    assert 0.2 < sure.on_mode < 1


@pytest.mark.parametrize(
    ("images", "kwargs", "message"),
    [
        (
            np.zeros((2, 1, 1)),
            {},
            r"images: expected \(n, 1, 1, channels\) with n >= 1",
        ),
        (np.zeros((2, 2, 1, 3)), {}, r"images: expected .* got \(2, 2, 1, 3\)"),
        (np.zeros((0, 1, 1, 3)), {}, r"images: expected .* got \(0, 1, 1, 3\)"),
        (np.zeros((1, 1, 1, 0)), {}, r"images: expected .* got \(1, 1, 1, 0\)"),
        (np.full((1, 1, 1, 3), np.nan), {}, "images: expected finite numbers"),
        (np.zeros((1, 1, 1, 3)), {"at_least": 0}, "at_least: expected an integer >= 1"),
        (np.zeros((1, 1, 1, 3)), {"confidence": 2}, r"confidence: .* in \[0, 1\]"),
        (np.zeros((1, 1, 1, 3)), {"confidence": np.nan}, r"confidence: .* in \[0, 1\]"),
        (
            np.zeros((1, 1, 1, 3)),
            {"classifier": 7},
            "classifier: expected a Classifier",
        ),
    ],
)
def test_wrong_images(images, kwargs, message):
    with pytest.raises((TypeError, ValueError), match=message) as error:
        stacked_coverage(images, **{"classifier": stub()} | kwargs)
    assert "\n" not in str(error.value)


def test_a_classifier_of_color_images_is_refused():
    colors = keras.Input((1, 1, 3))
    network = keras.Model(colors, layers.Dense(2)(layers.Flatten()(colors)))
    judge = metrics.Classifier(network, 1.0)
    with pytest.raises(ValueError, match="classifier: expected one of one channel"):
        stacked_coverage(np.zeros((1, 1, 1, 3)), judge)


# ---- support ----


def test_support_by_hand():
    # pairs: 3 of 10 are equal
    values = [[1.0], [1.0], [1.0], [2.0], [3.0]]
    assert birthday_support(values, 0.0) == pytest.approx(10 / 3)
    assert birthday_support(values, 1.0) == pytest.approx(10 / 7)
    assert birthday_support(values, 5.0) == 1.0
    assert birthday_support([[1.0], [2.0]], 0.5) == np.inf


@pytest.mark.parametrize("p", [np.full(50, 0.02), np.arange(1, 41) / 820])
def test_support_of_discrete_values(p):
    drawn = np.random.default_rng(0).choice(len(p), size=3000, p=p)
    found = birthday_support(drawn[:, None].astype(float), 0.0)
    assert found == pytest.approx(1 / np.sum(p**2), rel=0.04)
    assert 1 / np.sum(p**2) <= len(p) + 1e-9


def test_support_of_a_generator_that_learned_by_heart():
    rng = np.random.default_rng(0)
    learned = rng.normal(size=(300, 8, 8, 1)).astype("float32")
    found = birthday_support(learned[rng.integers(300, size=2000)], 0.0)
    assert found == pytest.approx(300, rel=0.03)


def test_chunks_do_not_matter():
    x = GRID.sample(501, seed=0)
    whole = birthday_support(x, GRID.std, rows=1000)
    assert {birthday_support(x, GRID.std, rows=r) for r in (1, 7, 500, 501)} == {whole}


def test_support_does_not_depend_on_units():
    x = GRID.sample(1000, seed=0).astype(float)
    support = birthday_support(x, GRID.std)
    assert birthday_support(x + np.array([300.0, -40.0]), GRID.std) == support
    assert birthday_support(100 * x, 100 * GRID.std) == support
    assert birthday_support(x[::-1], GRID.std) == support
    # equal samples stay equal where squares would round
    far = np.repeat(1e6 + x[:500], 2, axis=0)
    assert birthday_support(far, 0.0) == pytest.approx(1000 * 999 / 1000)


@pytest.mark.parametrize(
    ("samples", "kwargs", "message"),
    [
        (np.zeros((1, 2)), {}, r"samples: expected \(n, ...\) with n >= 2"),
        (np.float64(3), {}, r"samples: expected \(n, ...\) with n >= 2, got \(\)"),
        ([[np.inf], [0.0]], {}, "samples: expected finite numbers"),
        ("points", {}, "samples: expected an array of numbers"),
        (np.zeros((3, 2)), {"distance": -1}, "distance: expected a number >= 0"),
        (np.zeros((3, 2)), {"distance": np.inf}, "distance: expected a number >= 0"),
        (np.zeros((3, 2)), {"distance": "0"}, "distance: expected a number >= 0"),
        (np.zeros((3, 2)), {"rows": 0}, "rows: expected an integer >= 1"),
    ],
)
def test_wrong_support(samples, kwargs, message):
    with pytest.raises((TypeError, ValueError), match=message) as error:
        birthday_support(samples, **{"distance": 1.0} | kwargs)
    assert "\n" not in str(error.value)
