"""Divergences and distances against closed forms, each other and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from keras import ops
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from ganbook import divergences, losses
from ganbook.f_divergences import DIVERGENCES, FDivergence

P, Q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.1, 0.2, 0.3, 0.4])
LINE = np.linspace(-9.0, 10.0, 4001)
STEP = LINE[1] - LINE[0]


def normal(mean, s=1.0, x=LINE):
    return np.exp(-0.5 * ((x - mean) / s) ** 2) / (s * np.sqrt(2 * np.pi))


def positive(n=6):
    """Distributions over n places without a zero."""
    values = arrays(float, n, elements=st.floats(0.01, 1.0))
    return values.map(lambda x: x / x.sum())


# ---- f-divergences ----

BETWEEN_NORMALS = {  # of mean 0 and mean 1, standard deviation 1
    "kl": 0.5,
    "reverse_kl": 0.5,
    "chi_squared": np.e - 1,
    "hellinger": np.sqrt(1 - np.exp(-1 / 8)),
    "total_variation": 0.38292492254802624,  # 2 Φ(1/2) - 1
}


@pytest.mark.parametrize("name", BETWEEN_NORMALS)
def test_between_two_normals_on_a_grid(name):
    got = getattr(divergences, name)(normal(0), normal(1), STEP)
    assert got == pytest.approx(BETWEEN_NORMALS[name], abs=2e-6)


def test_normals_of_unequal_width():
    """KL(N(0, s²) ‖ N(1, r²)) = log(r/s) + (s² + 1) / (2 r²) - 1/2."""
    got = divergences.kl(normal(0, 0.7), normal(1, 1.3), STEP)
    assert got == pytest.approx(np.log(1.3 / 0.7) + (0.49 + 1) / 3.38 - 0.5, abs=1e-9)


def test_a_product_on_a_plane_adds_up():
    x = np.linspace(-7, 8, 301)
    p, q = (
        np.outer(normal(0, x=x), normal(0, x=x)),
        np.outer(normal(1, x=x), normal(0.5, x=x)),
    )
    got = divergences.kl(p, q, cell=(x[1] - x[0]) ** 2)
    assert got == pytest.approx(0.5 + 0.125, abs=1e-9)


def test_the_js_divergence_is_the_mean_of_two_kl():
    m = (P + Q) / 2
    mean = divergences.kl(P, m) / 2 + divergences.kl(Q, m) / 2
    assert divergences.js(P, Q) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kl", np.inf),
        ("reverse_kl", np.inf),
        ("chi_squared", np.inf),
        ("js", np.log(2)),
        ("total_variation", 1.0),
        ("hellinger", 1.0),
    ],
)
def test_disjoint_supports(name, value):
    function = getattr(divergences, name)
    assert function([0.5, 0.5, 0, 0], [0, 0, 0.3, 0.7]) == pytest.approx(value)
    assert function([0.5, 0.5, 0.0], [0.5, 0.5, 0.0]) == 0.0


@pytest.mark.parametrize(
    ("name", "p_wider", "q_wider"),
    [
        ("kl", np.inf, np.log(2)),
        ("reverse_kl", np.log(2), np.inf),
        ("chi_squared", np.inf, 1.0),
        ("total_variation", 0.5, 0.5),
    ],
)
def test_one_support_within_the_other(name, p_wider, q_wider):
    function, wide, narrow = getattr(divergences, name), [0.5, 0.5], [1.0, 0.0]
    assert function(wide, narrow) == pytest.approx(p_wider)
    assert function(narrow, wide) == pytest.approx(q_wider)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_limits_are_those_of_f(name):
    f = DIVERGENCES[name]
    with np.errstate(over="ignore"):
        near, far = f.f(np.array(1e-300)), f.f(np.array(1e300)) / 1e300
    for limit, value in ((f.at_zero, near), (f.at_infinity, far)):
        assert value > 100 if limit == np.inf else value == pytest.approx(limit)


@settings(deadline=None, max_examples=50)
@given(positive(), positive())
def test_known_inequalities(p, q):
    """Pinsker; H² <= TV <= H √2; KL <= log(1 + χ²); TV²/2 <= JS <= TV log 2."""
    tv, h = divergences.total_variation(p, q), divergences.hellinger(p, q)
    kl, js = divergences.kl(p, q), divergences.js(p, q)
    tiny = 1e-9
    assert 2 * tv**2 <= kl + tiny
    assert h**2 <= tv + tiny
    assert tv <= h * np.sqrt(2) + tiny
    assert kl <= np.log1p(divergences.chi_squared(p, q)) + tiny
    assert tv**2 / 2 <= js + tiny
    assert js <= tv * np.log(2) + tiny
    assert divergences.reverse_kl(p, q) == pytest.approx(divergences.kl(q, p), abs=1e-9)


def test_an_f_divergence_of_ones_own():
    """The chi-squared divergence in the other order, Neyman's."""
    neyman = FDivergence(lambda u: (1 - u) ** 2 / u, at_zero=np.inf, at_infinity=1.0)
    got = divergences.f_divergence(neyman, P, Q)
    assert got == pytest.approx(divergences.chi_squared(Q, P))
    assert divergences.f_divergence(neyman, [0.0, 1.0], [0.5, 0.5]) == np.inf


