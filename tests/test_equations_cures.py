"""Each numbered equation of *Which cure helps?*"""

import itertools
from math import comb

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import norm

from ganbook import GAN, games, losses, networks, variants


def packs(weights, m):
    """The probability of each pack of m independent samples."""
    return np.array([np.prod(pack) for pack in itertools.product(weights, repeat=m)])


@pytest.mark.equation("eq-cur-pack")
@pytest.mark.parametrize("m", [1, 2, 4])
@pytest.mark.parametrize("kept", [1, 2, 3])
def test_lost_modes_in_packs(m, kept):
    modes = 4
    p = np.full(modes, 1 / modes)
    q = np.where(np.arange(modes) < kept, 1 / kept, 0)
    found = 0.5 * np.abs(packs(p, m) - packs(q, m)).sum()
    assert_allclose(found, 1 - (kept / modes) ** m)


@pytest.mark.equation("eq-cur-uneven")
@pytest.mark.parametrize("m", [1, 2, 5])
@pytest.mark.parametrize("eps", [0.2, 0.7, 1.0])
def test_uneven_modes_in_packs(m, eps):
    p = np.full(4, 1 / 4)
    q = p * (1 + eps * np.array([1, 1, -1, -1]))
    found = 0.5 * np.abs(packs(p, m) - packs(q, m)).sum()
    skewed = [((1 + eps) / 2) ** j * ((1 - eps) / 2) ** (m - j) for j in range(m + 1)]
    terms = [comb(m, j) * abs(0.5**m - skewed[j]) for j in range(m + 1)]
    assert_allclose(found, 0.5 * sum(terms))


@pytest.mark.equation("eq-cur-kernel")
def test_minibatch_discrimination_counts_modes():
    weights, batch = np.array([0.5, 0.3, 0.2]), 200
    layer = networks.MinibatchDiscrimination(kernels=1, size=1)
    layer.build((None, 1))
    layer.tensor.assign([[30.0]])  # far apart
    rng = np.random.default_rng(0)
    modes = rng.choice(3, size=(50, batch, 1), p=weights).astype("float32")
    found = [ops.convert_to_numpy(layer(x))[:, 1].mean() for x in modes]
    expected = 1 + (batch - 1) * np.sum(weights**2)
    assert_allclose(np.mean(found), expected, rtol=0.02)


def unrolled(T, c):
    """G judged by the D that steps of total length T lead to."""
    return games.Game(lambda t, s: c * t * (s + T * c * t), lambda t, s: -c * t * s)


@pytest.mark.equation("eq-cur-ahead")
@pytest.mark.parametrize("steps", [1, 3])
def test_what_a_generator_pays_that_looks_ahead(steps):
    c, h, theta, start = 0.7, 0.2, 1.3, -0.4
    game, psi = games.bilinear(c), start
    for _ in range(steps):  # D alone moves
        psi += h * game.field((theta, psi))[1]
    paid = c * theta * start + steps * h * c**2 * theta**2
    assert_allclose(game.generator(theta, psi), paid)
    assert_allclose(unrolled(steps * h, c).generator(theta, start), paid)


@pytest.mark.equation("eq-cur-ahead-eigen")
@pytest.mark.parametrize("T", [0.0, 0.2, 0.9, 4.0])
@pytest.mark.parametrize("c", [0.5, 2.0])
def test_the_eigenvalues_of_looking_ahead(T, c):
    found = np.sort_complex(unrolled(T, c).eigenvalues())
    root = c * np.sqrt((T * c) ** 2 - 1 + 0j)
    expected = np.sort_complex([-T * c**2 + root, -T * c**2 - root])
    assert_allclose(found, expected, atol=1e-6)


def test_unrolling_is_fastest_where_khc_is_one_and_then_creeps():
    rates = [unrolled(T, 1.0).eigenvalues().real.max() for T in (0.9, 1.0, 1.1, 20.0)]
    assert min(rates) == rates[1]
    assert_allclose(rates[3], -1 / 40, rtol=2e-3)


@pytest.mark.equation("eq-cur-softmax")
@pytest.mark.parametrize("heed", [0.3, 3.0])
def test_gman_goes_down_a_soft_maximum(heed):
    prices = np.array([0.2, 1.5, 0.7])
    shares = np.exp(heed * prices) / np.exp(heed * prices).sum()

    def soft(x):
        return np.log(np.mean(np.exp(heed * x))) / heed

    slopes = [(soft(prices + e) - soft(prices - e)) / 2e-5 for e in 1e-5 * np.eye(3)]
    assert_allclose(slopes, shares, rtol=1e-6)
    # with the weights held, as in the package, the value is the weighted mean
    players = networks.mlp(2, 2, width=4), [networks.mlp(2, 1, width=4)] * 1
    gan = variants.GMAN(*players, loss=losses.NonSaturating(), heed=heed)
    verdicts = [ops.full((5, 1), price) for price in prices]
    assert isinstance(gan, GAN)
    assert_allclose(float(gan.generator_loss(verdicts)), shares @ prices, rtol=1e-5)


def test_the_limits_of_the_soft_maximum():
    prices = np.array([0.2, 1.5, 0.7])
    for heed, limit in ((1e-6, prices.mean()), (300.0, prices.max())):
        soft = np.log(np.mean(np.exp(heed * prices))) / heed
        assert_allclose(soft, limit, atol=4e-3)


