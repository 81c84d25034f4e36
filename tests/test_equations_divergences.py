"""The numbered equations of *Which distance does a GAN minimize?*"""

import numpy as np
import pytest
from keras import ops
from scipy.optimize import minimize_scalar

from ganbook import divergences, losses
from ganbook.f_divergences import DIVERGENCES

DEFINITIONS = {
    "eq-div-conjugate": "defines f*; the six are tested in test_f_divergences.py",
}
RNG = np.random.default_rng(0)
GAMES = RNG.dirichlet(np.ones(6), (10, 2))
U = np.array([0.05, 0.4, 0.9, 1.6, 12.0])
H = 1e-5
each = pytest.mark.parametrize("f", DIVERGENCES.values(), ids=DIVERGENCES)
smooth = pytest.mark.parametrize(
    "f",
    [f for name, f in DIVERGENCES.items() if name != "total_variation"],
    ids=[name for name in DIVERGENCES if name != "total_variation"],
)


def slope(function, at):
    step = H * np.abs(at)
    return (function(at + step) - function(at - step)) / (2 * step)


def ways(q):
    """Small changes of q that keep its sum, small also where q is."""
    for way in RNG.normal(size=(5, len(q))):
        yield H * q * (way - q @ way)


@pytest.mark.equation("eq-div-family")
@each
def test_the_family_is_a_mean_of_f(f):
    for p, q in GAMES:
        by_hand = np.sum(q * f.f(p / q))
        assert divergences.f_divergence(f, p, q) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.equation("eq-div-jensen")
@each
def test_no_f_divergence_is_negative(f):
    assert f.f(np.array(1.0)) == 0
    for p, q in GAMES:
        assert np.sum(q * (p / q)) == pytest.approx(1)
        assert divergences.f_divergence(f, p, q) > 0


@pytest.mark.equation("eq-div-legendre")
@each
def test_the_conjugate_at_a_slope(f):
    np.testing.assert_allclose(
        f.conjugate(f.slope(U)), U * f.slope(U) - f.f(U), rtol=1e-9, atol=1e-12
    )