@pytest.mark.parametrize("shift", [30.0, 35.0, 38.0, 45.0])
def test_normals_far_apart_reach_the_limits_of_bounded_divergences(shift):
    """Their densities underflow, and their ratio overflows, on one grid."""
    x = np.linspace(-8, 55, 4001)
    p, q, cell = normal(0, x=x), normal(shift, x=x), x[1] - x[0]
    assert divergences.js(p, q, cell) == pytest.approx(np.log(2))
    assert divergences.total_variation(p, q, cell) == pytest.approx(1)
    assert divergences.hellinger(p, q, cell) == pytest.approx(1)
    assert divergences.kl(p, q, cell) >= 400


# ---- transport ----


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 1000))
def test_on_a_line_closed_form_scipy_and_programme_agree(n, m, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=n), rng.normal(size=m).round(1)
    p, q = rng.dirichlet(np.ones(n)), rng.dirichlet(np.ones(m))
    one = divergences.wasserstein(x, y, p, q)
    assert one == pytest.approx(wasserstein_distance(x, y, p, q), abs=1e-9)
    for order in (1, 2):
        found = divergences.transport(abs(np.subtract.outer(x, y)) ** order, p, q)
        got = divergences.wasserstein(x, y, p, q, order)
        assert got**order == pytest.approx(found.cost, abs=1e-9)


def test_between_normals_on_a_line():
    """W2² = (difference of means)² + (difference of standard deviations)²."""
    p, q = normal(0, 0.8) * STEP, normal(1.5, 1.2) * STEP
    two = divergences.wasserstein(LINE, LINE, p, q, order=2)
    assert two == pytest.approx(np.hypot(1.5, 0.4), abs=1e-4)
    q = normal(1.5, 0.8) * STEP
    assert divergences.wasserstein(LINE, LINE, p, q) == pytest.approx(1.5, abs=1e-6)


@pytest.mark.parametrize("order", [1, 2])
def test_a_shift_costs_its_length(order):
    x = np.random.default_rng(0).normal(size=(40, 3))
    got = divergences.wasserstein(x, x + np.array([1.0, 2.0, 2.0]), order=order)
    assert got == pytest.approx(3.0)


@pytest.mark.parametrize("order", [1, 2])
def test_assignment_and_programme_agree(order):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(12, 2)), rng.normal(size=(12, 2))
    equal = np.full(12, 1 / 12)
    by_programme = divergences.wasserstein(x, y, equal, equal, order)
    assert divergences.wasserstein(x, y, order=order) == pytest.approx(by_programme)


def test_plan_and_potentials_prove_each_other():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(7, 2)), rng.normal(size=(9, 2))
    p, q, cost = rng.dirichlet(np.ones(7)), rng.dirichlet(np.ones(9)), cdist(x, y)
    found = divergences.transport(cost, p, q)
    np.testing.assert_allclose(found.plan.sum(1), p, atol=1e-12)
    np.testing.assert_allclose(found.plan.sum(0), q, atol=1e-12)
    slack = cost - np.add.outer(found.p_potential, found.q_potential)
    assert found.plan.min() >= 0
    assert slack.min() > -1e-9
    assert np.abs(slack[found.plan > 1e-9]).max() < 1e-9, "complementary slackness"
    assert abs(found.gap) < 1e-9


