"""The unrolled GAN differentiates through its discriminator's steps."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from small import X, fit, linear, slope, values, variant

from ganbook import GAN, losses, networks, penalties, variants
from ganbook.functional import called, vector

RNG = np.random.default_rng(0)


# ---- a network as a function of its weights ----


def test_a_network_as_a_function_of_its_weights():
    keras.utils.set_random_seed(0)
    parts = [layers.Dense(3), layers.BatchNormalization(), layers.Dense(1)]
    network = keras.Sequential([keras.Input((2,)), *parts])
    before = [w.copy() for w in network.get_weights()]
    own, x = vector(network.trainable_variables), X[:8]
    assert own.shape == (3 * 2 + 3 + 3 + 3 + 3 + 1,)
    y, same = (values(called(network, w)(x)) for w in (2 * own, own))
    for got, want in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(got, want)  # batch statistics too
    np.testing.assert_allclose(same, values(network(x, training=True)), rtol=1e-5)
    for weight in network.trainable_variables:
        weight.assign(2 * weight)
    np.testing.assert_allclose(y, values(network(x, training=True)), rtol=1e-5)


# ---- unrolling ----


def unrolled(steps, discriminator, **kwargs):
    kwargs = dict(loss=losses.LeastSquares(), unrolling_rate=0.3) | kwargs
    players = networks.mlp(1, 1, depth=0), discriminator
    return variant(variants.Unrolled, *players, unrolling=steps, **kwargs)


def ahead(x, g, w, b, steps, gamma):
    """G's least-squares loss, and D(x) = w x + b after some steps of descent."""
    for _ in range(steps):
        real, fake = w * x + b - 1, w * g + b
        w, b = (
            w - 0.3 * (np.mean(real * x + fake * g) + gamma * w),
            b - 0.3 * np.mean(real + fake),
        )
    return np.mean(np.square(w * g + b - 1)) / 2


@pytest.mark.parametrize(("steps", "gamma"), [(0, 0.0), (1, 0.0), (5, 0.0), (4, 0.5)])
def test_the_generators_slope_goes_through_the_steps_ahead(steps, gamma):
    x, g = RNG.normal(1, 1, (6, 1)), RNG.normal(0, 1, (6, 1))
    terms = [penalties.R1(gamma)] if gamma else []
    gan = unrolled(steps, linear(0.4, -0.2), penalties=terms)
    real = ops.convert_to_tensor(x, "float32")

    def loss(fake, seen=None):
        (critic,) = gan.opponents(real, fake if seen is None else seen, [])
        return ops.mean(gan.adversarial_loss.generator(None, critic(fake)))

    def numeric(i, h=1e-5):
        step = h * (np.arange(6) == i)[:, None]
        up, down = (ahead(x, g + s, 0.4, -0.2, steps, gamma) for s in (step, -step))
        return (up - down) / (2 * h)

    got = slope(loss, g)
    np.testing.assert_allclose(got[:, 0], [numeric(i) for i in range(6)], rtol=1e-4)
    # through the steps, not only after them
    fixed = ops.convert_to_tensor(g, "float32")
    after = slope(lambda fake: loss(fake, seen=fixed), g)
    assert np.allclose(got, after, rtol=1e-3) == (steps == 0)


def test_no_steps_ahead_is_a_plain_gan_and_more_leave_the_discriminator_alone():
    def trained(kind, x, **kwargs):
        keras.utils.set_random_seed(0)
        players = networks.mlp(4, 2, width=8, depth=1), networks.mlp(2, 1, 8, depth=1)
        gan = variant(kind, *players, penalties=[penalties.R1(0.1)], **kwargs)
        fit(gan, x)
        return [network.get_weights() for network in (gan.generator, gan.discriminator)]

    def close(one, other):
        return all(
            np.allclose(a, b, rtol=1e-5, atol=1e-7)
            for a, b in zip(one, other, strict=True)
        )

    plain, none = trained(GAN, X), trained(variants.Unrolled, X, unrolling=0)
    assert close(plain[0], none[0])
    assert close(plain[1], none[1])
    plain = trained(GAN, X[:16])
    three = trained(variants.Unrolled, X[:16], unrolling=3)
    assert not close(plain[0], three[0])
    assert close(plain[1], three[1])


