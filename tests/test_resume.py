"""A run that is interrupted anywhere ends at the same bits."""

import random

import keras
import numpy as np
import pytest
import survivor
from small import fit, make

from ganbook import callbacks


def same(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        np.testing.assert_array_equal(other[name], value, err_msg=name)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    gan = survivor.make()
    survivor.train(gan, tmp_path_factory.mktemp("undisturbed"))
    return survivor.state(gan)


class Stop(Exception):
    pass


class StopAt(keras.callbacks.Callback):
    """An exception after some batches: like a kill, but in this process."""

    def __init__(self, batches):
        super().__init__()
        self.left = batches

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            raise Stop


@pytest.mark.parametrize("batches", [1, 10, 16])
def test_a_new_process_ends_at_the_same_bits(tmp_path, undisturbed, batches):
    gan = survivor.make()
    x = np.random.default_rng(0).normal(size=(150, 2))
    with pytest.raises(Stop):
        gan.fit(
            x,
            batch_size=16,
            steps_per_epoch=7,
            epochs=12,
            verbose=0,
            callbacks=[callbacks.Resume(tmp_path), StopAt(batches)],
        )
    again = survivor.make()
    survivor.train(again, tmp_path)
    same(undisturbed, survivor.state(again))
    names = [path.name for path in sorted(tmp_path.iterdir())]
    assert names == ["epoch-000011.weights.h5", "epoch-000012.weights.h5"]


def test_a_finished_run_trains_no_more(tmp_path, undisturbed):
    survivor.train(survivor.make(), tmp_path)
    gan = survivor.make()
    history = survivor.train(gan, tmp_path)
    assert history.epoch == []
    same(undisturbed, survivor.state(gan))
    more = survivor.train(survivor.make(), tmp_path, epochs=13)
    assert more.epoch == [12]


def test_a_damaged_file_is_passed_over(tmp_path, undisturbed, capsys):
    survivor.train(survivor.make(), tmp_path, epochs=5)
    newest = tmp_path / "epoch-000005.weights.h5"
    newest.write_bytes(newest.read_bytes()[:-1000])
    (tmp_path / "unfinished.weights.h5").write_bytes(b"half a file")
    gan = survivor.make()
    survivor.train(gan, tmp_path)
    said = capsys.readouterr().out
    assert said.startswith(f"passed over: {newest}: does not fit this GAN: ")
    assert said.count("\n") == 1
    same(undisturbed, survivor.state(gan))
    assert not (tmp_path / "unfinished.weights.h5").exists()


def test_files_of_another_gan_are_an_error_and_stay(tmp_path):
    gan = make(ema=0.9)
    fit(gan, epochs=2, callbacks=[callbacks.Resume(tmp_path)])
    other = make()
    before = [w.copy() for w in other.get_weights()]
    with pytest.raises(ValueError, match=r"epoch-000002.* the other does not"):
        fit(other, epochs=2, callbacks=[callbacks.Resume(tmp_path)])
    for b, w in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(b, w)
    assert len(list(tmp_path.iterdir())) == 2


def test_wrong_number_of_files():
    with pytest.raises(ValueError, match="keep: expected an integer >= 1, got 0"):
        callbacks.Resume("run", keep=0)


def test_backup_and_restore_of_keras_ends_at_the_same_bits(tmp_path):
    def run(*more):
        gan = make(ema=0.9)
        backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
        fit(gan, shuffle=True, epochs=6, callbacks=[backup, *more])
        return gan

    expected = survivor.state(run())
    with pytest.raises(Stop):
        run(StopAt(4 * 3 + 2))
    same(expected, survivor.state(run()))


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="one backend is killed for all"
)
def test_killed_at_random_moments(tmp_path):
    epochs = 150
    expected, none = survivor.run(tmp_path / "undisturbed", epochs)
    assert none == 0
    got, kills = survivor.run(tmp_path / "killed", epochs, random.Random(1))
    assert kills >= 1
    same(expected, got)