def test_the_critic_attains_the_distance_with_slope_one():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(20, 2))
    p, q, distance = rng.dirichlet(np.ones(20)), rng.dirichlet(np.ones(20)), cdist(x, x)
    critic = divergences.lipschitz_critic(distance, p, q)
    assert critic @ (p - q) == pytest.approx(divergences.wasserstein(x, x, p, q))
    assert (np.subtract.outer(critic, critic) <= distance + 1e-9).all()
    assert critic @ q == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-150, 1e-9, 1e12, 1e150])
def test_distances_scale_with_the_points(scale):
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(9, 2)), rng.normal(size=(7, 2))
    p, q = rng.dirichlet(np.ones(9)), rng.dirichlet(np.ones(7))
    for order in (1, 2):
        one = divergences.wasserstein(x, y, p, q, order)
        got = divergences.wasserstein(scale * x, scale * y, p, q, order)
        assert got == pytest.approx(scale * one, rel=1e-9)
    far = divergences.transport(scale * cdist(x, y), p, q)
    assert far.cost == pytest.approx(scale * divergences.wasserstein(x, y, p, q))
    assert abs(far.gap) <= 1e-9 * scale
    critic = divergences.lipschitz_critic(scale * cdist(x, x), p, np.full(9, 1 / 9))
    steps = np.subtract.outer(critic, critic) / scale
    assert (steps <= cdist(x, x) + 1e-9).all()


def test_small_masses_and_small_differences():
    """Far below the solver's own tolerance of 1e-7."""
    rng = np.random.default_rng(7)
    line = np.arange(20.0)
    distance = abs(np.subtract.outer(line, line))
    p = 10 ** rng.uniform(-12, 0, 20)
    p /= p.sum()
    plan = divergences.transport(distance, p, np.full(20, 0.05)).plan
    np.testing.assert_allclose(plan.sum(1), p, atol=1e-12)
    p = rng.dirichlet(np.ones(20))
    q = p * (1 + 1e-7 * rng.normal(size=20))
    q /= q.sum()
    exact = divergences.wasserstein(line, line, p, q)
    critic = divergences.lipschitz_critic(distance, p, q)
    assert critic @ (p - q) == pytest.approx(exact, rel=1e-6)
    assert divergences.transport(distance, p, q).cost == pytest.approx(exact, rel=1e-2)


def test_a_point_without_weight_does_not_count():
    got = divergences.wasserstein([1e12, 0.0], [0.0] * 3, [0, 1], [0.7, 0.2, 0.1], 2)
    assert got == 0


# ---- kernel ----


def test_mmd_of_normals():
    """E k over N(m, 2) is h / √(h² + 2) exp(-m² / (2 (h² + 2)))."""
    h, shift = 0.8, 1.5
    scale = h / np.sqrt(h**2 + 2)
    exact = 2 * scale * (1 - np.exp(-(shift**2) / (2 * (h**2 + 2))))
    x = LINE[::4]
    p, q = (d / d.sum() for d in (normal(0, x=x), normal(shift, x=x)))
    got = divergences.squared_mmd(x, x, p, q, bandwidth=h)
    assert got == pytest.approx(exact, abs=1e-6)


def test_mmd_of_samples():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(6, 2)), rng.normal(size=(5, 2))
    assert divergences.squared_mmd(x, x) == pytest.approx(0.0, abs=1e-12)
    assert divergences.squared_mmd(x, x + 100.0) == pytest.approx(
        2 * np.mean(np.exp(-(cdist(x, x) ** 2) / 2))
    )

    def k(a, b):
        return np.exp(-np.sum((a - b) ** 2) / 2)

    within_x = np.mean([k(x[i], x[j]) for i in range(6) for j in range(6) if i != j])
    within_y = np.mean([k(y[i], y[j]) for i in range(5) for j in range(5) if i != j])
    across = np.mean([k(a, b) for a in x for b in y])
    got = divergences.squared_mmd(x, y, unbiased=True)
    assert got == pytest.approx(within_x + within_y - 2 * across)


def test_unbiased_mmd_has_no_bias():
    rng = np.random.default_rng(5)
    draws = [
        divergences.squared_mmd(rng.normal(size=8), rng.normal(size=8), unbiased=True)
        for _ in range(800)
    ]
    assert abs(np.mean(draws)) < 4 * np.std(draws) / np.sqrt(len(draws))
    biased = divergences.squared_mmd(rng.normal(size=8), rng.normal(size=8))
    assert biased > 0


