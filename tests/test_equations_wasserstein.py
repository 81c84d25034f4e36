"""The numbered equations of *What can a discriminator say when nothing overlaps?*"""

from itertools import permutations, product

import numpy as np
import pytest
from keras import ops
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import cdist
from scipy.stats import norm

from ganbook import divergences, losses, networks, penalties

DEFINITIONS = {}
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(9, 2))
METRIC = cdist(POINTS, POINTS)
P, Q = RNG.dirichlet(np.ones(9), 2)
PLACES = np.sort(RNG.normal(size=9))  # on a line
ADVANTAGE = np.cumsum(P - Q)[:-1]  # F - G between neighboring places
LAMBDA = 10.0
COINS = (0.3, 0.3, 0.6, 0.6)  # two tosses of each


@pytest.mark.equation("eq-was-slide")
def test_sliding_blocks():
    cell = 1 / 50
    x = (np.arange(200) + 0.5) * cell
    start = (x < 1).astype(float)
    for shift in (0.1, 0.5, 1.0, 1.7, 3.0):
        moved = ((x > shift) & (x < shift + 1)).astype(float)
        js = divergences.js(start, moved, cell)
        assert js == pytest.approx(min(shift, 1) * np.log(2))
        assert divergences.kl(start, moved, cell) == np.inf
        moved_mass = divergences.wasserstein(x, x, start * cell, moved * cell)
        assert moved_mass == pytest.approx(shift)


@pytest.mark.equation("eq-was-plans", "eq-was-primal")
def test_the_cheapest_plan_beats_every_matching():
    """With equal weights some permutation is a cheapest plan."""
    cost = cdist(POINTS[:4], POINTS[4:8])
    solved = divergences.transport(cost)
    np.testing.assert_allclose(solved.plan.sum(axis=1), np.full(4, 0.25), atol=1e-9)
    np.testing.assert_allclose(solved.plan.sum(axis=0), np.full(4, 0.25), atol=1e-9)
    assert solved.plan.min() >= 0
    matchings = [cost[range(4), order].mean() for order in permutations(range(4))]
    assert solved.cost == pytest.approx(min(matchings), abs=1e-9)
    assert solved.cost == pytest.approx(np.sum(solved.plan * cost), abs=1e-9)


@pytest.mark.equation("eq-was-weak")
def test_acceptable_prices_earn_no_more_than_any_plan():
    best = divergences.transport(METRIC, P, Q)
    for plan in (np.outer(P, Q), best.plan):
        for _ in range(20):
            u = RNG.normal(size=9)
            v = np.min(METRIC - u[:, None], axis=0)  # the highest acceptable
            earned = u @ P + v @ Q
            assert earned == pytest.approx(np.sum(plan * (u[:, None] + v)), abs=1e-9)
            assert earned <= np.sum(plan * METRIC) + 1e-9


@pytest.mark.equation("eq-was-dual")
def test_the_best_prices_earn_what_the_best_plan_costs():
    best = divergences.transport(METRIC, P, Q)
    u, v = best.p_potential, best.q_potential
    assert np.all(u[:, None] + v <= METRIC + 1e-9)
    assert u @ P + v @ Q == pytest.approx(best.cost, abs=1e-9)
    slack = METRIC - u[:, None] - v
    assert np.abs(slack[best.plan > 1e-9]).max() < 1e-9


@pytest.mark.equation("eq-was-transform", "eq-was-lipschitz", "eq-was-one")
def test_one_price_list_is_enough():
    for _ in range(20):
        v = RNG.normal(size=9)
        u = np.min(METRIC - v, axis=1)
        assert np.all(u[:, None] + v <= METRIC + 1e-12)
        assert np.all(u[:, None] - u <= METRIC + 1e-12)
        np.testing.assert_allclose(np.min(METRIC - u[:, None], axis=0), -u, atol=1e-12)


@pytest.mark.equation("eq-was-kr")
def test_the_best_lipschitz_critic_has_the_value_of_the_best_plan():
    f = divergences.lipschitz_critic(METRIC, P, Q)
    assert np.all(f[:, None] - f <= METRIC + 1e-9)
    cost = divergences.transport(METRIC, P, Q).cost
    assert f @ (P - Q) == pytest.approx(cost, abs=1e-9)


@pytest.mark.equation("eq-was-easy")
def test_no_lipschitz_critic_exceeds_any_plan():
    best = divergences.transport(METRIC, P, Q)
    for plan in (np.outer(P, Q), best.plan):
        for _ in range(20):
            f = np.min(METRIC - RNG.normal(size=9), axis=1)
            difference = f @ P - f @ Q
            by_plan = np.sum(plan * (f[:, None] - f))
            assert difference == pytest.approx(by_plan, abs=1e-9)
            assert difference <= np.sum(plan * METRIC) + 1e-9


