"""What figures show, read back from the Axes."""

import matplotlib

matplotlib.use("Agg")

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from ganbook import plotting


@pytest.fixture(autouse=True)
def fresh_figure():
    plt.close("all")
    yield plt.figure()
    plt.close("all")


def board(ax):
    return np.asarray(ax.images[0].get_array())


def test_images_are_tiled_in_reading_order_with_a_line_between():
    x = np.stack([np.full((2, 2, 1), v) for v in (-1.0, 0.0, 1.0)])
    shown = board(plotting.images(x, columns=2))
    assert shown.shape == (5, 5)
    assert shown[0, 0] == 0.0  # first image, black
    assert shown[0, 3] == 0.5  # second
    assert shown[3, 0] == 1.0  # third, next row
    assert (shown[2] == 1.0).all()  # line between the rows
    assert (shown[3:, 3:] == 1.0).all()  # empty place


def test_images_are_clipped_not_rescaled():
    shown = board(plotting.images(np.full((1, 1, 1, 1), 7.0)))
    assert (shown == 1.0).all()
    assert plt.gca().images[0].get_clim() == (0, 1)


def test_color_images():
    assert board(plotting.images(np.zeros((2, 4, 4, 3)))).shape == (4, 39, 3)


def test_images_are_gray_in_any_style():
    with plt.rc_context({"image.cmap": "viridis"}):
        plotting.images(np.zeros((1, 2, 2, 1)))
    assert plt.gca().images[0].get_cmap().name == "gray"


@pytest.mark.parametrize("shape", [(8, 8), (2, 8, 8), (2, 8, 8, 2), (0, 8, 8, 1)])
def test_images_wrong_shape(shape):
    with pytest.raises(ValueError, match="x: expected images"):
        plotting.images(np.zeros(shape))


def test_images_wrong_pixels_or_columns():
    with pytest.raises(ValueError, match=r"x: expected floats in \[-1, 1\], got uint8"):
        plotting.images(np.zeros((2, 8, 8, 1), "uint8"))
    for columns in (0, 1.5, True):
        with pytest.raises((TypeError, ValueError), match="columns: expected an int"):
            plotting.images(np.zeros((2, 8, 8, 1)), columns)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (2, 3), (3, 2, 1)])
def test_scatter_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"generated: expected points \(n, 2\), got"):
        plotting.scatter(np.zeros((3, 2)), np.zeros(shape))


def test_losses_takes_what_fit_returns():
    history = keras.callbacks.History()
    history.history = {"d_loss": [1.0], "g_loss": [0.9]}
    ax = plotting.losses(history, equilibrium=False)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1.0], [0.9]]


def test_scatter_has_one_color_per_role():
    ax = plotting.scatter(np.zeros((3, 2)), np.ones((4, 2)))
    colors = [matplotlib.colors.to_hex(c.get_facecolor()[0]) for c in ax.collections]
    assert colors == [plotting.REAL.lower(), plotting.FAKE.lower()]
    assert [len(c.get_offsets()) for c in ax.collections] == [3, 4]


def test_losses_draws_both_players_and_the_equilibrium():
    ax = plotting.losses({"d_loss": [1.0, 1.2], "g_loss": [0.9, 0.8]})
    heights = [line.get_ydata() for line in ax.lines]
    np.testing.assert_allclose(heights[0], [1.0, 1.2])
    np.testing.assert_allclose(heights[1], [0.9, 0.8])
    np.testing.assert_allclose(heights[2], 2 * np.log(2))
    np.testing.assert_allclose(heights[3], np.log(2))
    assert ax.get_ylabel() == "loss (nats)"
