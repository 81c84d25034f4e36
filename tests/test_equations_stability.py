"""Each numbered equation of *When does a GAN come to rest?*"""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.linalg import expm
from scipy.optimize import minimize_scalar
from scipy.special import expit as sigmoid

from ganbook import GAN, games, losses, networks, penalties

GAMMA = 0.3
RNG = np.random.default_rng(0)
LATENTS = RNG.normal(size=(64, 2)).astype("float32")
HIDDEN = RNG.normal(size=(2, 5)), RNG.normal(size=5)


def game(*punished, loss=None, at_rest=True):
    """G is affine, D one frozen layer of tanh and a last one; D = 0 at rest."""
    generator = networks.mlp(2, 2, depth=0)
    generator.set_weights([np.array([[1.0, 0.3], [0.0, 0.6]]), np.array([0.5, -0.5])])
    real = ops.convert_to_numpy(generator(LATENTS))
    discriminator = networks.mlp(2, 1, width=5, depth=1, activation="tanh")
    hidden, last = discriminator.layers
    hidden.set_weights(HIDDEN)
    hidden.trainable = False
    last.set_weights([np.zeros((5, 1)), np.zeros(1)])
    if not at_rest:
        last.set_weights([np.full((5, 1), 0.3), np.full(1, -0.2)])
        generator.set_weights([np.eye(2), np.zeros(2)])
    loss = loss or losses.NonSaturating()
    gan = GAN(generator, discriminator, loss=loss, penalties=punished, seed=0)
    return games.NeuralGame(gan, real, LATENTS)


def blocks(found):
    J, k = found.jacobian(), found.split
    return J[:k, :k], J[:k, k:], J[k:, :k], J[k:, k:]


def features(x):
    """D's slopes in its last layer, (n, 6), and those of its gradient, (n, 2, 6)."""
    units = np.tanh(x @ HIDDEN[0] + HIDDEN[1])
    by_sample = np.einsum("nu,iu->niu", 1 - units**2, HIDDEN[0])
    value = np.concatenate([units, np.ones((len(x), 1))], axis=1)
    return value, np.pad(by_sample, ((0, 0), (0, 0), (0, 1)))


REAL = ops.convert_to_numpy(game().real).astype(float)
PHI, SLOPES = features(REAL)
C = PHI.T @ PHI / 2 / len(PHI)
L = np.einsum("niu,niw->uw", SLOPES, SLOPES) / len(PHI)


@pytest.mark.equation("eq-sta-flow")
def test_the_field_follows_its_jacobian():
    plane = games.dirac(losses.Minimax(), penalties.R1(GAMMA))
    h, x = 1e-3, np.array([0.4, -0.3])
    run = games.trajectory(plane, x, 2, h, "both")
    found = (plane.field(run[2]) - plane.field(run[0])) / (2 * h)
    assert_allclose(found, plane.jacobian(run[1]) @ plane.field(run[1]), atol=1e-3)
    x = np.array([0.02, -0.01])
    run = games.trajectory(plane, x, 5000, h, "both")
    expected = expm(5 * plane.jacobian()) @ plane.field(x)
    assert_allclose(plane.field(run[-1]), expected, atol=5e-5)


@pytest.mark.equation("eq-sta-modes")
def test_parts_fade_and_turn():
    J = games.quadratic(0.1, 0.4, 1.0).jacobian()
    values, vectors = np.linalg.eig(J)
    start = np.array([1.0, -0.5])
    c = np.linalg.solve(vectors, start)
    for t in (0.5, 3.0):
        expected = expm(J * t) @ start
        assert_allclose(vectors @ (c * np.exp(values * t)), expected, atol=1e-9)
        assert_allclose(np.abs(np.exp(values * t)), np.exp(t * values.real))
    period = 2 * np.pi / np.abs(values.imag[0])
    turned = np.exp(values[0] * period)
    assert abs(np.angle(turned)) < 1e-9


@pytest.mark.equation("eq-sta-step")
def test_the_largest_step():
    values = RNG.uniform(-1, 0, 20) + 1j * RNG.uniform(-2, 2, 20)
    bound = -2 * values.real / np.abs(values) ** 2
    assert_allclose(np.abs(1 + bound * values), 1)
    assert (np.abs(1 + 0.99 * bound * values) < 1).all()
    assert (np.abs(1 + 1.01 * bound * values) > 1).all()
    h = 0.37
    expected = 1 + 2 * h * values.real + h**2 * np.abs(values) ** 2
    assert_allclose(np.abs(1 + h * values) ** 2, expected)


