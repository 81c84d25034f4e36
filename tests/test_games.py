"""Games on a plane: closed forms, the table of the Dirac-GAN, rules of play."""

import numpy as np
import pytest
from keras import ops

from ganbook import autodiff, games, loss_map, losses, penalties

MINIMAX, WASSERSTEIN = losses.Minimax(), losses.Wasserstein()
START, STEPS, RATE = (1.0, -1.0), 500, 0.2

# Distance from (0, 0) after 500 steps of 0.2: at once, and in turns with G first.
# Computed by others, with the signs of Mescheder et al.: there D is -ψx.
TABLE = {
    "GAN": (games.dirac(MINIMAX), 3.10, 1.42),
    "non-saturating": (games.dirac(losses.NonSaturating()), 0.640, 0.284),
    "WGAN": (games.dirac(WASSERSTEIN, bound=1.0), 1.00, 1.02),
    "WGAN-GP": (games.dirac(WASSERSTEIN, penalties.GradientPenalty(0.35)), 1.80, 1.22),
    "R1, 0.3": (games.dirac(MINIMAX, penalties.R1(0.3)), 2.6e-6, 2.3e-7),
    "R1, 1": (games.dirac(MINIMAX, penalties.R1(1.0)), 9.5e-22, 7.5e-17),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_dirac_table(name):
    game, *expected = TABLE[name]
    for order, distance in zip(("both", "GD"), expected, strict=True):
        end = games.trajectory(game, START, STEPS, RATE, order)[-1]
        assert np.linalg.norm(end) == pytest.approx(distance, rel=0.02)


@pytest.mark.parametrize("entry", loss_map.LOSSES, ids=lambda e: e.name)
def test_the_field_is_the_gradient_of_the_package_losses(entry):
    theta, psi = 0.7, -0.4
    field = games.dirac(entry.loss).field((theta, psi))

    def logits(t, s):
        return ops.zeros_like(t * s), t * s

    t, s = (ops.convert_to_tensor([[v]], "float32") for v in (theta, psi))
    by_theta = autodiff.input_gradient(
        lambda t: ops.mean(entry.loss.generator(*logits(t, s))), t
    )
    by_psi = autodiff.input_gradient(
        lambda s: ops.mean(entry.loss.discriminator(*logits(t, s))), s
    )
    slopes = [ops.convert_to_numpy(g).item() for g in (by_theta, by_psi)]
    np.testing.assert_allclose(field, -np.array(slopes), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "penalty",
    [
        penalties.R1(0.3),
        penalties.R2(0.3),
        penalties.ZeroCentered(0.3),
        penalties.GradientPenalty(2.0),
    ],
)
@pytest.mark.parametrize("psi", [-1.7, 0.2])
def test_the_price_is_that_of_the_package(penalty, psi):
    free, punished = games.dirac(MINIMAX), games.dirac(MINIMAX, penalty)
    x = ops.convert_to_tensor([[0.0]])

    def price(s):
        return penalty(lambda u, training=True: s * u, x, x + 1.0, seed=0)

    slope = autodiff.input_gradient(price, ops.convert_to_tensor([[psi]]))
    found = (free.field((0.5, psi)) - punished.field((0.5, psi)))[1]
    assert found == pytest.approx(ops.convert_to_numpy(slope).item(), rel=1e-5)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.99, 1.01, 4.0])
def test_eigenvalues_of_r1_in_closed_form(gamma):
    game = games.dirac(MINIMAX, penalties.R1(gamma))
    closed = games.dirac_eigenvalues(gamma)
    np.testing.assert_allclose(
        np.sort_complex(game.eigenvalues()), np.sort_complex(closed), atol=1e-9
    )


def test_the_critical_gamma_is_twice_the_pull():
    # below it the players circle, above it they do not; at it they come fastest
    gammas = np.linspace(0.5, 1.5, 101)
    values = games.dirac_eigenvalues(gammas)
    circles = np.abs(values.imag).max(axis=-1) > 0
    assert circles[gammas < 1].all()
    assert not circles[gammas >= 1].any()
    slowest = values.real.max(axis=-1)
    assert gammas[slowest.argmin()] == pytest.approx(1.0)


@pytest.mark.parametrize("x", [(0.0, 0.0), (0.8, -1.3), (2.0, 1.0)])
def test_jacobian_in_closed_form(x):
    # D pays softplus(b) and G -softplus(b) at b = θψ
    t, s = x
    p = 1 / (1 + np.exp(-t * s))
    first, second = p, p * (1 - p)
    expected = [
        [second * s * s, first + second * t * s],
        [-first - second * t * s, -second * t * t],
    ]
    np.testing.assert_allclose(games.dirac(MINIMAX).jacobian(x), expected, atol=1e-9)


def test_quadratic_eigenvalues_solve_their_equation():
    a, b, c = 0.3, -0.7, 1.1
    for value in games.quadratic(a, b, c).eigenvalues():
        assert abs((value + a) * (value + b) + c**2) < 1e-9


@pytest.mark.parametrize(
    ("order", "radius"), [("both", np.sqrt(1.01)), ("DG", 1.0), ("GD", 1.0)]
)
def test_radius_of_plain_descent(order, radius):
    assert games.spectral_radius(games.dirac(MINIMAX), RATE, order) == pytest.approx(
        radius, abs=1e-9
    )


@pytest.mark.parametrize(
    ("gamma", "order", "radius"),
    [(0.3, "both", 0.97468), (0.3, "DG", 0.96954), (1.0, "both", 0.9)],
)
def test_radius_with_r1(gamma, order, radius):
    game = games.dirac(MINIMAX, penalties.R1(gamma))
    assert games.spectral_radius(game, RATE, order) == pytest.approx(radius, abs=1e-5)


