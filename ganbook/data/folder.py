"""A reader's own pictures."""

import io
from pathlib import Path

import keras
import numpy as np

from ganbook import checks

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
ORIENTATION = 0x0112  # the tag of Exif
_MODES = {1: "grayscale", 3: "rgb"}


def folder(path, size, channels=3):
    """Pictures in a folder, read by Keras, cropped to the middle and resized.

    The pictures lie in the folder itself, or in one subfolder per class. They are
    taken in the order of their names; hidden files and other kinds of files are
    passed over. One picture takes ``4 * height * width * channels`` bytes.
    Transparent pixels show the color stored beneath them.

    Args:
        path: the folder.
        size: side of the square pictures, or ``(height, width)``, >= 1.
        channels: 3 for color, 1 for gray.

    Returns:
        Images ``(n, height, width, channels)``, float32 in [-1, 1], and labels
        ``(n,)``: the index of the subfolder in the order of their names, else 0.

    Raises:
        NotADirectoryError: if ``path`` is no folder.
        TypeError, ValueError: if ``size`` or ``channels`` is out of range, there
            are no pictures, or pictures beside subfolders with pictures, or files
            that cannot be read, which are named.
    """
    path = Path(path)
    if not path.is_dir():
        raise NotADirectoryError(f"path: expected a folder of pictures, got {path}")
    size = size if isinstance(size, tuple) and len(size) == 2 else (size, size)
    size = tuple(checks.integer("size", side) for side in size)
    if channels not in _MODES:
        raise ValueError(f"channels: expected 1 or 3, got {channels!r}")
    files, labels = _find(path)
    images = np.empty((len(files), *size, channels), "float32")
    unreadable = []
    for image, file in zip(images, files, strict=True):
        try:
            picture = _read(file, size, _MODES[channels])
        except Exception as error:  # Pillow raises many kinds
            unreadable.append(f"{file.name} ({type(error).__name__})")
        else:
            image[:] = keras.utils.img_to_array(picture, "channels_last") / 127.5 - 1
    if unreadable:
        more = f" and {len(unreadable) - 5} more" if len(unreadable) > 5 else ""
        raise ValueError(
            f"{path}: expected pictures, could not read {', '.join(unreadable[:5])}"
            f"{more}: repair or remove them"
        )
    return images, labels


def _find(path):
    """Files in order, and the index of the subfolder that each lies in."""
    here = _pictures(path)
    below = {p: _pictures(p) for p in sorted(path.iterdir()) if _shown(p, folder=True)}
    classes = [files for files in below.values() if files]
    if here and classes:
        raise ValueError(f"{path}: expected pictures or subfolders of them, got both")
    if not here and not classes:
        raise ValueError(f"{path}: expected {' '.join(SUFFIXES)} files, got none")
    groups = [here] if here else list(below.values())
    labels = np.repeat(np.arange(len(groups)), [len(files) for files in groups])
    return [file for files in groups for file in files], labels.astype("int64")


def _pictures(path):
    return [
        file
        for file in sorted(path.iterdir())
        if _shown(file, folder=False) and file.suffix.lower() in SUFFIXES
    ]


def _shown(path, folder):
    return not path.name.startswith(".") and path.is_dir() == folder


def _read(file, size, mode):
    from PIL import Image, ImageOps

    source = file
    with Image.open(file) as picture:
        if picture.mode.startswith(("I", "F")):
            raise ValueError(f"{picture.mode}: expected 8 bits per channel")
        if picture.getexif().get(ORIENTATION, 1) != 1:
            # a camera stores how it was held, and Keras does not look
            source = io.BytesIO()
            ImageOps.exif_transpose(picture).save(source, "png")
    return keras.utils.load_img(
        source,
        color_mode=mode,
        target_size=size,
        interpolation="bilinear",
        keep_aspect_ratio=True,
    )