@pytest.mark.equation("eq-was-parts")
def test_integration_by_parts():
    p, q = norm(-0.5, 0.8), norm(1.0, 1.3)
    left = quad(lambda x: np.sin(x) * (p.pdf(x) - q.pdf(x)), -15, 15)[0]
    right = -quad(lambda x: np.cos(x) * (p.cdf(x) - q.cdf(x)), -15, 15)[0]
    assert left == pytest.approx(right, abs=1e-9)


@pytest.mark.equation("eq-was-potential", "eq-was-line")
def test_on_a_line_potential_area_and_ranks_agree():
    widths = np.diff(PLACES)
    area = np.abs(ADVANTAGE) @ widths
    f = np.concatenate([[0], np.cumsum(-np.sign(ADVANTAGE) * widths)])
    assert f @ (P - Q) == pytest.approx(area, abs=1e-12)
    by_ranks = divergences.wasserstein(PLACES, PLACES, P, Q)
    assert by_ranks == pytest.approx(area, abs=1e-12)
    exact = divergences.transport(np.abs(PLACES[:, None] - PLACES), P, Q)
    assert exact.cost == pytest.approx(area, abs=1e-9)


@pytest.mark.equation("eq-was-losses")
def test_the_losses_are_those_of_the_package():
    a, b = (RNG.normal(size=(8, 1)).astype("float32") for _ in range(2))
    real, fake = map(ops.convert_to_tensor, (a, b))
    loss = losses.Wasserstein()
    by_loss = ops.convert_to_numpy(loss.discriminator(real, fake)).mean()
    assert by_loss == pytest.approx(b.mean() - a.mean(), abs=1e-6)
    by_loss = ops.convert_to_numpy(loss.generator(real, fake)).mean()
    assert by_loss == pytest.approx(-b.mean(), abs=1e-6)


@pytest.mark.equation("eq-was-envelope")
def test_the_critic_of_a_normal_generator_gives_the_slope_of_the_distance():
    """p = N(0, 1) and G(z) = m + s z, whose F - G changes sign once, for s > 1."""
    m, s, h = 0.7, 1.6, 1e-4

    def distance(m, s):
        crossing = m / (1 - s)
        gap = lambda x: abs(norm.cdf(x) - norm.cdf(x, m, s))  # noqa: E731
        return quad(gap, -30, crossing)[0] + quad(gap, crossing, 30)[0]

    z = (m / (1 - s) - m) / s  # f' is 1 to the left of the crossing, -1 to the right
    by_critic = [1 - 2 * norm.cdf(z), 2 * norm.pdf(z)]  # -E f', -E f' z
    by_distance = [
        (distance(m + h, s) - distance(m - h, s)) / (2 * h),
        (distance(m, s + h) - distance(m, s - h)) / (2 * h),
    ]
    np.testing.assert_allclose(by_critic, by_distance, atol=1e-6)


@pytest.mark.equation("eq-was-clip")
def test_clipped_weights_bound_the_slope_and_can_reach_the_bound():
    width, depth, limit = 5, 2, 0.3
    bound = width**depth * limit ** (depth + 1)
    network = networks.mlp(1, 1, width=width, depth=depth)
    x = ops.convert_to_tensor(np.linspace(0.1, 3, 20, dtype="float32")[:, None])
    shapes = [w.shape for w in network.weights]

    def steepest(draw):
        network.set_weights([draw(tuple(shape)) for shape in shapes])
        slope = penalties.gradient_norm(network, x)
        return ops.convert_to_numpy(slope).max()

    for _ in range(10):
        assert steepest(lambda shape: RNG.uniform(-limit, limit, shape)) <= bound
    assert steepest(lambda shape: np.full(shape, limit)) == pytest.approx(bound)


def bracket(slope, advantage, r):
    return advantage * slope + LAMBDA * r * (abs(slope) - 1) ** 2


@pytest.mark.equation("eq-was-gp")
def test_the_penalized_loss_as_an_integral():
    """p at 0, q at 2: points between them are uniform, and F - G is 1."""
    value = np.sin(2) - np.sin(0)
    value += LAMBDA * quad(lambda e: (abs(np.cos(2 * e)) - 1) ** 2, 0, 1)[0]
    integral = quad(lambda x: bracket(np.cos(x), 1.0, 0.5), 0, 2)[0]
    assert value == pytest.approx(integral, abs=1e-7)


