"""f-divergences against suprema on a grid, and the bound where it is tight."""

import numpy as np
import pytest
from keras import ops

from ganbook import losses
from ganbook.f_divergences import DIVERGENCES

P, Q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.1, 0.2, 0.3, 0.4])
KNOWN = {
    "kl": np.sum(P * np.log(P / Q)),
    "reverse_kl": np.sum(Q * np.log(Q / P)),
    "pearson": np.sum((P - Q) ** 2 / Q),
    "squared_hellinger": np.sum((np.sqrt(P) - np.sqrt(Q)) ** 2),
    "jensen_shannon": np.sum(P * np.log(2 * P / (P + Q)))
    + np.sum(Q * np.log(2 * Q / (P + Q))),
    "total_variation": 0.5 * np.sum(np.abs(P - Q)),
}
each = pytest.mark.parametrize("name", DIVERGENCES)


def tensor(x):
    return ops.convert_to_tensor(np.asarray(x, "float32"))


def numpy(x):
    return np.float64(ops.convert_to_numpy(x))


@each
def test_the_generator_function_gives_the_divergence(name):
    f = DIVERGENCES[name].f
    assert f(np.array(1.0)) == 0.0
    assert np.sum(Q * f(P / Q)) == pytest.approx(KNOWN[name], rel=1e-12)


@each
def test_the_slope_is_the_derivative(name):
    f = DIVERGENCES[name]
    u = np.array([0.2, 0.7, 1.5, 4.0])
    rise = (f.f(u + 1e-6) - f.f(u - 1e-6)) / 2e-6
    np.testing.assert_allclose(f.slope(u), rise, rtol=1e-6, atol=1e-8)


@each
def test_the_conjugate_is_the_supremum(name):
    f = DIVERGENCES[name]
    u = np.geomspace(1e-6, 1e3, 400_001)
    for t in f.slope(np.array([0.3, 0.9, 1.7, 5.0])):
        assert f.conjugate(t) == pytest.approx(np.max(t * u - f.f(u)), abs=1e-5)


@each
def test_fenchel_holds_with_equality_at_the_slope(name):
    f = DIVERGENCES[name]
    u = np.array([0.2, 0.7, 1.5, 4.0])
    t = f.slope(u)
    np.testing.assert_allclose(f.f(u) + f.conjugate(t), t * u, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "threshold"),
    [
        ("kl", 1.0),
        ("reverse_kl", -1.0),
        ("pearson", 0.0),
        ("squared_hellinger", 0.0),
        ("jensen_shannon", 0.0),
        ("total_variation", 0.0),
    ],
)
def test_the_threshold_between_real_and_generated(name, threshold):
    """The paper's table 2: f'(1), which g attains at the best logit where p = q."""
    f, one = DIVERGENCES[name], np.array(1.0)
    assert f.slope(one) == threshold
    got = numpy(f.output(tensor(f.optimal_logit(one))))
    assert got == pytest.approx(threshold, abs=1e-6)
    assert f.conjugate(threshold) == pytest.approx(threshold, abs=1e-12), "f(1) = 0"


@each
def test_the_output_activation_and_its_conjugate(name):
    f = DIVERGENCES[name]
    v = np.linspace(-4, 4, 33)
    t = numpy(f.output(tensor(v)))
    assert (np.diff(t) > 0).all(), "monotone: a large logit means real"
    got = numpy(f.conjugate_of_output(tensor(v)))
    np.testing.assert_allclose(got, f.conjugate(t), rtol=1e-3, atol=1e-3)


def bound(name, logits):
    """What D maximizes: the mean of g(v) under P less that of f*(g(v)) under Q."""
    loss, logits = losses.FGAN(name), tensor(logits)
    conjugate = -numpy(loss.generator(None, logits))
    output = conjugate - numpy(loss.discriminator(logits, logits))
    return np.sum(P * output) - np.sum(Q * conjugate)


@each
def test_the_bound_is_tight_at_the_best_logit_alone(name):
    best = np.clip(DIVERGENCES[name].optimal_logit(P / Q), -30, 30)
    assert bound(name, best) == pytest.approx(KNOWN[name], rel=1e-4)
    for seed in range(5):
        other = np.random.default_rng(seed).normal(size=len(P))
        assert bound(name, other) < KNOWN[name]
