"""Callbacks: ours do what they say, and those of Keras work with a GAN."""

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image
from small import X, fit, make

from ganbook import callbacks, data, losses, networks

torch = keras.backend.backend() == "torch"


def weights(gan):
    return [keras.ops.convert_to_numpy(v).copy() for v in gan.state]


def equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


# ---- samples and coverage ----


def test_samples_over_time(tmp_path):
    gan, undisturbed = make(), make()
    samples = callbacks.Samples(n=9, every=2, real=X)
    fit(gan, epochs=5, callbacks=[samples])
    assert [epoch for epoch, _ in samples.frames] == [0, 2, 4]
    fit(undisturbed, epochs=5)
    equal(weights(gan), weights(undisturbed))
    figure = samples.figure(panels=2)
    titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
    assert titles == ["before training", "epoch 4"]
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()
    for name in ("a.gif", "a.png"):
        samples.save(tmp_path / name, seconds=0.2)
        with Image.open(tmp_path / name) as picture:
            assert picture.n_frames == 3
            assert picture.info["duration"] == 200
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gif", "a.png"]
    plt.close(figure)
    assert not plt.get_fignums()


def test_samples_of_images(tmp_path):
    generator = networks.mlp(4, (3, 3, 1), width=8, depth=1)
    gan = make(generator, networks.mlp((3, 3, 1), 1, width=8, depth=1))
    samples = callbacks.Samples(n=4)
    fit(gan, np.zeros((16, 3, 3, 1)), callbacks=[samples])
    samples.save(tmp_path / "a.gif")
    assert (tmp_path / "a.gif").stat().st_size > 100


def test_wrong_samples(tmp_path):
    samples = callbacks.Samples()
    with pytest.raises(ValueError, match="frames: expected some, got none"):
        samples.save(tmp_path / "a.gif")
    with pytest.raises(ValueError, match=r"path: expected one ending in .gif or .png"):
        samples.save(tmp_path / "a.jpg")
    with pytest.raises(ValueError, match="n: expected an integer >= 1, got 0"):
        callbacks.Samples(n=0)
    with pytest.raises(ValueError, match="every: expected an integer >= 1, got 0"):
        callbacks.Coverage(data.grid(), every=0)
    with pytest.raises(TypeError, match="mixture: expected centers and std, got 3"):
        callbacks.Coverage(3)
    samples.frames = [(0, np.zeros((4, 5)))]
    with pytest.raises(ValueError, match=r"expected points \(n, 2\) or images"):
        samples.save(tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())
    plt.close("all")


def test_coverage_is_logged_and_can_stop_training():
    counter = callbacks.Coverage(data.grid(), n=50, every=2)
    stop = keras.callbacks.EarlyStopping(monitor="modes", mode="max", patience=50)
    logs = fit(make(), epochs=3, callbacks=[counter, stop]).history
    assert [epoch for epoch, _ in counter.reports] == [1, 3]
    assert logs["modes"][0] == logs["modes"][1] == counter.reports[0][1].modes
    assert all(0 <= share <= 1 for share in logs["on_mode"])


# ---- divergence ----


def bad(row):
    x = X.copy()
    x[row] = np.nan
    return x


def stream(x):
    class Stream(keras.utils.PyDataset):
        def __len__(self):
            return 8

        def __getitem__(self, k):
            return (x[8 * k : 8 * k + 8],)

    return Stream()


@pytest.mark.parametrize("steps", [1, 3])
def test_guard_names_the_step_of_bad_data_and_restores(steps, capsys):
    if torch and steps > 1:
        pytest.skip("Keras runs PyTorch one step at a time")
    gan, good = make(ema=0.9), make(ema=0.9)
    for each in (gan, good):
        each.compile(
            each.optimizer, each.discriminator_optimizer, steps_per_execution=steps
        )
    guard = callbacks.DivergenceGuard(every=1)
    gan.fit(stream(bad(44)), epochs=3, verbose=0, shuffle=False, callbacks=[guard])
    seen = 5 if steps == 1 else 3
    expected = (
        "training diverged at step 5 in the real samples: "
        f"the state after {seen} steps is restored"
    )
    assert guard.report == expected
    assert capsys.readouterr().out == expected + "\n"
    fit(good, batch_size=8, steps_per_epoch=seen)
    for network in ("generator", "discriminator", "average"):
        equal(getattr(gan, network).get_weights(), getattr(good, network).get_weights())
    assert int(gan.steps) == seen
    guard = callbacks.DivergenceGuard()
    gan.fit(stream(X), epochs=1, verbose=0, callbacks=[guard])
    assert guard.report is None
    assert int(gan.steps) == seen + 8


