"""Every cure trains as a GAN does: seeds, averages, penalties, files, devices."""

import keras
import numpy as np
import pytest
from keras import layers
from small import X, fit, values

from ganbook import GAN, callbacks, losses, networks, penalties, variants

PAIRING = losses.RelativisticPairing()


def perceptron(inputs, outputs):
    return networks.mlp(inputs, outputs, width=8, depth=1)


def several():
    return networks.several_generators(2, 4, 2, width=8, depth=1)


def unrolled(unrolling=2, **kwargs):
    players = perceptron(4, 2), perceptron(2, 1)
    return variants.Unrolled(*players, unrolling=unrolling, **kwargs)


def committee(**kwargs):
    return variants.GMAN(perceptron(4, 2), [perceptron(2, 1) for _ in "ab"], **kwargs)


def seeking(**kwargs):
    return variants.ModeSeeking(perceptron(4, 2), perceptron(2, 1), **kwargs)


def veegan(**kwargs):
    return variants.VEEGAN(
        perceptron(4, 2), perceptron(6, 1), perceptron(2, 4), **kwargs
    )


def mgan(loss, **kwargs):
    return GAN(several(), perceptron(2, 3), loss=variants.MGAN(2, loss), **kwargs)


def madgan(loss, **kwargs):
    return GAN(several(), perceptron(2, 3), loss=variants.MADGAN(2), **kwargs)


CURES = [unrolled, committee, seeking, veegan, mgan, madgan]
cures = pytest.mark.parametrize("cure", CURES, ids=lambda cure: cure.__name__)


def made(cure, optimizer=keras.optimizers.Adam, **kwargs):
    keras.utils.set_random_seed(0)
    gan = cure(**{"loss": losses.NonSaturating(), "seed": 0} | kwargs)
    gan.compile(optimizer(1e-2), optimizer(1e-2))
    return gan


def state(gan):
    return [values(v) for v in gan.state]


