"""The Jacobian of a small GAN: against differences, closed forms and Arnoldi."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganbook import GAN, data, games, losses, networks, penalties, variants

RING, NON_SATURATING = data.ring(), losses.NonSaturating()


def game(*punished, loss=NON_SATURATING, activation="tanh", width=4):
    keras.utils.set_random_seed(0)
    pair = (
        networks.mlp(n, m, width=width, depth=1, activation=activation)
        for n, m in ((2, 2), (2, 1))
    )
    gan = GAN(*pair, loss=loss, penalties=punished, seed=0)
    latents = np.random.default_rng(0).normal(size=(64, 2))
    return games.NeuralGame(gan, RING.sample(64, seed=0), latents)


def dirac(loss, *punished):
    """The Dirac-GAN as two networks: G(z) = θ + 0 z, D(x) = ψ x."""
    z, x = keras.Input((1,)), keras.Input((1,))
    generator = keras.Model(z, layers.Dense(1, use_bias=True)(z))
    generator.layers[-1].kernel.trainable = False
    discriminator = keras.Model(x, layers.Dense(1, use_bias=False)(x))
    gan = GAN(generator, discriminator, loss=loss, penalties=punished, seed=0)
    return gan, games.NeuralGame(gan, np.zeros((4, 1)), np.zeros((4, 1)))


@pytest.mark.parametrize(
    "punished",
    [(), (penalties.R1(0.3), penalties.R2(0.2)), (penalties.GradientPenalty(1.0),)],
    ids=["plain", "R1 + R2", "WGAN-GP"],
)
def test_the_jacobian_is_the_derivative_of_the_slopes(punished):
    g, h = game(*punished), 1e-2
    J = g.jacobian()

    def field(w):
        return -ops.convert_to_numpy(g.slopes(ops.convert_to_tensor(w, "float32")))

    for i in (0, g.split - 1, g.split, g.size - 1):
        e = h * np.eye(g.size)[i]
        near = field(g.weights + e) - field(g.weights - e)
        far = field(g.weights + 2 * e) - field(g.weights - 2 * e)
        column = (8 * near - far) / (12 * h)
        np.testing.assert_allclose(J[:, i], column, atol=2e-4)


@pytest.mark.parametrize("which", ["LM", "LR"])
def test_leading_eigenvalues_without_the_jacobian(which):
    g = game(penalties.R1(0.3), penalties.R2(0.3), width=8)
    dense = np.linalg.eigvals(g.jacobian())
    size = np.abs(dense) if which == "LM" else dense.real
    found = g.leading(4, which)
    assert np.abs(found[:, None] - dense).min(axis=1).max() < 1e-4
    reached = np.abs(found) if which == "LM" else found.real
    assert reached.max() == pytest.approx(size.max(), abs=1e-4)
    assert reached.min() > np.sort(size)[-6] - 1e-4


@pytest.mark.parametrize(
    ("loss", "punished"),
    [
        (losses.Minimax(), ()),
        (losses.NonSaturating(), (penalties.R1(0.3), penalties.R2(0.5))),
        (losses.Wasserstein(), (penalties.GradientPenalty(0.5),)),
        (losses.RelativisticPairing(), (penalties.ZeroCentered(0.2),)),
    ],
)
def test_the_dirac_gan_as_networks_is_that_on_the_plane(loss, punished):
    gan, neural = dirac(loss, *punished)
    point = (0.7, -0.4)
    gan.generator.layers[-1].bias.assign([point[0]])
    gan.discriminator.layers[-1].kernel.assign([[point[1]]])
    expected = games.dirac(loss, *punished).jacobian(point)
    np.testing.assert_allclose(neural.jacobian(), expected, atol=1e-5)


def test_slopes_are_those_of_a_step():
    # one step of plain descent moves each player against its slope
    g = game(penalties.R1(0.3))
    gan = g.gan
    before = g.weights
    slopes = ops.convert_to_numpy(g.slopes(ops.convert_to_tensor(before)))
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.1))
    draws = gan.latents(64, seed=0)
    assert draws.shape == (64, 2)
    fake = gan.generator(g.latents)
    gan.update_discriminator(g.real, fake, [])
    moved = (g.weights - before)[g.split :]
    np.testing.assert_allclose(moved, -0.1 * slopes[g.split :], atol=1e-6)


def test_bad_input():
    g = game()
    with pytest.raises(ValueError, match="k: expected an integer >= 1, got 0"):
        g.leading(0)
    wide = game(width=600)
    with pytest.raises(ValueError, match="expected at most 3000 weights, got "):
        wide.jacobian()
    for other in ({"pack": 2}, {"instance_noise": 0.1}):
        shape = 2 * other.get("pack", 1)
        gan = GAN(
            networks.mlp(2, 2), networks.mlp(shape, 1), loss=losses.Hinge(), **other
        )
        with pytest.raises(
            ValueError, match="gan: expected one discriminator of one logit"
        ):
            games.NeuralGame(gan, np.zeros((4, 2)), np.zeros((4, 2)))
    makers = networks.several_generators(2, 2, 2)
    gan = GAN(makers, networks.mlp(2, 3), loss=variants.MADGAN(2))
    with pytest.raises(ValueError, match="gan: expected one discriminator of one log"):
        games.NeuralGame(gan, np.zeros((4, 2)), np.zeros((4, 2)))
    gan = variants.Unrolled(
        networks.mlp(2, 2), networks.mlp(2, 1), loss=losses.Hinge(), unrolling=1
    )
    with pytest.raises(TypeError, match="gan: expected a plain GAN, got Unrolled"):
        games.NeuralGame(gan, np.zeros((4, 2)), np.zeros((4, 2)))
