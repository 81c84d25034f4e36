"""Each numbered equation of *How many modes did it find?*"""

import itertools
from math import comb

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import gamma
from scipy.stats import binom, chi, chi2

from ganbook import data, metrics

EVEN = np.full(25, 1 / 25)


def kl(counts, weights):
    """The papers' divergence, written out."""
    shares = np.asarray(counts, float) / np.sum(counts)
    some = shares > 0
    return np.sum(shares[some] * np.log(shares[some] / np.asarray(weights)[some]))


def histogram(counts, weights):
    counts = np.asarray(counts)
    return metrics.ModeCounts(np.sum(counts > 0), len(counts), 1.0, counts, weights)


@pytest.mark.equation("eq-cnt-tail")
@pytest.mark.parametrize("R", [0.5, 1.0, 3.0])
def test_the_tail_in_the_plane(R):
    found, _ = quad(lambda r: r * np.exp(-(r**2) / 2), R, 40)
    assert_allclose(found, np.exp(-(R**2) / 2), rtol=1e-6)
    assert_allclose(chi.sf(R, 2), np.exp(-(R**2) / 2))
    share = metrics.coverage(data.grid().sample(20_000, seed=0), data.grid(), R).on_mode
    assert share == pytest.approx(1 - np.exp(-(R**2) / 2), abs=0.012)


@pytest.mark.equation("eq-cnt-chi")
@pytest.mark.parametrize("d", [1, 2, 5, 20])
def test_the_distance_from_the_center_in_d_dimensions(d):
    inside, _ = quad(lambda u: u ** (d / 2 - 1) * np.exp(-u), 0, 4.5)
    assert_allclose(inside / gamma(d / 2), chi.cdf(3, d), rtol=1e-6)
    one = data.Mixture(np.zeros((1, d)), 1.0)
    share = metrics.coverage(one.sample(20_000, seed=0), one).on_mode
    assert share == pytest.approx(inside / gamma(d / 2), abs=0.015)
    assert_allclose(chi2.mean(d), d)  # the mean of r^2


@pytest.mark.equation("eq-cnt-spread")
@pytest.mark.parametrize("R", [1.0, 3.0])
def test_the_spread_of_what_is_inside(R):
    c = R**2 / 2
    mean = quad(lambda u: u * np.exp(-u), 0, c)[0] / (1 - np.exp(-c))
    assert_allclose(mean, 1 - c * np.exp(-c) / (1 - np.exp(-c)))
    grid = data.grid()
    spread = metrics.coverage(grid.sample(50_000, seed=0), grid, R).spread
    assert np.mean(spread**2) == pytest.approx(mean, rel=0.02)


@pytest.mark.equation("eq-cnt-found")
@pytest.mark.parametrize("n", [1, 3, 4])
def test_the_mean_number_of_modes(n):
    rho, weights = 0.8, np.array([0.5, 0.3, 0.2])
    chance = [*(rho * weights), 1 - rho]  # the last: on no mode
    mean = sum(
        np.prod([chance[k] for k in draw]) * len(set(draw) - {3})
        for draw in itertools.product(range(4), repeat=n)
    )
    assert_allclose(np.sum(1 - (1 - rho * weights) ** n), mean)
    assert_allclose(binom.sf(0, n, rho * weights).sum(), mean)


@pytest.mark.equation("eq-cnt-all")
@pytest.mark.parametrize(("K", "delta"), [(3, 0.1), (8, 0.01)])
def test_so_many_samples_find_all_modes(K, delta):
    rho = 0.9
    n = int(np.ceil(K / rho * np.log(K / delta)))

    def missed(n):  # by inclusion and exclusion
        terms = [
            (-1) ** (j + 1) * comb(K, j) * (1 - rho * j / K) ** n
            for j in range(1, K + 1)
        ]
        return sum(terms)

    assert missed(n) <= K * (1 - rho / K) ** n <= delta
    assert missed(n) > delta / 4  # the bound is not far off


