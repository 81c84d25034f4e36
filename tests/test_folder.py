"""A reader's own pictures come out right, or are named."""

import numpy as np
import pytest
from PIL import Image

from ganbook import data


def picture(path, pixels, mode=None, **kwargs):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.asarray(pixels, "uint8"))
    (image.convert(mode) if mode else image).save(path, **kwargs)


GRAY = np.array([[0, 255], [51, 204]])
COLOR = np.stack([GRAY, 255 - GRAY, np.full((2, 2), 102)], -1)


def test_values_and_order(tmp_path):
    picture(tmp_path / "b.png", COLOR)
    picture(tmp_path / "a.png", 255 - COLOR)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_text("no picture")
    images, labels = data.folder(tmp_path, 2)
    assert images.shape == (2, 2, 2, 3)
    assert images.dtype == np.float32
    np.testing.assert_allclose(images[1], COLOR / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(images[0], -images[1], atol=1e-6)
    assert labels.tolist() == [0, 0]
    assert labels.dtype == np.int64


def test_gray(tmp_path):
    picture(tmp_path / "a.png", GRAY)
    images, _ = data.folder(tmp_path, (2, 2), channels=1)
    np.testing.assert_allclose(images[0, ..., 0], GRAY / 127.5 - 1, atol=1e-6)
    assert data.folder(tmp_path, 2)[0].shape == (1, 2, 2, 3)


def test_one_class_per_subfolder(tmp_path):
    for name in ("dog", "cat", "empty"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "dog" / "1.png", GRAY)
    picture(tmp_path / "dog" / "2.jpg", COLOR)
    picture(tmp_path / "cat" / "1.bmp", COLOR)
    images, labels = data.folder(tmp_path, 4)
    assert images.shape == (3, 4, 4, 3)
    assert labels.tolist() == [0, 1, 1], "cat, dog, and empty holds none"


def test_the_middle_is_cropped_and_nothing_is_squeezed(tmp_path):
    wide = np.zeros((10, 30, 3))
    wide[:, 10:20] = 255
    picture(tmp_path / "a.png", wide)
    np.testing.assert_array_equal(data.folder(tmp_path, 10)[0], 1.0)


def test_palettes_transparency_and_cmyk(tmp_path):
    flat = np.full((4, 4, 3), [255, 0, 0])
    for mode in ("P", "RGBA"):
        picture(tmp_path / f"{mode}.png", flat, mode)
    picture(tmp_path / "cmyk.jpg", flat, "CMYK", quality=100)
    images, _ = data.folder(tmp_path, 4)
    expected = np.broadcast_to([1.0, -1.0, -1.0], images.shape)
    np.testing.assert_allclose(images, expected, atol=0.05)


def test_a_picture_that_was_taken_sideways_is_upright(tmp_path):
    sideways = np.zeros((4, 8, 3))
    sideways[:, :4] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees, clockwise
    picture(tmp_path / "a.png", sideways, exif=exif)
    image = data.folder(tmp_path, (8, 4))[0][0]
    np.testing.assert_array_equal(image[:4], 1.0)
    np.testing.assert_array_equal(image[4:], -1.0)


def test_unreadable_files_are_named(tmp_path):
    picture(tmp_path / "good.png", COLOR)
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("no picture")
    picture(tmp_path / "cut.png", np.random.default_rng(0).integers(255, size=(64, 64)))
    whole = (tmp_path / "cut.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(np.zeros((4, 4), "uint16")).save(tmp_path / "deep.png")
    with pytest.raises(ValueError, match="could not read") as error:
        data.folder(tmp_path, 2)
    message = str(error.value)
    for name in ("cut.png", "deep.png", "empty.png", "text.jpg"):
        assert name in message
    assert "good" not in message
    assert "\n" not in message


def test_many_unreadable_files_are_counted(tmp_path):
    for k in range(8):
        (tmp_path / f"{k}.png").touch()
    with pytest.raises(ValueError, match=r"4.png \(.*\) and 3 more: repair or remove"):
        data.folder(tmp_path, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(size=0), ValueError, "size: expected an integer >= 1, got 0"),
        (dict(size=(2, -1)), ValueError, "size: expected an integer >= 1, got -1"),
        (dict(size="8"), TypeError, "size: expected an integer >= 1, got '8'"),
        (dict(size=2, channels=4), ValueError, "channels: expected 1 or 3, got 4"),
    ],
)
def test_wrong_arguments(tmp_path, arguments, error, message):
    picture(tmp_path / "a.png", COLOR)
    with pytest.raises(error, match=message):
        data.folder(tmp_path, **arguments)


def test_wrong_folders(tmp_path):
    with pytest.raises(NotADirectoryError, match="path: expected a folder of pictures"):
        data.folder(tmp_path / "none", 2)
    with pytest.raises(ValueError, match=r"expected \.bmp .* files, got none"):
        data.folder(tmp_path, 2)
    picture(tmp_path / "a.png", COLOR)
    picture(tmp_path / "cat" / "a.png", COLOR)
    with pytest.raises(ValueError, match="pictures or subfolders of them, got both"):
        data.folder(tmp_path, 2)
