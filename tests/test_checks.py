"""A GAN refuses in one line what it cannot train on; loading is all or nothing."""

import keras
import numpy as np
import pytest
from keras import layers
from small import X, fit, make

from ganbook import GAN, losses, networks, penalties


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


# ---- bad input ----


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
        (dict(discriminator=networks.mlp(2, 2)), r"discriminator: .* \(None, 1\), or"),
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
        with refused(
            "dtype: expected no float16 without loss scaling, .* mixed_bfloat16, or"
        ):
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
        (X[:, :1], r"x: expected batches \(b, 2\), got \(b, 1\)"),
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