@pytest.mark.equation("eq-cnt-half")
@pytest.mark.parametrize("n", [10, 2500])
def test_a_weight_that_is_found_in_half_of_all_counts(n):
    rho = 0.989
    w = (1 - 2 ** (-1 / n)) / rho
    assert_allclose(binom.sf(0, n, rho * w), 0.5)
    assert_allclose(w, np.log(2) / rho / n, rtol=0.5 / n * 1.1)


@pytest.mark.equation("eq-cnt-floor")
@pytest.mark.parametrize("even", [True, False])
def test_the_floor_of_the_divergence(even):
    rng = np.random.default_rng(0)
    weights = EVEN if even else rng.dirichlet(np.full(25, 5.0))
    n = 4000
    draws = rng.multinomial(n, weights, size=2000)
    error = draws / n - weights
    second = np.sum(error**2 / (2 * weights), axis=1)
    exact = [histogram(counts, weights).kl for counts in draws]
    assert_allclose(np.mean(second), 24 / (2 * n), rtol=0.03)
    assert_allclose(np.mean(exact), 24 / (2 * n), rtol=0.04)
    # each term of the mean, exactly
    assert_allclose(np.sum(weights * (1 - weights) / n / (2 * weights)), 24 / (2 * n))


@pytest.mark.equation("eq-cnt-even")
def test_evenness_says_what_the_divergence_says():
    counts = np.random.default_rng(0).integers(0, 50, 25)
    found = histogram(counts, EVEN)
    assert_allclose(found.kl, (1 - found.evenness) * np.log(25))
    shares = counts[counts > 0] / counts.sum()
    entropy = -np.sum(shares * np.log(shares))
    assert_allclose(found.kl, np.log(25) - entropy)


@pytest.mark.equation("eq-cnt-missing")
@pytest.mark.parametrize("m", [1, 20, 25])
def test_some_modes_evenly(m):
    counts = [7] * m + [0] * (25 - m)
    assert_allclose(histogram(counts, EVEN).kl, np.log(25 / m), atol=1e-12)
    assert_allclose(kl(counts, EVEN), np.log(25 / m), atol=1e-12)


@pytest.mark.equation("eq-cnt-birthday")
def test_how_often_two_draws_are_equal():
    p = np.array([0.4, 0.3, 0.2, 0.1])
    equal = sum(p[i] * p[j] for i, j in np.ndindex(4, 4) if i == j)
    assert_allclose(equal, np.sum(p**2))
    assert 1 / equal <= 4
    assert_allclose(1 / np.sum(np.full(4, 0.25) ** 2), 4)
    drawn = np.random.default_rng(0).choice(4, size=4000, p=p)
    found = metrics.birthday_support(drawn[:, None], 0.0, rows=500)
    assert found == pytest.approx(1 / equal, rel=0.03)


@pytest.mark.equation("eq-cnt-party")
@pytest.mark.parametrize("N", [365, 10_000, 1_000_000])
def test_the_size_of_the_party(N):
    n = np.sqrt(2 * N * np.log(2))
    people = np.arange(round(n))
    assert_allclose(np.prod(1 - people / N), 0.5, atol=0.03)


@pytest.mark.equation("eq-cnt-near")
@pytest.mark.parametrize("width", [0.3, 1.0, 3.0])
def test_samples_of_a_mixture_that_are_near(width):
    weights = np.array([0.5, 0.3, 0.2])
    far = data.Mixture([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 0.1, weights)
    theory = 1 / (np.sum(weights**2) * (1 - np.exp(-(width**2) / 4)))
    found = metrics.birthday_support(far.sample(4000, seed=0), width * 0.1, rows=500)
    assert found == pytest.approx(theory, rel=0.05)


@pytest.mark.equation("eq-cnt-named")
def test_modes_that_a_classifier_names():
    rng = np.random.default_rng(0)
    C = rng.dirichlet([5, 1, 1], size=3)
    u = rng.dirichlet(np.ones(27)).reshape(3, 3, 3)
    v = np.einsum("abc,ai,bj,ck->ijk", u, C, C, C)
    assert_allclose(v.sum(), 1)
    direct = sum(
        u[a, b, c] * C[a, 0] * C[b, 2] * C[c, 1] for a, b, c in np.ndindex(u.shape)
    )
    assert_allclose(v[0, 2, 1], direct)
