"""Conditions, packs, noise, committees, patches: what a step can do besides."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from small import X, fit, make

from ganbook import GAN, losses, networks, penalties

LABELS = np.arange(64) % 3


def adam():
    return keras.optimizers.Adam(1e-2)


# ---- conditions ----


def with_label(inputs, outputs, pack=1):
    x = keras.Input((inputs,))
    label = keras.Input(() if pack == 1 else (pack,), dtype="int32")
    code = layers.Flatten()(layers.Embedding(3, 2)(label))
    both = layers.Concatenate()([x, code])
    return keras.Model([x, label], layers.Dense(outputs)(layers.Dense(8, "relu")(both)))


def conditional(pack=1, **kwargs):
    return make(with_label(4, 2), with_label(2 * pack, 1, pack), pack=pack, **kwargs)


def test_conditions_reach_both_networks():
    gan = conditional(penalties=[penalties.R1(0.1)], ema=0.9)
    before = [w.numpy().copy() for w in gan.trainable_variables]
    fit(gan, y=LABELS)
    for b, w in zip(before, gan.trainable_variables, strict=True):
        assert (b != w.numpy()).any(), w.path
    samples = gan.sample(6, seed=0, condition=[0, 1, 2, 0, 1, 2])
    assert samples.shape == (6, 2)
    for label in range(3):
        alone = gan.sample(6, seed=0, condition=label)
        np.testing.assert_allclose(samples[label::3], alone[label::3], rtol=1e-5)


def test_conditions_stay_with_their_samples():
    """The discriminator sees the pairs that were given, in another order."""
    seen = []

    class Spy(layers.Layer):
        def call(self, x, label):
            seen.append((x, label))
            return x

    x, label = keras.Input((1,)), keras.Input((1,))
    network = keras.Model([x, label], layers.Dense(1)(Spy()(x, label)))
    z, same = keras.Input((4,)), keras.Input((1,))
    generator = keras.Model([z, same], layers.Dense(1)(layers.Concatenate()([z, same])))
    gan = make(generator, network)
    gan.compile(adam(), adam(), run_eagerly=True)
    seen.clear()
    values = np.arange(64, dtype="float32")[:, None]
    gan.fit(values, 2 * values, batch_size=16, verbose=0)
    real, label = (ops.convert_to_numpy(v) for v in seen[0])
    np.testing.assert_array_equal(label, 2 * real)
    assert (np.diff(real[:, 0]) != 1).any(), "shuffled"


def test_a_condition_may_be_an_image():
    image = keras.Input((4, 4, 1))
    z = keras.Input((3,))
    made = layers.Reshape((4, 4, 1))(layers.Dense(16)(z))
    generator = keras.Model([z, image], layers.Add()([made, image]))
    x, given = keras.Input((4, 4, 1)), keras.Input((4, 4, 1))
    both = layers.Concatenate()([x, given])
    patches = keras.Model([x, given], layers.Conv2D(1, 3)(both))
    gan = make(generator, patches, penalties=[penalties.R1(0.1)])
    images = np.random.default_rng(0).normal(size=(16, 4, 4, 1)).astype("float32")
    history = fit(gan, images, y=images).history
    assert np.isfinite(history["d_loss"]).all()
    assert gan.sample(5, condition=images[:5]).shape == (5, 4, 4, 1)


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (None, ValueError, r"y: expected conditions \(n,\), got None"),
        (LABELS[:5], ValueError, r"y: expected conditions \(n,\) with n = 64, got"),
        (LABELS + 1, ValueError, "y: expected labels in 0 to 2, got 3"),
        (LABELS - 1, ValueError, "y: expected labels in 0 to 2, got -1"),
        (LABELS + 0.5, TypeError, "y: expected integer labels, got float64"),
    ],
)
def test_wrong_conditions(y, error, message):
    gan = conditional()
    with pytest.raises(error, match=message):
        fit(gan, y=y)
    assert int(gan.steps) == 0
    with pytest.raises(error, match=message.replace("y:", "condition:")):
        gan.sample(64, condition=y)


def test_sample_without_networks_for_a_condition():
    with pytest.raises(ValueError, match="condition: expected none, got one"):
        make().sample(3, condition=1)


def test_a_condition_goes_through_both_networks():
    with pytest.raises(ValueError, match="expected as many inputs as the generator's"):
        make(with_label(4, 2), networks.mlp(2, 1))


# ---- packs ----


def test_a_pack_is_laid_side_by_side():
    gan = make(discriminator=networks.mlp(6, 1), pack=3)
    points = ops.reshape(ops.arange(12.0), (6, 2))
    packed = ops.convert_to_numpy(gan.pack(points))
    np.testing.assert_array_equal(packed, np.arange(12.0).reshape(2, 6))
    labels = ops.convert_to_numpy(gan.pack(ops.arange(6)))
    np.testing.assert_array_equal(labels, [[0, 1, 2], [3, 4, 5]])
    images = np.random.default_rng(0).normal(size=(6, 4, 4, 2)).astype("float32")
    packed = ops.convert_to_numpy(gan.pack(ops.convert_to_tensor(images)))
    for k in range(2):
        for i in range(3):
            np.testing.assert_array_equal(
                packed[k, ..., 2 * i : 2 * i + 2], images[3 * k + i]
            )


@pytest.mark.parametrize("pack", [2, 4])
def test_packs_train(pack):
    gan = make(
        discriminator=networks.mlp(2 * pack, 1),
        pack=pack,
        penalties=[penalties.R1(0.1)],
    )
    fit(gan, X[:63], epochs=2)  # 63 is a multiple of neither
    assert int(gan.steps) == 8
    assert gan.sample(5).shape == (5, 2)


def test_packs_of_conditions_train():
    gan = conditional(pack=2)
    history = fit(gan, y=LABELS).history
    assert np.isfinite(history["d_loss"]).all()


def test_a_pack_must_divide_the_batch():
    gan = make(discriminator=networks.mlp(6, 1), pack=3)
    with pytest.raises(ValueError, match="batch_size: expected a multiple of pack=3"):
        fit(gan, batch_size=16)
    with pytest.raises(ValueError, match="x: expected at least pack=3 samples, got 2"):
        fit(gan, X[:2], batch_size=3)


# ---- instance noise ----


def test_instance_noise_has_the_standard_deviation_asked_for():
    gan = make(instance_noise=0.5)
    x = ops.zeros((20_000, 2))
    noise = ops.convert_to_numpy(gan.blur(x))
    assert noise.std() == pytest.approx(0.5, rel=0.03)
    assert noise.mean() == pytest.approx(0.0, abs=0.02)


def test_instance_noise_is_annealed_by_a_schedule():
    fade = keras.optimizers.schedules.PolynomialDecay(1.0, 4, end_learning_rate=0.0)
    gan = make(instance_noise=fade)
    fit(gan)
    assert int(gan.steps) == 4
    np.testing.assert_array_equal(ops.convert_to_numpy(gan.blur(ops.ones((5, 2)))), 1)


def test_no_noise_is_no_noise():
    without, zero = make(), make(instance_noise=0.0)
    assert without.blur("x") == "x"
    np.testing.assert_array_equal(ops.convert_to_numpy(zero.blur(ops.ones((5, 2)))), 1)


@pytest.mark.parametrize("std", [-0.1, np.inf, np.nan])
def test_wrong_instance_noise(std):
    with pytest.raises(ValueError, match="instance_noise: expected a standard devia"):
        make(instance_noise=std)


# ---- several discriminators, patches ----


def critic():
    return networks.mlp(2, 1, width=8, depth=1)


def test_each_of_several_discriminators_learns_as_if_alone():
    keras.utils.set_random_seed(0)
    pair = [critic(), critic()]
    start = [d.get_weights() for d in pair]
    sgd = keras.optimizers.SGD
    gan = make(discriminator=pair, optimizer=sgd, penalties=[penalties.R1(0.1)])
    theta = gan.generator.get_weights()
    fit(gan, X[:16])
    for weights, network in zip(start, pair, strict=True):
        alone = make(optimizer=sgd, penalties=[penalties.R1(0.1)])
        alone.generator.set_weights(theta)
        alone.discriminator.set_weights(weights)
        fit(alone, X[:16])
        for w, v in zip(
            alone.discriminator.get_weights(), network.get_weights(), strict=True
        ):
            np.testing.assert_allclose(v, w, rtol=1e-5, atol=1e-7)


def test_the_generator_learns_from_the_mean_of_several_discriminators():
    twin = critic()
    twins = [keras.models.clone_model(twin) for _ in range(2)]
    for copy in twins:
        copy.set_weights(twin.get_weights())
    several, one = make(discriminator=twins), make(discriminator=twin)
    assert several.discriminator is twins[0]
    logs = [fit(gan).history for gan in (several, one)]
    for name in logs[0]:
        np.testing.assert_allclose(logs[0][name], logs[1][name], rtol=1e-4)
    np.testing.assert_allclose(
        several.sample(4, seed=0), one.sample(4, seed=0), rtol=1e-4
    )


def test_discriminators_with_shared_weights_are_refused():
    network = critic()
    with pytest.raises(ValueError, match=r"discriminator\[1\]: .* of its own"):
        make(discriminator=[network, network])


def test_patches_are_averaged():
    """A 1×1 convolution judges each pixel alone, as an MLP on pixels would."""
    generator = networks.mlp(4, (3, 3, 1), width=8, depth=1)
    pixels = keras.Sequential([keras.Input((3, 3, 1)), layers.Conv2D(1, 1)])
    gan = make(generator, pixels, penalties=[penalties.R1(2.0)])
    pixels.set_weights([np.full((1, 1, 1, 1), 0.3), np.zeros(1)])
    images = np.random.default_rng(0).normal(size=(16, 3, 3, 1)).astype("float32")
    logs = fit(gan, images).history
    # the gradient of the sum of all nine logits: 0.3 at each pixel
    np.testing.assert_allclose(logs["penalty"], 9 * 0.3**2, rtol=1e-5)


# ---- batches and precision ----


class MinibatchSpread(layers.Layer):
    def call(self, x):
        return x + ops.std(x, axis=0, keepdims=True)


@pytest.mark.parametrize("layer", [layers.BatchNormalization, MinibatchSpread])
def test_a_penalized_discriminator_must_not_mix_examples(layer):
    def network():
        return keras.Sequential(
            [keras.Input((2,)), layers.Dense(8), layer(), layers.Dense(1)]
        )

    mixing = dict(discriminator=network(), penalties=[penalties.R1(1.0)])
    with pytest.raises(ValueError, match=r"treats examples independently.*allow_mix"):
        make(**mixing)
    make(discriminator=network())
    gan = make(**mixing, allow_mixing=True)
    assert np.isfinite(fit(gan).history["penalty"]).all()


@pytest.mark.parametrize(
    "layer",
    [layers.LayerNormalization(), layers.Dropout(0.5), layers.GaussianNoise(0.1)],
)
def test_layers_that_keep_examples_apart_pass(layer):
    network = keras.Sequential([keras.Input((2,)), layer, layers.Dense(1)])
    make(discriminator=network, penalties=[penalties.R1(1.0)])


def test_spectral_normalization_and_penalty_train_together():
    network = keras.Sequential(
        [keras.Input((2,)), layers.SpectralNormalization(layers.Dense(1))]
    )
    gan = make(discriminator=network, penalties=[penalties.R1(1.0)])
    assert np.isfinite(fit(gan).history["penalty"]).all()


def scaled(policy):
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(0)
        gan = GAN(
            networks.mlp(4, 2, width=8, depth=1),
            critic(),
            loss=losses.NonSaturating(),
            seed=0,
        )
        wrap = keras.optimizers.LossScaleOptimizer
        optimizers = [
            wrap(keras.optimizers.SGD(1e-2), initial_scale=1024.0) for _ in range(2)
        ]
        gan.compile(*optimizers)
        before = gan.get_weights()
        fit(gan, X[:16])
        return [b - a for a, b in zip(before, gan.get_weights(), strict=True)]
    finally:
        keras.config.set_dtype_policy("float32")


def test_float16_with_loss_scaling_takes_the_step_of_float32():
    half, full = scaled("mixed_float16"), scaled("float32")
    moved = [np.abs(f).max() > 1e-4 for f in full if f.dtype == np.float32]
    assert sum(moved) >= 6
    for h, f in zip(half, full, strict=True):
        np.testing.assert_allclose(h, f, rtol=0.05, atol=1e-4)


# ---- data ----


def test_data_out_of_the_generators_reach_is_refused():
    sigmoid = networks.mlp(4, 2, output_activation="sigmoid")
    with pytest.raises(ValueError, match=r"x: expected values in \[0, 1\], which the"):
        fit(make(sigmoid), -0.5 * np.ones((16, 2)))
    tanh = networks.mlp(4, 2, output_activation="tanh")
    with pytest.raises(ValueError, match=r"x: expected values in \[-1, 1\].*tanh can"):
        fit(make(tanh), 127.0 * np.ones((16, 2)))


def test_each_pass_has_its_own_order_and_every_example():
    from ganbook.training.batches import Batches

    steps = 0
    batches = Batches(
        (np.arange(10),),
        4,
        steps=None,
        shuffle=True,
        multiple=1,
        now=lambda: (7, steps),
    )
    passes = [np.concatenate([batches[3 * p + k][0] for k in range(3)]) for p in (0, 1)]
    for order in passes:
        np.testing.assert_array_equal(np.sort(order), np.arange(10))
    assert (passes[0] != passes[1]).any()
    steps = 4  # in the middle of the second pass
    batches.begin()
    np.testing.assert_array_equal(batches[0][0], passes[1][4:8])
    np.testing.assert_array_equal(next(batches.passes()), passes[1][4:])


def test_training_in_two_parts_is_training_in_one():
    whole, parts = make(ema=0.9), make(ema=0.9)
    fit(whole, epochs=4, shuffle=True)
    fit(parts, epochs=1, shuffle=True)
    fit(parts, epochs=2, shuffle=True, steps_per_epoch=2)
    parts.sample(7)
    fit(parts, epochs=2, shuffle=True)
    np.testing.assert_array_equal(whole.sample(5, seed=1), parts.sample(5, seed=1))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data")
def test_nan_in_a_stream_is_not_trained_on_silently():
    import tensorflow as tf

    bad = np.where(np.arange(64)[:, None] == 40, np.nan, X).astype("float32")
    with pytest.raises(FloatingPointError, match="fit: expected finite losses, got d_"):
        make().fit(tf.data.Dataset.from_tensor_slices(bad).batch(16), verbose=0)


def test_weights_that_are_not_finite_are_seen_behind_finite_losses():
    normalized = layers.BatchNormalization()  # in training it uses the batch alone
    generator = keras.Sequential([keras.Input((4,)), normalized, layers.Dense(2)])
    normalized.moving_mean.assign(np.full(4, np.nan))
    with pytest.raises(
        FloatingPointError, match="fit: expected finite weights, got others in 'sequ"
    ):
        fit(make(generator))
