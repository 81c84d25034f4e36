"""The numbered equations of *Why do two learners go in circles?*"""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.special import expit

from ganbook import games, losses, penalties

K, H = 0.5, 0.2
MINIMAX = games.dirac(losses.Minimax())
NON_SATURATING = games.dirac(losses.NonSaturating())
POINTS = np.random.default_rng(0).normal(size=(50, 2))
OWN = games.Game(
    lambda t, s: np.sin(t) * s + t**2 * s**2, lambda t, s: np.exp(t * s) - t * s**3
)


def radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


def squared(x):
    return np.sum(np.square(x), axis=-1)


def step(order, game=MINIMAX, h=H, tiny=1e-6):
    """One step's matrix at rest, by playing both unit vectors from nearby."""
    return games.trajectory(game, tiny * np.eye(2), 1, h, order)[1].T / tiny


def second(loss, x, axes, e=1e-3):
    """A second derivative by differences, of a function of two numbers."""
    one, two = np.eye(2)[axes[0]] * e, np.eye(2)[axes[1]] * e
    return (
        loss(*(x + one + two))
        - loss(*(x + one - two))
        - loss(*(x - one + two))
        + loss(*(x - one - two))
    ) / (4 * e**2)


@pytest.mark.equation("eq-gam-field")
def test_the_jacobian_holds_minus_second_derivatives():
    for x in POINTS[:5]:
        expected = [
            [second(loss, x, (row, column)) for column in (0, 1)]
            for row, loss in enumerate((OWN.generator, OWN.discriminator))
        ]
        np.testing.assert_allclose(
            OWN.jacobian(x), -np.array(expected), rtol=1e-4, atol=1e-4
        )


@pytest.mark.equation("eq-gam-curl")
def test_the_curl_is_zero_on_one_landscape_and_the_work_around_a_loop():
    shared = games.Game(OWN.generator, OWN.generator)
    for game, flat in ((shared, True), (OWN, False), (MINIMAX, False)):
        J = game.jacobian(POINTS)
        curl = J[:, 1, 0] - J[:, 0, 1]
        assert (np.abs(curl).max() < 1e-8) == flat
    # Stokes: the work once around a small circle is the curl times the area
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    center, r = np.array([0.4, -0.3]), 1e-3
    out = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    along = np.stack([-out[:, 1], out[:, 0]], axis=-1)
    work = 2 * np.pi * r * np.mean(np.sum(OWN.field(center + r * out) * along, axis=-1))
    J = OWN.jacobian(center)
    assert work / (np.pi * r**2) == pytest.approx(J[1, 0] - J[0, 1], rel=1e-4)


@pytest.mark.equation("eq-gam-split")
def test_only_the_symmetric_part_changes_the_distance():
    J = np.random.default_rng(1).normal(size=(2, 2))
    S, A = (J + J.T) / 2, (J - J.T) / 2
    x, dt = np.array([0.7, -1.1]), 1e-6
    ahead, behind = x + dt * J @ x, x - dt * J @ x
    change = (squared(ahead) - squared(behind)) / (4 * dt)
    assert change == pytest.approx(x @ S @ x)
    assert x @ A @ x == pytest.approx(0, abs=1e-12)


