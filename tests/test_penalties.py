"""Penalties are exact where the discriminator's gradient is known."""

import keras
import numpy as np
import pytest

from ganbook import networks, penalties

W = np.array([[3.0], [4.0]], "float32")  # |w| = 5
REAL, FAKE = np.random.default_rng(0).normal(size=(2, 8, 2)).astype("float32")


def value(penalty, discriminator, real=REAL, fake=FAKE):
    real, fake = keras.ops.convert_to_tensor(real), keras.ops.convert_to_tensor(fake)
    return keras.ops.convert_to_numpy(penalty(discriminator, real, fake))


@pytest.fixture
def linear():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    model.set_weights([W])
    return model


@pytest.mark.parametrize("penalty", [penalties.R1, penalties.R2])
def test_closed_form_on_linear_discriminator(penalty, linear):
    got = value(penalty(0.1), linear)
    np.testing.assert_allclose(got, np.full(8, 0.5 * 0.1 * 25.0), rtol=1e-5)


@pytest.mark.parametrize(
    ("penalty", "points"), [(penalties.R1, REAL), (penalties.R2, FAKE)]
)
def test_agrees_with_finite_differences_at_its_own_points(penalty, points):
    keras.utils.set_random_seed(0)
    network = networks.mlp(2, 1, width=16, depth=2, activation="tanh")

    def logits(x):
        return keras.ops.convert_to_numpy(network(x))[:, 0]

    step = 1e-2
    slopes = [
        (logits(points + step * axis) - logits(points - step * axis)) / (2 * step)
        for axis in np.eye(2, dtype="float32")
    ]
    expected = 0.5 * 3.0 * np.sum(np.square(slopes), axis=0)
    np.testing.assert_allclose(value(penalty(3.0), network), expected, rtol=1e-2)


def test_images_are_reduced_over_all_axes():
    network = networks.mlp((4, 4, 1), 1, depth=0)
    network.set_weights([np.ones((16, 1)), np.zeros(1)])
    images = np.zeros((3, 4, 4, 1), "float32")
    got = value(penalties.R1(2.0), network, images, images)
    np.testing.assert_allclose(got, np.full(3, 16.0), rtol=1e-6)


@pytest.mark.parametrize("gamma", [-1.0, float("nan"), float("inf"), True, "1"])
@pytest.mark.parametrize("penalty", [penalties.R1, penalties.R2])
def test_refuses_weights_that_are_none(penalty, gamma):
    with pytest.raises(
        (TypeError, ValueError), match="gamma: expected a number >= 0, got"
    ):
        penalty(gamma)
