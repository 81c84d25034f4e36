"""MGAN and MAD-GAN: what naming the generator of a sample is worth."""

import numpy as np
import pytest
from keras import ops
from small import make, slope, values

from ganbook import losses, networks, variants

RNG = np.random.default_rng(0)
INNER = losses.NonSaturating()


def tensor(x):
    return ops.convert_to_tensor(x, "float32")


def logits(n, rows=7):
    return RNG.normal(size=(rows, n)).astype("float32")


# ---- MGAN ----


def test_a_row_belongs_to_the_generator_of_its_turn():
    real, fake = logits(4), logits(4)
    log = fake[:, 1:] - np.log(np.exp(fake[:, 1:]).sum(axis=1, keepdims=True))
    expected = -2.0 * log[np.arange(7), np.arange(7) % 3][:, None]
    loss = variants.MGAN(3, INNER, weight=2.0)
    for player in ("discriminator", "generator"):
        got = getattr(loss, player)(tensor(real), tensor(fake))
        inner = getattr(INNER, player)(tensor(real[:, :1]), tensor(fake[:, :1]))
        np.testing.assert_allclose(values(got - inner), expected, rtol=1e-4, atol=1e-5)


def test_an_ignorant_classifier_pays_log_n_and_one_that_knows_nothing():
    loss = variants.MGAN(3, losses.Wasserstein())
    blind = np.zeros((7, 4), "float32")
    np.testing.assert_allclose(
        values(loss.generator(None, tensor(blind))), np.log(3), rtol=1e-6
    )
    knows = np.concatenate([blind[:, :1], 50.0 * np.eye(3)[np.arange(7) % 3]], axis=1)
    got = values(loss.generator(None, tensor(knows)))
    np.testing.assert_allclose(got, 0, atol=1e-6)
    confused = values(loss.generator(None, tensor(knows[:, [0, 2, 3, 1]])))
    np.testing.assert_allclose(confused, 50)


def test_the_best_classifier_leaves_the_divergence_of_the_generators():
    """E log C at C = q_i / Σ q_j: log n less their Jensen-Shannon divergence."""
    q = np.array([[4, 4, 1, 1], [1, 2, 3, 4]])  # times 1/10: 10 rows of each
    best = np.log(q / q.sum(axis=0)).T
    mean = q.mean(axis=0) / 10
    divergence = np.mean([np.sum(p * np.log(p / mean)) for p in q / 10])
    states = np.stack([np.repeat(np.arange(4), row) for row in q], axis=1).ravel()
    seen = tensor(np.eye(4)[states])
    loss = variants.MGAN(2, losses.Wasserstein())

    def total(table):
        table = ops.concatenate([ops.zeros((4, 1)), table], axis=1)
        return ops.mean(loss.discriminator(ops.zeros((20, 3)), seen @ table))

    assert values(total(tensor(best))) == pytest.approx(
        np.log(2) - divergence, rel=1e-5
    )
    np.testing.assert_allclose(slope(total, best), 0, atol=1e-6)


def test_the_classifier_pushes_generators_apart():
    loss = variants.MGAN(2, losses.Wasserstein())
    place = np.zeros((6, 1))  # all in one place; the classifier looks left and right

    def judged(x):
        return loss.generator(None, ops.concatenate([0 * x, -x, x], axis=1))

    np.testing.assert_allclose(slope(judged, place)[:, 0], [1, -1] * 3)  # descend


@pytest.mark.parametrize("inner", [INNER, losses.RelativisticPairing()], ids=repr)
def test_without_weight_it_is_the_loss_inside(inner):
    loss, real, fake = variants.MGAN(3, inner, 0), tensor(logits(4)), tensor(logits(4))
    assert loss.generator_sees_real == inner.generator_sees_real
    for player in ("discriminator", "generator"):
        got = getattr(loss, player)(real, fake)
        want = getattr(inner, player)(real[:, :1], fake[:, :1])
        np.testing.assert_allclose(values(got), values(want), rtol=1e-6)


def test_penalties_leave_the_classifier_alone():
    def spy(discriminator, real, fake, seed=None):
        shapes.append(tuple(discriminator(real).shape))
        return ops.zeros((4,))

    shapes = []
    gan = make(
        networks.several_generators(2, 4, 2, width=8, depth=1),
        networks.mlp(2, 3, width=8, depth=1),
        loss=variants.MGAN(2, INNER),
        penalties=[spy],
    )
    (critic,) = gan.critics([])
    gan.discriminator_loss(critic, ops.ones((4, 2)), ops.ones((4, 2)))
    assert shapes == [(4, 1)]