@pytest.mark.equation("eq-sta-field")
@pytest.mark.parametrize("loss", [losses.Minimax(), losses.NonSaturating()])
def test_the_field_of_both_players(loss):
    found = game(loss=loss, at_rest=False)
    weights = found.weights.astype(float)
    matrix, shift = weights[:4].reshape(2, 2), weights[4:6]
    d = weights[6:]
    z = LATENTS.astype(float)
    phi, slopes = features(z @ matrix + shift)
    a, b = PHI @ d, phi @ d
    gradient = slopes @ d  # of D at the samples, (n, 2)
    sign = -sigmoid(b) if loss == losses.Minimax() else -sigmoid(-b)
    by_theta = np.concatenate(
        [np.einsum("ni,nj->nij", z, gradient).reshape(-1, 4), gradient], axis=1
    )
    theta = -np.mean(sign[:, None] * by_theta, axis=0)
    psi = np.mean(sigmoid(-a)[:, None] * PHI - sigmoid(b)[:, None] * phi, axis=0)
    field = -ops.convert_to_numpy(found.slopes(ops.convert_to_tensor(found.weights)))
    assert_allclose(field, np.concatenate([theta, psi]), atol=1e-6)


@pytest.mark.equation("eq-sta-own")
def test_a_generator_before_a_flat_discriminator_has_no_valley():
    assert np.abs(blocks(game())[0]).max() < 1e-6
    assert np.abs(blocks(game(at_rest=False))[0]).max() > 1e-2


@pytest.mark.equation("eq-sta-cross")
@pytest.mark.parametrize("loss", [losses.Minimax(), losses.NonSaturating()])
def test_the_players_on_each_other(loss):
    _, on_G, on_D, _ = blocks(game(loss=loss))
    z = LATENTS.astype(float)
    by_matrix = np.einsum("ni,nju->niju", z, SLOPES).reshape(len(z), 4, -1)
    mixed = np.concatenate([by_matrix, SLOPES], axis=1).mean(axis=0)  # (6, 6)
    assert_allclose(on_G, mixed / 2, atol=1e-5)
    assert_allclose(on_D, -mixed.T / 2, atol=1e-5)


@pytest.mark.equation("eq-sta-curvature")
def test_the_discriminator_on_itself():
    assert_allclose(blocks(game())[3], -C, atol=1e-5)


@pytest.mark.equation("eq-sta-r1")
@pytest.mark.parametrize(
    ("punished", "gamma"),
    [
        ((penalties.R1(GAMMA),), GAMMA),
        ((penalties.R2(GAMMA),), GAMMA),
        ((penalties.R1(GAMMA), penalties.R2(GAMMA)), 2 * GAMMA),
    ],
    ids=["R1", "R2", "both"],
)
def test_penalties_add_to_one_block(punished, gamma):
    own, on_G, on_D, itself = blocks(game(*punished))
    assert_allclose(itself, -C - gamma * L, atol=1e-5)
    plain = blocks(game())
    for block, expected in zip((own, on_G, on_D), plain, strict=False):
        assert_allclose(block, expected, atol=1e-6)


@pytest.mark.equation("eq-sta-jacobian")
def test_the_four_blocks():
    found = game(penalties.R1(GAMMA))
    B = blocks(game())[2]
    J = np.block([[np.zeros((6, 6)), -B.T], [B, -C - GAMMA * L]])
    assert_allclose(found.jacobian(), J, atol=1e-5)


@pytest.mark.equation("eq-sta-real")
def test_real_parts_are_what_the_discriminator_loses():
    for gamma in (0.0, GAMMA):
        B, own = blocks(game())[2].astype(float), C + gamma * L
        J = np.block([[np.zeros((6, 6)), -B.T], [B, -own]])
        values, vectors = np.linalg.eig(J)
        for value, u in zip(values, vectors.T, strict=True):
            d = u[6:] / np.linalg.norm(u)
            assert value.real == pytest.approx(-(d.conj() @ own @ d).real, abs=1e-8)
        assert values.real.max() < 1e-9


@pytest.mark.equation("eq-sta-zero")
def test_three_ways_to_a_real_part_of_zero():
    def of(B, own):
        return np.block([[np.zeros((B.shape[1],) * 2), -B.T], [B, -own]])

    # G moves, D cannot see it
    B, own = RNG.normal(size=(2, 3)), np.diag([1.0, 2.0])
    g = np.linalg.svd(B)[2][-1]
    assert_allclose(of(B, own) @ np.r_[g, 0, 0], 0, atol=1e-12)
    # a weight of D that does nothing
    B, own = np.array([[1.0], [0.0]]), np.diag([1.0, 0.0])
    assert_allclose(of(B, own) @ [0, 0, 1.0], 0, atol=1e-12)
    # a whirl without damping: the Dirac-GAN
    values = games.dirac(losses.Minimax()).eigenvalues()
    assert_allclose(np.sort_complex(values), [-0.5j, 0.5j], atol=1e-9)
    # and any data with a linear loss
    found = game(loss=losses.Wasserstein())
    assert np.abs(blocks(found)[3]).max() < 1e-6
    assert np.abs(np.linalg.eigvals(found.jacobian()).real).max() < 1e-4


