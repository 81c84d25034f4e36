"""Each numbered equation of *What do convolutions buy?*"""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose

from ganbook import autodiff

CASES = [(k, s, n) for k in (2, 3, 4, 5) for s in (1, 2, 3) for n in (9, 10, 28)]
each_case = pytest.mark.parametrize(("k", "s", "n"), CASES)


def tensor(values):
    return ops.convert_to_tensor(np.asarray(values, "float32"))


def numpy(values):
    return np.asarray(ops.convert_to_numpy(values), float)


def kernel(k, seed=0):
    return np.random.default_rng(seed).normal(size=k)


def signal(n, seed=1):
    return np.random.default_rng(seed).normal(size=n)


def conv(x, w, s, padding="same"):
    return numpy(
        ops.conv(tensor(x)[None, :, None], tensor(w)[:, None, None], s, padding)
    )[0, :, 0]


def conv_transpose(y, w, s):
    w = tensor(w)[:, None, None]
    return numpy(ops.conv_transpose(tensor(y)[None, :, None], w, s, "same"))[0, :, 0]


def zeros(k, s, n):
    """Zeros that "same" adds in all, and on the left."""
    total = max((-(-n // s) - 1) * s + k - n, 0)
    return total, total // 2


def matrix(w, s, n):
    """C as the chapter writes it."""
    _, p = zeros(len(w), s, n)
    C = np.zeros((-(-n // s), n))
    for i, m in np.ndindex(C.shape):
        if 0 <= m - s * i + p < len(w):
            C[i, m] = w[m - s * i + p]
    return C


@each_case
@pytest.mark.equation("eq-dcg-conv")
def test_a_convolution_by_its_sum(k, s, n):
    w, x = kernel(k), signal(n)
    _, p = zeros(k, s, n)
    expected = [
        sum(w[j] * x[s * i + j - p] for j in range(k) if 0 <= s * i + j - p < n)
        for i in range(-(-n // s))
    ]
    assert_allclose(conv(x, w, s), expected, atol=1e-5)


@each_case
@pytest.mark.equation("eq-dcg-matrix")
def test_a_convolution_by_its_matrix(k, s, n):
    w, x = kernel(k), signal(n)
    assert_allclose(conv(x, w, s), matrix(w, s, n) @ x, atol=1e-5)


@each_case
@pytest.mark.equation("eq-dcg-size")
def test_number_of_outputs(k, s, n):
    total, _ = zeros(k, s, n)
    same, valid = (len(conv(signal(n), kernel(k), s, p)) for p in ("same", "valid"))
    assert same == (n + total - k) // s + 1 == -(-n // s)
    assert valid == (n - k) // s + 1


@pytest.mark.parametrize(("k", "s"), [(2, 2), (3, 1), (3, 2), (4, 2), (5, 2), (5, 3)])
@pytest.mark.equation("eq-dcg-transposed")
def test_the_transposed_convolution_multiplies_by_the_transpose(k, s):
    w, y = kernel(k), signal(6)
    assert_allclose(conv_transpose(y, w, s), matrix(w, s, 6 * s).T @ y, atol=1e-5)


@pytest.mark.equation("eq-dcg-transposed")
def test_backpropagation_multiplies_by_the_transpose():
    w, x, y = tensor(kernel(4))[:, None, None], signal(8), signal(4)
    found = autodiff.input_gradient(
        lambda x: ops.conv(x, w, 2, "same") * tensor(y)[None, :, None],
        tensor(x)[None, :, None],
    )
    expected = matrix(kernel(4), 2, 8).T @ y
    assert_allclose(numpy(found)[0, :, 0], expected, atol=1e-5)


@pytest.mark.parametrize("s", [1, 2, 3, 4])
@pytest.mark.equation("eq-dcg-size-transposed")
def test_sizes_that_shrink_to_the_same_one(s):
    k, P = 5, 2
    sizes = np.arange(k, 60)
    shrunk = (sizes + P - k) // s + 1
    for smaller in range(3, 8):
        expected = s * (smaller - 1) + k - P + np.arange(s)
        assert sizes[shrunk == smaller].tolist() == expected.tolist()
    assert len(conv_transpose(signal(6), kernel(k), s)) == 6 * s


def field(stack, n):
    r, j, a = 1, 1, 0
    for k, s in stack:
        _, p = zeros(k, s, n)
        r, j, a, n = r + (k - 1) * j, j * s, a - p * j, -(-n // s)
    return r, j, a


@pytest.mark.parametrize(
    "stack",
    [
        [(4, 2)] * 4,
        [(5, 2), (5, 2)],
        [(3, 1)] * 5,
        [(3, 1), (4, 2), (5, 2)],
        [(3, 3), (5, 1), (2, 2)],
    ],
    ids=str,
)
@pytest.mark.equation("eq-dcg-field")
def test_the_gradient_of_one_output_is_zero_outside_its_field(stack):
    n = 96
    x = inputs = keras.Input((n, 1))
    for k, s in stack:
        x = layers.Conv1D(1, k, s, "same", kernel_initializer="ones")(x)
    network = keras.Model(inputs, x)
    i = x.shape[1] // 2
    slope = autodiff.input_gradient(lambda x: network(x)[:, i], ops.ones((1, n, 1)))
    seen = np.flatnonzero(numpy(slope))
    r, j, a = field(stack, n)
    assert seen.tolist() == list(range(a + i * j, a + i * j + r))


def inner(values, k, s):
    """Places m that all copies reach, and the values there."""
    m = np.arange(len(values))[2 * k : -2 * k]
    return m, values[m]


@pytest.mark.parametrize(("k", "s"), [(2, 2), (3, 2), (4, 2), (5, 2), (5, 3), (7, 3)])
@pytest.mark.equation("eq-dcg-overlap")
def test_how_many_inputs_paint_a_place(k, s):
    m, counts = inner(conv_transpose(np.ones(30), np.ones(k), s), k, s)
    _, p = zeros(k, s, 30 * s)
    expected = -(-(k - (m + p) % s) // s)
    assert_allclose(counts, expected)
    assert (np.ptp(counts) == 0) == (k % s == 0)


@pytest.mark.parametrize(("k", "s"), [(3, 2), (4, 2), (5, 2), (7, 3)])
@pytest.mark.equation("eq-dcg-constant")
def test_what_becomes_of_a_constant(k, s):
    w = kernel(k)
    m, values = inner(conv_transpose(np.ones(30), w, s), k, s)
    _, p = zeros(k, s, 30 * s)
    j = np.arange(k)
    expected = [w[(j - place - p) % s == 0].sum() for place in m]
    assert_allclose(values, expected, atol=1e-5)
    assert np.ptp(values) > 0.1
    _, resized = inner(conv(np.repeat(np.ones(30), s), w, 1), k, s)
    assert_allclose(resized, w.sum(), atol=1e-5)


@pytest.mark.equation("eq-dcg-batchnorm")
def test_every_example_moves_every_normalized_value():
    h, layer = signal(6), layers.BatchNormalization()
    layer.build((None, 1))
    v = np.sqrt(h.var() + layer.epsilon)
    normalized = (h - h.mean()) / v
    expected = (np.eye(6) - 1 / 6 - np.outer(normalized, normalized) / 6) / v
    for i in range(6):
        found = autodiff.input_gradient(
            lambda x: layer(x, training=True)[i],  # noqa: B023
            tensor(h)[:, None],
        )
        assert_allclose(numpy(found)[:, 0], expected[i], atol=1e-5)


@pytest.mark.parametrize("t", [0.1, 0.5, 0.8])
@pytest.mark.equation("eq-dcg-midpoint")
def test_mean_square_length_on_a_straight_line(t):
    a, b = np.random.default_rng(0).normal(size=(2, 20_000, 16))
    found = np.sum(((1 - t) * a + t * b) ** 2, axis=1).mean()
    assert_allclose(found, ((1 - t) ** 2 + t**2) * 16, rtol=0.02)


@pytest.mark.parametrize("t", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.equation("eq-dcg-slerp")
def test_on_the_sphere_lengths_stay_and_the_angle_grows_evenly(t):
    a, b = np.random.default_rng(0).normal(size=(2, 16))
    b *= np.linalg.norm(a) / np.linalg.norm(b)
    angle = np.arccos(a @ b / (a @ a))
    z = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    assert_allclose(z @ z, a @ a, rtol=1e-9)
    assert_allclose(z @ a, a @ a * np.cos(t * angle), rtol=1e-9)