MADE = np.array([[0.6, 0.4, 0.0], [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])  # maker, place


@pytest.mark.equation("eq-cur-classifier")
def test_what_the_best_classifier_leaves():
    def price(logits):
        logits = logits.reshape(3, 3)  # place, maker
        log = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return -np.mean(np.sum(MADE.T * log, axis=0))

    least = minimize(price, np.zeros(9), bounds=[(-20, 20)] * 9).fun
    mean = MADE.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = np.nansum(MADE * np.log(MADE / mean)) / 3
    assert_allclose(least, np.log(3) - divergence, rtol=1e-5)


@pytest.mark.equation("eq-cur-madgan")
def test_what_the_best_softmax_of_madgan_tells_generators():
    p, n = np.array([0.2, 0.5, 0.3]), len(MADE)
    loss = variants.MADGAN(n)

    def price(table):
        table = table.reshape(3, 1 + n)  # place, class
        log = table - np.log(np.exp(table).sum(axis=1, keepdims=True))
        return -p @ log[:, 0] - np.sum(MADE.T * log[:, 1:]) / n

    best = minimize(price, np.zeros(3 * (1 + n)), bounds=[(-20, 20)] * 12).x
    paid = ops.convert_to_numpy(
        loss.generator(None, ops.convert_to_tensor(best.reshape(3, -1), "float32"))
    )[:, 0]
    assert_allclose(np.exp(-paid), p / (p + MADE.mean(axis=0)), atol=2e-3)


def error_left(cells):
    """Mean variance of a normal latent within cells with these edges."""
    share = np.diff(norm.cdf(cells))
    mean = -np.diff(norm.pdf(cells)) / share
    return 1 - np.sum(share * mean**2)


@pytest.mark.equation("eq-cur-recover")
def test_the_best_reconstruction_is_the_conditional_mean():
    z = np.random.default_rng(0).normal(size=200_000)
    x = np.digitize(z, [-0.5, 0.8])  # three different samples

    def price(F):
        return np.mean((z - F[x]) ** 2)

    least = minimize(price, np.zeros(3)).fun
    within = sum(np.mean(x == k) * z[x == k].var() for k in range(3))
    assert_allclose(least, within, rtol=1e-6)
    assert_allclose(within, error_left([-np.inf, -0.5, 0.8, np.inf]), rtol=0.02)


@pytest.mark.equation("eq-cur-rate")
@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("side", [1, 2, 5, 20])
def test_no_reconstruction_beats_the_bound(d, side):
    """Of a grid of cells in d dimensions, with side^d different samples."""
    for edges in (np.linspace(0, 1, side + 1), np.linspace(0, 1, side + 1) ** 1.3):
        error = d * error_left(norm.ppf(edges))
        assert error >= d * (side**d) ** (-2 / d) * (1 - 1e-9)
    if side == 1:
        assert_allclose(error, d)


@pytest.mark.equation("eq-cur-seeking")
@pytest.mark.parametrize("levels", [2, 3, 5, 10])
def test_mean_distances_on_an_axis(levels):
    def mean_distance(x):
        return np.abs(np.subtract.outer(x, x)).mean()

    every, outer = np.arange(levels), np.array([0, levels - 1])
    assert_allclose(mean_distance(every), (levels**2 - 1) / (3 * levels))
    assert_allclose(mean_distance(outer), (levels - 1) / 2)
    assert (mean_distance(outer) > mean_distance(every)) == (levels > 2)


@pytest.mark.equation("eq-cur-gap")
@pytest.mark.parametrize("s", [0.5, 0.8, 2.0])
def test_the_slope_across_a_gap(s):
    a, w, tiny = 1.0, 0.1, 1e-5
    v = w**2 + s**2

    def log_ratio(x):
        def at(center):
            return norm.pdf(x, center, np.sqrt(v))

        return np.log(0.5 * (at(-a) + at(a)) / at(-a))

    found = (log_ratio(-a + tiny) - log_ratio(-a - tiny)) / (2 * tiny)
    assert_allclose(found, 2 * a / v / (1 + np.exp(2 * a**2 / v)), rtol=1e-6)


def softplus(t):
    return np.logaddexp(0, t)


@pytest.mark.equation("eq-cur-basin")
@pytest.mark.parametrize(
    ("price", "line"),
    [
        (
            lambda a, b: np.mean(softplus(-a) + softplus(b)),
            [1.5 * np.log(3) - np.log(2), np.log(2), 2 * np.log(2)],
        ),
        (
            lambda a, b: np.mean(softplus(b - a)),
            [np.log(2) / 2, np.log(2) / 2, np.log(2)],
        ),
        (
            lambda a, b: np.mean(softplus(b - a[:, None])),
            [np.log(2) / 2, np.log(2) / 4, np.log(2)],
        ),
    ],
)
def test_two_real_points_and_two_samples(price, line):
    for samples, expected in zip(([0, 0], [0, 2], [0, 1]), line, strict=True):
        least = minimize(
            lambda D, at=samples: price(D[:2], D[at]),
            np.zeros(3),
            bounds=[(-30, 30)] * 3,
        ).fun
        assert_allclose(least, expected, atol=1e-3)


def test_pairs_are_drawn_anew():
    """A batch pairs row with row: over batches every real sample meets every fake."""
    loss = losses.RelativisticPairing()
    a, b = np.array([[0.3], [-0.2]]), np.array([[0.1], [0.6]])
    rows = ops.convert_to_numpy(
        loss.discriminator(
            ops.convert_to_tensor(a, "float32"), ops.convert_to_tensor(b, "float32")
        )
    )
    assert_allclose(rows, softplus(b - a), rtol=1e-5)