def adam_of(kind=keras.optimizers.Adam, **kwargs):
    """A pair of discriminators, and the GAN that looks ahead by their optimizer."""
    keras.utils.set_random_seed(0)
    pair = [networks.mlp(2, 1, width=8, depth=1) for _ in range(2)]
    gan = variants.Unrolled(
        networks.mlp(4, 2, width=8, depth=1), pair, loss=losses.NonSaturating(), seed=0
    )
    gan.compile(keras.optimizers.SGD(0.0), kind(0.02, **kwargs))
    fit(gan, X)  # moments that are not 0
    return gan


@pytest.mark.parametrize("kind", [keras.optimizers.Adam, keras.optimizers.SGD])
def test_the_look_ahead_is_what_the_optimizer_then_does(kind):
    gan = adam_of(kind)
    gan.unrolling = 2
    real, fake = X[:16], X[16:32] - 3
    ahead = [values(critic(X)) for critic in gan.opponents(real, fake, [])]
    for _ in range(2):
        gan.update_discriminator(*map(ops.convert_to_tensor, (real, fake)), [])
    for looked, network in zip(ahead, gan.discriminators, strict=True):
        np.testing.assert_allclose(looked, values(network(X)), rtol=1e-4, atol=1e-5)


def test_a_look_ahead_by_adam_has_the_slope_of_a_difference_and_no_nan():
    gan = adam_of()
    gan.unrolling = 2
    kernel = gan.discriminator.trainable_variables[0]
    kernel.assign(kernel * 0.0 - 1.0)  # idle units, whose moments fade to 0
    for moment in gan.discriminator_optimizer.variables[2:]:
        moment.assign(moment * 0.0)
    real = ops.convert_to_tensor(X[:4])

    def loss(fake):
        critics = gan.opponents(real, fake, [])
        losses = [gan.adversarial_loss.generator(None, c(fake)) for c in critics]
        return sum(ops.mean(value) for value in losses)

    g = np.array([[0.5, 1.0], [-1.0, 0.3], [2.0, -0.4], [1.2, 1.1]])
    got, h = slope(loss, g), 1e-2
    for place in np.ndindex(4, 2):
        step = np.zeros((4, 2))
        step[place] = h
        up, down = (
            float(values(loss(ops.convert_to_tensor(g + s, "float32"))))
            for s in (step, -step)
        )
        assert got[place] == pytest.approx((up - down) / (2 * h), rel=0.1, abs=2e-2)


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.RMSprop(1e-3),
        keras.optimizers.SGD(1e-3, momentum=0.9),
        keras.optimizers.Adam(1e-3, clipnorm=1.0),
    ],
)
def test_an_optimizer_that_cannot_be_repeated_is_refused(optimizer):
    gan = unrolled(1, linear(0.4, -0.2), unrolling_rate=None)
    with pytest.raises(ValueError, match="expected Adam or SGD without extras"):
        gan.compile(keras.optimizers.SGD(1e-2), optimizer)


def test_steps_ahead_penalize_the_logit_alone_and_each_discriminator_by_itself():
    seen = []

    def spy(discriminator, real, fake, seed=None):
        seen.append(discriminator(real).shape)
        return 0.0 * discriminator(real)[:, 0]

    loss = variants.AuxiliaryClassifier(losses.LeastSquares())
    pair = [networks.mlp(1, 2, depth=0), networks.mlp(1, 2, depth=0)]
    gan = unrolled(2, pair, loss=loss, penalties=[spy], instance_noise=0.1)
    x = ops.ones((4, 1))
    one, other = gan.opponents(x, x, [])
    assert [tuple(shape) for shape in seen] == [(4, 1)] * 4
    assert one(x).shape == (4, 2)
    assert np.abs(values(one(x)) - values(other(x))).max() > 1e-3


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.distribute")
def test_unrolling_refuses_several_devices():
    import tensorflow as tf

    devices = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    message = r"\AUnrolled: expected one device, got 2\Z"
    with devices.scope(), pytest.raises(NotImplementedError, match=message):
        unrolled(1, linear(0.4, -0.2))