@pytest.mark.equation("eq-was-gp-slope", "eq-was-gp-wrong")
def test_the_bracket_has_two_minima_and_a_peak():
    for advantage, r in ((0.5, 0.25), (-1.0, 0.5), (-0.2, 0.05)):
        share = abs(advantage) / (2 * LAMBDA * r)
        values = []
        for sign, best in ((-1, 1 + share), (1, 1 - share)):
            side = minimize_scalar(
                lambda t, sign=sign, d=advantage, r=r: bracket(
                    sign * np.sign(d) * t, d, r
                ),
                bounds=(0, 4),
                method="bounded",
                options={"xatol": 1e-10},
            )
            assert side.x == pytest.approx(best, abs=1e-6)
            values.append(side.fun)
            assert bracket(0, advantage, r) > bracket(sign * 0.01, advantage, r)
        assert values[0] < values[1]


@pytest.mark.equation("eq-was-gp-value")
def test_the_best_penalized_critic_overshoots_by_the_integral():
    p, q = norm(1, 0.4), norm(-1, 0.6)
    r = norm(0.1, 0.9)  # any density will do

    def value(x):
        gap = p.cdf(x) - q.cdf(x)
        found = minimize_scalar(
            lambda t: bracket(-np.sign(gap) * t, gap, r.pdf(x)),
            bounds=(0, 60),
            method="bounded",
            options={"xatol": 1e-10},
        )
        return abs(gap) * found.x

    x = np.linspace(-2.5, 2.5, 81)
    gap = np.abs(p.cdf(x) - q.cdf(x))
    predicted = gap + gap**2 / (2 * LAMBDA * r.pdf(x))
    by_search = [value(place) for place in x]
    assert np.trapezoid(by_search, x) == pytest.approx(np.trapezoid(predicted, x))


@pytest.mark.equation("eq-was-gp-scaled")
def test_the_best_multiple_of_the_potential():
    for w1 in (0.3, 2.0, 9.0):
        objective = lambda t, w1=w1: -t * w1 + LAMBDA * (t - 1) ** 2  # noqa: E731
        found = minimize_scalar(objective, options={"xtol": 1e-12}).x
        assert found == pytest.approx(1 + w1 / (2 * LAMBDA), abs=1e-6)


@pytest.mark.equation("eq-was-spectral")
def test_matrices_of_norm_one_make_a_lipschitz_network():
    for _ in range(20):
        x = RNG.normal(size=(30, 3))
        h = x
        for shape in ((3, 8), (8, 8), (8, 1)):
            matrix = RNG.normal(size=shape)
            h = np.maximum(h, 0) if h is not x else h
            h = h @ (matrix / np.linalg.norm(matrix, 2)) + RNG.normal(size=shape[1])
        assert np.all(cdist(h, h) <= cdist(x, x) + 1e-9)


def unit(n):
    values = RNG.normal(size=n)
    return values / np.linalg.norm(values)


@pytest.mark.equation("eq-was-kinks")
def test_slopes_of_one_hidden_layer_differ_by_at_most_one():
    x = np.linspace(-6, 6, 400)
    for _ in range(20):
        a, w, b = unit(6), unit(6), RNG.normal(size=6)
        slopes = ((np.outer(x, w) + b > 0) * w) @ a
        assert np.ptp(slopes) <= np.abs(a) @ np.abs(w) + 1e-12 <= 1 + 2e-12


@pytest.mark.equation("eq-was-half")
def test_one_hidden_layer_sees_at_most_half_of_a_split():
    x = np.linspace(-3, 3, 301)
    p, q = norm.pdf(x, -2, 0.25) + norm.pdf(x, 2, 0.25), norm.pdf(x, 0, 0.25)
    p, q = p / p.sum(), q / q.sum()
    half = divergences.wasserstein(x, x, p, q) / 2
    positive = (x[:-1] + x[1:]) / 2 > 0
    gap = np.abs(np.cumsum(p - q))[:-1] * np.diff(x)
    assert gap[positive].sum() == pytest.approx(half, abs=1e-9)
    for _ in range(50):
        a, w, b = unit(6), unit(6), 2 * RNG.normal(size=6)
        assert np.maximum(np.outer(x, w) + b, 0) @ a @ (p - q) <= half + 1e-9
    assert np.abs(x) / 2 @ (p - q) == pytest.approx(half, abs=1e-9)


@pytest.mark.equation("eq-was-bias")
def test_samples_look_too_far_apart_on_average():
    """All samples of two from coins that show 1 with probability 0.3 and 0.6."""
    mean = best = 0.0
    for flips in product((0, 1), repeat=4):
        chance = np.prod([c if x else 1 - c for x, c in zip(flips, COINS, strict=True)])
        mean += chance * divergences.wasserstein(flips[:2], flips[2:])
        best += chance * max(sum(flips[:2]) - sum(flips[2:]), 0) / 2  # f(x) = x
        best += chance * max(sum(flips[2:]) - sum(flips[:2]), 0) / 2  # f(x) = -x
    assert mean == pytest.approx(best)
    assert mean > 0.3 + 0.05  # W1 of the coins themselves is 0.3