def test_radius_of_moves_on_the_bilinear_game():
    # one step of θ + iψ: extragradient 1 - ih - h², derived by inserting
    game, h = games.bilinear(), 0.2
    radius = games.spectral_radius(game, h, "both", games.Extragradient())
    assert radius == pytest.approx(abs(1 - 1j * h - h**2), abs=1e-9)
    # optimistic: z² = z - ih (2z - 1)
    roots = np.roots([1, -1 + 2j * h, -1j * h])
    radius = games.spectral_radius(game, h, "both", games.Optimistic())
    assert radius == pytest.approx(np.abs(roots).max(), abs=1e-9)
    # consensus with J = [[0, -1], [1, 0]]: 1 - hγ - ih
    radius = games.spectral_radius(game, h, "both", games.Consensus(0.5))
    assert radius == pytest.approx(abs(1 - 0.1 - 0.2j), abs=1e-9)
    # momentum: z² = z (1 + β) - β - ihz
    roots = np.roots([1, -1.4 + 1j * h, 0.4])
    radius = games.spectral_radius(game, h, "both", games.Momentum(0.4))
    assert radius == pytest.approx(np.abs(roots).max(), abs=1e-9)


@pytest.mark.parametrize(
    "move", [games.Descent(), games.Extragradient(), games.Optimistic()]
)
@pytest.mark.parametrize("order", ["both", "DG", "DDG"])
def test_the_radius_predicts_the_run(move, order):
    game = games.dirac(MINIMAX, penalties.R1(0.5))
    run = games.trajectory(game, (1e-4, 1e-4), 400, RATE, order, move)
    length = np.linalg.norm(run[[200, 400]], axis=-1)
    rate = (length[1] / length[0]) ** (1 / 200)
    radius = games.spectral_radius(game, RATE, order, move)
    assert rate == pytest.approx(radius, rel=2e-3)


def test_turns_see_the_newest_move():
    game, (t, s), h = games.bilinear(), (1.0, 2.0), 0.1
    both, first = games.trajectory(game, (t, s), 1, h, "both")[1], []
    for order in ("DG", "GD", "DDG"):
        first.append(games.trajectory(game, (t, s), 1, h, order)[1])
    np.testing.assert_allclose(both, [t - h * s, s + h * t])
    np.testing.assert_allclose(first[0], [t - h * (s + h * t), s + h * t])
    np.testing.assert_allclose(first[1], [t - h * s, s + h * (t - h * s)])
    np.testing.assert_allclose(first[2], [t - h * (s + 2 * h * t), s + 2 * h * t])


def test_many_starts_are_played_side_by_side():
    game = games.dirac(losses.NonSaturating(), penalties.R1(0.2))
    starts = np.random.default_rng(0).normal(size=(3, 2, 2))
    together = games.trajectory(game, starts, 7, (0.1, 0.3), "DG", games.Adam(0.5))
    alone = games.trajectory(game, starts[2, 1], 7, (0.1, 0.3), "DG", games.Adam(0.5))
    assert together.shape == (8, 3, 2, 2)
    np.testing.assert_array_equal(together[:, 2, 1], alone)


def test_adam_is_that_of_keras():
    import keras

    weight = keras.Variable([1.0, -1.0])
    adam = keras.optimizers.Adam(0.05, 0.5, 0.9)
    game = games.quadratic(1.0, 3.0, 0.0)
    run = games.trajectory(game, (1.0, -1.0), 20, 0.05, "both", games.Adam(0.5, 0.9))
    for _ in range(20):
        slope = ops.convert_to_numpy(weight.value) * [1.0, 3.0]
        adam.apply([ops.convert_to_tensor(slope, "float32")], [weight])
    np.testing.assert_allclose(run[-1], ops.convert_to_numpy(weight.value), rtol=1e-4)


def test_a_bound_holds():
    game = games.dirac(WASSERSTEIN, bound=0.3)
    run = games.trajectory(game, (1.0, 0.0), 200, RATE)
    assert np.abs(run[:, 1]).max() == 0.3


BAD = {
    "generator: expected a function of θ and ψ, got 3": lambda: games.Game(3, abs),
    "bound: expected a number > 0, got 0": lambda: games.Game(abs, abs, 0),
    "x: expected points (..., 2), got shape (3,)": lambda: games.bilinear().field(
        [1] * 3
    ),
    "loss: expected one of loss_map.LOSSES, got 'gan'": lambda: games.dirac("gan"),
    "punished: expected a gradient penalty, got 0.1": lambda: games.dirac(MINIMAX, 0.1),
    "steps: expected an integer >= 0, got -1": lambda: games.trajectory(
        games.bilinear(), START, -1, 0.1
    ),
    "order: expected \"both\" or a word of D and G, got 'DD'": lambda: games.trajectory(
        games.bilinear(), START, 1, 0.1, "DD"
    ),
    "rate: expected a number >= 0, or two, got -0.1": lambda: games.trajectory(
        games.bilinear(), START, 1, -0.1
    ),
    "beta: expected a number > -1 and < 1, got 1": lambda: games.Momentum(1),
    "beta_1: expected a number >= 0 and < 1, got 1": lambda: games.Adam(1),
    "gamma: expected a number >= 0, got -1": lambda: games.Consensus(-1),
    "coupling: expected a finite number, got 'a'": lambda: games.bilinear("a"),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input(message):
    with pytest.raises((TypeError, ValueError)) as error:
        BAD[message]()
    assert str(error.value) == message
