import keras
import numpy as np
import pytest

from ganbook import data, metrics
from ganbook.metrics import classifying as module

IMAGES, LABELS = data.digits()
IMAGES, LABELS = IMAGES[:400], LABELS[:400]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(module, "STEPS", 60)
    return tmp_path / "ganbook"


def test_it_recognizes_digits_and_says_how_well():
    found = metrics.classifier(IMAGES, LABELS)
    assert 0.8 < found.accuracy < 1
    # one fifth was held out, the rest was learned
    assert np.mean(found.labels(IMAGES) == LABELS) > found.accuracy
    p = found.probabilities(IMAGES[:50])
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(p.argmax(axis=1), found.labels(IMAGES[:50]))


def test_features_are_what_enters_the_last_layer():
    found = metrics.classifier(IMAGES, LABELS)
    features = found.features(IMAGES[:7])
    kernel, bias = found.network.layers[-1].get_weights()
    logits = keras.ops.convert_to_numpy(found.network(IMAGES[:7]))
    assert features.shape == (7, 32)
    assert features.min() >= 0
    np.testing.assert_allclose(features @ kernel + bias, logits, rtol=1e-4, atol=1e-4)


def test_it_is_trained_once_and_equal_seeds_give_equal_weights(home, monkeypatch):
    first = metrics.classifier(IMAGES, LABELS, seed=1)
    anew = metrics.classifier(IMAGES, LABELS, seed=1, cache=False)
    np.testing.assert_allclose(
        first.features(IMAGES), anew.features(IMAGES), rtol=1e-3, atol=1e-3
    )
    assert len(list(home.iterdir())) == 1
    monkeypatch.setattr(module, "_train", None)  # would fail if it were called
    again = metrics.classifier(IMAGES, LABELS, seed=1)
    np.testing.assert_array_equal(first.features(IMAGES), again.features(IMAGES))
    assert again.accuracy == first.accuracy


def test_other_data_or_seeds_are_other_classifiers(home):
    metrics.classifier(IMAGES, LABELS)
    metrics.classifier(IMAGES, LABELS, seed=1)
    metrics.classifier(IMAGES, (LABELS + 1) % 10)
    assert len(list(home.iterdir())) == 3


def test_a_damaged_file_is_trained_again(home):
    first = metrics.classifier(IMAGES, LABELS)
    (path,) = home.iterdir()
    whole = path.read_bytes()
    for part in (whole[:1000], b"", b"not a zip file"):
        path.write_bytes(part)
        again = metrics.classifier(IMAGES, LABELS)
        assert again.accuracy == pytest.approx(first.accuracy, abs=0.05)
        assert path.stat().st_size == len(whole)


def test_a_home_that_is_no_folder_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert metrics.classifier(IMAGES, LABELS).accuracy > 0.7


def test_training_leaves_the_global_random_state_alone():
    keras.utils.set_random_seed(0)
    expected = keras.random.uniform((3,))
    keras.utils.set_random_seed(0)
    metrics.classifier(IMAGES[:100], LABELS[:100], cache=False)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(keras.random.uniform((3,))),
        keras.ops.convert_to_numpy(expected),
    )


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (
            IMAGES[:, :, :, 0],
            LABELS,
            r"images: expected \(n, height, width, channels\)",
        ),
        (IMAGES[:5], LABELS[:5], "images: expected .* n >= 10"),
        (
            IMAGES,
            LABELS[:-1],
            r"labels: expected integers \(400,\), one for each image",
        ),
        (IMAGES, LABELS.astype(float), "labels: expected integers"),
        (IMAGES, LABELS - 1, "labels: expected two classes or more, from 0 on"),
        (IMAGES, LABELS * 0, "labels: expected two classes or more"),
        (IMAGES * np.nan, LABELS, "images: expected finite numbers"),
    ],
)
def test_wrong_data(images, labels, message):
    with pytest.raises((TypeError, ValueError), match=message):
        metrics.classifier(images, labels)


def test_wrong_images_afterwards():
    found = metrics.classifier(IMAGES, LABELS)
    for images in (IMAGES[:0], IMAGES[..., 0], np.zeros((2, 4, 4, 1))):
        with pytest.raises(ValueError, match=r"images: expected \(n, 8, 8, 1\)"):
            found.features(images)
