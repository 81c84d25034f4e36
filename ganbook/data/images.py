"""Images: float32 ``(n, height, width, channels)`` in [-1, 1], with labels."""

import gzip
import struct
import zlib
from pathlib import Path

import keras
import numpy as np


def digits():
    """The 1,797 real 8×8 digits that scikit-learn ships: no download.

    Returns:
        Images ``(1797, 8, 8, 1)`` and labels ``(1797,)``, 0 to 9.

    References:
        Alpaydin & Kaynak, 1998. https://doi.org/10.24432/C50P49
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)  # pixels 0 to 16
    images = (pixels / 8.0 - 1.0).astype("float32").reshape(-1, 8, 8, 1)
    return images, labels.astype("int64")


def mnist(split="train"):
    """MNIST, 28×28, through Keras, which downloads and caches it once (11 MB).

    Args:
        split: ``"train"`` (60,000 images) or ``"test"`` (10,000).

    Returns:
        Images ``(n, 28, 28, 1)`` and labels ``(n,)``, 0 to 9.

    Raises:
        ValueError: if ``split`` is neither.
        ConnectionError: if the files are not cached and cannot be downloaded.
    """
    return _through_keras(keras.datasets.mnist, "mnist", split)


def fashion_mnist(split="train"):
    """Fashion-MNIST, 28×28, through Keras (31 MB); same form as `mnist`."""
    return _through_keras(keras.datasets.fashion_mnist, "fashion_mnist", split)


def idx(folder, split="train"):
    """Images and labels from a folder of IDX files, the format of MNIST.

    Looks for the standard names, ``train-images-idx3-ubyte`` and
    ``train-labels-idx1-ubyte`` (``t10k-…`` for the test split), plain or ``.gz``.

    Args:
        folder: path of the folder.
        split: ``"train"`` or ``"test"``.

    Returns:
        Images ``(n, height, width, 1)`` and labels ``(n,)``.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if ``split`` is unknown, or a file is truncated, too long,
            no gzip inside, no IDX file of unsigned bytes, or the two files
            disagree on the number of examples.
    """
    prefix = {"train": "train", "test": "t10k"}[_split(split)]
    images_path = _find(Path(folder), f"{prefix}-images-idx3-ubyte")
    labels_path = _find(Path(folder), f"{prefix}-labels-idx1-ubyte")
    pixels, labels = _read(images_path, dims=3), _read(labels_path, dims=1)
    if len(pixels) != len(labels):
        raise ValueError(
            f"{images_path} has {len(pixels)} images but {labels_path} has "
            f"{len(labels)} labels: take both files from the same dataset"
        )
    return _scale(pixels), labels.astype("int64")


def _through_keras(dataset, name, split):
    _split(split)
    try:
        train, test = dataset.load_data()
    except Exception as error:  # Keras raises a bare Exception when it is offline
        raise ConnectionError(
            f"{name} is not cached and could not be downloaded ({_one_line(error)}): "
            "go online once, or read local IDX files with data.idx(folder)"
        ) from error
    pixels, labels = train if split == "train" else test
    return _scale(pixels), labels.astype("int64")


def _split(split):
    if split not in ("train", "test"):
        raise ValueError(f"split: expected 'train' or 'test', got {split!r}")
    return split


def _find(folder, name):
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"no file {name} or {name}.gz in {folder}: put the IDX files there"
    )


def _read(path, dims):
    """One IDX file: magic number, sizes as big-endian uint32, then the bytes."""
    again = "download it again"
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{path} cannot be read ({_one_line(error)}): {again}"
        ) from error
    header = 4 * (1 + dims)
    if len(content) < header:
        raise ValueError(
            f"{path} is truncated: expected a header of {header} bytes, "
            f"got {len(content)}: {again}"
        )
    magic, *shape = struct.unpack(f">{1 + dims}I", content[:header])
    if magic != 0x0800 + dims:
        raise ValueError(
            f"{path} is no IDX file of unsigned bytes in {dims} dimensions: expected "
            f"magic number {0x0800 + dims}, got {magic}: check the name, or {again}"
        )
    expected, got = int(np.prod(shape, dtype=object)), len(content) - header
    if got != expected or expected == 0:
        state = "empty" if expected == 0 else "truncated" if got < expected else "long"
        raise ValueError(
            f"{path} is {state}: expected {expected} bytes for shape "
            f"{tuple(shape)}, got {got}: {again}"
        )
    return np.frombuffer(content, "uint8", offset=header).reshape(shape)


def _scale(pixels):
    return (pixels.astype("float32") / 127.5 - 1.0)[..., None]


def _one_line(error):
    return " ".join(str(error).split()) or type(error).__name__
