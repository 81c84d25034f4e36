"""Penalties where the gradient of D is known in closed form."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganbook import autodiff, penalties

W = np.array([[3.0], [4.0]], "float32")  # |w| = 5
REAL, FAKE = np.random.default_rng(0).normal(size=(2, 8, 2)).astype("float32")


def model(*parts, shape=(2,)):
    return keras.Sequential([keras.Input(shape), *parts])


@pytest.fixture
def linear():
    network = model(layers.Dense(1, use_bias=False))
    network.set_weights([W])
    return network


def quadratic(x, training=True):
    """D(x) = |x|^2 / 2, whose gradient is x itself."""
    return 0.5 * ops.sum(ops.square(x), axis=tuple(range(1, len(x.shape))))[:, None]


def constant(x, training=True):
    return 0.0 * ops.sum(x, axis=1, keepdims=True)


def value(penalty, discriminator, real=REAL, fake=FAKE, seed=1):
    real, fake = ops.convert_to_tensor(real), ops.convert_to_tensor(fake)
    return ops.convert_to_numpy(penalty(discriminator, real, fake, seed=seed))


EVERY = [
    (penalties.R1(0.1), 0.5 * 0.1 * 25.0),
    (penalties.R2(0.1), 0.5 * 0.1 * 25.0),
    (penalties.ZeroCentered(0.1), 0.5 * 0.1 * 25.0),
    (penalties.GradientPenalty(10.0), 10.0 * 16.0),
    (penalties.DRAGAN(10.0), 10.0 * 16.0),
]
every = pytest.mark.parametrize(
    ("penalty", "expected"), EVERY, ids=[repr(e[0]) for e in EVERY]
)


@every
def test_closed_form_on_a_linear_discriminator(penalty, expected, linear):
    np.testing.assert_allclose(value(penalty, linear), np.full(8, expected), rtol=1e-5)


def test_where_each_penalty_looks():
    """With D = |x|^2 / 2 the norm tells the point."""
    square = {name: np.sum(x**2, axis=1) for name, x in dict(r=REAL, f=FAKE).items()}
    np.testing.assert_allclose(value(penalties.R1(2.0), quadratic), square["r"], 1e-5)
    np.testing.assert_allclose(value(penalties.R2(2.0), quadratic), square["f"], 1e-5)
    still = penalties.DRAGAN(1.0, std=0.0)
    expected = (np.sqrt(square["r"]) - 1.0) ** 2
    np.testing.assert_allclose(value(still, quadratic), expected, 1e-4, 1e-6)


def test_dragan_noise_has_its_standard_deviation():
    zeros = np.zeros((4000, 2), "float32")
    seen = []
    value(penalties.DRAGAN(1.0, std=0.3), spy(seen), zeros, zeros)
    assert np.std(seen[0]) == pytest.approx(0.3, rel=0.05)
    assert np.mean(seen[0]) == pytest.approx(0.0, abs=0.02), "to both sides"


def spy(seen):
    def discriminator(x, training=True):
        seen.append(ops.convert_to_numpy(ops.stop_gradient(x)))
        return ops.sum(x, axis=tuple(range(1, len(x.shape))))[:, None]

    return discriminator


@pytest.mark.parametrize("shape", [(2,), (3, 3, 2)])
@pytest.mark.parametrize(
    "penalty", [penalties.GradientPenalty(), penalties.ZeroCentered(1.0)]
)
def test_interpolation_weights_are_uniform_one_per_example(penalty, shape):
    n = 4000
    real, fake = np.zeros((n, *shape), "float32"), np.ones((n, *shape), "float32")
    seen = []
    value(penalty, spy(seen), real, fake)
    weights = seen[0].reshape(n, -1)
    np.testing.assert_array_equal(
        weights, np.repeat(weights[:, :1], weights.shape[1], 1)
    )
    weights = np.sort(weights[:, 0])  # not per batch, and not from N(0, 1)
    assert weights[0] >= 0.0
    assert weights[-1] <= 1.0
    distance = np.abs(weights - (np.arange(n) + 0.5) / n).max()
    assert distance < 1.63 / np.sqrt(n), "Kolmogorov-Smirnov, 1 %"


def test_the_norm_is_over_the_whole_example():
    """A D that sums 27 inputs has the gradient norm sqrt(27), not one per axis."""
    images = np.zeros((5, 3, 3, 3), "float32")

    def total(x, training=True):
        return ops.sum(x, axis=(1, 2, 3))[:, None]

    got = value(penalties.GradientPenalty(1.0), total, images, images)
    np.testing.assert_allclose(got, np.full(5, (np.sqrt(27.0) - 1.0) ** 2), rtol=1e-5)


def test_patches_add_up():
    def patches(x, training=True):
        return 2.0 * x[..., :1]

    images = np.zeros((5, 3, 3, 2), "float32")
    got = value(penalties.R1(2.0), patches, images, images)
    np.testing.assert_allclose(got, np.full(5, 9 * 4.0), rtol=1e-6)


def test_a_gradient_of_zero_gives_no_nan():
    weight = ops.convert_to_tensor(np.float32(0.0))

    def penalty(scale):
        def discriminator(x, training=True):
            return scale * ops.sum(x, axis=1, keepdims=True)

        real = ops.convert_to_tensor(REAL)
        return penalties.GradientPenalty(1.0)(discriminator, real, real, seed=0)

    np.testing.assert_allclose(ops.convert_to_numpy(penalty(weight)), 1.0, atol=1e-5)
    slope = ops.convert_to_numpy(autodiff.input_gradient(penalty, weight))
    assert np.isfinite(slope)
    np.testing.assert_allclose(value(penalties.GradientPenalty(1.0), constant), 1, 1e-5)


def network():
    keras.utils.set_random_seed(3)
    return model(layers.Dense(5, "tanh"), layers.Dense(1))


def gradient(penalty, discriminator):
    kernel = discriminator.trainable_variables[0]
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)

    def objective():
        return ops.mean(penalty(discriminator, real, fake, seed=1))

    variables = [kernel]
    if keras.backend.backend() == "jax":
        with keras.StatelessScope([(v, v.value) for v in discriminator.variables]):
            _, slopes = autodiff.value_and_grad(objective, variables)
    else:
        _, slopes = autodiff.value_and_grad(objective, variables)
    return ops.convert_to_numpy(slopes[0])


def points(penalty):
    """Where each penalty looks, under the seed of these tests."""
    if isinstance(penalty, penalties.DRAGAN):
        noise = keras.random.normal(REAL.shape, seed=1)
        return REAL + penalty.std * ops.convert_to_numpy(noise)
    if isinstance(penalty, penalties.GradientPenalty | penalties.ZeroCentered):
        weight = ops.convert_to_numpy(keras.random.uniform((len(REAL), 1), seed=1))
        return REAL + weight * (FAKE - REAL)
    return FAKE if isinstance(penalty, penalties.R2) else REAL


def closed_form(penalty, x, kernel, bias, head, _):
    """In float64, for D(x) = head . tanh(x kernel + bias)."""
    h = np.tanh(x @ kernel + bias)
    norm = np.linalg.norm(((1 - h**2) * head[:, 0]) @ kernel.T, axis=1)
    if isinstance(penalty, penalties.GradientPenalty):
        return penalty.weight * (norm - 1.0) ** 2
    return 0.5 * penalty.gamma * norm**2


@every
def test_slope_in_the_weights_against_finite_differences(penalty, expected):
    discriminator, x = network(), np.float64(points(penalty))
    kernel, *rest = (np.float64(w) for w in discriminator.get_weights())
    np.testing.assert_allclose(
        value(penalty, discriminator),
        closed_form(penalty, x, kernel, *rest),
        rtol=1e-4,
        atol=1e-6,
    )
    got, h = gradient(penalty, discriminator), 1e-6
    for index in np.ndindex(kernel.shape):
        step = np.zeros_like(kernel)
        step[index] = h
        rise = np.mean(
            closed_form(penalty, x, kernel + step, *rest)
            - closed_form(penalty, x, kernel - step, *rest)
        )
        assert got[index] == pytest.approx(rise / (2 * h), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("penalty", [penalties.R1(1.0), penalties.GradientPenalty()])
def test_equal_seeds_equal_values_and_examples_are_apart(penalty):
    discriminator = network()
    once = value(penalty, discriminator)
    np.testing.assert_array_equal(once, value(penalty, discriminator))
    other = FAKE.copy()
    other[3:] += 1.0
    moved = REAL.copy()
    moved[3:] += 1.0
    again = value(penalty, discriminator, moved, other)
    np.testing.assert_allclose(again[:3], once[:3], rtol=1e-5)
    assert (again[3:] != once[3:]).any()


def test_half_precision_does_not_overflow():
    def steep(x, training=True):
        return 500.0 * ops.sum(x, axis=1, keepdims=True)

    got = value(penalties.R1(2.0), steep, REAL.astype("float16"))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, 2 * 500.0**2, rtol=1e-3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: penalties.R1(-1.0), ValueError, "gamma: expected a number >= 0, got"),
        (lambda: penalties.R2("1"), TypeError, "gamma: expected a number >= 0, got '1"),
        (lambda: penalties.ZeroCentered(np.inf), ValueError, "gamma: .* got inf"),
        (lambda: penalties.GradientPenalty(-1), ValueError, "weight: .* got -1"),
        (lambda: penalties.DRAGAN(std=np.nan), ValueError, "std: .* got nan"),
        (lambda: penalties.DRAGAN(weight=None), TypeError, "weight: .* got None"),
    ],
)
def test_wrong_strengths(make, error, message):
    with pytest.raises(error, match=message):
        make()
