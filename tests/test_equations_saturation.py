"""Each numbered equation of *Why does nobody train with the minimax loss?*"""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.special import expit as sigmoid

from ganbook import autodiff, divergences, losses, networks

X = np.linspace(-10, 10, 2001)
CELL = X[1] - X[0]
NOW = np.array([0.4, 0.1])
GENERATORS = {losses.Minimax(): 1, losses.NonSaturating(): -1}  # w(b) = sigmoid(± b)

each_loss = pytest.mark.parametrize("loss", GENERATORS, ids=lambda loss: repr(loss))


def normal(mean, std=1.0):
    return np.exp(-0.5 * ((X - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


def generated(theta):
    return normal(theta[0], np.exp(theta[1]))


P, Q = 0.5 * normal(-1.5, 0.6) + 0.5 * normal(1.5, 0.6), generated(NOW)
M = (P + Q) / 2


def integral(values):
    return CELL * np.sum(values)


def derivative(f, h=1e-5):
    """Of f in both parameters, central differences: one row per parameter."""
    return np.array([(f(NOW + e) - f(NOW - e)) / (2 * h) for e in h * np.eye(2)])


DQ = derivative(generated)


def slope_in_x(values):
    """Fourth-order central differences, at all but two points on each side."""
    near, far = values[3:-1] - values[1:-3], values[4:] - values[:-4]
    return (8 * near - far) / (12 * CELL)


def tensor(values):
    return ops.convert_to_tensor(np.asarray(values, "float32"))


def numpy(values):
    return np.asarray(ops.convert_to_numpy(values), float)


def networks_and_latents():
    G, D = networks.mlp(2, 2, width=8, depth=1), networks.mlp(2, 1, width=8, depth=1)
    return G, D, tensor(np.random.default_rng(0).normal(size=(20, 2)))


@pytest.mark.equation("eq-sat-losses")
def test_the_two_losses_are_those_of_the_package():
    b = np.linspace(-12, 12, 49)
    by_definition = np.log(1 - sigmoid(b)), -np.log(sigmoid(b))
    for loss, expected in zip(GENERATORS, by_definition, strict=True):
        assert_allclose(numpy(loss.generator(None, tensor(b))), expected, rtol=1e-6)


@pytest.mark.equation("eq-sat-logit")
def test_slopes_in_the_logit_and_their_ratio():
    b, h = np.linspace(-12, 12, 49), 1e-5
    minimax = -(np.logaddexp(0, b + h) - np.logaddexp(0, b - h)) / (2 * h)
    other = (np.logaddexp(0, -b - h) - np.logaddexp(0, h - b)) / (2 * h)
    assert_allclose(minimax, -sigmoid(b), atol=1e-9)
    assert_allclose(other, -sigmoid(-b), atol=1e-9)
    assert_allclose(sigmoid(-b) / sigmoid(b), np.exp(-b), rtol=1e-9)


@each_loss
@pytest.mark.equation("eq-sat-sample")
def test_gradient_in_the_sample(loss):
    _, D, x = networks_and_latents()
    found = autodiff.input_gradient(lambda x: loss.generator(None, D(x)), x)
    weights = sigmoid(GENERATORS[loss] * numpy(D(x)))
    expected = -weights * numpy(autodiff.input_gradient(D, x))
    assert_allclose(numpy(found), expected, atol=1e-6)


@each_loss
@pytest.mark.equation("eq-sat-parameters")
def test_gradient_in_the_parameters(loss):
    G, D, z = networks_and_latents()
    _, found = autodiff.value_and_grad(
        lambda: ops.mean(loss.generator(None, D(G(z)))), G.trainable_variables
    )
    x = tensor(numpy(G(z)))
    weights = sigmoid(GENERATORS[loss] * numpy(D(x)))
    slopes = weights * numpy(autodiff.input_gradient(D, x))
    _, transposed_jacobian = autodiff.pullback(lambda: G(z), G.trainable_variables)
    expected = transposed_jacobian(tensor(-slopes / len(slopes)))
    for one, other in zip(found, expected, strict=True):
        assert_allclose(numpy(one), numpy(other), atol=1e-6)


@pytest.mark.equation("eq-sat-best")
def test_gradients_at_the_best_discriminator():
    p, q = normal(1.0), normal(-1.0)
    best, ratio = divergences.optimal_discriminator(p, q), np.log(p / q)
    inner = slice(2, -2)
    minimax = slope_in_x(-np.logaddexp(0, best))
    other = slope_in_x(np.logaddexp(0, -best))
    log_slope = slope_in_x(ratio)
    assert_allclose(minimax, -(p / (p + q))[inner] * log_slope, atol=1e-6)
    assert_allclose(other, -(q / (p + q))[inner] * log_slope, atol=1e-6)


@pytest.mark.equation("eq-sat-zero")
def test_a_change_of_density_has_no_mass():
    assert_allclose(CELL * DQ.sum(axis=1), 0, atol=1e-8)


@pytest.mark.equation("eq-sat-split")
def test_what_the_generator_pays_splits():
    pays = np.logaddexp(0, -divergences.optimal_discriminator(P, Q))
    assert_allclose(pays, np.log(Q / P) - np.log(Q / M) + np.log(2), atol=1e-9)


@pytest.mark.equation("eq-sat-held")
def test_gradient_with_the_discriminator_held():
    pays = np.logaddexp(0, -divergences.optimal_discriminator(P, Q))
    found = derivative(lambda theta: integral(generated(theta) * pays))
    expected = CELL * DQ @ (np.log(Q / P) - np.log(Q / M))
    assert_allclose(found, expected, atol=1e-7)


@pytest.mark.equation("eq-sat-kl")
def test_gradient_of_the_reverse_kl_divergence():
    found = derivative(lambda t: divergences.reverse_kl(P, generated(t), CELL))
    assert_allclose(found, CELL * DQ @ np.log(Q / P), atol=1e-7)


@pytest.mark.equation("eq-sat-js")
def test_gradient_of_twice_the_js_divergence_which_minimax_follows():
    found = derivative(lambda t: 2 * divergences.js(P, generated(t), CELL))
    assert_allclose(found, CELL * DQ @ np.log(Q / M), atol=1e-7)
    pays = -np.logaddexp(0, divergences.optimal_discriminator(P, Q))
    minimax = derivative(lambda t: integral(generated(t) * pays))
    assert_allclose(minimax, found, atol=1e-7)


def objective(theta):
    q = generated(theta)
    return divergences.reverse_kl(P, q, CELL) - 2 * divergences.js(P, q, CELL)


@pytest.mark.equation("eq-sat-theorem")
def test_the_non_saturating_generator_follows_reverse_kl_minus_twice_js():
    pays = np.logaddexp(0, -divergences.optimal_discriminator(P, Q))
    held = derivative(lambda theta: integral(generated(theta) * pays))
    assert_allclose(held, derivative(objective), atol=1e-7)
    assert np.abs(held).max() > 0.1


def value(theta):
    q = generated(theta)
    return integral(q * np.logaddexp(0, -divergences.optimal_discriminator(P, q)))


@pytest.mark.equation("eq-sat-value")
def test_the_value_of_the_loss_is_another_function():
    rest = divergences.kl(P, M, CELL) + np.log(2)
    assert_allclose(value(NOW), objective(NOW) + rest, atol=1e-9)


@pytest.mark.equation("eq-sat-follow")
def test_what_a_following_discriminator_would_add():
    difference = derivative(value) - derivative(objective)
    best = divergences.optimal_discriminator(P, Q)
    moves = derivative(lambda t: divergences.optimal_discriminator(P, generated(t)))
    to_m = derivative(lambda t: divergences.kl(P, (P + generated(t)) / 2, CELL))
    assert_allclose(CELL * moves @ (-Q * sigmoid(-best)), difference, atol=1e-7)
    assert_allclose(CELL * DQ @ (Q / (P + Q)), difference, atol=1e-7)
    assert_allclose(to_m, difference, atol=1e-7)
    assert np.abs(difference).max() > 0.05


@pytest.mark.equation("eq-sat-mixture")
def test_the_objective_is_twice_the_kl_divergence_from_mixture_to_data():
    rng = np.random.default_rng(0)
    for p, q in rng.dirichlet(np.ones(5), (20, 2)):
        found = divergences.reverse_kl(p, q) - 2 * divergences.js(p, q)
        assert_allclose(found, 2 * divergences.kl((p + q) / 2, p), atol=1e-12)
        assert found > 0


@pytest.mark.equation("eq-sat-epsilon")
def test_slope_of_the_patched_logarithm():
    b, epsilon, h = np.linspace(-40, 10, 101), 1e-8, 1e-4
    found = np.log(sigmoid(b - h) + epsilon) - np.log(sigmoid(b + h) + epsilon)
    exact = -sigmoid(b) * sigmoid(-b) / (sigmoid(b) + epsilon)
    assert_allclose(found / (2 * h), exact, atol=1e-8)
    small = b < -28
    assert_allclose(exact[small], -np.exp(b[small]) / epsilon, rtol=1e-4)


def search(as_real, as_fake):
    payment = lambda t: (  # noqa: E731
        as_real * np.logaddexp(0, -t) + as_fake * np.logaddexp(0, t)
    )
    return minimize_scalar(payment, options={"xtol": 1e-10}).x


PLACES = np.random.default_rng(1).uniform(0.05, 1, (10, 2))


@pytest.mark.equation("eq-sat-smooth-loss")
def test_the_smoothed_loss_is_that_of_the_package():
    loss, t = losses.Minimax(smoothing=0.1), np.linspace(-5, 5, 21)
    p, q = 0.3, 0.5
    plus, minus = np.logaddexp(0, t), np.logaddexp(0, -t)
    none = loss.discriminator(tensor(0 * t), tensor(0 * t))  # 2 log 2
    real = numpy(loss.discriminator(tensor(t), tensor(0 * t))) - numpy(none) / 2
    fake = numpy(loss.discriminator(tensor(0 * t), tensor(t))) - numpy(none) / 2
    expected = p * (0.9 * minus + 0.1 * plus) + q * plus
    assert_allclose(p * real + q * fake, expected, atol=1e-6)


@pytest.mark.equation("eq-sat-smooth")
def test_the_best_discriminator_with_smoothing_on_one_side():
    for p, q in PLACES:
        best = divergences.optimal_discriminator(p, q, losses.Minimax(smoothing=0.1))
        assert_allclose(best, np.log(0.9 * p / (q + 0.1 * p)), atol=1e-9)
        assert_allclose(best, search(0.9 * p, q + 0.1 * p), atol=1e-6)
        assert_allclose(sigmoid(best), 0.9 * p / (p + q), atol=1e-9)


def ratios(s=0.0, beta=0.0):
    """The best logit, and h to differentiate in log p/q, on a grid of the latter."""
    log_r, h = np.linspace(-8, 8, 65), 1e-5

    def best(shift=0.0):
        r = np.exp(log_r + shift)
        return np.log(((1 - s) * r + beta) / (s * r + 1 - beta))

    return np.exp(log_r), best, h


@pytest.mark.equation("eq-sat-smooth-same")
def test_one_sided_smoothing_shifts_the_non_saturating_loss_by_a_constant():
    p, q = PLACES.T
    best = divergences.optimal_discriminator(p, q, losses.Minimax(smoothing=0.1))
    plain = divergences.optimal_discriminator(p, q, losses.Minimax())
    shift = np.logaddexp(0, -best) - np.logaddexp(0, -plain)
    assert_allclose(shift, -np.log(0.9), atol=1e-9)


@pytest.mark.equation("eq-sat-smooth-minimax")
def test_one_sided_smoothing_shortens_the_minimax_gradient():
    r, best, h = ratios(s=0.1)
    found = (np.logaddexp(0, best(-h)) - np.logaddexp(0, best(h))) / (2 * h)
    factor = 0.9 / (1 + 0.1 * r)  # q/(q + s p) in terms of r
    assert_allclose(found, -factor * r / (1 + r), atol=1e-8)
    assert (factor < 1).all()


@pytest.mark.equation("eq-sat-two-sided")
def test_the_best_discriminator_with_smoothing_on_both_sides():
    s, beta = 0.1, 0.2
    for p, q in PLACES:
        best = np.log(((1 - s) * p + beta * q) / (s * p + (1 - beta) * q))
        found = search((1 - s) * p + beta * q, s * p + (1 - beta) * q)
        assert_allclose(best, found, atol=1e-6)
        bet = ((1 - s) * p + beta * q) / (p + q)
        assert_allclose(sigmoid(best), bet, atol=1e-9)


@pytest.mark.equation("eq-sat-two-sided-slope")
def test_two_sided_smoothing_takes_the_gradient_from_bad_samples():
    s, beta = 0.1, 0.2
    r, best, h = ratios(s, beta)
    found = (np.logaddexp(0, -best(h)) - np.logaddexp(0, -best(-h))) / (2 * h)
    middle = -((1 - s) * r / ((1 - s) * r + beta) - r / (1 + r))
    right = -(1 - s - beta) * r / (((1 - s) * r + beta) * (1 + r))
    assert_allclose(found, middle, atol=1e-8)
    assert_allclose(found, right, atol=1e-8)
    assert np.abs(found[0]) < 0.01 < 0.99 < 1 / (1 + r[0])
