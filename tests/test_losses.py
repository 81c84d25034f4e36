"""Losses against closed forms, limits and finite differences in float64."""

import numpy as np
import pytest
from keras import ops

from ganbook import autodiff, losses

LOG2 = np.log(2.0)
ZERO = np.zeros((4, 1), "float32")
rng = np.random.default_rng(0)
A, B = rng.normal(size=(2, 64, 1)) * 2.0


def softplus(t):
    return np.logaddexp(0.0, t)


def relu(t):
    return np.maximum(t, 0.0)


# loss, what D minimizes, what G minimizes: NumPy, from the papers
CLOSED = [
    (
        losses.Minimax(),
        lambda a, b: softplus(-a) + softplus(b),
        lambda a, b: -softplus(b),
    ),
    (
        losses.Minimax(smoothing=0.1),
        lambda a, b: 0.9 * softplus(-a) + 0.1 * softplus(a) + softplus(b),
        lambda a, b: -softplus(b),
    ),
    (
        losses.NonSaturating(),
        lambda a, b: softplus(-a) + softplus(b),
        lambda a, b: softplus(-b),
    ),
    (
        losses.LeastSquares(),
        lambda a, b: 0.5 * (a - 1) ** 2 + 0.5 * b**2,
        lambda a, b: 0.5 * (b - 1) ** 2,
    ),
    (
        losses.LeastSquares(fake_label=-1.0, real_label=1.0, generator_label=0.0),
        lambda a, b: 0.5 * (a - 1) ** 2 + 0.5 * (b + 1) ** 2,
        lambda a, b: 0.5 * b**2,
    ),
    (losses.Hinge(), lambda a, b: relu(1 - a) + relu(1 + b), lambda a, b: -b),
    (losses.Wasserstein(), lambda a, b: b - a, lambda a, b: -b),
    (
        losses.RelativisticPairing(),
        lambda a, b: softplus(b - a),
        lambda a, b: softplus(a - b),
    ),
    (
        losses.RelativisticAverage(),
        lambda a, b: softplus(b.mean() - a) + softplus(b - a.mean()),
        lambda a, b: softplus(a.mean() - b) + softplus(a - b.mean()),
    ),
    (
        losses.FGAN("kl"),
        lambda a, b: np.exp(b - 1) - a,
        lambda a, b: -np.exp(b - 1),
    ),
    (
        losses.FGAN("reverse_kl"),
        lambda a, b: b - 1 + np.exp(-a),
        lambda a, b: 1 - b,
    ),
    (
        losses.FGAN("pearson"),
        lambda a, b: b**2 / 4 + b - a,
        lambda a, b: -(b**2) / 4 - b,
    ),
    (
        losses.FGAN("squared_hellinger"),
        lambda a, b: np.exp(b) - 2 + np.exp(-a),
        lambda a, b: 1 - np.exp(b),
    ),
    (
        losses.FGAN("jensen_shannon"),
        lambda a, b: softplus(-a) + softplus(b) - 2 * LOG2,
        lambda a, b: LOG2 - softplus(b),
    ),
    (
        losses.FGAN("total_variation"),
        lambda a, b: 0.5 * np.tanh(b) - 0.5 * np.tanh(a),
        lambda a, b: -0.5 * np.tanh(b),
    ),
    (
        losses.FGAN("kl", non_saturating=True),
        lambda a, b: np.exp(b - 1) - a,
        lambda a, b: -b,
    ),
]
every = pytest.mark.parametrize(
    ("loss", "discriminator", "generator"), CLOSED, ids=[repr(c[0]) for c in CLOSED]
)


def tensor(x):
    return ops.convert_to_tensor(np.asarray(x, "float32"))


def value(player, a, b):
    return ops.convert_to_numpy(player(tensor(a), tensor(b)))


@every
def test_closed_form(loss, discriminator, generator):
    for player, closed in (
        (loss.discriminator, discriminator),
        (loss.generator, generator),
    ):
        got = value(player, A, B)
        assert got.shape == A.shape
        np.testing.assert_allclose(got, closed(A, B), rtol=2e-5, atol=1e-5)


@every
@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("of", ["real", "fake"])
def test_slope_against_finite_differences(loss, discriminator, generator, player, of):
    closed = dict(discriminator=discriminator, generator=generator)[player]
    function = getattr(loss, player)
    if of == "real" and player == "generator" and not loss.generator_sees_real:
        return
    x = A if of == "real" else B

    def at(x, function):
        return function(x, B) if of == "real" else function(A, x)

    a, b = tensor(A), tensor(B)
    got = autodiff.input_gradient(
        lambda x: function(x, b) if of == "real" else function(a, x), tensor(x)
    )
    h = 1e-5
    slopes = []
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = h
        rise = np.sum(at(x + step, closed)) - np.sum(at(x - step, closed))
        slopes.append(rise / (2 * h))
    kink = np.abs(np.abs(x[:, 0]) - 1.0) < 1e-3 if "Hinge" in repr(loss) else False
    np.testing.assert_allclose(
        np.where(kink, 0.0, ops.convert_to_numpy(got)[:, 0]),
        np.where(kink, 0.0, slopes),
        rtol=1e-4,
        atol=1e-5,
    )


@every
def test_a_generator_that_needs_no_real_logits_takes_none(
    loss, discriminator, generator
):
    if not loss.generator_sees_real:
        got = ops.convert_to_numpy(loss.generator(None, tensor(B)))
        np.testing.assert_allclose(got, generator(None, B), rtol=2e-5, atol=1e-5)