@pytest.mark.equation("eq-sta-width")
@pytest.mark.parametrize("gamma", [0.0, 0.4])
def test_width_is_a_penalty(gamma):
    s = 0.8
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    draws = list(zip(s * nodes, weights / weights.sum(), strict=True))

    def softplus(t):
        return np.log1p(np.exp(t))

    def fake(theta, psi):
        return sum(w * softplus(psi * (theta + e)) for e, w in draws)

    def discriminator(theta, psi):
        real = sum(w * softplus(-psi * e) for e, w in draws)
        return real + fake(theta, psi) + gamma / 2 * psi**2

    plane = games.Game(lambda t, p: -fake(t, p), discriminator)
    for value in plane.eigenvalues():
        assert abs(value**2 + (s**2 / 2 + gamma) * value + 0.25) < 1e-8


@pytest.mark.equation("eq-sta-peak")
def test_a_flat_critic_is_a_peak_of_the_penalty():
    w, h = 0.7, 1e-5
    for length in (0.01, 0.3, 2.0):
        g, across = length * np.array([0.6, 0.8]), np.array([-0.8, 0.6])

        def slope(g):
            return 2 * w * (1 - 1 / np.linalg.norm(g)) * g

        def price(g):
            return w * (np.linalg.norm(g) - 1) ** 2

        steps = h * np.eye(2)
        numeric = [(price(g + e) - price(g - e)) / (2 * h) for e in steps]
        assert_allclose(slope(g), numeric, atol=1e-6)
        second = across @ (slope(g + h * across) - slope(g - h * across)) / (2 * h)
        assert second == pytest.approx(2 * w * (1 - 1 / length), rel=1e-4)


@pytest.mark.equation("eq-sta-critic")
@pytest.mark.parametrize(("n", "h"), [(1, 0.2), (5, 0.2), (25, 0.2), (25, 0.5)])
def test_critic_steps_keep_areas(n, h):
    plane = games.dirac(losses.Wasserstein())
    found = games.trajectory(plane, np.eye(2), 1, h, "D" * n + "G")[1].T
    expected = np.array([[1 - n * h**2, h], [-n * h, 1]])
    assert_allclose(found, expected, atol=1e-9)
    assert np.linalg.det(found) == pytest.approx(1)
    radius = np.abs(np.linalg.eigvals(found)).max()
    assert radius == pytest.approx(1) if n * h**2 < 4 else radius > 1.1


@pytest.mark.equation("eq-sta-branches")
def test_the_critic_has_two_places_to_rest():
    w = 0.35

    def pays(psi, theta):
        return theta * psi + w * (abs(psi) - 1) ** 2

    for theta in (0.1, 0.5, 0.69):
        right = minimize_scalar(pays, args=(theta,), bounds=(-9, 0), method="bounded")
        wrong = minimize_scalar(pays, args=(theta,), bounds=(0, 9), method="bounded")
        assert right.x == pytest.approx(-1 - theta / (2 * w), abs=1e-4)
        assert wrong.x == pytest.approx(1 - theta / (2 * w), abs=1e-4)
    beyond = minimize_scalar(pays, args=(0.71,), bounds=(0, 9), method="bounded")
    assert beyond.x < 1e-3


@pytest.mark.equation("eq-sta-trap")
def test_a_patient_critic_lets_the_generator_rest_at_a_wrong_place():
    w, h = 0.35, 0.02
    plane = games.dirac(losses.Wasserstein(), penalties.GradientPenalty(w))
    for n in (5, 25):
        J = plane.jacobian((2 * w, 0.1)) * [[1], [n]]
        root = np.sqrt(w**2 * n**2 - n + 0j)
        expected = np.sort_complex([-w * n + root, -w * n - root])
        assert_allclose(np.sort_complex(np.linalg.eigvals(J)), expected, atol=1e-8)
    # 1 / w^2 is 8.2
    last = {
        n: games.trajectory(plane, (0.2, 0.5), 3000, h, "D" * n + "G")[-500:]
        for n in (8, 9)
    }
    assert_allclose(last[9] - [2 * w, 0], 0, atol=1e-6)
    assert np.ptp(last[8][:, 0]) > 1
