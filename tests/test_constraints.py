"""What keeps weights bounded: clipping, and spectral normalization by Keras."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from small import fit, make

from ganbook import constraints, losses, penalties


def model(*parts):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((2,)), *parts])


def largest(network):
    return max(np.abs(w).max() for w in network.get_weights())


def test_weights_are_clipped_after_a_step():
    critic = constraints.clip(model(layers.Dense(3), layers.Dense(1)), 0.05)
    assert largest(critic) > 0.05
    optimizer = keras.optimizers.SGD(1.0)
    variables = critic.trainable_variables
    optimizer.build(variables)
    optimizer.apply([ops.ones(v.shape) for v in variables], variables)
    sizes = [np.abs(w).max() for w in critic.get_weights()]
    np.testing.assert_allclose(sizes, 0.05, rtol=1e-6)


def test_a_step_of_the_critic_clips_and_one_of_the_generator_does_not():
    critic = constraints.clip(model(layers.Dense(8, "relu"), layers.Dense(1)))
    gan = make(discriminator=critic, loss=losses.Wasserstein(), discriminator_steps=2)
    fit(gan)
    assert largest(critic) == pytest.approx(0.01, rel=1e-6)
    assert largest(gan.generator) > 0.1


def test_a_clipping_layer_survives_its_configuration():
    layer = layers.Dense(3, kernel_constraint=constraints.WeightClip(0.1))
    again = layers.Dense.from_config(layer.get_config()).kernel_constraint
    assert again.limit == 0.1
    weights = ops.convert_to_tensor([[-3.0, -0.1, 0.05, 0.2]])
    expected = [[-0.1, -0.1, 0.05, 0.1]]
    np.testing.assert_allclose(ops.convert_to_numpy(again(weights)), expected)


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf])
def test_wrong_limit(limit):
    with pytest.raises(ValueError, match="limit: expected a number > 0, got"):
        constraints.WeightClip(limit)


def test_wrong_networks():
    with pytest.raises(TypeError, match="network: expected a Keras model, got 'mlp'"):
        constraints.clip("mlp")
    unbuilt = keras.Sequential([layers.Dense(1)], name="critic")
    with pytest.raises(ValueError, match="expected trainable weights, got none in 'c"):
        constraints.clip(unbuilt)


# ---- spectral normalization: a layer of Keras ----


def spectral(*args, iterations=1):
    return layers.SpectralNormalization(layers.Dense(*args), iterations)


def norms(network):
    kernels = [ops.convert_to_numpy(part.layer.kernel) for part in network.layers]
    return [np.linalg.norm(kernel, 2) for kernel in kernels]


def test_calls_in_training_bring_the_largest_singular_value_to_one():
    network = model(spectral(4, iterations=20))
    assert abs(norms(network)[0] - 1.0) > 0.1
    for _ in range(3):
        network(np.ones((1, 2), "float32"), training=True)
    np.testing.assert_allclose(norms(network), 1.0, rtol=1e-4)


def test_a_normalized_discriminator_trains_under_penalties():
    critic = model(spectral(8, "relu"), spectral(1))
    terms = [penalties.R1(1.0), penalties.R2(1.0)]
    gan = make(discriminator=critic, loss=losses.Hinge(), penalties=terms)
    before = gan.generator.get_weights()
    history = fit(gan, epochs=5).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert history["penalty"][-1] > 0
    np.testing.assert_allclose(norms(critic), 1.0, atol=0.05)
    for old, new in zip(before, gan.generator.get_weights(), strict=True):
        assert (old != new).any()
