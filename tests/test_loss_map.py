"""Every expression of the map against the engine's losses and quadrature."""

import numpy as np
import pytest
from keras import ops

from ganbook import divergences, losses
from ganbook.loss_map import LOSSES, Entry, code, evaluate, table

P, Q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.1, 0.2, 0.3, 0.4])


def having(*fields):
    chosen = [e for e in LOSSES if all(getattr(e, name) for name in fields)]
    return pytest.mark.parametrize("entry", chosen, ids=lambda e: repr(e.loss))


def numpy(x):
    return np.asarray(ops.convert_to_numpy(x), float)


def logits(seed=0):
    rng = np.random.default_rng(seed)
    return tuple(2 * rng.normal(size=(2, 40)).astype("float32"))


def player(loss, name, a, b):
    a, b = (ops.convert_to_tensor(np.asarray(x, "float32")) for x in (a, b))
    return numpy(getattr(loss, name)(a, b))


@having("discriminator")
@pytest.mark.parametrize("name", ["discriminator", "generator"])
def test_both_players_minimize_what_the_map_says(entry, name):
    a, b = logits()
    equal = np.full(len(a), 1 / len(a))
    expected = evaluate(getattr(entry, name), a=a, b=b, p=equal, q=equal)
    np.testing.assert_allclose(
        player(entry.loss, name, a, b), expected, rtol=2e-5, atol=2e-5
    )


@having("optimum")
def test_the_optimum(entry):
    got = divergences.optimal_discriminator(P, Q, entry.loss)
    np.testing.assert_allclose(evaluate(entry.optimum, p=P, q=Q), got, atol=1e-12)


def mean(expression, d, p=P, q=Q):
    """Mean over independent pairs of a real and a generated sample."""
    a, b = np.meshgrid(d, d, indexing="ij")
    return np.sum(np.outer(p, q) * evaluate(expression, a=a, b=b))


@having("optimum", "least")
def test_the_least_loss(entry):
    with np.errstate(invalid="ignore"):
        got = mean(entry.discriminator, evaluate(entry.optimum, p=P, q=Q))
    assert got == pytest.approx(evaluate(entry.least, p=P, q=Q), abs=1e-12)


@having("optimum", "follows")
def test_the_generator_follows_the_gradient_of_that_divergence(entry):
    """In every direction in which q can change, with D held at its best."""
    d = evaluate(entry.optimum, p=P, q=Q)
    rng = np.random.default_rng(0)
    for _ in range(3):
        way = rng.normal(size=4)
        way -= way.mean()
        up, down = Q + 1e-5 * way, Q - 1e-5 * way
        rises = [
            (measure(up) - measure(down)) / 2e-5
            for measure in (
                lambda q: mean(entry.generator, d, P, q),
                lambda q: evaluate(entry.follows, p=P, q=q),
            )
        ]
        assert rises[0] == pytest.approx(rises[1], abs=1e-6)


@having("curvature")
def test_the_curvature_is_that_of_the_divergence_that_is_followed(entry):
    """-u f''(u) is the slope in u of the generator's loss at the best logit."""
    u = np.array([0.01, 0.3, 0.8, 1.7, 30.0])

    def at_best(u):
        d = evaluate(entry.optimum, p=u, q=np.ones_like(u))
        return evaluate(entry.generator, a=None, b=d)

    step = 1e-5 * u
    slope = (at_best(u + step) - at_best(u - step)) / (2 * step)
    curvature = evaluate(entry.curvature, u=u)
    np.testing.assert_allclose(slope, -u * curvature, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(entry.pull(u), u**2 * curvature)


def test_the_map_has_every_loss_of_the_engine():
    classes = {
        value
        for value in vars(losses).values()
        if isinstance(value, type) and hasattr(value, "generator_sees_real")
    }
    assert {type(entry.loss) for entry in LOSSES} == classes
    names = {e.loss.divergence for e in LOSSES if isinstance(e.loss, losses.FGAN)}
    assert names == set(losses.DIVERGENCES)


@having("loss")
def test_each_loss_has_a_paper(entry):
    citation, address = entry.paper
    assert citation[-1].isdigit() or citation.endswith(")")
    assert address.startswith("https://arxiv.org/abs/")


def test_a_pull_needs_a_curvature_and_ratios():
    wasserstein = next(e for e in LOSSES if isinstance(e.loss, losses.Wasserstein))
    with pytest.raises(ValueError, match=r"pull: expected .* got Wasserstein\(\)"):
        wasserstein.pull(1.0)
    for u in (0.0, -1.0, 1e200):
        with pytest.raises(ValueError, match="u: expected ratios"):
            LOSSES[0].pull(u)
    np.testing.assert_allclose(LOSSES[0].pull([1, 3]), [0.5, 0.75])


def test_a_table_has_a_row_for_each_loss():
    lines = table({"loss": lambda e: code(e.name), "f''": lambda e: code(e.curvature)})
    lines = lines.split("\n")
    assert lines[:3] == [
        "| loss | f'' |",
        "| --- | --- |",
        "| `Minimax()` | `1 / (u * (1 + u))` |",
    ]
    assert "| `LeastSquares(-1.0, 1.0, 0.0)` |" in lines[5]
    assert "| `Wasserstein()` | – |" in lines
    assert len(lines) == 2 + len(LOSSES)


def test_expressions_know_no_other_names():
    with pytest.raises(NameError):
        evaluate("open('x')")
    assert Entry(losses.Hinge(), "", "").needs == "nothing"
