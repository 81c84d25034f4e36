"""Each numbered equation of *Which knobs matter?*"""

import itertools
from math import comb

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from ganbook import games, losses, penalties

RATE = 0.2


def dirac(gamma):
    punished = [penalties.R1(gamma)] if gamma else []
    return games.dirac(losses.NonSaturating(), *punished)


def step(game, rates, order):
    """The matrix of one step near rest."""
    return games.trajectory(game, 1e-5 * np.eye(2), 1, rates, order)[1].T / 1e-5


@pytest.mark.equation("eq-bal-chance")
@pytest.mark.parametrize("n", [2, 3, 5])
def test_luck_separates_two_sets_of_runs(n):
    ways = list(itertools.combinations(range(2 * n), n))  # ranks of the first set
    apart = [w for w in ways if max(w) == n - 1 or min(w) == n]
    assert len(apart) / len(ways) == 2 / comb(2 * n, n)


@pytest.mark.equation("eq-bal-step")
def test_the_matrices_of_both_moves():
    h, H, gamma, k = 0.1, 0.3, 0.5, 0.5
    D = np.array([[1, 0], [-H * k, 1 - H * gamma]])
    G = np.array([[1, h * k], [0, 1]])
    assert_allclose(step(dirac(gamma), (0, H), "DG"), D, atol=1e-9)
    assert_allclose(step(dirac(gamma), (h, 0), "DG"), G, atol=1e-9)


@pytest.mark.equation("eq-bal-determinant")
@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0])
def test_the_determinant_of_a_step(n, gamma):
    for h, H in ((0.1, 0.4), (0.4, 0.1)):
        found = np.linalg.det(step(dirac(gamma), (h, H), "D" * n + "G"))
        assert_allclose(found, (1 - H * gamma) ** n, rtol=1e-6)


@pytest.mark.equation("eq-bal-radius")
@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("gamma", [0.0, 0.3])
def test_the_radius_while_it_turns(n, gamma):
    radius = games.spectral_radius(dirac(gamma), RATE, "D" * n + "G")
    assert_allclose(radius, (1 - RATE * gamma) ** (n / 2), rtol=1e-6)


@pytest.mark.equation("eq-bal-lag")
def test_the_lag_settles():
    rho, delta, n, error = 0.7, 0.3, 3, 1.0
    for _ in range(200):
        error += delta  # the generator's move
        for _ in range(n):
            error *= rho
    assert_allclose(error, delta * rho**n / (1 - rho**n))


@pytest.mark.equation("eq-bal-noise")
@pytest.mark.parametrize(("rate", "valley"), [(0.1, 0.5), (0.5, 2.0), (1.0, 1.5)])
def test_where_the_variance_settles(rate, valley):
    noise, batch = 3.0, 16
    # w is a sum of errors, each shrunk by every update since
    shrunk = rate * (1 - rate * valley) ** np.arange(2000)
    variance = np.sum(shrunk**2) * noise**2 / batch
    expected = rate * noise**2 / (valley * batch * (2 - rate * valley))
    assert_allclose(variance, expected, rtol=1e-9)


@pytest.mark.equation("eq-bal-circle")
@pytest.mark.parametrize("modulus", [0.98, 1.0, 1.005])
def test_an_average_of_a_turning_point_turns_with_it(modulus):
    beta, turn, t = 0.9, modulus * np.exp(0.1j), 400
    s = np.arange(t)
    average = (1 - beta) * np.sum(beta**s * turn ** (t - s))
    assert_allclose(average, turn**t * (1 - beta) / (1 - beta / turn), rtol=1e-9)


@pytest.mark.equation("eq-bal-ema")
@pytest.mark.parametrize("beta", [0.9, 0.99])
@pytest.mark.parametrize("omega", [0.01, 0.3, 3.0])
def test_how_much_of_a_circle_an_average_leaves(beta, omega):
    s = np.arange(5000)
    left = abs((1 - beta) * np.sum(beta**s * np.exp(-1j * omega * s)))
    expected = 1 / np.sqrt(1 + 4 * beta * np.sin(omega / 2) ** 2 / (1 - beta) ** 2)
    assert_allclose(left, expected, rtol=1e-9)


@pytest.mark.equation("eq-bal-mean")
@pytest.mark.parametrize("n", [1, 7, 100])
@pytest.mark.parametrize("omega", [0.01, 0.3, 3.0])
def test_how_much_of_a_circle_a_mean_leaves(n, omega):
    left = abs(np.mean(np.exp(1j * omega * np.arange(n))))
    expected = abs(np.sin(n * omega / 2) / (n * np.sin(omega / 2)))
    assert_allclose(left, expected, rtol=1e-9, atol=1e-12)


def best_logit(p, q, smoothing):
    loss = losses.NonSaturating(smoothing=smoothing)

    def pay(t):  # a real sample pays by a, a generated one by b; each alone
        nothing = ops.convert_to_tensor([[-100.0]])
        logit = ops.convert_to_tensor([[t]], "float32")
        real = loss.discriminator(logit, nothing)
        fake = ops.softplus(logit)
        return float(p * real[0, 0] + q * fake[0, 0])

    return minimize_scalar(pay, bounds=(-15, 15), method="bounded").x


@pytest.mark.equation("eq-bal-smooth")
@pytest.mark.parametrize(("p", "q"), [(0.3, 0.2), (0.02, 0.5), (0.9, 0.001)])
@pytest.mark.parametrize("s", [0.0, 0.1, 0.3])
def test_the_best_logit_of_smoothed_labels(p, q, s):
    expected = np.log((1 - s) * p / (q + s * p))
    assert_allclose(best_logit(p, q, s), expected, atol=0.02)


@pytest.mark.equation("eq-bal-smooth-slope")
@pytest.mark.parametrize("s", [0.0, 0.1, 0.3])
def test_the_slope_of_the_smoothed_logit(s):
    log_u, tiny = np.linspace(-6, 6, 25), 1e-5

    def logit(log_u):
        u = np.exp(log_u)
        return np.log((1 - s) * u / (1 + s * u))

    slope = (logit(log_u + tiny) - logit(log_u - tiny)) / (2 * tiny)
    assert_allclose(slope, 1 / (1 + s * np.exp(log_u)), rtol=1e-6)