@pytest.mark.equation("eq-div-kl-conjugate")
def test_the_conjugate_of_kl():
    for t in (-1.0, 0.0, 0.5, 2.0):
        lowest = minimize_scalar(
            lambda u, t=t: u * np.log(u) - t * u,
            bounds=(1e-9, 50),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert -lowest.fun == pytest.approx(np.exp(t - 1), abs=1e-6)


@pytest.mark.equation("eq-div-bound", "eq-div-best")
@each
def test_the_bound(f):
    for p, q in GAMES:
        truth = divergences.f_divergence(f, p, q)
        best = f.slope(p / q)
        assert p @ best - q @ f.conjugate(best) == pytest.approx(truth, abs=1e-9)
        for other in f.slope(np.exp(RNG.normal(size=(20, 6)))):
            assert p @ other - q @ f.conjugate(other) <= truth + 1e-12


@pytest.mark.equation("eq-div-fgan")
@each
def test_both_players_of_an_f_gan(f):
    name = next(key for key, value in DIVERGENCES.items() if value is f)
    loss, v = losses.FGAN(name), np.linspace(-2, 2, 9, dtype="float32")
    v = ops.convert_to_tensor(v)
    d, g, t = (
        np.asarray(ops.convert_to_numpy(x), float)
        for x in (loss.discriminator(v, v), loss.generator(v, v), f.output(v))
    )
    np.testing.assert_allclose(d, f.conjugate(t) - t, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(g, -f.conjugate(t), rtol=1e-6, atol=1e-6)


@pytest.mark.equation("eq-div-minimax")
def test_the_minimax_gan_is_one_of_them():
    f = DIVERGENCES["jensen_shannon"]
    for p, q in GAMES:
        d = RNG.normal(size=6)
        bet = 1 / (1 + np.exp(-d))
        t = np.log(2 * bet)
        value = p @ np.log(bet) + q @ np.log(1 - bet)
        assert p @ t - q @ f.conjugate(t) == pytest.approx(value + np.log(4), abs=1e-12)


@pytest.mark.equation("eq-div-variation")
@smooth
def test_how_an_f_divergence_changes_with_q(f):
    for p, q in GAMES:
        u = p / q
        for way in ways(q):
            change = divergences.f_divergence(f, p, q + way)
            change -= divergences.f_divergence(f, p, q - way)
            expected = way @ (f.f(u) - u * f.slope(u)) / H
            assert change / (2 * H) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.equation("eq-div-followed")
@smooth
def test_a_zero_sum_generator_follows_the_divergence_of_its_game(f):
    """L_G = -f*(t*) has the slope -u f''(u)."""
    curvature = slope(f.slope, U)
    got = slope(lambda u: -f.conjugate(f.slope(u)), U)
    np.testing.assert_allclose(got, -U * curvature, rtol=1e-6)


@pytest.mark.equation("eq-div-pull")
@smooth
def test_where_a_sample_moves(f):
    """Two normal distributions: log u is linear, so its slope is a number."""
    theta, x = 0.7, np.array([-1.0, 0.2, 1.5])

    def u(x):
        return np.exp(theta**2 / 2 - theta * x)  # N(0, 1) over N(theta, 1)

    moved = -slope(lambda x: -f.conjugate(f.slope(u(x))), x)
    pull = u(x) ** 2 * slope(f.slope, u(x))
    np.testing.assert_allclose(moved, pull * -theta, rtol=1e-6)


@pytest.mark.equation("eq-div-ns")
def test_the_pull_of_the_non_saturating_loss():
    psi = lambda u: np.log1p(1 / u)  # noqa: E731
    np.testing.assert_allclose(-U * slope(psi, U), 1 / (1 + U), rtol=1e-8)
    np.testing.assert_allclose(1 / (1 + U), 1 - U / (1 + U), rtol=1e-12)


@pytest.mark.equation("eq-div-ls-best")
@pytest.mark.parametrize("labels", [(0.0, 1.0), (-1.0, 1.0), (0.3, 0.8)])
def test_the_best_regression(labels):
    fake, real = labels
    for p, q in GAMES:
        best = (real * p + fake * q) / (p + q)
        flat = p * (best - real) + q * (best - fake)
        np.testing.assert_allclose(flat, 0, atol=1e-12)
        got = divergences.optimal_discriminator(p, q, losses.LeastSquares(fake, real))
        np.testing.assert_allclose(got, best)


@pytest.mark.equation("eq-div-ls-chi")
def test_the_value_of_least_squares_is_a_pearson_divergence():
    for p, q in GAMES:
        best = (p - q) / (p + q)
        value = p @ best**2 + q @ best**2
        assert value == pytest.approx(np.sum((p - q) ** 2 / (p + q)), abs=1e-12)
        # both have mass 2: halve them for the divergence, which scales with mass
        chi = 2 * divergences.chi_squared(q, (p + q) / 2)
        assert value == pytest.approx(chi, abs=1e-9)


@pytest.mark.equation("eq-div-ls-followed")
def test_what_least_squares_follows():
    def psi(u):
        return 0.5 * ((u - 1) / (u + 1)) ** 2

    expected = 2 * (1 - U) / (U * (1 + U) ** 3)
    np.testing.assert_allclose(-slope(psi, U) / U, expected, rtol=1e-6)
    assert (expected[U > 1] < 0).all()


@pytest.mark.equation("eq-div-hinge")
def test_the_hinge():
    for p, q in GAMES:
        least = np.sum(2 * np.minimum(p, q))
        assert least == pytest.approx(2 - 2 * divergences.total_variation(p, q))
        d = np.linspace(-3, 3, 601)[:, None]
        paid = p * np.maximum(0, 1 - d) + q * np.maximum(0, 1 + d)
        assert paid.min(axis=0).sum() == pytest.approx(least, abs=1e-12)
        at_best = d[paid.argmin(axis=0), 0]
        np.testing.assert_allclose(at_best, np.sign(p - q), atol=1e-9)


def pairing(p, q, d, e=None):
    """Mean pairing loss with logits d of real and e of generated samples."""
    e = d if e is None else e
    return p @ np.logaddexp(0, e[None, :] - d[:, None]) @ q


@pytest.mark.equation("eq-div-rp-stationary", "eq-div-rp-best")
def test_the_best_discriminator_of_pairs():
    sigma = lambda t: 1 / (1 + np.exp(-t))  # noqa: E731
    for p, q in GAMES:
        d = np.log(p / q) + 0.7
        flat = -p * (sigma(d[None] - d[:, None]) @ q)
        flat += q * (sigma(d[:, None] - d[None]) @ p)
        np.testing.assert_allclose(flat, 0, atol=1e-12)
        d = RNG.normal(size=6)
        by_formula = -p * (sigma(d[None] - d[:, None]) @ q)
        by_formula += q * (sigma(d[:, None] - d[None]) @ p)
        unit = np.eye(6) * H
        rise = [(pairing(p, q, d + e) - pairing(p, q, d - e)) / (2 * H) for e in unit]
        np.testing.assert_allclose(by_formula, rise, atol=1e-8)


@pytest.mark.equation("eq-div-rp-value")
def test_the_value_of_pairs():
    for p, q in GAMES:
        pq, qp = np.outer(p, q), np.outer(q, p)
        expected = np.log(2) - divergences.js(pq, qp)
        assert -np.sum(pq * np.log(pq / (pq + qp))) == pytest.approx(expected)
        assert pairing(p, q, np.log(p / q)) == pytest.approx(expected)


@pytest.mark.equation("eq-div-rp-followed")
def test_what_the_generator_of_pairs_follows():
    def followed(p, q):
        js = divergences.js(np.outer(p, q), np.outer(q, p))
        return divergences.kl(q, p) - js

    for p, q in GAMES:
        d = np.log(p / q)
        for way in ways(q):
            # softplus(a - b): the pairing loss with the logits' signs turned
            step = pairing(p, q + way, -d) - pairing(p, q - way, -d)
            change = followed(p, q + way) - followed(p, q - way)
            assert step / (2 * H) == pytest.approx(change / (2 * H), rel=1e-6, abs=1e-6)
