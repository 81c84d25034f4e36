"""The loop moves both networks, is reproducible, obeys Keras, and checks its input."""

import keras
import numpy as np
import pytest
from keras import layers

from ganbook import GAN, losses, networks, penalties

X = np.random.default_rng(0).normal(3.0, 1.0, (64, 2)).astype("float32")


def make(generator=None, discriminator=None, optimizer=keras.optimizers.Adam, **kwargs):
    keras.utils.set_random_seed(0)
    kwargs = {"loss": losses.NonSaturating(), "seed": 0} | kwargs
    gan = GAN(
        generator or networks.mlp(4, 2, width=8, depth=1),
        discriminator or networks.mlp(2, 1, width=8, depth=1),
        **kwargs,
    )
    gan.compile(optimizer(1e-2), optimizer(1e-2))
    return gan


def fit(gan, x=X, **kwargs):
    kwargs = {"batch_size": 16, "epochs": 1, "verbose": 0, "shuffle": False} | kwargs
    return gan.fit(x, **kwargs)


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
    twin = keras.random.SeedGenerator(0)
    z1, z2 = (
        keras.ops.convert_to_numpy(keras.random.normal((8, 1), seed=twin))
        for _ in range(2)
    )
    x = X[:8, :1]
    fit(gan, x, batch_size=8)

    fake = z1 + 0.5
    w, b, rate = 0.3, 0.0, 1e-2
    real_slope, fake_slope = -sigmoid(-w * x), sigmoid(w * fake)
    w, b = (
        w - rate * np.mean(real_slope * x + fake_slope * fake),
        b - rate * np.mean(real_slope + fake_slope),
    )
    fake = z2 + 0.5
    logits = w * fake + b
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
    np.testing.assert_array_equal(
        gan.sample(5, seed=1, batch_size=2), gan.sample(5, seed=1)
    )
    assert (gan.sample(5, seed=1) != gan.sample(5, seed=2)).any()
    fit(gan)
    fit(undisturbed)
    np.testing.assert_array_equal(gan.sample(5), undisturbed.sample(5))


def test_ema_is_the_average_of_the_weights():
    gan = make(ema=0.5)
    expected = gan.generator.get_weights()
    for _ in range(3):
        fit(gan, X[:16])
        expected = [
            0.5 * old + 0.5 * new
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


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.distribute")
def test_two_replicas_take_the_same_step_as_one():
    import tensorflow as tf

    def one_step(scope):
        with scope:
            zeros = dict(kernel_initializer="zeros", bias_initializer="zeros")
            g = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, **zeros)])
            d = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, **zeros)])
            gan = GAN(g, d, loss=losses.NonSaturating())
            gan.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(1.0))
        gan.fit(X[:16], batch_size=16, epochs=1, verbose=0)
        return gan.discriminator.get_weights()

    single = one_step(tf.device("CPU:0"))
    double = one_step(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope())
    for s, d in zip(single, double, strict=True):
        np.testing.assert_allclose(s, d, rtol=1e-5, atol=1e-7)


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


def test_compile_again_goes_on_with_the_same_optimizers():
    gan = make()
    fit(gan)
    gan.compile(gan.optimizer, gan.discriminator_optimizer, steps_per_execution=2)
    fit(gan)
    assert int(gan.optimizer.iterations) == 8


def state(gan):
    variables = gan.variables + gan.optimizer.variables
    return [keras.ops.convert_to_numpy(v).copy() for v in variables]