@every
def test_patches_of_logits(loss, discriminator, generator):
    a, b = A.reshape(4, 4, 4, 1), B.reshape(4, 4, 4, 1)
    assert value(loss.discriminator, a, b).shape == a.shape
    np.testing.assert_allclose(
        value(loss.generator, a, b), generator(a, b), rtol=2e-5, atol=1e-5
    )


@every
@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["D is certain", "D is fooled"])
def test_logits_of_a_thousand(loss, discriminator, generator, sign):
    """Finite where the closed form is, in float32; exp(1000) is not."""
    a, b = ZERO + sign * 1e3, ZERO - sign * 1e3
    for player, closed in (
        (loss.discriminator, discriminator),
        (loss.generator, generator),
    ):
        with np.errstate(over="ignore"):
            expected = np.float32(closed(np.float64(a), np.float64(b)))
        np.testing.assert_allclose(value(player, a, b), expected, rtol=1e-6, atol=1e-5)
        slope = autodiff.input_gradient(
            lambda x, player=player: player(tensor(a), x), tensor(b)
        )
        assert np.isfinite(ops.convert_to_numpy(slope)).all() or np.isinf(expected[0])


UNDECIDED = [
    (losses.Minimax(), 2 * LOG2, -LOG2),
    (losses.Minimax(smoothing=0.1), 2 * LOG2, -LOG2),
    (losses.NonSaturating(), 2 * LOG2, LOG2),
    (losses.LeastSquares(), 0.5, 0.5),
    (losses.Hinge(), 2.0, 0.0),
    (losses.Wasserstein(), 0.0, 0.0),
    (losses.RelativisticPairing(), LOG2, LOG2),
    (losses.RelativisticAverage(), 2 * LOG2, 2 * LOG2),
    (losses.FGAN("kl"), np.exp(-1), -np.exp(-1)),
    (losses.FGAN("reverse_kl"), 0.0, 1.0),
    (losses.FGAN("pearson"), 0.0, 0.0),
    (losses.FGAN("squared_hellinger"), 0.0, 0.0),
    (losses.FGAN("jensen_shannon"), 0.0, 0.0),
    (losses.FGAN("total_variation"), 0.0, 0.0),
]


@pytest.mark.parametrize(
    ("loss", "discriminator", "generator"),
    UNDECIDED,
    ids=[repr(u[0]) for u in UNDECIDED],
)
def test_logits_of_zero(loss, discriminator, generator):
    for player, expected in (
        (loss.discriminator, discriminator),
        (loss.generator, generator),
    ):
        np.testing.assert_allclose(
            value(player, ZERO, ZERO), np.full_like(ZERO, expected), atol=1e-6
        )


@pytest.mark.parametrize(
    ("loss", "slope"),
    [(losses.Minimax(), 0.0), (losses.NonSaturating(), -1.0)],
    ids=repr,
)
def test_generator_slope_where_it_loses(loss, slope):
    """At logit -30; with -log(sigmoid(b) + 1e-8) it would be -9.4e-6, not -1."""
    got = autodiff.input_gradient(
        lambda b: loss.generator(None, b), tensor([[-30.0], [-80.0]])
    )
    np.testing.assert_allclose(ops.convert_to_numpy(got), slope, atol=1e-6)


def test_smoothing_moves_the_best_logit_and_is_one_sided():
    s = 0.2
    loss = losses.NonSaturating(smoothing=s)
    # p = q: minimize (1-s) softplus(-a) + s softplus(a) + softplus(a)
    best = np.log((1 - s) / (1 + s))
    slope = autodiff.input_gradient(
        lambda a: loss.discriminator(a, a), tensor([[best]])
    )
    np.testing.assert_allclose(ops.convert_to_numpy(slope), 0.0, atol=1e-6)


def test_minimax_is_a_zero_sum_game():
    a, b = np.float32(A), np.float32(B)
    loss = losses.Minimax()
    constant = value(loss.discriminator, a, b) + value(loss.generator, a, b)
    np.testing.assert_allclose(constant, softplus(-A), rtol=1e-4, atol=1e-5)


def test_relativistic_losses_do_not_see_a_common_shift():
    for loss in (losses.RelativisticPairing(), losses.RelativisticAverage()):
        for player in (loss.discriminator, loss.generator):
            np.testing.assert_allclose(
                value(player, A + 3.0, B + 3.0), value(player, A, B), rtol=1e-4
            )


# ---- bad input ----


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: losses.Minimax(0.5), ValueError, r"smoothing: .*\[0, 0.5\), got 0.5"),
        (lambda: losses.NonSaturating(-0.1), ValueError, "smoothing: .* got -0.1"),
        (lambda: losses.NonSaturating("a"), TypeError, "smoothing: .* got 'a'"),
        (
            lambda: losses.LeastSquares(real_label=np.nan),
            ValueError,
            "real_label: .* nan",
        ),
        (lambda: losses.LeastSquares(None), TypeError, "fake_label: .* got None"),
        (lambda: losses.FGAN("js"), ValueError, "divergence: expected one of kl, rev"),
        (lambda: losses.FGAN(["kl"]), ValueError, "divergence: expected one of kl, r"),
        (lambda: losses.FGAN(), TypeError, "divergence"),
    ],
)
def test_wrong_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()