# ---- MAD-GAN ----

P = np.array([1, 4, 3, 2]) / 10  # real; the mean of Q is another one
Q = np.array([[4, 4, 1, 1], [1, 2, 3, 4]]) / 10


def rows(p, n):
    return np.repeat(np.arange(4), np.rint(n * np.array(p)).astype(int))


def expected_loss(table, p=P, q=Q):
    """Of a discriminator with a row of logits for each of four states."""
    real = tensor(np.eye(4)[rows(p, 40)])
    fake = tensor(np.eye(4)[np.stack([rows(own, 20) for own in q], axis=1).ravel()])
    return ops.mean(variants.MADGAN(2).discriminator(real @ table, fake @ table))


def best_table(p=P, q=Q):
    """Each generator makes half of the fakes."""
    return np.log(np.maximum([p, *np.divide(q, 2)], 1e-9)).T


def test_the_best_discriminator_knows_the_densities_and_their_shares():
    np.testing.assert_allclose(slope(expected_loss, best_table()), 0, atol=1e-7)
    whole = np.log([P, *Q]).T  # the paper's sum over generators has this one
    assert np.abs(slope(expected_loss, whole)).max() > 0.01
    # of real against all fakes, it says what a plain discriminator would
    odds = np.exp(best_table())
    real = odds[:, 0] / odds.sum(axis=1)
    np.testing.assert_allclose(real, P / (P + Q.mean(axis=0)), rtol=1e-6)


@pytest.mark.parametrize(
    ("q", "value"),
    [
        ([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]], 2 * np.log(2)),  # told apart
        ([[0.25] * 4] * 2, 3 * np.log(2)),  # and not
    ],
)
def test_where_the_mean_of_the_generators_is_the_data(q, value):
    p = np.full(4, 0.25)
    table = best_table(p, q)
    assert values(expected_loss(tensor(table), p, q)) == pytest.approx(value, rel=1e-4)
    # the generators are paid for looking real alone, wherever each of them is
    got = values(variants.MADGAN(2).generator(None, tensor(table)))
    np.testing.assert_allclose(got, np.log(2), rtol=1e-5)


def test_the_generators_of_madgan_climb_the_probability_of_real():
    fake = logits(4)
    odds = np.exp(fake)
    real = odds[:, :1] / odds.sum(axis=1, keepdims=True)
    loss = variants.MADGAN(3)
    np.testing.assert_allclose(
        values(loss.generator(None, tensor(fake))), -np.log(real), rtol=1e-4
    )
    got = slope(lambda x: loss.generator(None, x), fake)
    np.testing.assert_allclose(got[:, :1], real - 1, rtol=1e-4, atol=1e-6)
    assert (got[:, 1:] > 0).all()


# ---- what is refused ----


def gan(loss, made=2, outputs=3, **kwargs):
    several = networks.several_generators(made, 4, 2, width=8, depth=1)
    return make(several, networks.mlp(2, outputs, 8, depth=1), loss=loss, **kwargs)


WRONG = [
    (lambda: variants.MGAN(1, INNER), "generators: expected an integer >= 2, got 1"),
    (lambda: variants.MGAN(2.0, INNER), "generators: expected .* got 2.0"),
    (lambda: variants.MADGAN(1), "generators: expected an integer >= 2, got 1"),
    (lambda: variants.MGAN(2, "hinge"), "loss: expected one such as"),
    (lambda: variants.MGAN(2, INNER, -1), "weight: expected a number >= 0, got -1"),
    (
        lambda: variants.MGAN(2, variants.MADGAN(2)),
        r"loss: expected one that reads a single logit, got MADGAN\(",
    ),
    (
        lambda: gan(variants.MGAN(2, INNER), outputs=2),
        r"discriminator: expected outputs of shape \(None, 3\) for this loss",
    ),
    (
        lambda: gan(variants.MADGAN(3), outputs=4),
        r"generator: expected networks.several_generators\(3, ...\) .* got 2 in 'func",
    ),
    (
        lambda: make(discriminator=networks.mlp(2, 3), loss=variants.MGAN(2, INNER)),
        r"generator: expected networks.several_generators\(2, ...\) .* got 1 in 'seq",
    ),
    (lambda: gan(variants.MADGAN(2), pack=2), "pack: expected 1 with a loss that"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_arguments(call, message):
    with pytest.raises((TypeError, ValueError), match=rf"\A{message}") as caught:
        call()
    assert "\n" not in str(caught.value)


def test_several_generators_are_a_generator_for_any_loss():
    assert gan(INNER, outputs=1).sample(3).shape == (3, 2)
