"""The numbered equations of *Why does this code not learn?*"""

import numpy as np
import pytest
from keras import ops
from scipy.optimize import minimize_scalar
from scipy.special import expit

from ganbook import losses, penalties

RNG = np.random.default_rng(0)


@pytest.mark.equation("eq-bro-twice")
def test_a_second_sigmoid_has_a_floor():
    loss = losses.NonSaturating()
    best = float(np.squeeze(loss.discriminator(ops.ones((1, 1)), ops.zeros((1, 1)))))
    assert best == pytest.approx(np.log1p(np.exp(-1)) + np.log(2), abs=1e-6)
    assert best == pytest.approx(1.0064, abs=1e-4)
    bets = ops.convert_to_tensor(expit(RNG.normal(0, 5, (2, 1000, 1))), "float32")
    paid = ops.convert_to_numpy(loss.discriminator(bets[0], bets[1]))
    assert paid.min() >= best - 1e-6


@pytest.mark.equation("eq-bro-labels")
def test_the_best_logit_of_raised_labels():
    for p, q, s in RNG.uniform((0.5, 0.0, 0.05), (1.0, 0.5, 0.3), (20, 3)):

        def paid(t, p=p, q=q, s=s):
            real = np.logaddexp(0, t) - s * t
            return p * real + q * (np.logaddexp(0, t) - (1 + s) * t)

        bet = (s * p + (1 + s) * q) / (p + q)
        assert bet < 1
        best = minimize_scalar(paid, bounds=(-20, 20), method="bounded")
        assert expit(best.x) == pytest.approx(bet, abs=1e-4)
        # with fakes frequent enough there is none: it falls to the end
        falls = np.diff([paid(t, 1.0, 2 * (1 - s) / s, s) for t in (0, 10, 100, 1000)])
        assert (falls < 0).all()


@pytest.mark.equation("eq-bro-broadcast")
def test_a_sum_survives_broadcasting():
    a, c = RNG.normal(size=(7, 1)), RNG.normal(size=7)
    table = ops.convert_to_numpy(ops.add(a, c))
    assert table.shape == (7, 7)
    assert table.mean() == pytest.approx(a.mean() + c.mean(), abs=1e-6)


@pytest.mark.equation("eq-bro-missed")
def test_how_many_are_missed():
    n, k = 500, 600
    draws = RNG.integers(n, size=(400, k))
    missed = np.mean([1 - len(np.unique(row)) / n for row in draws])
    assert missed == pytest.approx((1 - 1 / n) ** k, abs=0.003)
    assert (1 - 1 / n) ** k == pytest.approx(np.exp(-k / n), rel=2e-3)


@pytest.mark.equation("eq-bro-scale")
def test_data_in_other_units_have_other_slopes():
    w = ops.convert_to_tensor(RNG.normal(size=(3, 1)), "float32")
    x, c = ops.convert_to_tensor(RNG.normal(size=(5, 3)), "float32"), 127.5

    def logit(x, training=True):
        return ops.tanh(ops.matmul(x, w))

    def scaled(x, training=True):
        return logit(x / c)

    here = ops.convert_to_numpy(penalties.squared_gradient_norm(logit, x))
    there = ops.convert_to_numpy(penalties.squared_gradient_norm(scaled, c * x))
    np.testing.assert_allclose(there, here / c**2, rtol=1e-4)
    assert round(c**2) == 16_256