@pytest.mark.equation("eq-gam-minimax")
def test_the_minimax_field_and_its_exact_circles():
    t, s = POINTS.T
    pull = expit(t * s)
    expected = np.stack([pull * s, -pull * t], axis=-1)
    np.testing.assert_allclose(MINIMAX.field(POINTS), expected, atol=1e-12)
    run = solve_ivp(
        lambda _, x: MINIMAX.field(x), (0, 30), (1.0, -1.0), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(squared(run.y.T), 2, rtol=1e-6)


@pytest.mark.equation("eq-gam-circle")
@pytest.mark.parametrize(
    ("loss", "pull"),
    [
        (losses.Minimax(), 0.5),
        (losses.NonSaturating(), 0.5),
        (losses.Wasserstein(), 1.0),
    ],
)
def test_plain_gans_have_imaginary_eigenvalues(loss, pull):
    game = games.dirac(loss)
    np.testing.assert_allclose(game.jacobian(), [[0, pull], [-pull, 0]], atol=1e-9)
    values = np.sort_complex(game.eigenvalues())
    np.testing.assert_allclose(values, [-1j * pull, 1j * pull], atol=1e-9)


@pytest.mark.equation("eq-gam-step")
@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.8])
def test_steps_at_once_add_the_squared_length(gamma):
    value = games.dirac_eigenvalues(gamma)[0]
    expected = 1 + 2 * H * value.real + H**2 * abs(value) ** 2
    game = games.dirac(losses.Minimax(), penalties.R1(gamma))
    assert radius(step("both", game)) ** 2 == pytest.approx(expected, abs=1e-9)
    largest = -2 * value.real / abs(value) ** 2
    for h, calm in ((0.99 * largest, True), (1.01 * largest + 0.01, False)):
        assert (games.spectral_radius(game, h, "both") < 1 - 1e-9) == (calm and h > 0)


@pytest.mark.equation("eq-gam-outward")
@pytest.mark.parametrize("h", [1e-3, 0.2, 3.0])
def test_every_minimax_step_at_once_leads_outwards(h):
    after = games.trajectory(MINIMAX, POINTS, 1, h, "both")[1]
    factor = 1 + h**2 * expit(POINTS.prod(axis=-1)) ** 2
    np.testing.assert_allclose(squared(after), factor * squared(POINTS), rtol=1e-12)


@pytest.mark.equation("eq-gam-stairs")
@pytest.mark.parametrize("h", [0.2, 0.05])
def test_a_turn_multiplies_the_distance(h):
    run = games.trajectory(MINIMAX, (1.0, -1.0), round(80 / h), h, "both")
    angle = np.unwrap(np.arctan2(run[:, 1], run[:, 0]))
    once = np.searchsorted(angle[0] - angle, 2 * np.pi)
    ratio = np.sqrt(squared(run[once]) / squared(run[0]))
    assert ratio == pytest.approx(np.exp(np.pi * h / 2), rel=2e-3)


@pytest.mark.equation("eq-gam-turns")
def test_turns_keep_areas():
    w = H * K
    expected = [[1, w], [-w, 1 - w**2]]
    np.testing.assert_allclose(step("GD"), expected, atol=1e-9)
    for order in ("GD", "DG", "GDDDDD", "GGD"):
        assert np.linalg.det(step(order)) == pytest.approx(1, abs=1e-9)
    for h, calm in ((3.9, True), (4.1, False)):
        assert (radius(step("GD", h=h)) < 1 + 1e-6) == calm


@pytest.mark.equation("eq-gam-ellipse")
def test_turns_stay_on_an_ellipse():
    run = games.trajectory(games.bilinear(K), (1.0, -1.0), 300, H, "GD")
    t, s = run.T
    # the bilinear game goes around the other way
    kept = t**2 + s**2 - H * K * t * s
    np.testing.assert_allclose(kept, kept[0], rtol=1e-10)
    M, form = step("GD"), np.array([[1, H * K / 2], [H * K / 2, 1]])
    np.testing.assert_allclose(M.T @ form @ M, form, atol=1e-9)


@pytest.mark.equation("eq-gam-radial")
def test_who_pulls_less_decides_the_radius():
    b = POINTS.prod(axis=-1)
    change = 2 * np.sum(POINTS * NON_SATURATING.field(POINTS), axis=-1)
    np.testing.assert_allclose(change, 2 * b * (expit(-b) - expit(b)), atol=1e-12)
    np.testing.assert_allclose(change, -2 * b * np.tanh(b / 2), atol=1e-12)
    change = np.sum(POINTS * MINIMAX.field(POINTS), axis=-1)
    np.testing.assert_allclose(change, 0, atol=1e-12)