@pytest.mark.parametrize("bandwidth", [np.float32(1e-30), 1e-200, 1e200])
def test_mmd_at_extreme_bandwidths(bandwidth):
    got = divergences.squared_mmd([0.0], [1.0], bandwidth=bandwidth)
    assert got == (2.0 if bandwidth < 1 else 0.0)


# ---- the best discriminator ----

LOSSES = [
    losses.Minimax(),
    losses.Minimax(smoothing=0.1),
    losses.NonSaturating(),
    losses.LeastSquares(),
    losses.LeastSquares(-1.0, 1.0, 0.0),
    losses.Hinge(),
    losses.RelativisticPairing(),
    losses.RelativisticAverage(),
    losses.FGAN("kl"),
    losses.FGAN("reverse_kl"),
    losses.FGAN("pearson"),
    losses.FGAN("squared_hellinger"),
    losses.FGAN("jensen_shannon"),
]


def tensor(x):
    return ops.convert_to_tensor(np.asarray(x, "float32"))


def mean_loss(loss, d, p=P, q=Q):
    """The discriminator's mean loss at logits d; pairs are drawn independently."""
    if isinstance(loss, losses.RelativisticAverage):
        above = np.logaddexp(0, q @ d - d)
        return p @ above + q @ np.logaddexp(0, d - p @ d)
    a, b = (x.ravel() for x in np.meshgrid(d, d, indexing="ij"))
    terms = ops.convert_to_numpy(loss.discriminator(tensor(a), tensor(b)))
    return np.outer(p, q).ravel() @ terms.astype(float)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_no_discriminator_does_better(loss):
    best = divergences.optimal_discriminator(P, Q, loss)
    least = mean_loss(loss, best)
    rng = np.random.default_rng(0)
    for scale in (0.03, 0.3, 3.0):
        for _ in range(20):
            other = mean_loss(loss, best + scale * rng.normal(size=len(P)))
            assert other > least - 1e-6


def test_the_best_critic_is_no_worse_than_any_other():
    points = np.array([0.0, 1.0, 3.0, 3.5])
    wasserstein = losses.Wasserstein()
    best = divergences.optimal_discriminator(P, Q, wasserstein, points)
    distance = divergences.wasserstein(points, points, P, Q)
    assert -mean_loss(wasserstein, best) == pytest.approx(distance, abs=1e-6)


