"""The loop moves both networks, is reproducible and obeys Keras."""

import keras
import numpy as np
import pytest
from small import X, fit, make

from ganbook import losses, networks, penalties


def test_fit_moves_both_networks_and_logs():
    gan = make(penalties=[penalties.R1(0.1), penalties.R2(0.1)], discriminator_steps=2)
    before = [w.numpy().copy() for w in gan.trainable_variables]
    history = fit(gan, epochs=2).history
    assert set(history) == {"d_loss", "g_loss", "penalty"}
    assert all(np.isfinite(v).all() for v in history.values())
    for b, w in zip(before, gan.trainable_variables, strict=True):
        assert (b != w.numpy()).any()
    assert gan.sample(5).shape == (5, 2)
    assert gan.predict(np.zeros((3, 4), "float32"), verbose=0).shape == (3, 2)


def linear_gan(**kwargs):
    """G(z) = z + theta and D(x) = w x: gradients can be written by hand."""
    generator = networks.mlp(1, 1, depth=0)
    discriminator = networks.mlp(1, 1, depth=0)
    gan = make(generator, discriminator, keras.optimizers.SGD, **kwargs)
    generator.set_weights([np.array([[1.0]]), np.array([0.5])])
    discriminator.set_weights([np.array([[0.3]]), np.array([0.0])])
    return gan


@pytest.mark.parametrize("loss", [losses.Minimax(), losses.NonSaturating()], ids=repr)
def test_one_step_equals_the_step_by_hand(loss):
    def sigmoid(t):
        return 1.0 / (1.0 + np.exp(-t))

    gan = linear_gan(loss=loss)
    twin = keras.random.SeedGenerator(int(gan.noise.state.numpy()[0]))
    z = keras.ops.convert_to_numpy(keras.random.normal((8, 1), seed=twin))
    x = X[:8, :1]
    fit(gan, x, batch_size=8)

    fake = z + 0.5
    w, b, rate = 0.3, 0.0, 1e-2
    real_slope, fake_slope = -sigmoid(-w * x), sigmoid(w * fake)
    w, b = (
        w - rate * np.mean(real_slope * x + fake_slope * fake),
        b - rate * np.mean(real_slope + fake_slope),
    )
    logits = w * fake + b  # the same fakes, seen by the new discriminator
    sign = 1 if loss == losses.Minimax() else -1
    theta = 0.5 - rate * np.mean(-sigmoid(sign * logits) * w)

    got = [gan.discriminator.get_weights(), gan.generator.get_weights()]
    np.testing.assert_allclose(np.ravel(got[0][0]), w, rtol=1e-5)
    np.testing.assert_allclose(got[0][1], b, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(got[1][1], theta, rtol=1e-5)


def test_penalties_add_up_and_are_logged():
    gan = linear_gan(penalties=[penalties.R1(2.0), penalties.R2(4.0)])
    history = fit(gan, X[:8, :1], batch_size=8).history
    np.testing.assert_allclose(history["penalty"], [(1.0 + 2.0) * 0.3**2], rtol=1e-5)


@pytest.mark.parametrize("steps", [1, 3])
def test_discriminator_steps(steps):
    gan = make(discriminator_steps=steps)
    fit(gan)
    assert int(gan.discriminator_optimizer.iterations) == steps * 4
    assert int(gan.optimizer.iterations) == 4


def test_same_seed_same_samples_other_seed_other_samples():
    def run(seed):
        gan = make(seed=seed)
        fit(gan)
        return gan.sample(4)

    np.testing.assert_array_equal(run(0), run(0))
    assert (run(0) != run(1)).any()


def test_sample_with_a_seed_repeats_and_leaves_training_alone():
    gan, undisturbed = make(), make()
    np.testing.assert_array_equal(gan.sample(5, seed=1), gan.sample(5, seed=1))
    np.testing.assert_allclose(
        gan.sample(5, seed=1, batch_size=2), gan.sample(5, seed=1), rtol=1e-5
    )
    assert (gan.sample(5, seed=1) != gan.sample(5, seed=2)).any()
    fit(gan)
    fit(undisturbed)
    np.testing.assert_array_equal(gan.sample(5), undisturbed.sample(5))


def test_ema_is_the_average_of_the_weights():
    gan = make(ema=0.2)
    expected = gan.generator.get_weights()
    for t in range(4):
        fit(gan, X[:16])
        decay = min(0.2, (1 + t) / (10 + t))  # slower while it has seen little
        expected = [
            decay * old + (1.0 - decay) * new
            for old, new in zip(expected, gan.generator.get_weights(), strict=True)
        ]
    for got, want in zip(gan.average.get_weights(), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-7)
    averaged, last = gan.sample(4, seed=0), gan.sample(4, seed=0, ema=False)
    assert (averaged != last).any()
    np.testing.assert_array_equal(averaged, gan.sample(4, seed=0, ema=True))


def test_ema_does_not_change_training():
    with_average, without = make(ema=0.9), make()
    fit(with_average)
    fit(without)
    np.testing.assert_array_equal(
        with_average.sample(4, seed=0, ema=False), without.sample(4, seed=0)
    )


def test_ema_copies_batch_statistics():
    generator = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(2), keras.layers.BatchNormalization()]
    )
    gan = make(generator, ema=0.9)
    fit(gan)
    for average, weight in zip(gan.average.weights, generator.weights, strict=True):
        if not weight.trainable:
            np.testing.assert_array_equal(average.numpy(), weight.numpy())
            assert np.abs(weight.numpy()).sum() > 0