@pytest.mark.parametrize(
    ("saved", "loads", "message"),
    [
        (dict(ema=0.9), {}, "keeps an average"),
        ({}, dict(ema=0.9), "keeps an average"),
        (dict(discriminator=networks.mlp(2, 1, width=9, depth=1)), {}, "differ in"),
        (dict(generator=networks.mlp(4, 2, width=8, depth=0)), {}, "differ in"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(tmp_path, saved, loads, message):
    path = tmp_path / "gan.weights.h5"
    make(**saved).save_weights(path)
    gan = make(**loads)
    fit(gan)
    before = state(gan)
    with pytest.raises(ValueError, match=message) as error:
        gan.load_weights(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    for b, a in zip(before, state(gan), strict=True):
        np.testing.assert_array_equal(b, a)


def test_weights_file_that_is_missing_or_no_gan(tmp_path):
    with pytest.raises(ValueError, match=r"none\.weights\.h5: does not fit this GAN: "):
        make().load_weights(tmp_path / "none.weights.h5")
    networks.mlp(2, 1).save_weights(tmp_path / "net.weights.h5")
    with pytest.raises(ValueError, match="expected a file that a GAN's save_weights"):
        make().load_weights(tmp_path / "net.weights.h5")


# ---- bad input: one line, and nothing is trained ----


def refused(message):
    return pytest.raises((TypeError, ValueError), match=rf"\A{message}[^\n]*\Z")


class AddsLoss(layers.Layer):
    def call(self, x):
        self.add_loss(keras.ops.sum(x))
        return x


class Unbuilt(keras.Model):
    def call(self, x):
        return x


def model(*parts, inputs=2):
    return keras.Sequential([keras.Input((inputs,)), *parts])


def sigmoid_by_operation():
    x = keras.Input((2,))
    return keras.Model(x, keras.ops.sigmoid(layers.Dense(1)(x)))


HEADS = {
    "sigmoid": networks.mlp(2, 1, output_activation="sigmoid"),
    "tanh": networks.mlp(2, 1, output_activation="tanh"),
    "relu": networks.mlp(2, 1, output_activation=keras.ops.relu),
    "Softmax": model(layers.Dense(1), layers.Softmax()),
    "ReLU": model(layers.Dense(1), layers.ReLU()),
    "LeakyReLU": model(layers.Dense(1), layers.LeakyReLU()),
    "PReLU": model(layers.Dense(1), layers.PReLU()),
    "softplus": model(layers.Dense(1), layers.Activation("softplus")),
    "exponential": model(model(layers.Dense(1, "exponential"))),
    "silu": model(layers.Dense(1, "silu"), layers.Reshape((1,))),
    "elu": model(layers.SpectralNormalization(layers.Dense(1, "elu"))),
    "Sigmoid": sigmoid_by_operation(),
}


@pytest.mark.parametrize("name", HEADS)
def test_logits_must_be_linear(name):
    with refused(f"discriminator: expected linear logits, got {name} in "):
        make(discriminator=HEADS[name])


@pytest.mark.parametrize(
    "head",
    [
        [layers.Dense(1, "linear")],
        [layers.Dense(1), layers.Activation("linear")],
        [layers.Reshape((2, 1, 1)), layers.Conv2D(1, (2, 1)), layers.Flatten()],
        [layers.SpectralNormalization(layers.Dense(1))],
        [model(layers.Dense(4, "relu"), layers.Dense(1))],
    ],
)
def test_linear_heads_pass(head):
    make(discriminator=model(*head))


def shared():
    generator = model(layers.Dense(2))
    return dict(
        generator=generator, discriminator=model(*generator.layers, layers.Dense(1))
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(generator=networks.mlp(4, 3)), "generator makes samples of shape"),
        (dict(generator="mlp"), "generator: expected a Keras model, got 'mlp'"),
        (dict(generator=Unbuilt()), "generator: expected a Sequential or functional"),
        (
            dict(discriminator=keras.Sequential([layers.Dense(1)])),
            "discriminator: expected a Sequential or functional",
        ),
        (dict(discriminator=networks.mlp(2, 2)), r"discriminator: .* \(None, 1\), got"),
        (
            dict(discriminator=model(layers.Dense(1, kernel_regularizer="l2"))),
            "discriminator: expected no regularizer and no add_loss",
        ),
        (
            dict(generator=model(layers.Dense(2, activity_regularizer="l2"))),
            "generator: expected no regularizer and no add_loss",
        ),
        (
            dict(discriminator=model(AddsLoss(), layers.Dense(1))),
            "discriminator: expected no regularizer and no add_loss",
        ),
        (shared(), "discriminator: expected weights of its own, got the generator's"),
        (dict(discriminator_steps=0), "discriminator_steps: expected an integer >= 1"),
        (dict(discriminator_steps=True), "discriminator_steps: .* got True"),
        (dict(discriminator_steps=1.0), "discriminator_steps: .* got 1.0"),
        (dict(ema=1.0), r"ema: expected a decay in \[0, 1\), got 1.0"),
        (dict(ema=False), r"ema: expected a decay in \[0, 1\), got False"),
        (dict(ema="0.9"), r"ema: expected a decay in \[0, 1\), got '0.9'"),
        (dict(seed=-1), "seed: expected an integer >= 0, got -1"),
        (dict(seed=True), "seed: expected an integer >= 0, got True"),
        (dict(seed="0"), "seed: expected an integer >= 0, got '0'"),
        (dict(loss=losses.Minimax), r"loss: expected one such as .*\(\), got <class"),
        (dict(loss="hinge"), "loss: expected one such as .* got 'hinge'"),
        (dict(penalties=penalties.R1(1.0)), "penalties: expected a list such as"),
        (dict(penalties=[penalties.R1]), "penalties: expected a list such as"),
        (dict(penalties=[0.1]), r"penalties: expected a list such as .* got \[0.1\]"),
        (dict(penalties=None), "penalties: expected a list such as .* got None"),
    ],
)
def test_wrong_gan(arguments, message):
    with refused(message):
        make(**arguments)


def test_checks_leave_the_networks_alone():
    network = model(layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1))
    before = [keras.ops.convert_to_numpy(v).copy() for v in network.variables]
    make(discriminator=network)
    for b, v in zip(before, network.variables, strict=True):
        np.testing.assert_array_equal(b, keras.ops.convert_to_numpy(v))


def test_wrong_optimizers():
    gan, adam, used = make(), keras.optimizers.Adam(), keras.optimizers.Adam()
    used.build(networks.mlp(3, 1).trainable_variables)
    with refused("generator_optimizer: expected a Keras optimizer, got 'adam'"):
        gan.compile("adam", adam)
    with refused("optimizers: expected one for each player, got the same"):
        gan.compile(adam, adam)
    with refused("generator_optimizer: expected a fresh optimizer, got one that"):
        gan.compile(used, adam)
    with refused("discriminator_optimizer: expected a fresh optimizer, got one"):
        gan.compile(adam, gan.optimizer)


@pytest.mark.parametrize(
    "name", ["loss", "metrics", "weighted_metrics", "loss_weights"]
)
def test_compile_takes_nothing_that_it_would_ignore(name):
    adams = keras.optimizers.Adam(), keras.optimizers.Adam()
    with refused(f"compile: expected no {name}, got one: the loss is that of GAN"):
        make().compile(*adams, **{name: ["mse"]})


@pytest.mark.parametrize("where", ["global", "gan", "discriminator", "layer"])
def test_float16_is_refused(where):
    half = layers.Dense(1, dtype="mixed_float16")
    wrong = {
        "global": {},
        "gan": dict(dtype="mixed_float16"),
        "discriminator": dict(discriminator=model(half)),
        "layer": dict(discriminator=model(model(half), layers.Dense(1))),
    }[where]
    keras.config.set_dtype_policy("mixed_float16" if where == "global" else "float32")
    try:
        with refused("dtype: expected no float16, .* use mixed_bfloat16 instead"):
            make(**wrong)
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X[:, :1], r"x: expected real samples \(n, 2\) with n >= 1, got \(64, 1\)"),
        (X[:0], r"x: expected real samples .* got \(0, 2\)"),
        (np.float32(1.0), "x: expected real samples"),
        (X.astype(int), "x: expected floating-point samples, got int64"),
        (X.astype(int).tolist(), "x: expected floating-point samples, got int64"),
        (np.where(X > 4, np.nan, X), "x: expected finite numbers, got NaN"),
        (np.where(X > 4, np.nan, X).tolist(), "x: expected finite numbers, got NaN"),
        (keras.ops.convert_to_tensor(X * np.inf), "x: expected finite numbers"),
        (X.astype("float64") * 1e300, "x: expected finite numbers, got NaN"),
        ([[1.0, 2.0], [3.0]], "x: expected samples of one shape, got several"),
        (None, "x: expected an array of real samples, .* got NoneType"),
        ("digits", "x: expected an array of real samples, .* got str"),
        ({"x": X}, "x: expected an array of real samples, .* got dict"),
        ((X, X), "x: expected an array of real samples, .* got tuple"),
        (3, "x: expected an array of real samples, .* got int"),
    ],
)
def test_wrong_data(x, message):
    gan = make()
    with refused(message):
        fit(gan, x)
    assert int(gan.optimizer.iterations) == 0


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (X[:, :1], r"x: expected batches \(b, 2\), got \("),
        (X[..., None], r"x: expected batches \(b, 2\), got \("),
        (X.astype(int), "x: expected floating-point samples, got int"),
        ((X, X, X[:, 0]), "x: expected batches without sample weights"),
        ({"x": X}, "x: expected batches of samples, got dict"),
    ],
)
def test_wrong_batches(batch, message):
    gan = make()
    with refused(message):
        gan.fit(iter([batch]), verbose=0)
    assert int(gan.optimizer.iterations) == 0


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data")
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X[:, :1], r"x: expected batches \(b, 2\), got \(None, 1\)"),
        (X.astype("uint8"), "x: expected floating-point samples, got uint8"),
        ({"x": X}, "x: expected batches of samples, got dict"),
    ],
)
def test_wrong_dataset(x, message):
    import tensorflow as tf

    with refused(message):
        make().fit(tf.data.Dataset.from_tensor_slices(x).batch(16), verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(batch_size=0), "batch_size: expected an integer >= 1, got 0"),
        (dict(batch_size=16.0), "batch_size: expected an integer >= 1, got 16.0"),
        (dict(batch_size=True), "batch_size: expected an integer >= 1, got True"),
        (dict(epochs=0), "epochs: expected an integer >= 1, got 0"),
        (dict(epochs="2"), "epochs: expected an integer >= 1, got '2'"),
        (dict(epochs=None), "epochs: expected an integer >= 1, got None"),
        (dict(validation_data=X), "fit: expected no validation_data, got one"),
        (dict(validation_split=0.1), "fit: expected no validation_split, got one"),
        (dict(class_weight={0: 2.0}), "fit: expected no class_weight, got one"),
        (dict(sample_weight=X[:, 0]), "fit: expected no sample_weight, got one"),
    ],
)
def test_wrong_arguments_of_fit(arguments, message):
    gan = make()
    with refused(message):
        fit(gan, **arguments)
    assert int(gan.optimizer.iterations) == 0


