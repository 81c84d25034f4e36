"""The numbered equations of *What would one build today?*"""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganbook import networks

RNG = np.random.default_rng(0)


@pytest.mark.equation("eq-mod-lrelu", "eq-mod-he")
def test_leaky_relu_keeps_that_share_of_the_size_and_he_makes_up_for_it():
    # on a symmetric grid of x the means are exact sums
    half = RNG.normal(size=5000)
    x = np.concatenate([half, -half])
    for alpha in (0.0, 0.2, 1.0):
        h = np.where(x > 0, x, alpha * x)
        share = np.mean(h**2) / np.mean(x**2)
        assert share == pytest.approx((1 + alpha**2) / 2, rel=1e-12)
        n = 50
        assert n * (2 / ((1 + alpha**2) * n)) * share == pytest.approx(1, rel=1e-12)


@pytest.mark.equation("eq-mod-residual", "eq-mod-growth")
def test_independent_branches_multiply_the_size():
    # a branch that is orthogonal to its input, in every pair of coordinates
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    x = start = RNG.normal(size=(100, 2))
    v, blocks = 0.3, 7
    for _ in range(blocks):
        x = x + np.sqrt(v) * x @ turn
    growth = np.mean(x**2) / np.mean(start**2)
    assert growth == pytest.approx((1 + v) ** blocks, rel=1e-12)
    assert growth <= np.exp(v * blocks)
    assert all((1 + 1 / n) ** n <= np.e for n in range(1, 1000))


@pytest.mark.equation("eq-mod-growth", "eq-mod-residual")
@pytest.mark.parametrize("blocks", [1, 3])
def test_our_blocks_start_with_a_growth_of_one(blocks):
    network = networks.modern_discriminator((8, 8, 1), 4, blocks, group_size=2)
    sums = [layer for layer in network.layers if isinstance(layer, layers.Add)]
    assert len(sums) == blocks
    ends = keras.Model(network.input, [sums[0].input[0], sums[-1].output])
    x = RNG.normal(size=(5, 8, 8, 1)).astype("float32")
    before, after = (ops.convert_to_numpy(y) for y in ends(x))
    np.testing.assert_array_equal(before, after)


@pytest.mark.equation("eq-mod-groups")
@pytest.mark.parametrize("group_size", [2, 4, 8])
def test_a_grouped_convolution_has_a_share_of_the_weights(group_size):
    from ganbook.networks.modern import grouped

    inputs = keras.Input((4, 4, 8))
    network = keras.Model(inputs, grouped(inputs, group_size, 1.0))
    groups = 8 // group_size
    assert network.count_params() - 8 == 9 * 8**2 // groups


@pytest.mark.equation("eq-mod-bilinear")
def test_bilinear_halving_is_the_mean_of_four():
    x = RNG.normal(size=(1, 6, 6, 2)).astype("float32")
    mean = (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 4
    resized = ops.image.resize(x, (3, 3), interpolation="bilinear")
    np.testing.assert_allclose(ops.convert_to_numpy(resized), mean, atol=1e-6)
    pooled = layers.AveragePooling2D(2)(x)
    np.testing.assert_allclose(ops.convert_to_numpy(pooled), mean, atol=1e-6)


@pytest.mark.equation("eq-mod-ema", "eq-mod-age")
def test_an_average_by_its_shares():
    d, weights = 0.9, RNG.normal(size=400)
    average = 0.0
    for weight in weights:
        average = d * average + (1 - d) * weight
    ages = np.arange(400)
    shares = (1 - d) * d**ages
    assert average == pytest.approx(shares @ weights[::-1], rel=1e-9)
    assert shares.sum() == pytest.approx(1, rel=1e-9)
    assert shares @ ages == pytest.approx(d / (1 - d), rel=1e-9)


@pytest.mark.equation("eq-mod-cosine")
def test_the_rate_falls_by_half_a_cosine():
    falling = keras.optimizers.schedules.CosineDecay(0.2, 100)
    for t in (0, 13, 50, 99, 100):
        expected = 0.1 * (1 + np.cos(np.pi * t / 100))
        assert float(falling(t)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.equation("eq-mod-modulate", "eq-mod-demodulate")
@pytest.mark.parametrize("demodulate", [False, True])
def test_scaling_the_image_is_scaling_the_kernel(demodulate):
    layer = networks.ModulatedConv2D(3, 3, demodulate=demodulate)
    x = RNG.normal(size=(1, 4, 4, 2)).astype("float32")
    w = RNG.normal(size=(1, 5)).astype("float32")
    got = ops.convert_to_numpy(layer([x, w]))
    kernel = (
        ops.convert_to_numpy(layer.kernel)
        * (ops.convert_to_numpy(layer.style(w))[0][:, None])
    )
    if demodulate:
        kernel /= np.sqrt(np.sum(kernel**2, axis=(0, 1, 2)) + 1e-8)
        lengths = np.sum(kernel**2, axis=(0, 1, 2))
        np.testing.assert_allclose(lengths, 1.0, atol=1e-6)
    expected = ops.conv(x, kernel.astype("float32"), padding="same")
    np.testing.assert_allclose(got, ops.convert_to_numpy(expected), atol=2e-6)


@pytest.mark.equation("eq-mod-truncate")
def test_truncation_scales_the_covariance_by_its_square():
    w = RNG.normal(size=(50, 3))
    center = w.mean(axis=0)
    for psi in (0.0, 0.3, 1.0):
        truncated = center + psi * (w - center)
        np.testing.assert_allclose(truncated.mean(axis=0), center, atol=1e-12)
        np.testing.assert_allclose(
            np.cov(truncated.T), psi**2 * np.cov(w.T), atol=1e-12
        )


@pytest.mark.equation("eq-mod-attention")
def test_attention_by_hand():
    inputs = keras.Input((1, 3, 2))
    network = keras.Model(inputs, networks.self_attention(inputs, 2))
    for weight in network.trainable_variables:
        weight.assign(RNG.normal(size=weight.shape))
    x = RNG.normal(size=(1, 1, 3, 2)).astype("float32")
    wq, bq, wk, bk, wv, bv, wo, bo = (np.squeeze(w) for w in network.get_weights())
    q, k, v = x[0, 0] @ wq + bq, x[0, 0] @ wk + bk, x[0, 0] @ wv + bv
    for p in range(3):
        shares = np.exp([q[p] @ k[r] for r in range(3)])
        shares /= shares.sum()
        expected = x[0, 0, p] + sum(shares[r] * v[r] for r in range(3)) @ wo + bo
        got = ops.convert_to_numpy(network(x))[0, 0, p]
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)