@pytest.mark.parametrize(
    ("rates", "place"),
    [((1e-2, 3e38), "discriminator"), ((3e38, 1e-2), "generator")],
)
def test_guard_names_the_player(rates, place):
    gan = make(loss=losses.LeastSquares())
    gan.compile(*[keras.optimizers.SGD(rate) for rate in rates])
    guard = callbacks.DivergenceGuard(every=1)
    fit(gan, epochs=9, callbacks=[guard])
    assert f" in the {place}" in guard.report
    for value in weights(gan):
        assert np.isfinite(value.astype("float64")).all()


def test_guard_wants_a_good_state_to_begin_with():
    gan = make()
    gan.generator.set_weights([w * np.nan for w in gan.generator.get_weights()])
    with pytest.raises(ValueError, match="weights: expected finite ones to start from"):
        fit(gan, callbacks=[callbacks.DivergenceGuard()])


def test_guard_sees_what_other_callbacks_log(capsys):
    class Log(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["distance"] = 1.0 if epoch < 2 else np.nan

    gan = make()
    guard = callbacks.DivergenceGuard(every=4)
    with_nan = fit(gan, epochs=9, callbacks=[Log(), guard])
    assert len(with_nan.epoch) == 3
    assert "by step 12 in the logged distance: the state after 12 steps" in guard.report


def test_guard_does_not_change_training():
    gan, alone = make(), make()
    fit(gan, epochs=2, callbacks=[callbacks.DivergenceGuard(every=3)])
    fit(alone, epochs=2)
    for a, b in zip(weights(gan), weights(alone), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


# ---- callbacks of Keras ----


def halve(epoch, rate):
    return rate * 0.5


def test_learning_rate_of_either_player():
    schedule = keras.callbacks.LearningRateScheduler(halve)
    gan = make()
    other = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.7)
    both = [schedule, callbacks.ForDiscriminator(other)]
    logs = fit(gan, epochs=2, callbacks=both).history
    assert float(gan.optimizer.learning_rate) == pytest.approx(0.0025)
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(0.7)
    np.testing.assert_allclose(logs["learning_rate"], [0.005, 0.0025], rtol=1e-5)
    np.testing.assert_allclose(logs["d_learning_rate"], 0.7, rtol=1e-5)
    plateau = keras.callbacks.ReduceLROnPlateau(
        monitor="d_loss", mode="min", factor=0.1, patience=1, min_delta=1e9
    )
    fit(gan, epochs=3, callbacks=[callbacks.ForDiscriminator(plateau)])
    assert float(gan.discriminator_optimizer.learning_rate) < 0.071
    assert float(gan.optimizer.learning_rate) == pytest.approx(0.0025)


def test_only_callbacks_are_handed_to_the_discriminator():
    with pytest.raises(TypeError, match="callback: expected a Keras callback, got 3"):
        callbacks.ForDiscriminator(3)


def test_a_callback_of_the_discriminator_may_stop_training():
    stop = keras.callbacks.EarlyStopping("d_loss", mode="min", min_delta=1e9)
    history = fit(make(), epochs=9, callbacks=[callbacks.ForDiscriminator(stop)])
    assert len(history.epoch) == 2


def test_files_of_keras_callbacks(tmp_path):
    pytest.importorskip("tensorboard")
    each = [
        keras.callbacks.TensorBoard(tmp_path / "board", write_graph=False),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "{epoch}.weights.h5", save_weights_only=True
        ),
    ]
    gan = make(ema=0.9)
    fit(gan, epochs=2, callbacks=each)
    assert (tmp_path / "log.csv").read_text().startswith("epoch,d_loss,g_loss,penalty")
    assert list((tmp_path / "board").rglob("events*"))
    other = make(ema=0.9, seed=3)
    other.load_weights(tmp_path / "2.weights.h5")
    equal(weights(gan)[:4], weights(other)[:4])


def test_a_progress_bar_shows_both_losses(capsys, monkeypatch):
    monkeypatch.delenv("GANBOOK_QUIET", raising=False)
    fit(make(), verbose=1)
    shown = capsys.readouterr().out
    assert "d_loss" in shown
    assert "g_loss" in shown


FEEDS = {
    "arrays": lambda: X,
    "PyDataset": lambda: stream(X),
    "generator": lambda: (X[k : k + 8] for k in range(0, 64, 8)),
}


@pytest.mark.parametrize("kind", [*FEEDS, "tf.data"])
def test_every_feed_takes_the_same_steps(kind):
    if kind == "tf.data":
        tf = pytest.importorskip("tensorflow")
        x = tf.data.Dataset.from_tensor_slices(X).batch(8)
    else:
        x = FEEDS[kind]()
    gan, expected = make(), make()
    options = dict(arrays=dict(batch_size=8), generator=dict(steps_per_epoch=8))
    options = options.get(kind, {})
    gan.fit(x, verbose=0, shuffle=False, **options)
    fit(expected, batch_size=8)
    for a, b in zip(weights(gan), weights(expected), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
