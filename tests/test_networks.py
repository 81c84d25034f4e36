import keras
import numpy as np
import pytest

from ganbook import networks


def outputs(network, x):
    return keras.ops.convert_to_numpy(network(x))


def test_mlp_has_the_layers_it_says():
    network = networks.mlp(5, 2, width=7, depth=3)
    kernels = [w.shape for w in network.get_weights() if w.ndim == 2]
    assert kernels == [(5, 7), (7, 7), (7, 7), (7, 2)]


def test_linear_head_and_output_activation():
    x = np.full((1, 2), 100.0, "float32")
    linear = networks.mlp(2, 1, depth=0)
    linear.set_weights([np.ones((2, 1)), np.zeros(1)])
    np.testing.assert_allclose(outputs(linear, x), [[200.0]])
    bounded = networks.mlp(2, 1, depth=0, output_activation="tanh")
    bounded.set_weights(linear.get_weights())
    np.testing.assert_allclose(outputs(bounded, x), [[1.0]])


def test_images_in_and_out():
    assert networks.mlp(64, (8, 8, 1)).output_shape == (None, 8, 8, 1)
    assert networks.mlp((8, 8, 1), 1).input_shape == (None, 8, 8, 1)
    assert networks.mlp((8, 8, 1), 1).output_shape == (None, 1)


def test_saves_and_loads(tmp_path):
    network = networks.mlp(2, (3, 3, 1), name="g")
    network.save(tmp_path / "g.keras")
    again = keras.models.load_model(tmp_path / "g.keras")
    x = np.ones((4, 2), "float32")
    np.testing.assert_array_equal(outputs(network, x), outputs(again, x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(inputs=0, outputs=1), "inputs: expected a positive integer or a tuple"),
        (dict(inputs=2, outputs=(8, -8)), r"outputs: expected .* got \(8, -8\)"),
        (dict(inputs=2, outputs=()), r"outputs: expected .* got \(\)"),
        (dict(inputs=True, outputs=1), "inputs: expected .* got True"),
        (dict(inputs=2, outputs=1, width=1.5), "width: expected .* got 1.5"),
        (dict(inputs=2, outputs=1, width=True), "width: expected .* got True"),
        (dict(inputs=2, outputs=1, depth=-1), "depth: expected an integer >= 0"),
        (
            dict(inputs=2, outputs=1, activation=keras.layers.ReLU()),
            "activation: expected a function or its name, .* got the layer",
        ),
        (
            dict(inputs=2, outputs=1, output_activation=keras.layers.ReLU),
            "output_activation: expected a function or its name",
        ),
    ],
)
def test_wrong_sizes(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        networks.mlp(**arguments)


def test_sizes_from_numpy():
    two = np.int64(2)
    assert networks.mlp(two, (two, two), width=two, depth=two).count_params() == 24
