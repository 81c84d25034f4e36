import numpy as np
import pytest
from scipy.linalg import sqrtm

from ganbook.metrics import frechet_distance, kid

RNG = np.random.default_rng(0)


def features(n=400, d=5, scale=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return scale * rng.normal(size=(n, d)) @ rng.normal(size=(d, d))


def test_a_shift_costs_its_squared_length():
    x = features()
    shift = np.arange(5.0)
    assert frechet_distance(x, x + shift) == pytest.approx(30.0, rel=1e-9)
    assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-9)


def test_a_scaling_costs_the_squared_difference_of_standard_deviations():
    x = features(d=1)
    s = x.std(ddof=1)
    x -= x.mean()
    assert frechet_distance(x, 3 * x) == pytest.approx(4 * s**2, rel=1e-9)


def test_against_the_matrix_square_root():
    x, y = features(seed=1), features(seed=2) + 1
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    gap = x.mean(axis=0) - y.mean(axis=0)
    expected = gap @ gap + np.trace(a + b - 2 * np.real(sqrtm(a @ b)))
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-8)
    assert frechet_distance(y, x) == pytest.approx(expected, rel=1e-8)


def test_fewer_samples_than_dimensions():
    # singular covariances, where a matrix square root returns complex numbers
    x, y = RNG.normal(size=(5, 20)), RNG.normal(size=(6, 20))
    assert 0 < frechet_distance(x, y) < 100
    constant = np.ones((5, 3))
    assert frechet_distance(constant, constant + 2) == pytest.approx(12.0)


def test_the_frechet_distance_is_biased_and_the_kernel_distance_is_not():
    frechet, kernel = {}, {}
    for n in (50, 400):
        pairs = RNG.normal(size=(200, 2, n, 4))
        frechet[n] = np.mean([frechet_distance(*pair) for pair in pairs])
        kernel[n] = [kid(*pair) for pair in pairs]
    assert frechet[50] == pytest.approx(8 * frechet[400], rel=0.15)  # falls like 1/n
    for values in kernel.values():
        mean, error = np.mean(values), np.std(values) / np.sqrt(len(values))
        assert abs(mean) < 4 * error


def test_kernel_distance_by_hand():
    # d = 1: k(x, y) = (xy + 1)^3
    real, fake = np.array([[0.0], [1.0]]), np.array([[2.0], [1.0]])
    within_real, within_fake = 1.0, 27.0
    between = np.mean([1, 1, 27, 8])
    assert kid(real, fake) == pytest.approx(within_real + within_fake - 2 * between)


def test_kernel_distance_tells_what_two_moments_cannot():
    normal = RNG.normal(size=(2000, 1))
    skewed = RNG.exponential(size=(2000, 1)) - 1
    skewed = (skewed - skewed.mean()) / skewed.std() * normal.std() + normal.mean()
    assert frechet_distance(normal, skewed) < 0.01
    assert kid(normal, skewed) > 1


@pytest.mark.parametrize("distance", [frechet_distance, kid])
@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        (np.ones((1, 2)), np.ones((5, 2)), r"expected features \(n, d\).*got \(1, 2\)"),
        (np.ones((5, 2)), np.ones((5, 3)), r"got \(5, 2\) and \(5, 3\)"),
        (np.ones(5), np.ones(5), r"got \(5,\) and \(5,\)"),
        (np.full((5, 2), np.nan), np.ones((5, 2)), "real: expected finite numbers"),
        (np.ones((5, 2)), "x", "fake: expected an array of numbers, got str"),
    ],
)
def test_wrong_features(distance, real, fake, message):
    with pytest.raises((TypeError, ValueError), match=message):
        distance(real, fake)
