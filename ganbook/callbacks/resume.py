"""Training that survives its process."""

import os
import re
from pathlib import Path

import keras

from ganbook import checks

_NAME = re.compile(r"epoch-(\d+)\.weights\.h5")
_UNFINISHED = "unfinished.weights.h5"


class Resume(keras.callbacks.Callback):
    """Go on where a run that was stopped or killed had been, to the same bits.

    Saves the whole state after each epoch, in a file that appears when it is
    complete. The same program, started again, loads the newest one and does the
    epochs that are left: with arrays, in the order they would have had. A finished
    run trains no more. Give each ``fit`` of a program a folder of its own; for more
    frequent files, give ``fit`` smaller epochs by ``steps_per_epoch``.

    Args:
        folder: where the files are, made if it is missing.
        keep: how many of the newest files stay, >= 1.

    Raises:
        TypeError, ValueError: if ``keep`` is no integer >= 1; in ``fit``, if there
            are files, but none that fits.
    """

    def __init__(self, folder, keep=2):
        super().__init__()
        self.folder = Path(folder)
        self.keep = checks.integer("keep", keep)

    def files(self):
        """``(epoch, path)`` of the files there are, the oldest first."""
        matches = [(_NAME.fullmatch(p.name), p) for p in self.folder.glob("epoch-*")]
        return sorted((int(match[1]), path) for match, path in matches if match)

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _UNFINISHED).unlink(missing_ok=True)
        errors = []
        for epoch, path in reversed(self.files()):
            try:
                self.model.load_weights(path)
            except ValueError as error:
                errors.append(error)
            else:
                for error in errors:
                    print(f"passed over: {error}")
                self.model._initial_epoch = epoch
                return
        if errors:
            raise errors[0]

    def on_train_end(self, logs=None):
        self.model._initial_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        unfinished = self.folder / _UNFINISHED
        self.model.save_weights(unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, self.folder / f"epoch-{epoch + 1:06d}.weights.h5")
        for _, path in self.files()[: -self.keep]:
            path.unlink()
