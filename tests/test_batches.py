"""Layers that compare a batch, and several generators in one network."""

import keras
import numpy as np
import pytest
from keras import layers
from small import X, fit, make, values

from ganbook import losses, networks, penalties

RNG = np.random.default_rng(0)


def discrimination(tensor, kernels, size):
    """The layer with a given tensor ``(n, kernels * size)``; what it appends."""
    layer = networks.MinibatchDiscrimination(kernels, size)
    layer.build((None, len(tensor)))
    layer.set_weights([tensor])
    return lambda x: values(layer(x))[:, len(tensor) :]


# ---- minibatch discrimination ----


def test_discrimination_by_hand():
    x = RNG.normal(size=(5, 3)).astype("float32")
    tensor = RNG.normal(0, 0.3, (3, 4 * 2)).astype("float32")
    M = np.einsum("in,nbc->ibc", x, tensor.reshape(3, 4, 2))  # eq. of section 3.2
    expected = [
        [
            sum(np.exp(-np.abs(M[i, b] - M[j, b]).sum()) for j in range(5))
            for b in range(4)
        ]
        for i in range(5)
    ]
    layer = networks.MinibatchDiscrimination(4, 2)
    layer.build((None, 3))
    layer.set_weights([tensor])
    y = values(layer(x))
    assert layer.compute_output_shape((None, 3)) == (None, 7)
    np.testing.assert_array_equal(y[:, :3], x)
    np.testing.assert_allclose(y[:, 3:], expected, rtol=1e-5)


def test_discrimination_counts_the_rows_that_look_alike():
    near = discrimination(np.eye(2, 6, dtype="float32"), kernels=3, size=2)
    equal = np.repeat(RNG.normal(size=(1, 2)), 7, axis=0).astype("float32")
    np.testing.assert_allclose(near(equal), 7)
    np.testing.assert_allclose(near(equal[:1]), 1)  # a batch of one: itself
    # rows 100 apart, in the direction that kernel 0 sees; the others see none
    apart = np.array([[0.0, 0], [100, 0], [200, 0], [200, 0]], "float32")
    np.testing.assert_allclose(
        near(apart), [[1, 4, 4], [1, 4, 4], [2, 4, 4], [2, 4, 4]]
    )


def test_discrimination_follows_a_permutation():
    near = discrimination(RNG.normal(size=(3, 8)).astype("float32"), 4, 2)
    x, order = RNG.normal(size=(6, 3)).astype("float32"), RNG.permutation(6)
    np.testing.assert_allclose(near(x)[order], near(x[order]), rtol=1e-5)


def test_a_discriminator_tells_a_collapsed_batch_only_by_comparing():
    """Each sample of it is a real one: without comparing, its logits are the same."""
    keras.utils.set_random_seed(0)
    alone = networks.mlp(2, 1, width=8, depth=1)
    trunk = networks.mlp(2, 8, width=8, depth=1)
    collapsed = np.repeat(X[:1], 8, axis=0)
    assert values(alone(X[:8]))[0] == pytest.approx(values(alone(collapsed))[0])
    for layer in (networks.MinibatchDiscrimination(4, 2), networks.MinibatchStd(8)):
        seen = values(layer(trunk(X[:8])))[0] - values(layer(trunk(collapsed)))[0]
        assert np.abs(seen[:8]).max() < 1e-5
        assert np.abs(seen[8:]).max() > 0.01


# ---- minibatch deviation of vectors ----


def test_deviation_of_vectors_by_hand():
    x = RNG.normal(size=(6, 5)).astype("float32")
    y = values(networks.MinibatchStd(group=3)(x))
    np.testing.assert_array_equal(y[:, :5], x)
    for group in (slice(0, 3), slice(3, 6)):
        expected = x[group].std(axis=0).mean()
        np.testing.assert_allclose(y[group, 5], expected, rtol=1e-4)
    y = values(networks.MinibatchStd(group=4)(x))  # no multiple of four: one group
    np.testing.assert_allclose(y[:, 5], x.std(axis=0).mean(), rtol=1e-4)
    y = values(networks.MinibatchStd()(x[:1]))  # one row does not differ
    np.testing.assert_allclose(y[:, 5], 1e-4, rtol=1e-3)


def test_deviation_of_vectors_is_that_of_maps_of_one_pixel():
    x = RNG.normal(size=(8, 5)).astype("float32")
    layer = networks.MinibatchStd(4)
    maps = values(layer(x[:, None, None]))
    np.testing.assert_allclose(values(layer(x)), maps[:, 0, 0], rtol=1e-6)


LAYERS = {
    "discrimination": lambda: networks.MinibatchDiscrimination(4, 2),
    "deviation": lambda: networks.MinibatchStd(4),
}


def comparing(name):
    parts = [layers.Dense(8, "relu"), LAYERS[name](), layers.Dense(1)]
    return keras.Sequential([keras.Input((2,)), *parts])