@pytest.mark.parametrize("name", ["generator", "discriminator"])
def test_frozen_networks_are_refused(name):
    gan = make()
    getattr(gan, name).trainable = False
    with refused(f"{name}: expected trainable weights, got none: do not freeze it"):
        fit(gan)


def test_fit_needs_compile():
    gan = GAN(networks.mlp(4, 2), networks.mlp(2, 1), loss=losses.Minimax())
    with pytest.raises(RuntimeError, match=r"call compile\(...\) first"):
        gan.fit(X)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(n=0), "n: expected an integer >= 1, got 0"),
        (dict(n=2.0), "n: expected an integer >= 1, got 2.0"),
        (dict(n=True), "n: expected an integer >= 1, got True"),
        (dict(n=1, batch_size=0), "batch_size: expected an integer >= 1, got 0"),
        (dict(n=1, seed=-1), "seed: expected an integer >= 0, got -1"),
        (dict(n=1, ema=True), r"ema: expected a GAN\(..., ema=0.999\)"),
    ],
)
def test_wrong_sample(arguments, message):
    with refused(message):
        make().sample(**arguments)


def test_what_a_gan_cannot_do_says_what_to_do_instead(tmp_path):
    gan = make()
    with pytest.raises(NotImplementedError, match=r"^evaluate: .*metrics$"):
        gan.evaluate(X)
    for save in (gan.get_config, lambda: gan.save(tmp_path / "gan.keras")):
        with pytest.raises(NotImplementedError, match=r"^save: .* use save_weights"):
            save()