@pytest.mark.equation("eq-gam-creep")
def test_the_non_saturating_game_creeps_inwards():
    start = np.array([0.5, -0.5])
    run = solve_ivp(
        lambda _, x: NON_SATURATING.field(x), (0, 100), start, rtol=1e-9, atol=1e-12
    )
    law = 1 / (1 / squared(start) + run.t / 8)
    np.testing.assert_allclose(squared(run.y.T), law, rtol=0.06)


@pytest.mark.equation("eq-gam-ring")
@pytest.mark.parametrize("h", [0.05, 0.1, 0.2])
def test_steps_at_once_end_on_a_ring(h):
    starts = [(1.0, -1.0), (0.2, 0.1)]
    run = games.trajectory(NON_SATURATING, starts, round(400 / h), h, "both")
    late = np.sqrt(squared(run[-200:]))
    np.testing.assert_allclose(late, np.sqrt(2 * h), rtol=0.025)


@pytest.mark.equation("eq-gam-gp")
@pytest.mark.parametrize(("h", "weight"), [(0.2, 0.35), (0.1, 0.35), (0.1, 0.2)])
def test_the_gradient_penalty_ends_on_a_ring(h, weight):
    game = games.dirac(losses.Wasserstein(), penalties.GradientPenalty(weight))
    at_once = 4 / np.pi * 2 * weight / (2 * weight - h)
    for order, ring in (("both", at_once), ("GD", 4 / np.pi)):
        run = games.trajectory(game, (1.0, -1.0), 3000, h, order)
        mean = np.sqrt(squared(run[-1500:])).mean()
        assert mean == pytest.approx(ring, rel=0.015)


@pytest.mark.equation("eq-gam-r1")
@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.5])
def test_r1_at_rest(gamma):
    J = games.dirac(losses.Minimax(), penalties.R1(gamma)).jacobian()
    np.testing.assert_allclose(J, [[0, K], [-K, -gamma]], atol=1e-9)
    for value in games.dirac_eigenvalues(gamma):
        assert abs(value**2 + gamma * value + K**2) < 1e-12
    if gamma < 2 * K:
        assert abs(value) == pytest.approx(K)


@pytest.mark.equation("eq-gam-slow")
def test_a_strong_penalty_is_slow():
    for gamma, tolerance in ((5.0, 0.05), (50.0, 5e-4)):
        slow = games.dirac_eigenvalues(gamma).real.max()
        assert slow == pytest.approx(-(K**2) / gamma, rel=tolerance)
        J = np.array([[0, K], [-K, -gamma]])
        values, vectors = np.linalg.eig(J)
        theta, psi = vectors[:, values.argmax()]
        assert psi / theta == pytest.approx(-K / gamma, rel=tolerance)


@pytest.mark.equation("eq-gam-radius")
@pytest.mark.parametrize("h", [0.1, 0.5, 2.0])
def test_the_best_gamma_at_once_is_twice_the_pull(h):
    gammas = np.linspace(0.0, 2.0, 81)
    found = np.array(
        [radius(np.array([[1, h * K], [-h * K, 1 - h * gamma]])) for gamma in gammas]
    )
    below = gammas < 2 * K
    expected = np.sqrt(1 - h * gammas[below] + h**2 * K**2)
    np.testing.assert_allclose(found[below], expected, atol=1e-9)
    assert gammas[found.argmin()] == pytest.approx(2 * K)
    assert found.min() == pytest.approx(1 - h * K, abs=1e-7)
    np.testing.assert_array_equal(found[below] < 1 - 1e-9, h < gammas[below] / K**2)


def mean(f, s):
    """The mean of f over the noise, by quadrature."""

    def weighted(e):
        return f(e) * np.exp(-0.5 * (e / s) ** 2) / (s * np.sqrt(2 * np.pi))

    return quad(weighted, -12 * s, 12 * s)[0]