@cures
def test_each_trains_all_its_networks_and_equal_seeds_give_equal_weights(cure):
    def trained():
        gan = made(cure, penalties=[penalties.R1(0.1)], ema=0.5)
        networks = [network for player in gan.players.values() for network in player]
        before = [network.get_weights() for network in networks]
        history = fit(gan, X[:17]).history  # the last batch has one row
        assert all(np.isfinite(value).all() for value in history.values())
        for weights, network in zip(before, networks, strict=True):
            for old, new in zip(weights, network.get_weights(), strict=True):
                assert (old != new).any()
        assert gan.sample(5).shape == (5, 2)
        return gan

    for one, other in zip(state(trained()), state(trained()), strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_array_equal(one, other)


@cures
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
def test_each_trains_with_pairs_and_noise_in_other_precisions(cure, policy):
    if policy == "float64" and keras.backend.backend() == "jax":
        pytest.skip("JAX has no float64 unless asked at its start")
    keras.config.set_dtype_policy(policy)
    try:
        gan = made(cure, loss=PAIRING, instance_noise=0.1, penalties=[penalties.R2(1)])
        before = gan.generator.get_weights()
        history = fit(gan, X[:16]).history
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(np.isfinite(value).all() for value in history.values())
    after = gan.generator.get_weights()
    assert any((a != b).any() for a, b in zip(before, after, strict=True))


@pytest.fixture(scope="module")
def two_replicas():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("tf.distribute")
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@pytest.mark.parametrize("cure", CURES[1:], ids=lambda cure: cure.__name__)
def test_two_devices_take_the_step_of_one(two_replicas, cure):
    def trained():
        gan = made(cure, penalties=[penalties.R1(0.1)], optimizer=keras.optimizers.SGD)
        fit(gan, X[:16])
        return gan

    with two_replicas.scope():
        double = state(trained())
    if cure is seeking:  # pairs are made on each device
        assert all(np.isfinite(value).all() for value in double)
        return
    for a, b in zip(state(trained()), double, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


# ---- VEEGAN has a network that other GANs have not ----


def test_the_reconstructor_is_saved_and_resumed(tmp_path):
    def run(epochs):
        gan = made(veegan, ema=0.5)
        fit(gan, shuffle=True, epochs=epochs, callbacks=[callbacks.Resume(tmp_path)])
        return gan

    whole = made(veegan, ema=0.5)
    fit(whole, shuffle=True, epochs=4)
    run(2)
    resumed = run(4)
    means = {id(v) for v in whole.metrics_variables}
    assert len(whole.discriminator_optimizer.variables) == 2 + 2 * 8  # Adam's, D and F
    for variable, other in zip(whole.state, resumed.state, strict=True):
        if id(variable) not in means:
            np.testing.assert_array_equal(values(variable), values(other))
    resumed.save_weights(tmp_path / "gan.weights.h5")
    again = made(veegan, ema=0.5, seed=3)
    again.load_weights(tmp_path / "gan.weights.h5")
    for one, other in zip(
        whole.reconstructor.get_weights(),
        again.reconstructor.get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_veegan_takes_a_committee_that_sees_pairs():
    def both(**kwargs):
        D = [perceptron(6, 1) for _ in "ab"]
        return variants.VEEGAN(perceptron(4, 2), D, perceptron(2, 4), **kwargs)

    gan = made(both)
    assert len(gan.discriminator_variables) == 3 * 4
    fit(gan, X[:16])


# ---- what is refused ----


def frozen():
    gan = made(veegan)
    gan.reconstructor.trainable = False
    fit(gan)


def labelled():
    """Two networks that take a label."""
    parts = []
    for inputs, outputs in ((4, 2), (2, 1)):
        x, label = keras.Input((inputs,)), keras.Input((), dtype="int32")
        code = layers.Embedding(3, outputs)(label)
        parts.append(keras.Model([x, label], layers.Dense(outputs)(x) + code))
    return parts


def veegan_of(G=None, D=None, F=None, **kwargs):
    players = G or perceptron(4, 2), D or perceptron(6, 1), F or perceptron(2, 4)
    return variants.VEEGAN(*players, loss=PAIRING, **kwargs)


def with_a_layer_of_the_discriminator():
    G, D = perceptron(4, 2), perceptron(6, 1)
    inside = [keras.Input((2,)), layers.Dense(6), *D.layers, layers.Dense(4)]
    return veegan_of(G, D, keras.Sequential(inside))


def with_regularizer():
    dense = layers.Dense(4, kernel_regularizer="l2")
    return veegan_of(F=keras.Sequential([keras.Input((2,)), dense]))


WRONG = [
    (lambda: made(unrolled, unrolling_rate=0), "unrolling_rate: expected a number > 0"),
    (
        lambda: made(unrolled, unrolling=-1),
        "unrolling: expected an integer >= 0, got -1",
    ),
    (lambda: made(committee, heed=-1.0), "heed: expected a number >= 0, got -1.0"),
    (lambda: made(committee, heed="1"), "heed: expected a number >= 0, got '1'"),
    (lambda: made(seeking, seeking=np.inf), "seeking: expected a number >= 0, got inf"),
    (
        lambda: variants.ModeSeeking(*labelled(), loss=PAIRING),
        "generator: expected no condition for ModeSeeking, got one",
    ),
    (lambda: made(veegan, reconstruction=-1), "reconstruction: expected a number >= 0"),
    (lambda: made(veegan, pack=2), "pack: expected 1 for VEEGAN, got 2"),
    (
        lambda: veegan_of(G=labelled()[0]),
        "generator: expected .* and no condition, got",
    ),
    (
        lambda: veegan_of(G=perceptron(4, (2, 2, 1))),
        r"generator: expected latents \(batch, d\) to samples \(batch, dim\)",
    ),
    (lambda: veegan_of(F="F"), "reconstructor: expected a Keras model, got 'F'"),
    (
        lambda: veegan_of(F=perceptron(2, 3)),
        r"reconstructor: expected samples \(None, 2\) to latents \(None, 4\), got "
        r"\(None, 2\) to \(None, 3\)",
    ),
    (
        lambda: veegan_of(D=perceptron(2, 1)),
        r"generator makes samples of shape \(None, 2\), 4 numbers beside, but discrim",
    ),
    (
        with_a_layer_of_the_discriminator,
        "reconstructor: expected weights of its own, got the d",
    ),
    (with_regularizer, "reconstructor: expected no regularizer and no add_loss"),
    (frozen, "reconstructor: expected trainable weights, got none: do not freeze it"),
    (lambda: fit(made(veegan), X[:, :1]), r"x: expected real samples \(n, 2\)"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_arguments(call, message):
    with pytest.raises((TypeError, ValueError), match=rf"\A{message}") as caught:
        call()
    assert "\n" not in str(caught.value)
