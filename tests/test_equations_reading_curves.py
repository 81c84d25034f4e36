"""Each numbered equation of *What do the curves tell?*"""

from functools import partial

import keras
import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.special import expit as sigmoid

from ganbook import autodiff, divergences, losses, networks

X = np.linspace(-10, 10, 2001)
CELL = X[1] - X[0]


def normal(mean, std=1.0):
    return np.exp(-0.5 * ((X - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


P, Q = 0.4 * normal(-1.5, 0.7) + 0.6 * normal(1.5, 0.7), normal(0.5, 1.2)
BEST = np.log(P / Q)
CRITICS = [np.zeros_like(X), 0.3 * BEST, BEST, 3 * BEST, np.sin(X) - 0.5, X]


def mean(density, values):
    return CELL * np.sum(density * values)


def d_loss(D):
    return mean(P, np.logaddexp(0, -D)) + mean(Q, np.logaddexp(0, D))


def regret(D):
    s, best = sigmoid(D), sigmoid(BEST)
    coins = best * np.log(best / s) + (1 - best) * np.log((1 - best) / (1 - s))
    return mean(P + Q, coins)


@pytest.mark.equation("eq-cur-split")
def test_the_loss_is_what_there_is_to_see_less_what_is_not_seen():
    least = d_loss(BEST)
    assert least == pytest.approx(2 * np.log(2) - 2 * divergences.js(P, Q, CELL))
    for D in CRITICS:
        assert d_loss(D) == pytest.approx(least + regret(D), rel=1e-7)


@pytest.mark.equation("eq-cur-regret")
def test_regret_is_zero_for_the_best_alone():
    assert regret(BEST) == pytest.approx(0, abs=1e-12)
    assert min(regret(D) for D in CRITICS if D is not BEST) > 0.05


@pytest.mark.equation("eq-cur-bound")
def test_every_loss_bounds_the_divergence_from_below():
    js = divergences.js(P, Q, CELL)
    bounds = [np.log(2) - d_loss(D) / 2 for D in CRITICS]
    assert max(bounds) == pytest.approx(js)
    assert bounds[0] == pytest.approx(0, abs=1e-8)
    assert sorted(bounds)[-2] < js - 0.02


@pytest.mark.equation("eq-cur-logits")
def test_mean_logits_of_the_best_are_two_divergences():
    assert mean(P, BEST) == pytest.approx(divergences.kl(P, Q, CELL))
    assert mean(Q, BEST) == pytest.approx(-divergences.reverse_kl(P, Q, CELL))


@pytest.mark.equation("eq-cur-bets")
def test_mean_bets_of_the_best_differ_by_a_divergence():
    real, fake = mean(P, sigmoid(BEST)), mean(Q, sigmoid(BEST))
    assert real - fake == pytest.approx(mean(1 / (P + Q), (P - Q) ** 2) / 2)
    assert real + fake == pytest.approx(1)


@pytest.mark.equation("eq-cur-bias")
def test_the_slope_in_the_bias_is_the_sum_of_bets_less_1():
    h = 1e-5
    for D in CRITICS:
        slope = (d_loss(D + h) - d_loss(D - h)) / (2 * h)
        assert slope == pytest.approx(mean(P + Q, sigmoid(D)) - 1, abs=1e-7)


@pytest.mark.equation("eq-cur-slope")
def test_the_slope_of_the_best_is_the_difference_of_the_scores():
    squared = mean(P, np.gradient(BEST, CELL) ** 2)
    scores = np.gradient(np.log(P), CELL) - np.gradient(np.log(Q), CELL)
    assert squared == pytest.approx(mean(P, scores**2))
    apart = np.gradient(np.log(normal(2, 0.8) / normal(0.5, 0.8)), CELL)
    expected = (1.5 / 0.8**2) ** 2  # of two normal distributions
    assert mean(normal(2, 0.8), apart**2) == pytest.approx(expected, rel=1e-4)


AXES = np.eye(2, dtype="float32")[:, None]


def numpy(values):
    return np.asarray(ops.convert_to_numpy(values), float)


def players(seed=0):
    keras.utils.set_random_seed(seed)
    G, D = networks.mlp(2, 2, width=8, depth=1), networks.mlp(2, 1, width=8, depth=1)
    return G, D, np.random.default_rng(seed).normal(size=(20, 2)).astype("float32")


def flat(gradient):
    return np.concatenate([numpy(g).ravel() for g in gradient])


@pytest.mark.equation("eq-cur-pull")
@pytest.mark.parametrize("loss", [losses.Minimax(), losses.NonSaturating()], ids=repr)
def test_a_flat_discriminator_bounds_the_generators_gradient(loss):
    G, D, z = players()
    weights = G.trainable_variables
    _, found = autodiff.value_and_grad(
        lambda: ops.mean(loss.generator(None, D(G(z)))), weights
    )
    total = 0.0
    for k in range(len(z)):
        one = partial(G, z[k : k + 1])
        x, jacobian = one(), []
        for axis in AXES:
            _, pull = autodiff.pullback(one, weights)  # good for one slope
            jacobian.append(flat(pull(ops.convert_to_tensor(axis))))
        slope = autodiff.input_gradient(D, x)
        weight = autodiff.input_gradient(lambda b: loss.generator(None, b), D(x))
        steep = np.linalg.norm(numpy(slope)) * abs(numpy(weight).item())
        total += np.linalg.norm(jacobian, 2) * steep / len(z)
    length = np.linalg.norm(flat(found))
    assert 0 < length <= total * (1 + 1e-6)


@pytest.mark.equation("eq-cur-own")
def test_the_own_gradient_of_a_flat_discriminator_is_a_difference_of_means():
    G, D, z = players()
    last = D.layers[-1]
    last.kernel.assign(0 * last.kernel)
    last.bias.assign(0 * last.bias)
    real, fake, weights = 0.5 * z + 1, ops.stop_gradient(G(z)), D.trainable_variables
    loss = losses.NonSaturating()
    value, found = autodiff.value_and_grad(
        lambda: ops.mean(loss.discriminator(D(real), D(fake))), weights
    )
    assert float(value) == pytest.approx(2 * np.log(2))
    _, on_real = autodiff.value_and_grad(lambda: ops.mean(D(real)), weights)
    _, on_fake = autodiff.value_and_grad(lambda: ops.mean(D(fake)), weights)
    assert_allclose(flat(found), (flat(on_fake) - flat(on_real)) / 2, atol=1e-6)
    assert np.abs(flat(found)).max() > 0.05
    _, pull = autodiff.value_and_grad(
        lambda: ops.mean(loss.generator(None, D(G(z)))), G.trainable_variables
    )
    assert np.abs(flat(pull)).max() == 0
