"""Each numbered equation of *Why does a generator forget most of the data?*"""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.special import log_expit, ndtr, ndtri

from ganbook import divergences, losses

RNG = np.random.default_rng(0)
P, Q, D = RNG.dirichlet(np.ones(6)), RNG.dirichlet(np.ones(6)), RNG.normal(size=6)


def value(logits, p, q):
    """V of a game on six places, from the loss that the discriminator minimizes."""
    loss = losses.Minimax().discriminator
    d = ops.convert_to_tensor(logits)
    zero = ops.zeros_like(d)
    both = ops.convert_to_numpy(loss(d, zero)), ops.convert_to_numpy(loss(zero, d))
    real, fake = (part - np.log(2) for part in both)
    return -(p @ real) - q @ fake


@pytest.mark.equation("eq-cau-linear")
def test_the_value_is_linear_in_q():
    softplus = np.logaddexp(0, D)
    assert_allclose(value(D, P, Q), P @ log_expit(D) - Q @ softplus, rtol=1e-5)


@pytest.mark.equation("eq-cau-greedy")
def test_no_q_does_better_than_all_mass_on_the_highest_place():
    least = P @ log_expit(D) - np.logaddexp(0, D.max())
    assert_allclose(value(D, P, np.eye(6)[D.argmax()]), least, rtol=1e-5)
    for q in RNG.dirichlet(np.ones(6), 200):
        assert value(D, P, q) >= least - 1e-6


@pytest.mark.equation("eq-cau-maxmin")
def test_both_orders_have_one_value():
    def least(d):
        return P @ log_expit(d) - np.logaddexp(0, d.max())

    assert_allclose(least(np.zeros(6)), -2 * np.log(2))
    tried = 0.1 * RNG.normal(size=(2000, 6)) * RNG.integers(1, 50, (2000, 1))
    assert max(map(least, tried)) <= -2 * np.log(2)
    # the other order: D answers with log p/q, and q = p leaves it nothing
    assert_allclose(value(np.zeros(6), P, P), -2 * np.log(2), rtol=1e-6)
    for q in RNG.dirichlet(np.ones(6), 50):
        won = 2 * divergences.js(P, q)
        assert_allclose(value(np.log(P / q), P, q), won - 2 * np.log(2), rtol=1e-5)
        assert won >= 0


def bridge(G, gap, latents):
    x = G(latents)
    return np.mean(x <= -gap / 2), np.mean(np.abs(x) < gap / 2)


@pytest.mark.equation("eq-cau-bridge")
@pytest.mark.parametrize("steep", [1.0, 3.0, 10.0])
@pytest.mark.parametrize("shift", [-0.5, 0.0, 0.7])
def test_no_generator_of_this_slope_has_less_in_the_gap(steep, shift):
    z, gap = ndtri((np.arange(200_000) + 0.5) / 200_000), 1.4

    def line(z):  # the steepest way across
        return steep * (z - shift)

    left, between = bridge(line, gap, z)
    bound = ndtr(ndtri(left) + gap / steep) - left
    assert_allclose(between, bound, atol=2e-5)

    def there_and_back(z):
        return steep * (1 - np.abs(z - shift))

    left, between = bridge(there_and_back, gap, z)
    assert between >= ndtr(ndtri(left) + gap / steep) - left - 2e-5


@pytest.mark.equation("eq-cau-bridge")
def test_the_bound_in_two_dimensions():
    z = RNG.normal(size=(200_000, 2))

    def bowl(z):
        return 3 * (np.linalg.norm(z, axis=1) - 1.2)

    left, between = bridge(bowl, 1.4, z)
    assert between > ndtr(ndtri(left) + 1.4 / 3) - left


@pytest.mark.equation("eq-cau-half")
def test_the_bridge_of_equal_modes():
    for ratio in (0.01, 0.1, 1.0):  # gap by slope
        least = 2 * ndtr(ratio / 2) - 1
        a = (1 - least) / 2
        assert_allclose(ndtr(ndtri(a) + ratio) - a, least, rtol=1e-9)
    assert_allclose(2 * ndtr(0.005) - 1, 0.01 / np.sqrt(2 * np.pi), rtol=1e-4)


@pytest.mark.equation("eq-cau-batch")
def test_how_often_a_batch_lacks_a_mode():
    n, batch = 8, 4
    drawn = RNG.integers(n, size=(100_000, batch))
    lacks = np.mean((drawn != 0).all(axis=1))
    assert_allclose(lacks, (1 - 1 / n) ** batch, atol=0.006)