eager = pytest.mark.skipif(
    keras.backend.backend() == "torch", reason="Keras runs PyTorch one step at a time"
)


@eager
def test_steps_per_execution_takes_the_same_steps():
    def run(steps):
        gan = make()
        gan.compile(
            keras.optimizers.Adam(1e-2),
            keras.optimizers.Adam(1e-2),
            steps_per_execution=steps,
        )
        fit(gan)
        return gan.sample(4, seed=0)

    np.testing.assert_allclose(run(1), run(4), rtol=1e-5)


def test_keras_callbacks_and_checkpoint(tmp_path):
    gan = make(ema=0.9)
    path = tmp_path / "gan.weights.h5"
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    checkpoint = keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
    fit(gan, epochs=2, callbacks=[schedule, checkpoint])
    assert float(gan.optimizer.learning_rate) == pytest.approx(0.0025)
    other = make(ema=0.9, seed=5)
    other.load_weights(path)
    for ema in (True, False):
        np.testing.assert_array_equal(
            other.sample(4, seed=0, ema=ema), gan.sample(4, seed=0, ema=ema)
        )


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data")
def test_dataset_and_targets_that_are_ignored():
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((X, np.zeros(64))).batch(16)
    from_dataset, from_array = make(), make()
    from_dataset.fit(dataset, verbose=0, shuffle=False)
    fit(from_array)
    np.testing.assert_array_equal(
        from_dataset.sample(4, seed=0), from_array.sample(4, seed=0)
    )


def test_progress_is_shown_unless_quiet(monkeypatch, capsys):
    gan = make()
    monkeypatch.delenv("GANBOOK_QUIET", raising=False)
    fit(gan, verbose="auto")
    assert "d_loss" in capsys.readouterr().out
    monkeypatch.setenv("GANBOOK_QUIET", "1")
    fit(gan, verbose="auto")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
def test_other_dtype_policies_train(policy):
    if policy == "float64" and keras.backend.backend() == "jax":
        pytest.skip("JAX has no float64 unless asked at its start")
    keras.config.set_dtype_policy(policy)
    try:
        gan = make(penalties=[penalties.R1(0.1), penalties.R2(0.1)], ema=0.9)
        history = fit(gan, epochs=2).history
        assert gan.sample(3).dtype == np.float32
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(np.isfinite(v).all() for v in history.values())


@pytest.mark.parametrize("convert", [np.ndarray.tolist, keras.ops.convert_to_tensor])
def test_lists_and_tensors_train_like_arrays(convert):
    from_other, from_array = make(), make()
    keras.utils.set_random_seed(1)
    fit(from_other, convert(X), shuffle=True)
    keras.utils.set_random_seed(1)
    fit(from_array, shuffle=True)
    np.testing.assert_array_equal(
        from_other.sample(4, seed=0), from_array.sample(4, seed=0)
    )


def test_a_generator_trains_without_warning():
    gan = make()
    gan.fit((X[k : k + 16] for k in range(0, 64, 16)), steps_per_epoch=4, verbose=0)
    assert int(gan.optimizer.iterations) == 4


def test_numpy_integers_are_integers():
    two = np.int64(2)
    gan = make(seed=two, discriminator_steps=two)
    fit(gan, batch_size=two, epochs=two)
    assert gan.sample(two, seed=two, batch_size=two).shape == (2, 2)


@eager
def test_compile_again_goes_on_with_the_same_optimizers():
    gan = make()
    fit(gan)
    gan.compile(gan.optimizer, gan.discriminator_optimizer, steps_per_execution=2)
    fit(gan)
    assert int(gan.optimizer.iterations) == 8
