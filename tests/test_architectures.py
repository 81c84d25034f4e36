"""Convolutional, conditional, modern and style networks, on every backend."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops
from small import fit

from ganbook import GAN, autodiff, losses, networks, penalties, variants

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
LABELS = np.arange(8, dtype="int32") % 3
LATENTS = RNG.normal(size=(8, 20)).astype("float32")
PLAIN = dict(normalization=None)
SMALL = (8, 8, 1)


def outputs(network, x, training=False):
    return ops.convert_to_numpy(network(x, training=training))


def perturb(network, scale=0.3):
    """Give every weight a random value: zeros of the start would hide errors."""
    rng = np.random.default_rng(1)
    for weight in network.trainable_variables:
        weight.assign(rng.normal(0, scale, weight.shape))


def dcgan_pair(**kwargs):
    generator = networks.dcgan_generator(SMALL, 20, 4, **PLAIN, **kwargs)
    return generator, networks.dcgan_discriminator(SMALL, 4, **PLAIN)


def with_block(block):
    inputs = keras.Input(SMALL)
    x = layers.Conv2D(4, 3, 2, "same", activation="leaky_relu")(inputs)
    return keras.Model(inputs, layers.Dense(1)(layers.Flatten()(block(x))))


def label_pair(way):
    code = None if way == "planes" else 4
    latents = 20 + (3 if code is None else code)
    generator = networks.conditional_generator(
        networks.dcgan_generator(SMALL, latents, 4, **PLAIN), 3, code
    )
    channels = {"planes": 4, "embedded": 3}.get(way, 1)
    base = networks.dcgan_discriminator((8, 8, channels), 4, **PLAIN)
    wrap = {
        "planes": lambda d: networks.conditional_discriminator(d, 3),
        "embedded": lambda d: networks.conditional_discriminator(d, 3, 2),
        "projection": lambda d: networks.projection_discriminator(d, 3),
        "auxiliary": lambda d: networks.auxiliary_classifier(d, 3),
    }
    return generator, wrap[way](base)


PAIRS = {
    "dense 128": lambda: networks.dense_128(SMALL, 20),
    "dcgan": dcgan_pair,
    "resized": lambda: dcgan_pair(upsample=networks.resized),
    "modern": lambda: (
        networks.modern_generator(SMALL, 20, 4, group_size=2),
        networks.modern_discriminator(SMALL, 4, group_size=2),
    ),
    "style": lambda: (networks.style_generator(SMALL, 20, 4), dcgan_pair()[1]),
    "attention": lambda: (dcgan_pair()[0], with_block(networks.self_attention)),
    "deviation": lambda: (dcgan_pair()[0], with_block(networks.MinibatchStd(4))),
} | {
    way: lambda way=way: label_pair(way)
    for way in ("planes", "embedded", "projection", "auxiliary")
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_trains_with_a_penalty_and_saves_and_loads(name, tmp_path):
    keras.utils.set_random_seed(0)
    loss = losses.NonSaturating()
    if name == "auxiliary":
        loss = variants.AuxiliaryClassifier(loss)
    gan = GAN(
        *PAIRS[name](),
        loss=loss,
        penalties=[penalties.R1(1.0)],
        ema=0.9,
        allow_mixing=name == "deviation",
        seed=0,
    )
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    before = [w.copy() for w in gan.discriminator.get_weights()]
    fit(gan, IMAGES, y=LABELS, batch_size=8, epochs=2)
    after = gan.discriminator.get_weights()
    assert any(np.any(a != b) for a, b in zip(before, after, strict=True))
    inputs = [LATENTS, LABELS] if gan.conditional else LATENTS
    judged = [IMAGES, LABELS] if gan.conditional else IMAGES
    for network, x in ((gan.generator, inputs), (gan.discriminator, judged)):
        network.save(tmp_path / "network.keras")
        again = keras.models.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(outputs(network, x), outputs(again, x))


@pytest.mark.parametrize(
    ("sides", "smallest"),
    [((8, 8), 4), ((16, 16), 4), ((28, 28), 7), ((32, 32), 4), ((64, 64), 4)],
)
@pytest.mark.parametrize("family", ["dcgan", "modern", "style"])
def test_sizes_from_8_to_64(sides, smallest, family):
    shape = (*sides, 3)
    generator = getattr(networks, f"{family}_generator")(shape, 5, width=4)
    assert generator.output_shape == (None, *shape)
    if family != "style":
        discriminator = getattr(networks, f"{family}_discriminator")(shape, width=4)
        assert discriminator.input_shape == (None, *shape)
        assert discriminator.output_shape == (None, 1)
        maps = [
            layer.output.shape[1]
            for layer in discriminator.layers
            if len(layer.output.shape) == 4
        ]
        assert maps[0] == sides[0]
        assert maps[-1] == (2 if family == "dcgan" and sides[0] == 8 else smallest)


def test_the_tutorials_networks_have_the_layers_they_say():
    generator, discriminator = networks.dcgan_28()
    kernels = [w.shape for w in generator.weights]
    assert kernels == [
        (100, 12544), (5, 5, 128, 256), (5, 5, 64, 128), (5, 5, 1, 64)
    ]  # fmt: skip
    assert [w.shape for w in discriminator.weights if len(w.shape) > 1] == [
        (5, 5, 1, 64), (5, 5, 64, 128), (7 * 7 * 128, 1)
    ]  # fmt: skip
    for build, width, depth in (
        (networks.dense_128, 128, 1),
        (networks.dense_1024, 1024, 3),
    ):
        generator, discriminator = build()
        for network, first, last in ((generator, 100, 784), (discriminator, 784, 1)):
            sizes = [w.shape for w in network.weights if len(w.shape) == 2]
            expected = [first, *[width] * depth, last]
            assert sizes == list(itertools.pairwise(expected))


# ---- what the blocks compute ----


def test_transposed_convolution_is_the_transpose_of_a_strided_one():
    conv = layers.Conv2D(3, 4, 2, "same", use_bias=False)
    back = layers.Conv2DTranspose(1, 4, 2, "same", use_bias=False)
    x = RNG.normal(size=(1, 8, 8, 1)).astype("float32")
    y = RNG.normal(size=(1, 4, 4, 3)).astype("float32")
    conv.build(x.shape)
    back.build(y.shape)
    back.kernel.assign(ops.convert_to_numpy(conv.kernel))
    left, right = np.sum(outputs(conv, x) * y), np.sum(x * outputs(back, y))
    assert left == pytest.approx(right, abs=1e-4)


def test_a_resized_constant_stays_constant_and_a_transposed_one_does_not():
    ones = np.ones((1, 8, 8, 1), "float32")
    inner = (slice(None), slice(4, -4), slice(4, -4))

    def up(function, kernel_size):
        inputs = keras.Input((8, 8, 1))
        kwargs = dict(kernel_initializer="ones", use_bias=False)
        y = function(inputs, 1, kernel_size, **kwargs)
        return outputs(keras.Model(inputs, y), ones)[inner]

    assert np.ptp(up(networks.resized, 3)) == 0
    assert np.ptp(up(networks.transposed, 4)) == 0
    # overlaps of 1, 2 and 4 kernel weights
    assert sorted(np.unique(up(networks.transposed, 3))) == [1, 2, 4]


def test_modern_blocks_begin_as_the_identity():
    generator = networks.modern_generator(SMALL, 20, 4, group_size=2)
    added = [layer for layer in generator.layers if isinstance(layer, layers.Add)]
    inner = keras.Model(generator.input, [a.input for a in added])
    for pair in inner(LATENTS):
        before, branch = (ops.convert_to_numpy(maps) for maps in pair)
        assert np.abs(before).max() > 0
        assert np.abs(branch).max() == 0


def test_groups_see_their_own_channels_only():
    keras.utils.set_random_seed(0)
    from ganbook.networks import modern

    inputs = keras.Input((4, 4, 6))
    network = keras.Model(inputs, modern.grouped(inputs, 2, 1.0))
    x = RNG.normal(size=(1, 4, 4, 6)).astype("float32")
    moved = x.copy()
    moved[..., 2] += 1
    change = np.abs(outputs(network, moved) - outputs(network, x)).max(axis=(0, 1, 2))
    assert np.all((change > 1e-3) == [False, False, True, True, False, False])


def test_discriminators_without_batch_normalization_judge_images_apart():
    for name in ("dcgan", "modern", "attention"):
        network = PAIRS[name]()[1]
        perturb(network)
        together = outputs(network, IMAGES, training=True)
        alone = np.concatenate([outputs(network, IMAGES[i : i + 1]) for i in range(8)])
        np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def test_minibatch_deviation_by_hand():
    x = RNG.normal(size=(6, 2, 2, 3)).astype("float32")
    y = outputs(networks.MinibatchStd(group=3), x)
    np.testing.assert_array_equal(y[..., :3], x)
    for group in (slice(0, 3), slice(3, 6)):
        expected = x[group].std(axis=0).mean()
        np.testing.assert_allclose(y[group, ..., 3], expected, rtol=1e-4)
    # five are no multiple of three: one group
    y = outputs(networks.MinibatchStd(group=3), x[:5])
    np.testing.assert_allclose(y[..., 3], x[:5].std(axis=0).mean(), rtol=1e-4)
    equal = outputs(networks.MinibatchStd(), np.repeat(x[:1], 4, axis=0))
    np.testing.assert_allclose(equal[..., 3], 1e-4, rtol=1e-3)  # not NaN


def test_self_attention_by_hand():
    inputs = keras.Input((2, 3, 4))
    network = keras.Model(inputs, networks.self_attention(inputs, 2))
    x = RNG.normal(size=(1, 2, 3, 4)).astype("float32")
    np.testing.assert_array_equal(outputs(network, x), x)  # begins as the identity
    perturb(network, 1.0)
    weights = [w.squeeze() for w in network.get_weights()]
    (wq, bq, wk, bk, wv, bv, wo, bo) = weights
    places = x.reshape(6, 4).astype(float)
    scores = (places @ wq + bq) @ (places @ wk + bk).T
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    expected = places + share @ (places @ wv + bv) @ wo + bo
    np.testing.assert_allclose(
        outputs(network, x).reshape(6, 4), expected, rtol=1e-4, atol=1e-4
    )


def test_modulated_convolution_is_a_convolution_with_a_kernel_per_example():
    layer = networks.ModulatedConv2D(3, 3)
    x = RNG.normal(size=(2, 4, 4, 2)).astype("float32")
    w = RNG.normal(size=(2, 5)).astype("float32")
    y = outputs(layer, [x, w])
    styles = ops.convert_to_numpy(layer.style(w))
    kernel = ops.convert_to_numpy(layer.kernel)
    for k in range(2):
        scaled = kernel * styles[k][:, None]  # eq. 1
        scaled /= np.sqrt((scaled**2).sum(axis=(0, 1, 2)) + 1e-8)  # eq. 3
        expected = ops.conv(x[k : k + 1], scaled.astype("float32"), padding="same")
        np.testing.assert_allclose(
            y[k : k + 1], ops.convert_to_numpy(expected), rtol=1e-4, atol=1e-5
        )


def test_a_style_generator_is_its_mapping_then_its_synthesis():
    generator = networks.style_generator(SMALL, 20, 4)
    perturb(generator)
    w = generator.get_layer("mapping")(LATENTS)
    parts = outputs(generator.get_layer("synthesis"), w)
    np.testing.assert_allclose(outputs(generator, LATENTS), parts, rtol=1e-5)
    # only the direction of the latents counts
    np.testing.assert_allclose(
        outputs(generator, 3 * LATENTS),
        outputs(generator, LATENTS),
        rtol=1e-3,
        atol=1e-4,
    )


# ---- labels ----


@pytest.mark.parametrize("way", ["planes", "embedded", "projection", "auxiliary"])
def test_the_label_matters_to_both_networks(way):
    generator, discriminator = label_pair(way)
    perturb(generator)
    perturb(discriminator)
    other = (LABELS + 1) % 3
    gap = outputs(generator, [LATENTS, LABELS]) - outputs(generator, [LATENTS, other])
    assert np.all(np.abs(gap).max(axis=(1, 2, 3)) > 1e-4)
    gap = outputs(discriminator, [IMAGES, LABELS]) - outputs(
        discriminator, [IMAGES, other]
    )
    if way == "auxiliary":
        np.testing.assert_allclose(gap[:, 0], 0, atol=1e-6)
    assert np.all(np.abs(gap[:, -1]) > 1e-4)


def test_one_hot_planes_by_hand():
    base = keras.Sequential([keras.Input((2, 2, 4)), layers.Flatten(), layers.Dense(1)])
    network = networks.conditional_discriminator(base, 3)
    x = RNG.normal(size=(2, 2, 2, 1)).astype("float32")
    planes = np.zeros((2, 2, 2, 3), "float32")
    planes[0, ..., 2] = planes[1, ..., 0] = 1
    expected = outputs(base, np.concatenate([x, planes], axis=-1))
    got = outputs(network, [x, np.array([2, 0], "int32")])
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_projection_adds_the_inner_product_of_features_and_code():
    base = networks.dcgan_discriminator(SMALL, 4, **PLAIN)
    network = networks.projection_discriminator(base, 3)
    perturb(network)
    features = keras.Model(base.input, base.layers[-1].input)
    code = next(w for w in network.weights if w.shape == (3, features.output_shape[1]))
    code = ops.convert_to_numpy(code)[LABELS]
    expected = outputs(base, IMAGES)[:, 0] + np.sum(code * outputs(features, IMAGES), 1)
    got = outputs(network, [IMAGES, LABELS])[:, 0]
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


def test_class_probabilities_add_up_to_one():
    network = label_pair("auxiliary")[1]
    perturb(network)
    total = sum(
        np.exp(outputs(network, [IMAGES, np.full(8, k, "int32")])[:, 1])
        for k in range(3)
    )
    np.testing.assert_allclose(total, 1.0, rtol=1e-5)


def test_auxiliary_loss_by_hand():
    base = losses.NonSaturating()
    loss = variants.AuxiliaryClassifier(base, weight=2.0)
    real = ops.convert_to_tensor([[0.3, -0.1], [-1.0, -2.0]])
    fake = ops.convert_to_tensor([[0.5, -0.7], [2.0, -0.2]])
    more = loss.discriminator(real, fake) - base.discriminator(real[:, :1], fake[:, :1])
    np.testing.assert_allclose(ops.convert_to_numpy(more), [[1.6], [4.4]], rtol=1e-5)
    more = loss.generator(None, fake) - base.generator(None, fake[:, :1])
    np.testing.assert_allclose(ops.convert_to_numpy(more), [[1.4], [0.4]], rtol=1e-5)
    pairing = variants.AuxiliaryClassifier(losses.RelativisticPairing())
    assert pairing.generator_sees_real
    assert not loss.generator_sees_real


def test_penalties_leave_the_class_alone():
    seen = []

    def spy(discriminator, real, fake, seed=None):
        seen.append(tuple(discriminator(real).shape))
        return ops.zeros((8,))

    loss = variants.AuxiliaryClassifier(losses.NonSaturating())
    gan = GAN(*label_pair("auxiliary"), loss=loss, penalties=[spy], seed=0)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    fit(gan, IMAGES, y=LABELS, batch_size=8)
    assert seen
    assert all(shape[-1] == 1 for shape in seen)


def test_gradient_of_attention_against_finite_differences():
    inputs = keras.Input((2, 2, 3))
    network = keras.Model(inputs, networks.self_attention(inputs, 2))
    perturb(network, 1.0)
    x = RNG.normal(size=(1, 2, 2, 3)).astype("float32")
    slope = autodiff.input_gradient(
        lambda x: ops.sum(network(x) ** 2), ops.convert_to_tensor(x)
    )
    slope = ops.convert_to_numpy(ops.stop_gradient(slope))
    for index in ((0, 0, 1, 2), (0, 1, 0, 0)):
        step = np.zeros_like(x)
        step[index] = 1e-2
        rise = (outputs(network, x + step) ** 2).sum() - (
            outputs(network, x - step) ** 2
        ).sum()
        assert slope[index] == pytest.approx(rise / 2e-2, rel=2e-2, abs=1e-2)


# ---- what is refused ----

DENSE = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
WRONG = [
    (lambda: networks.dcgan_generator((9, 9, 1)), "image_shape: expected sides that"),
    (lambda: networks.dcgan_generator((36, 36, 1)), "image_shape: expected sides that"),
    (
        lambda: networks.modern_generator((8, 8)),
        r"image_shape: expected \(height, width",
    ),
    (lambda: networks.dense_128(784), r"image_shape: expected .* got 784"),
    (lambda: networks.dcgan_generator(SMALL, 0), "latents: expected an integer >= 1"),
    (lambda: networks.dcgan_generator(SMALL, width=0), "width: expected an integer"),
    (lambda: networks.dcgan_discriminator(SMALL, hidden=-1), "hidden: expected an int"),
    (
        lambda: networks.dcgan_generator(SMALL, activation=layers.ReLU()),
        "activation: expected a function or its name",
    ),
    (lambda: networks.modern_generator(SMALL, width=5), "width: expected an even"),
    (
        lambda: networks.modern_discriminator(SMALL, width=10, group_size=4),
        "group_size: expected a divisor of 10 channels, got 4",
    ),
    (lambda: networks.modern_generator(SMALL, blocks=0), "blocks: expected an int"),
    (lambda: networks.MinibatchStd(1), "group: expected an integer >= 2, got 1"),
    (lambda: networks.ModulatedConv2D(0), "filters: expected an integer >= 1"),
    (
        lambda: networks.self_attention(keras.Input((4,))),
        r"x: expected \(batch, height, width, channels\)",
    ),
    (
        lambda: networks.conditional_generator(dcgan_pair()[0], 20),
        r"generator: expected latents \(None, d\) with d > 20",
    ),
    (lambda: networks.conditional_generator("G", 3), "generator: expected a Keras mod"),
    (
        lambda: networks.conditional_discriminator(dcgan_pair()[1], 3),
        "discriminator: expected images of more than 3 channels",
    ),
    (
        lambda: networks.projection_discriminator(dcgan_pair()[0], 3),
        "discriminator: expected a last layer Dense",
    ),
    (lambda: networks.projection_discriminator(DENSE, 1), "classes: expected .* >= 2"),
    (
        lambda: networks.auxiliary_classifier(networks.mlp(4, 2), 3),
        r"discriminator: expected logits \(None, 1\), got \(None, 2\)",
    ),
    (lambda: variants.AuxiliaryClassifier("hinge"), "loss: expected one such as"),
    (
        lambda: variants.AuxiliaryClassifier(losses.Hinge(), -1.0),
        "weight: expected a number >= 0, got -1.0",
    ),
    (
        lambda: GAN(*label_pair("auxiliary"), loss=losses.Hinge()),
        r"discriminator: expected logits of shape \(None, 1\)",
    ),
    (
        lambda: GAN(
            *label_pair("projection"), loss=variants.AuxiliaryClassifier(losses.Hinge())
        ),
        r"discriminator: expected outputs of shape \(None, 2\) for this loss",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_arguments(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
