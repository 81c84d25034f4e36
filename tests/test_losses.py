"""Losses have known values, known slopes, and stay finite."""

import numpy as np
import pytest
from keras import ops

from ganbook import losses

LOG2 = np.log(2.0)
ZERO = np.zeros((4, 1), "float32")
ALL = [losses.Minimax(), losses.NonSaturating(), losses.RelativisticPairing()]


def both(loss, real, fake):
    """The two players' values as NumPy arrays."""
    players = loss.discriminator(real, fake), loss.generator(real, fake)
    return tuple(ops.convert_to_numpy(value) for value in players)


@pytest.mark.parametrize(
    ("loss", "discriminator", "generator"),
    [
        (losses.Minimax(), 2 * LOG2, -LOG2),
        (losses.NonSaturating(), 2 * LOG2, LOG2),
        (losses.RelativisticPairing(), LOG2, LOG2),
    ],
    ids=repr,
)
def test_value_when_discriminator_is_undecided(loss, discriminator, generator):
    d, g = both(loss, ZERO, ZERO)
    np.testing.assert_allclose(d, discriminator + ZERO, rtol=1e-6)
    np.testing.assert_allclose(g, generator + ZERO, rtol=1e-6)


@pytest.mark.parametrize("loss", ALL, ids=repr)
def test_equals_the_logarithms_of_its_formula(loss):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 50, 1))
    d_real, d_fake, d_pair = (1 / (1 + np.exp(-t)) for t in (a, b, a - b))
    expected = {
        losses.Minimax(): (-np.log(d_real) - np.log(1 - d_fake), np.log(1 - d_fake)),
        losses.NonSaturating(): (
            -np.log(d_real) - np.log(1 - d_fake),
            -np.log(d_fake),
        ),
        losses.RelativisticPairing(): (-np.log(d_pair), -np.log(1 - d_pair)),
    }[loss]
    np.testing.assert_allclose(both(loss, a, b), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("loss", ALL, ids=repr)
@pytest.mark.parametrize(("real", "fake"), [(1e3, -1e3), (-1e3, 1e3)])
def test_finite_when_discriminator_is_certain(loss, real, fake):
    for value in both(loss, ZERO + real, ZERO + fake):
        assert np.isfinite(value).all()


@pytest.mark.parametrize("loss", ALL, ids=repr)
def test_one_value_per_example(loss):
    a, b = np.random.default_rng(0).normal(size=(2, 4, 1)).astype("float32")
    for whole, first in zip(both(loss, a, b), both(loss, a[:1], b[:1]), strict=True):
        assert whole.shape == (4, 1)
        np.testing.assert_allclose(whole[:1], first, rtol=1e-6)


@pytest.mark.parametrize(
    ("loss", "slope"), [(losses.Minimax(), 0.0), (losses.NonSaturating(), -1.0)]
)
def test_generator_slope_where_it_loses(loss, slope):
    step = 0.5  # the loss is a straight line there
    left, right = np.full((1, 1), -20.0, "float32"), np.full((1, 1), -19.5, "float32")
    rise = both(loss, right, right)[1] - both(loss, left, left)[1]
    np.testing.assert_allclose(rise / step, slope, atol=1e-5)


@pytest.mark.parametrize("loss", [losses.Minimax(), losses.NonSaturating()], ids=repr)
@pytest.mark.parametrize(("p", "q"), [(0.5, 0.5), (0.9, 0.2), (0.01, 0.7)])
def test_best_logit_is_log_p_over_q(loss, p, q):
    logits = np.linspace(-6, 6, 24_001)[:, None]
    risk = p * both(loss, logits, -1e3 + 0 * logits)[0]
    risk += q * both(loss, 1e3 + 0 * logits, logits)[0]
    np.testing.assert_allclose(logits[np.argmin(risk)], np.log(p / q), atol=1e-2)


def test_generator_sees_real_says_what_the_generator_loss_needs():
    for loss in ALL:
        a, b = ZERO + 1.0, ZERO
        moved = (both(loss, a, b)[1] != both(loss, -a, b)[1]).any()
        assert moved == loss.generator_sees_real