def test_certainty_where_one_density_is_zero():
    p, q = [0.5, 0.5, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0]
    best = divergences.optimal_discriminator
    np.testing.assert_array_equal(best(p, q), [0, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(
        best(p, q, losses.LeastSquares()), [0.5, 1, 0, np.nan]
    )
    np.testing.assert_array_equal(best(p, q, losses.Hinge()), [0, 1, -1, np.nan])
    smoothed = best(p, q, losses.Minimax(smoothing=0.2))
    assert smoothed[1] == pytest.approx(np.log(4)), "no longer without limit"


def test_the_relativistic_average_runs_away_where_ratios_are_large():
    """Its least mean loss falls toward 0 as rare places tell p and q apart for sure."""
    least = []
    for end in (2.0, 3.0, 4.0):
        x = np.linspace(-end, end, 60)
        p, q = normal(-0.5, x=x), normal(0.5, x=x)
        p, q = p / p.sum(), q / q.sum()
        loss = losses.RelativisticAverage()
        d = divergences.optimal_discriminator(p, q, loss)
        assert p @ d == pytest.approx(-(q @ d))
        least.append(mean_loss(loss, d, p, q))
    assert least[0] > least[1] > least[2]


def test_a_loss_of_ones_own_has_no_optimum_here():
    class Steep(losses.Hinge):
        def discriminator(self, real_logits, fake_logits):
            return -10.0 * real_logits

    with pytest.raises(TypeError, match=r"loss: expected one of ganbook\.losses"):
        divergences.optimal_discriminator(P, Q, Steep())


def test_extreme_densities_give_finite_logits():
    for loss in (
        losses.Minimax(),
        losses.Minimax(smoothing=0.1),
        losses.FGAN("pearson"),
    ):
        tiny = divergences.optimal_discriminator([5e-324, 1], [1, 5e-324], loss)
        assert not np.isnan(tiny).any()
    with pytest.raises(ValueError, match="p: expected values >= 0"):
        divergences.optimal_discriminator([1e308], [1.0])


# ---- at the door ----


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.kl([0.5, 0.6], [0.5, 0.5]), ValueError, "p: expected a sum of 1"),
        (
            lambda d: d.kl([1.5, -0.5], [0.5, 0.5]),
            ValueError,
            "p: expected values >= 0",
        ),
        (lambda d: d.js([0.5, 0.5], [1.0]), ValueError, "p and q: expected one shape"),
        (lambda d: d.js([], []), ValueError, "p: expected an array of at least"),
        (lambda d: d.js([np.nan, 1], [0, 1]), ValueError, "p: expected finite numbers"),
        (lambda d: d.js("half", [1.0]), TypeError, "p: expected an array of numbers"),
        (
            lambda d: d.js([1.0], [1.0], cell=0),
            ValueError,
            "cell: expected a number > 0",
        ),
        (lambda d: d.kl([0.0], [1.0]), ValueError, "p: expected a sum of 1"),
        (lambda d: d.f_divergence("js", P, Q), ValueError, "f: expected one of kl"),
        (lambda d: d.f_divergence(np.log, P, Q), TypeError, "f: expected a name or an"),
        (lambda d: d.wasserstein([], [1.0]), ValueError, r"x: expected points \(n,\)"),
        (
            lambda d: d.wasserstein([1.0], [[1.0, 2]]),
            ValueError,
            "x and y: expected one",
        ),
        (lambda d: d.wasserstein([1.0], [1.0], order=3), ValueError, "order: expected"),
        (lambda d: d.wasserstein([1.0], [1.0], [1, 0]), ValueError, "x_weights: exp"),
        (lambda d: d.transport([1.0]), ValueError, r"cost: expected \(n, m\)"),
        (lambda d: d.transport([[1.0]], [0.5]), ValueError, "p: expected a sum of 1"),
        (
            lambda d: d.lipschitz_critic([[0, 1], [2, 0]], [1, 0], [0, 1]),
            ValueError,
            "d",
        ),
        (lambda d: d.lipschitz_critic([[0.0]], [1, 0], [0, 1]), ValueError, "distance"),
        (
            lambda d: d.lipschitz_critic(
                [[0, 1, 5], [1, 0, 1], [5, 1, 0]], [1, 0, 0], [0, 0, 1]
            ),
            ValueError,
            "distance: expected a metric",
        ),
        (lambda d: d.wasserstein([1.0], [1.0], order=True), TypeError, "order: expec"),
        (lambda d: d.kl(None, [1.0]), TypeError, "p: expected an array of numbers, go"),
        (lambda d: d.kl([0.5 + 1j, 0.5], [1.0, 0]), TypeError, "p: expected an array"),
        (lambda d: d.kl(["0.5", "0.5"], [1.0, 0]), TypeError, "p: expected an array"),
        (lambda d: d.squared_mmd([0], [1], bandwidth=-1), ValueError, "bandwidth: exp"),
        (lambda d: d.squared_mmd([0], [1], [1], unbiased=True), ValueError, "unbiased"),
        (
            lambda d: d.squared_mmd([0], [1], unbiased=True),
            ValueError,
            "x and y: expec",
        ),
        (lambda d: d.optimal_discriminator(P, Q, "gan"), TypeError, "loss: expected"),
        (lambda d: d.optimal_discriminator(P, -Q), ValueError, "q: expected values >="),
        (lambda d: d.optimal_discriminator(P, Q[:3]), ValueError, "p and q: expected"),
        (lambda d: d.optimal_discriminator([0, 0], [1, 0]), ValueError, "p: expected"),
        (
            lambda d: d.optimal_discriminator(P, Q, losses.Wasserstein()),
            ValueError,
            "points: expected the places of p and q, got None",
        ),
        (
            lambda d: d.optimal_discriminator(P, Q, losses.Wasserstein(), [1.0, 2.0]),
            ValueError,
            "points: expected one per value of p",
        ),
        (
            lambda d: d.optimal_discriminator(
                [1, 0], [1, 1], losses.RelativisticAverage()
            ),
            ValueError,
            "p and q: expected one support",
        ),
        (
            lambda d: d.optimal_discriminator(
                normal(-1)[::100], normal(1)[::100], losses.RelativisticAverage()
            ),
            RuntimeError,
            "no optimum of RelativisticAverage found",
        ),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(divergences)
