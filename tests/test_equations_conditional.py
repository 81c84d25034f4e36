"""The numbered equations of *How does one ask a GAN for a seven?*"""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose
from scipy.special import entr, log_expit, log_softmax, logsumexp, rel_entr

from ganbook import divergences, losses, networks, variants

RNG = np.random.default_rng(0)
SHARES = np.array([0.2, 0.3, 0.5])  # p(y)
P, Q = RNG.dirichlet(np.ones(6), (2, 3))  # p(x | y), q(x | y), a row for each label
PX, QX = SHARES @ P, SHARES @ Q
PY, QY = SHARES[:, None] * P / PX, SHARES[:, None] * Q / QX  # p(y | x), a row per y
H = 1e-5


def value(d):
    return SHARES @ np.sum(P * log_expit(d) + Q * log_expit(-d), axis=1)


def js_of_labels(p, q):
    return np.array([divergences.js(*rows) for rows in zip(p, q, strict=True)])


def numpy(values):
    return np.asarray(ops.convert_to_numpy(values), float)


@pytest.mark.equation("eq-con-value")
def test_the_value_is_that_of_the_pairs():
    """As the unconditional game on 18 places, one for each pair."""
    d = RNG.normal(size=P.shape)
    p, q = (SHARES[:, None] * P).ravel(), (SHARES[:, None] * Q).ravel()
    expected = p @ log_expit(d.ravel()) + q @ log_expit(-d.ravel())
    assert value(d) == pytest.approx(expected, rel=1e-12)


@pytest.mark.equation("eq-con-best")
def test_the_best_discriminator():
    best = np.log(P / Q)
    for other in 0.1 * RNG.normal(size=(50, *P.shape)):
        assert value(best + other) < value(best)
    step = H * np.eye(P.size).reshape(-1, *P.shape)
    slopes = [(value(best + s) - value(best - s)) / (2 * H) for s in step]
    assert_allclose(slopes, 0, atol=1e-9)


@pytest.mark.equation("eq-con-js")
def test_the_value_is_a_game_for_each_label():
    expected = SHARES @ (2 * js_of_labels(P, Q) - np.log(4))
    assert value(np.log(P / Q)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.equation("eq-con-blind")
def test_without_the_label_less_is_seen():
    for p, q in RNG.dirichlet(np.ones(6), (20, 2, 3)):
        assert divergences.js(SHARES @ p, SHARES @ q) <= SHARES @ js_of_labels(p, q)
    even = np.array([0.5, 0.5])
    assert divergences.js(even @ np.eye(2), even @ np.eye(2)[::-1]) == 0
    seen = js_of_labels(np.eye(2), np.eye(2)[::-1])
    assert even @ seen == pytest.approx(np.log(2))


@pytest.mark.equation("eq-con-split")
def test_the_logit_is_a_label_part_and_a_picture_part():
    assert_allclose(np.log(PY / QY) + np.log(PX / QX), np.log(P / Q), rtol=1e-9)


def softmax_tables():
    v, u, phi = (
        RNG.normal(size=(3, 4)),
        RNG.normal(size=(3, 4)),
        RNG.normal(size=(6, 4)),
    )
    return v, u, phi, log_softmax(phi @ v.T, axis=1), log_softmax(phi @ u.T, axis=1)


@pytest.mark.equation("eq-con-softmax", "eq-con-labels")
def test_two_softmax_classifiers_differ_by_one_vector():
    v, u, phi, real, fake = softmax_tables()
    assert_allclose(np.exp(real).sum(axis=1), 1)
    normalizers = logsumexp(phi @ v.T, axis=1) - logsumexp(phi @ u.T, axis=1)
    expected = phi @ (v - u).T - normalizers[:, None]
    assert_allclose(real - fake, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.equation("eq-con-projection")
def test_the_best_logit_has_the_form_of_a_projection():
    v, u, phi, real, fake = softmax_tables()
    p_x, q_x = RNG.dirichlet(np.ones(6), 2)
    best = real + np.log(p_x)[:, None] - fake - np.log(q_x)[:, None]
    rest = best - phi @ (v - u).T
    psi = np.log(p_x / q_x) - logsumexp(phi @ v.T, 1) + logsumexp(phi @ u.T, 1)
    assert_allclose(rest, np.repeat(psi[:, None], 3, axis=1), atol=1e-12)


@pytest.mark.equation("eq-con-network")
def test_the_network_has_that_form():
    base = networks.mlp((4, 4, 1), 1, width=5, depth=1)
    network = networks.projection_discriminator(base, 3)
    images = RNG.uniform(-1, 1, (8, 4, 4, 1)).astype("float32")
    vectors = next(w for w in network.weights if tuple(w.shape) == (3, 5))
    vectors.assign(RNG.normal(size=(3, 5)))
    hidden, last = base.layers[-2:]
    phi = images.reshape(8, 16) @ numpy(hidden.kernel) + numpy(hidden.bias)
    phi = np.maximum(phi, 0)
    w, b = numpy(last.kernel)[:, 0], numpy(last.bias)[0]
    for y in range(3):
        got = numpy(network([images, np.full(8, y, "int32")]))[:, 0]
        expected = phi @ w + b + phi @ numpy(vectors)[y]
        assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.equation("eq-con-ac")
def test_the_losses_of_ac_gan():
    weight = 0.7
    real, fake = RNG.normal(size=(2, 9, 2)).astype("float32")
    loss = variants.AuxiliaryClassifier(losses.NonSaturating(), weight)
    tensors = [ops.convert_to_tensor(x) for x in (real, fake)]
    softplus = lambda t: np.logaddexp(0, t)  # noqa: E731
    d = softplus(-real[:, :1]) + softplus(fake[:, :1])
    d = d - weight * (real[:, 1:] + fake[:, 1:])
    g = softplus(-fake[:, :1]) - weight * fake[:, 1:]
    assert_allclose(numpy(loss.discriminator(*tensors)), d, rtol=1e-5, atol=1e-6)
    assert_allclose(numpy(loss.generator(*tensors)), g, rtol=1e-5, atol=1e-6)


@pytest.mark.equation("eq-con-ac-classifier")
def test_the_best_classifier_of_both():
    pairs = SHARES[:, None] * (P + Q)
    best = np.log(pairs / (PX + QX))
    assert_allclose(np.exp(best).sum(axis=0), 1)
    for other in 0.1 * RNG.normal(size=(50, *P.shape)):
        assert np.sum(pairs * log_softmax(best + other, axis=0)) < np.sum(pairs * best)


@pytest.mark.equation("eq-con-ac-entropy")
def test_what_the_labels_cost_the_generator():
    cost = -np.sum(SHARES[:, None] * Q * np.log(PY))
    kl, entropy = rel_entr(QY, PY).sum(axis=0), entr(QY).sum(axis=0)
    assert cost == pytest.approx(QX @ kl + QX @ entropy, rel=1e-12)


@pytest.mark.equation("eq-con-ac-slope")
def test_the_data_are_no_equilibrium_of_ac_gan():
    weight, way = 0.7, P * RNG.normal(size=P.shape)
    way = way - P * way.sum(axis=1, keepdims=True)  # each row of P + h way adds up to 1

    def pays(q):
        labels = -np.sum(SHARES[:, None] * q * np.log(PY))
        return 2 * divergences.js(PX, SHARES @ q) + weight * labels

    slope = (pays(P + H * way) - pays(P - H * way)) / (2 * H)
    expected = -weight * np.sum(SHARES[:, None] * way * np.log(PY))
    assert abs(expected) > 1e-2
    assert slope == pytest.approx(expected, rel=1e-6)
