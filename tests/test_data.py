"""Toy densities integrate to one and fit their samples; IDX files fail clearly."""

import gzip
import shutil
import struct

import numpy as np
import pytest

from ganbook import data

TOYS = {
    "ring": data.ring(std=0.1),
    "grid": data.grid(side=3, std=0.3),
    "spiral": data.spiral(std=0.1),
    "uneven": data.Mixture([[-1.0, 0.0], [1.0, 1.0]], 0.3, [0.2, 0.8]),
}


@pytest.mark.parametrize("toy", TOYS.values(), ids=TOYS)
def test_density_integrates_to_one(toy):
    axis = np.linspace(-4, 4, 161)
    points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    total = toy.density(points).sum() * (axis[1] - axis[0]) ** 2
    assert total == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("toy", TOYS.values(), ids=TOYS)
def test_density_fits_the_samples(toy):
    x = toy.sample(200_000, seed=0)
    edges = np.linspace(-2.5, 2.5, 26)
    share = np.histogram2d(*x.T, bins=[edges, edges])[0] / len(x)
    # average the density within each bin: 4 by 4 midpoints
    fine = np.linspace(-2.5, 2.5, 101)[:-1] + 0.025
    points = np.stack(np.meshgrid(fine, fine, indexing="ij"), -1).reshape(-1, 2)
    density = toy.density(points).reshape(25, 4, 25, 4).mean((1, 3))
    np.testing.assert_allclose(share, density * 0.2**2, atol=2e-3)


@pytest.mark.parametrize("toy", TOYS.values(), ids=TOYS)
def test_equal_seeds_equal_points(toy):
    a, b, c = (toy.sample(100, seed=s) for s in (1, 1, 2))
    assert a.dtype == np.float32
    assert a.shape == (100, 2)
    np.testing.assert_array_equal(a, b)
    assert (a != c).any()


@pytest.mark.parametrize("make", [data.ring, data.grid, data.spiral])
def test_unit_variance(make):
    x = make().sample(200_000, seed=0)
    assert (x**2).mean() == pytest.approx(1.0, abs=0.02)


def test_ring_and_grid_in_the_papers_coordinates():
    ring = data.ring(unit_variance=False)
    np.testing.assert_allclose(np.linalg.norm(ring.centers, axis=1), 1.0)
    assert ring.std == 0.01
    grid = data.grid(unit_variance=False)
    assert set(grid.centers.ravel()) == {-4.0, -2.0, 0.0, 2.0, 4.0}
    assert len(np.unique(grid.centers, axis=0)) == 25


@pytest.mark.parametrize("modes", [1, 2, 7, 8])
def test_ring_has_as_many_modes_as_asked(modes):
    """Trap: linspace(0, 2 pi, 8) makes seven."""
    centers = data.ring(modes, unit_variance=False).centers
    assert len(np.unique(centers.round(6), axis=0)) == modes


def test_one_dimensional_density_in_closed_form():
    normal = data.Mixture([[1.0]], std=2.0)
    np.testing.assert_allclose(
        normal.density([[1.0], [3.0]]),
        np.array([1.0, np.exp(-0.5)]) / np.sqrt(8 * np.pi),
    )


def test_density_in_many_dimensions():
    """A product of 784 factors leaves the range of floats; its logarithm does not."""
    for std in (0.05, 1.0, 20.0):
        wide = data.Mixture(np.zeros((2, 784)), std)
        norm = 392 * np.log(2 * np.pi * std**2)
        x = np.stack([np.zeros(784), np.full(784, 3.0)])
        expected = -norm - 0.5 * np.array([0.0, 784 * 9.0]) / std**2
        np.testing.assert_allclose(wide.log_density(x), expected, rtol=1e-10)
    assert wide.density(x).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match=r"density: .* got exp\(1628\): use log_dens"):
        data.Mixture(np.zeros((1, 784)), 0.05).density(np.zeros((1, 784)))