@pytest.mark.parametrize("name", LAYERS)
def test_a_discriminator_that_compares_trains_saves_and_loads(name, tmp_path):
    keras.utils.set_random_seed(0)
    gan = make(
        discriminator=comparing(name), penalties=[penalties.R1(0.1)], allow_mixing=True
    )
    before = gan.discriminator.get_weights()
    fit(gan, X[:37])  # the last batch has five rows
    after = gan.discriminator.get_weights()
    assert all((a != b).any() for a, b in zip(before, after, strict=True))
    gan.discriminator.save(tmp_path / "D.keras")
    again = keras.models.load_model(tmp_path / "D.keras")
    np.testing.assert_array_equal(
        values(gan.discriminator(X[:5])), values(again(X[:5]))
    )


@pytest.mark.parametrize("name", LAYERS)
def test_a_penalty_needs_leave_to_mix(name):
    keras.utils.set_random_seed(0)
    with pytest.raises(ValueError, match="discriminator: expected one that treats"):
        make(discriminator=comparing(name), penalties=[penalties.R1(0.1)])


# ---- several generators ----


def test_the_first_layer_of_a_generator_changes_its_rows_alone():
    keras.utils.set_random_seed(0)
    network = networks.several_generators(3, 4, 2, width=8, depth=2)
    z = RNG.normal(size=(7, 4)).astype("float32")
    before = values(network(z))
    first = network.layers[1]
    for k in range(3):
        kernel, bias = (w.copy() for w in first.get_weights())
        old = kernel.copy(), bias.copy()
        kernel[:, 8 * k : 8 * (k + 1)] += 0.1
        bias[8 * k : 8 * (k + 1)] += 5
        first.set_weights([kernel, bias])
        changed = (values(network(z)) != before).any(axis=1)
        np.testing.assert_array_equal(changed, np.arange(7) % 3 == k)
        first.set_weights(old)


def test_each_generator_is_a_perceptron_with_a_first_layer_of_its_own():
    keras.utils.set_random_seed(0)
    network = networks.several_generators(3, 4, (2, 2), width=8, depth=3)
    one = networks.mlp(4, (2, 2), width=8, depth=3)
    z = RNG.normal(size=(6, 4)).astype("float32")
    made = values(network(z))
    assert made.shape == (6, 2, 2)
    (kernel, bias), (own, start, *_) = network.get_weights()[:2], one.get_weights()
    assert network.count_params() == one.count_params() + 2 * (own.size + start.size)
    assert np.abs(kernel).max() == pytest.approx(np.abs(own).max(), rel=0.2)
    for k in range(3):
        part = slice(8 * k, 8 * (k + 1))
        one.set_weights([kernel[:, part], bias[part], *network.get_weights()[2:]])
        np.testing.assert_allclose(values(one(z))[k::3], made[k::3], rtol=1e-5)


def test_several_generators_train_and_sample_in_turns(tmp_path):
    keras.utils.set_random_seed(0)
    generator = networks.several_generators(2, 4, 2, width=8, depth=1)
    gan = make(generator, ema=0.5, loss=losses.RelativisticPairing())
    fit(gan, X[:37])
    kernel, bias = generator.layers[1].get_weights()
    generator.layers[1].set_weights([kernel, bias + np.repeat([0, 100], 8)])
    rows = np.abs(gan.sample(1030, seed=0, ema=False)).max(axis=1)
    assert rows[1::2].min() > 2 * rows[::2].max()
    rows = np.abs(gan.sample(9, seed=0, ema=False, batch_size=3)).max(axis=1)
    far = rows > rows.max() / 2
    np.testing.assert_array_equal(far, [0, 1, 0] * 3)  # each batch starts anew
    generator.save(tmp_path / "G.keras")
    again = keras.models.load_model(tmp_path / "G.keras")
    z = RNG.normal(size=(5, 4)).astype("float32")
    np.testing.assert_array_equal(values(generator(z)), values(again(z)))
    assert gan.sample(3).shape == (3, 2)


# ---- what is refused ----

WRONG = [
    (lambda: networks.MinibatchDiscrimination(0), "kernels: expected an integer >= 1"),
    (lambda: networks.MinibatchDiscrimination(2.0), "kernels: expected .* got 2.0"),
    (lambda: networks.MinibatchDiscrimination(2, 0), "size: expected an integer >= 1"),
    (
        lambda: networks.MinibatchDiscrimination()(keras.Input((4, 4, 1))),
        r"x: expected features \(batch, n\), got \(None, 4, 4, 1\)",
    ),
    (lambda: networks.MinibatchStd(True), "group: expected an integer >= 2, got True"),
    (lambda: networks.several_generators(1, 4, 2), "count: expected an integer >= 2"),
    (lambda: networks.several_generators(2, 0, 2), "latents: expected an integer >= 1"),
    (lambda: networks.several_generators(2, 4, 0), "outputs: expected a positive int"),
    (
        lambda: networks.several_generators(2, 4, 2, width=0),
        "width: expected an integer >= 1, got 0",
    ),
    (
        lambda: networks.several_generators(2, 4, 2, depth=0),
        "depth: expected an integer >= 1, got 0",
    ),
    (
        lambda: networks.several_generators(2, 4, 2, activation=layers.ReLU()),
        "activation: expected a function or its name",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_arguments(call, message):
    with pytest.raises((TypeError, ValueError), match=rf"\A{message}") as caught:
        call()
    assert "\n" not in str(caught.value)