def noisy_field(theta, psi, s):
    def by_psi(e):
        return e * expit(-psi * e) - (theta + e) * expit(psi * (theta + e))

    pull = mean(lambda e: expit(psi * (theta + e)), s)
    return np.array([psi * pull, mean(by_psi, s)])


@pytest.mark.equation("eq-gam-noise")
@pytest.mark.parametrize("s", [0.3, 1.0, 2.0])
@pytest.mark.parametrize(("theta", "psi"), [(0.7, -1.1), (-0.4, 0.3), (2.0, 1.0)])
def test_noise_damps_the_slope(theta, psi, s):
    def paid(t, p):  # by D and by G
        real = mean(lambda e: np.logaddexp(0, -p * e), s)
        fake = mean(lambda e: np.logaddexp(0, p * (t + e)), s)
        return real + fake, -fake

    def bend(b):
        return expit(b) * expit(-b)

    e, found = 1e-4, noisy_field(theta, psi, s)
    down = [
        paid(theta - e, psi)[1] - paid(theta + e, psi)[1],
        paid(theta, psi - e)[0] - paid(theta, psi + e)[0],
    ]
    np.testing.assert_allclose(found, np.array(down) / (2 * e), atol=1e-6)
    pull = mean(lambda e: expit(psi * (theta + e)), s)
    bent = mean(lambda e: bend(psi * e) + bend(psi * (theta + e)), s)
    assert found[1] == pytest.approx(-theta * pull - s**2 * psi * bent, abs=1e-7)


@pytest.mark.equation("eq-gam-noise-rest")
@pytest.mark.parametrize("s", [0.5, 1.0, 2**0.5])
def test_noise_at_rest_is_r1(s):
    e = 1e-3
    columns = [
        (noisy_field(*d, s) - noisy_field(*-d, s)) / (2 * e) for d in e * np.eye(2)
    ]
    expected = games.dirac(losses.Minimax(), penalties.R1(s**2 / 2)).jacobian()
    np.testing.assert_allclose(np.transpose(columns), expected, atol=1e-5)


@pytest.mark.equation("eq-gam-extra")
@pytest.mark.parametrize("h", [0.1, 0.7, 0.99, 1.1])
def test_extragradient(h):
    found = games.spectral_radius(games.bilinear(), h, "both", games.Extragradient())
    assert found**2 == pytest.approx(1 - h**2 + h**4, abs=1e-9)
    assert (found < 1) == (h < 1)


@pytest.mark.equation("eq-gam-optimistic", "eq-gam-optimistic-radius")
@pytest.mark.parametrize("h", [0.1, 0.3, 0.49, 0.57, 0.58])
def test_optimistic(h):
    found = games.spectral_radius(games.bilinear(), h, "both", games.Optimistic())
    root = np.sqrt(1 - 4 * h**2 + 0j)
    roots = (1 + 2j * h + root) / 2, (1 + 2j * h - root) / 2
    for mu in roots:
        assert abs(mu**2 - (1 + 2j * h) * mu + 1j * h) < 1e-12
    assert found == pytest.approx(np.abs(roots).max(), abs=1e-6)
    if h <= 0.5:
        assert found**2 == pytest.approx((1 + root.real) / 2, abs=1e-6)
    assert (found < 1) == (h < 1 / np.sqrt(3))


@pytest.mark.equation("eq-gam-momentum")
@pytest.mark.parametrize("beta", [-0.5, -0.2, 0.2, 0.5])
def test_momentum_on_the_bilinear_game(beta):
    h, move = 1e-2, games.Momentum(beta)
    for order, factor in (("both", 1 + beta), ("GD", 2 * beta)):
        found = games.spectral_radius(games.bilinear(), h, order, move)
        expected = factor / (1 - beta) ** 3
        assert (found**2 - 1) / h**2 == pytest.approx(expected, rel=0.02)
