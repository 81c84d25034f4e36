"""The numbered equations of *What are the two players playing for?*"""

import numpy as np
import pytest
from keras import ops
from scipy.integrate import quad
from scipy.special import expit, xlogy
from scipy.stats import lognorm

from ganbook import divergences, losses

LINE = np.linspace(-12.0, 12.0, 6001)
STEP = LINE[1] - LINE[0]
RNG = np.random.default_rng(0)
GAMES = RNG.dirichlet(np.ones(5), (20, 2))


def normal(mean, s):
    return np.exp(-0.5 * ((LINE - mean) / s) ** 2) / (s * np.sqrt(2 * np.pi))


P, Q = 0.5 * normal(-1.0, 0.7) + 0.5 * normal(1.2, 0.9), normal(0.3, 1.1)
M = (P + Q) / 2


def integral(values):
    return STEP * np.sum(values)


def value(bets, p=P, q=Q, cell=STEP):
    return cell * np.sum(xlogy(p, bets) + xlogy(q, 1 - bets), axis=-1)


@pytest.mark.equation("eq-min-push")
def test_a_mean_over_latents_is_a_mean_over_samples():
    """G(z) = exp(z): the log-normal density against the normal one."""
    for h in (np.tanh, lambda t: 1 / (1 + t), lambda t: np.exp(-t)):
        by_latents = integral(normal(0, 1) * h(np.exp(LINE)))
        by_samples, _ = quad(lambda x, h=h: lognorm(1.0).pdf(x) * h(x), 0, np.inf)
        assert by_latents == pytest.approx(by_samples, abs=1e-6)


@pytest.mark.equation("eq-min-integral", "eq-min-value")
def test_the_value_is_minus_the_mean_of_the_minimax_loss():
    logits = np.sin(LINE)
    column = ops.convert_to_tensor(logits.astype("float32")[:, None])
    by_loss = ops.convert_to_numpy(-losses.Minimax().discriminator(column, column))
    real = -np.logaddexp(0, -logits)
    fake = -np.logaddexp(0, logits)
    np.testing.assert_allclose(by_loss[:, 0], real + fake, atol=1e-6)
    assert value(expit(logits)) == pytest.approx(integral(P * real + Q * fake))


@pytest.mark.equation("eq-min-derivatives")
def test_both_derivatives_of_the_bracket():
    p, q, s, h = 0.3, 0.7, 0.4, 1e-4

    def bracket(s):
        return p * np.log(s) + q * np.log(1 - s)

    first = (bracket(s + h) - bracket(s - h)) / (2 * h)
    second = (bracket(s + h) - 2 * bracket(s) + bracket(s - h)) / h**2
    assert first == pytest.approx(p / s - q / (1 - s), abs=1e-6)
    assert second == pytest.approx(-p / s**2 - q / (1 - s) ** 2, abs=1e-6)


@pytest.mark.equation("eq-min-best")
def test_the_best_bet():
    for p, q in GAMES:
        best = p / (p + q)
        slope = p / best - q / (1 - best)
        np.testing.assert_allclose(slope, 0, atol=1e-9)
        logits = divergences.optimal_discriminator(p, q, losses.Minimax())
        np.testing.assert_allclose(expit(logits), best, rtol=1e-12)
        np.testing.assert_allclose(logits, np.log(p / q), rtol=1e-12)


@pytest.mark.equation("eq-min-regret")
def test_what_a_wrong_bet_costs():
    best = P / (P + Q)
    for s in (expit(np.sin(LINE)), np.full_like(LINE, 0.3)):
        coin = xlogy(best, best / s) + xlogy(1 - best, (1 - best) / (1 - s))
        lost = value(best) - value(s)
        assert lost == pytest.approx(integral((P + Q) * coin), abs=1e-9)
        assert lost > 0


@pytest.mark.equation("eq-min-insert", "eq-min-split", "eq-min-js")
def test_the_value_of_the_best_discriminator():
    inserted = integral(P * np.log(P / (P + Q)) + Q * np.log(Q / (P + Q)))
    split = -2 * np.log(2) + integral(P * np.log(P / M)) + integral(Q * np.log(Q / M))
    by_js = -np.log(4) + 2 * divergences.js(P, Q, STEP)
    assert value(P / (P + Q)) == pytest.approx(inserted, abs=1e-9)
    assert inserted == pytest.approx(split, abs=1e-9)
    assert split == pytest.approx(by_js, abs=1e-9)


@pytest.mark.equation("eq-min-gibbs", "eq-min-bounds")
def test_bounds_of_the_divergences():
    for p, q in GAMES:
        m = (p + q) / 2
        assert divergences.kl(p, m) >= -np.log(np.sum(m)) - 1e-12
        assert 0 < divergences.js(p, q) < np.log(2)
        assert divergences.js(p, p) == pytest.approx(0, abs=1e-12)
    apart = divergences.js([0.5, 0.5, 0, 0], [0, 0, 0.1, 0.9])
    assert apart == pytest.approx(np.log(2))
    p, q = [0.5, 0.5, 0.0], [0.0, 0.5, 0.5]
    assert divergences.kl(p, (np.array(p) + q) / 2) > -np.log(0.75)


@pytest.mark.equation("eq-min-information")
def test_the_divergence_is_what_a_sample_tells_about_the_coin():
    """Mutual information from the joint table of sample and coin."""
    for p, q in GAMES:
        joint = np.stack([p, q]) / 2
        independent = np.outer([0.5, 0.5], (p + q) / 2)
        information = np.sum(joint * np.log(joint / independent))
        best = value(p / (p + q), p, q, cell=1.0)
        assert information == pytest.approx(divergences.js(p, q), abs=1e-12)
        assert np.log(2) + best / 2 == pytest.approx(information, abs=1e-12)


@pytest.mark.equation("eq-min-saddle")
def test_the_saddle():
    half = np.full(5, 0.5)
    for p, q in GAMES:
        assert value(half, p, q, 1.0) == pytest.approx(-np.log(4))
        for bets in RNG.uniform(0.01, 0.99, (10, 5)):
            assert value(bets, p, p, 1.0) <= -np.log(4)


@pytest.mark.equation("eq-min-maxmin")
def test_the_discriminator_commits_first():
    p = GAMES[0, 0]
    bets = RNG.uniform(0.001, 0.999, (20_000, 5))
    answered = np.log(bets) @ p + np.log(1 - bets.max(axis=1))
    assert (answered <= -np.log(4)).all()
    for k in range(5):  # no distribution is a better answer than one point
        for q in GAMES[:, 1]:
            assert value(bets[k], p, q, 1.0) >= answered[k] - 1e-12


@pytest.mark.equation("eq-min-average")
def test_the_mean_bet_is_one_half():
    for p, q in GAMES:
        assert np.sum((p + q) / 2 * p / (p + q)) == pytest.approx(0.5)