def test_a_mixture_keeps_its_own_numbers():
    centers, weights = np.array([[0.0], [1.0]]), np.array([0.3, 0.7000001])
    mixture = data.Mixture(centers, 1.0, weights)
    centers[0] = weights[0] = 9.0
    assert mixture.centers.tolist() == [[0.0], [1.0]]
    assert mixture.weights.sum() == 1.0
    for array in (mixture.centers, mixture.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2.0


def test_density_of_a_narrow_spiral():
    """Nodes further apart than the noise would leave holes along the curve."""
    narrow = data.spiral(turns=10, std=1e-3, unit_variance=False)
    on_curve = narrow.density(narrow.curve(np.linspace(0.5, 0.5003, 50)))
    assert on_curve.min() > 0.99 * on_curve.max()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.Mixture([1.0, 2.0], 0.1), r"centers: expected \(modes, dim\)"),
        (lambda: data.Mixture([[np.nan]], 0.1), "centers: expected finite numbers"),
        (lambda: data.Mixture([["a"]], 0.1), "centers: expected an array of numbers"),
        (lambda: data.Mixture([[1.0], [1, 2]], 1), "centers: expected an array of"),
        (lambda: data.Mixture([[1.0]], "wide"), "std: expected a number > 0, got 'w"),
        (lambda: data.Mixture([[1.0]], np.nan), "std: expected a number > 0, got nan"),
        (lambda: data.Mixture([[1.0]], 0.0), "std: expected a number > 0, got 0.0"),
        (lambda: data.Mixture([[1.0]], 0.1, [0.5]), "weights: expected 1 prob"),
        (lambda: data.Mixture([[1.0]], 0.1, [np.nan]), "weights: expected finite num"),
        (lambda: data.Mixture([[1.0], [2.0]], 1, [-1, 2]), "weights: .* values >= 0"),
        (lambda: data.ring(0), "modes: expected an integer >= 1, got 0"),
        (lambda: data.ring(radius=0), "radius: expected a number > 0, got 0"),
        (lambda: data.grid(spacing=0), "spacing: expected a number > 0, got 0"),
        (lambda: data.grid(True), "side: expected an integer >= 1, got True"),
        (lambda: data.grid(2.5), "side: expected an integer >= 1, got 2.5"),
        (lambda: data.spiral(turns=-1), "turns: expected a number > 0, got -1"),
        (lambda: data.spiral(std=-0.1), "std: expected a number > 0, got -0.1"),
        (lambda: data.grid().sample(0), "n: expected an integer >= 1, got 0"),
        (lambda: data.grid().density([[1.0]]), r"x: expected points \(n, 2\)"),
        (lambda: data.mnist("valid"), "split: expected 'train' or 'test'"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_digits():
    images, labels = data.digits()
    assert images.shape == (1797, 8, 8, 1)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (-1.0, 1.0)
    assert labels.dtype == np.int64
    assert set(labels) == set(range(10))


# ---- IDX files ----

PIXELS = np.random.default_rng(0).integers(256, size=(5, 4, 3), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)


def idx_bytes(array):
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx_bytes(PIXELS))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(LABELS))
    return tmp_path


def check(images, labels):
    assert images.shape == (5, 4, 3, 1)
    assert images.dtype == np.float32
    np.testing.assert_allclose(images[..., 0], PIXELS / 127.5 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(labels, LABELS)


def test_idx_plain(folder):
    check(*data.idx(folder))


def test_idx_gzip_and_test_split(folder):
    for name in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        plain = folder / f"train-{name}"
        (folder / f"t10k-{name}.gz").write_bytes(gzip.compress(plain.read_bytes()))
    check(*data.idx(str(folder), "test"))


def test_idx_missing_file(folder):
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="no file train-labels-idx1-ubyte or"):
        data.idx(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is truncated: expected a header of 16 bytes, got 0"),
        (idx_bytes(PIXELS)[:10], "is truncated: expected a header of 16 bytes, got 10"),
        (idx_bytes(PIXELS)[:-1], "is truncated: expected 60 bytes .* got 59"),
        (idx_bytes(PIXELS) + b"x", "is long: expected 60 bytes .* got 61"),
        (idx_bytes(PIXELS[:0]), "is empty: expected 0 bytes"),
        (idx_bytes(LABELS) * 3, "expected magic number 2051, got 2049"),
        (struct.pack(">4I", 2051, *[2**32 - 1] * 3), "is truncated: expected 7922816"),
    ],
)
def test_idx_corrupt_file_is_named(folder, content, message):
    (folder / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match=message) as error:
        data.idx(folder)
    assert "train-images-idx3-ubyte" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("cut", [0, 5, 20, -1])
def test_idx_corrupt_gzip_is_named(folder, cut):
    whole = gzip.compress(idx_bytes(PIXELS))
    broken = whole[:cut] if cut else b"not gzip at all"
    (folder / "train-images-idx3-ubyte").unlink()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(broken)
    with pytest.raises(ValueError, match=r"idx3-ubyte\.gz .* download it again"):
        data.idx(folder)


def test_idx_counts_differ(folder):
    labels = folder / "train-labels-idx1-ubyte"
    labels.write_bytes(idx_bytes(LABELS[:4]))
    with pytest.raises(ValueError, match=r"has 5 images but .* has 4 labels"):
        data.idx(folder)


@pytest.mark.parametrize("load", [data.mnist, data.fashion_mnist])
def test_unreachable_download_says_what_to_do(load, monkeypatch):
    def offline():
        raise Exception("URL fetch failure on …: None -- [Errno -2]\nName unknown")

    module = f"keras.datasets.{load.__name__}.load_data"
    monkeypatch.setattr(module, offline)
    with pytest.raises(ConnectionError, match=r"go online once, or .*idx\(folder\)"):
        load()


def test_keras_images_are_scaled(monkeypatch):
    pair = (PIXELS, LABELS)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: (pair, pair))
    check(*data.mnist())
    check(*data.mnist("test"))


def test_idx_folder_that_is_gone(folder):
    shutil.rmtree(folder)
    with pytest.raises(FileNotFoundError, match="put the IDX files there"):
        data.idx(folder)
