"""GANs whose step is another one: each does what it is for, by hand."""

import keras
import numpy as np
import pytest
from keras import ops
from small import X, fit, linear, slope, values, variant

from ganbook import networks, variants

RNG = np.random.default_rng(0)
RATE = 0.01


def flat(network):
    return np.concatenate([np.ravel(weight) for weight in network.get_weights()])


def first_latents(gan, shape):
    """What the GAN will draw in its first step."""
    twin = keras.random.SeedGenerator(int(gan.noise.state.numpy()[0]))
    return values(keras.random.normal(shape, seed=twin)).astype(float)


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


# ---- several discriminators ----


@pytest.mark.parametrize("heed", [0.0, 0.7, 1e6])
def test_the_generator_heeds_discriminators_by_a_softmax_of_its_losses(heed):
    committee = [linear(1, 0) for _ in range(3)]
    gan = variant(variants.GMAN, linear(1, 0), committee, heed=heed)
    a = RNG.normal(size=(3, 8, 1))
    means = a.mean(axis=(1, 2))
    share = np.exp(heed * (means - means.max()))
    share /= share.sum()

    def total(a):
        return gan.generator_loss([a[0], a[1], a[2]])

    got = values(total(ops.convert_to_tensor(a, "float32")))
    assert got == pytest.approx(np.sum(share * means), rel=1e-4)
    if heed == 0:
        assert got == pytest.approx(means.mean(), rel=1e-4)
    if heed == 1e6:
        assert got == pytest.approx(means.max(), rel=1e-4)
    # the weights are constants: they are the slopes
    got = slope(total, a).sum(axis=(1, 2))
    np.testing.assert_allclose(got, share, rtol=1e-4, atol=1e-6)


# ---- mode seeking ----


def test_mode_seeking_by_hand():
    players = networks.mlp(4, 2), networks.mlp(2, 1)
    gan = variant(variants.ModeSeeking, *players, seeking=3.0)
    z, A = RNG.normal(size=(7, 4)), RNG.normal(size=(4, 2))

    def moved(x):
        return np.abs(x - np.roll(x, 1, axis=0)).mean(axis=1)

    latents = ops.convert_to_tensor(z, "float32")
    got = gan.generator_term(ops.convert_to_tensor(z @ A, "float32"), latents)
    expected = 3.0 / (np.mean(moved(z @ A) / moved(z)) + 1e-5)
    assert values(got) == pytest.approx(expected, rel=1e-4)
    # a generator that moves by a thousandth: pushed outward, by 3 / ratio²
    by = slope(lambda a: gan.generator_term(a * latents, latents), 1e-3)
    assert by == pytest.approx(-3.0 / (1e-3 + 1e-5) ** 2, rel=1e-3)
    for n in (1, 2, 3):  # a last batch may have one row, which has no pair
        few = slope(lambda x, n=n: gan.generator_term(x, latents[:n]), z[:n, :2])
        assert np.isfinite(few).all()
        assert (few == 0).all() == (n == 1)


def test_mode_seeking_adds_its_slope_to_the_generators_alone():
    def trained(seeking):
        G, D = linear(0.5, 0.2), linear(0.3, 0.0)
        fit(variant(variants.ModeSeeking, G, D, seeking=seeking), X[:16, :1])
        return [*flat(G), *flat(D)]

    (a, *rest), (a_0, *rest_0) = trained(0.1), trained(0.0)
    assert a - a_0 == pytest.approx(RATE * 0.1 / (0.5 + 1e-5) ** 2, rel=1e-3)
    np.testing.assert_allclose(rest, rest_0, atol=1e-7)


# ---- VEEGAN ----


def veegan(g, f, d, **kwargs):
    players = linear(*g), linear(*d), linear(*f)
    return variant(variants.VEEGAN, *players, **kwargs)


@pytest.mark.parametrize("noise", [None, 0.5])
def test_one_step_of_veegan_equals_the_step_by_hand(noise):
    (g, h), (f, e), (a, c, b), beta = (0.8, 0.5), (0.6, -0.3), (0.4, -0.7, 0.1), 0.5
    gan = veegan((g, h), (f, e), (a, c, b), reconstruction=beta, instance_noise=noise)
    x, z = X[:16, :1].astype(float), first_latents(gan, (16, 1))
    fit(gan, X[:16, :1])

    fake, found = g * z + h, f * x + e
    of_real, of_fake = (
        -sigmoid(-(a * x + c * found + b)),
        sigmoid(a * fake + c * z + b),
    )
    error = f * fake + e - z
    a -= RATE * np.mean(of_real * x + of_fake * fake)
    c -= RATE * np.mean(of_real * found + of_fake * z)
    b -= RATE * np.mean(of_real + of_fake)
    # F learns from reconstruction alone, of samples without noise
    f, e = (
        f - RATE * beta * np.mean(2 * error * fake),
        e - RATE * beta * np.mean(2 * error),
    )
    np.testing.assert_allclose(flat(gan.reconstructor), [f, e], rtol=1e-5)
    if noise is not None:
        return
    np.testing.assert_allclose(flat(gan.discriminator), [a, c, b], rtol=1e-5)
    # G from both, seen by the players that have just learned
    error = f * fake + e - z
    of_fake = -sigmoid(-(a * fake + c * z + b)) * a + beta * 2 * error * f
    g, h = g - RATE * np.mean(of_fake * z), h - RATE * np.mean(of_fake)
    np.testing.assert_allclose(flat(gan.generator), [g, h], rtol=1e-5)


def test_only_a_generator_that_can_be_inverted_has_no_reconstruction_error():
    G, F = networks.mlp(2, 2, depth=0), networks.mlp(2, 2, depth=0)
    A, b = RNG.normal(size=(2, 2)), RNG.normal(size=2)
    inverse = np.linalg.inv(A)
    G.set_weights([A, b])
    F.set_weights([inverse, -b @ inverse])
    gan = variant(variants.VEEGAN, G, networks.mlp(4, 1), F, reconstruction=3.0)
    z = RNG.normal(size=(64, 2))
    z = ops.convert_to_tensor((z - z.mean(axis=0)) / z.std(axis=0), "float32")
    pairs, _ = gan.generate(z, [])
    assert values(gan.reconstruction_error(pairs)) == pytest.approx(0, abs=1e-8)
    np.testing.assert_array_equal(values(pairs[:, 2:]), values(z))
    # a collapsed one leaves at least the variance of the latents, one for each
    G.set_weights([0 * A, b])
    pairs, _ = gan.generate(z, [])
    for mistake in (0.0, 0.3):
        F.set_weights([inverse, -b @ inverse + mistake])
        error = values(gan.reconstruction_error(pairs))
        assert error == pytest.approx(3.0 * (2 + 2 * mistake**2), rel=1e-4)
