"""Stop where a number is not finite, with weights that are."""

import keras
import numpy as np
from keras import ops

from ganbook import checks
from ganbook.training.step import PLACES


class DivergenceGuard(keras.callbacks.Callback):
    """Watches every logged value and all weights, at each step.

    Each step notes in the graph where a value is first not finite: in the real
    samples, the generator's samples, or the loss, penalty or weights of a player.
    So the step is exact, with ``steps_per_execution`` too. The guard then restores
    the last good weights, optimizers and average, stops training, prints one line
    and keeps it in ``report``.

    Args:
        every: steps from one copy of the good state to the next, >= 1.

    Attributes:
        report: what happened, or None.

    Raises:
        TypeError, ValueError: if ``every`` is no integer >= 1; in ``fit``, if the
            weights are not finite to begin with.
    """

    def __init__(self, every=100):
        super().__init__()
        self.every = checks.integer("every", every)
        self.report = None

    def on_train_begin(self, logs=None):
        gan = self.model
        self.report = None
        gan.trouble.assign([-1] * len(PLACES))
        self._watch(gan, True)
        self.good = None
        self._keep(gan)
        if self.good is None:
            raise ValueError("weights: expected finite ones to start from, got others")

    def on_train_end(self, logs=None):
        self._watch(self.model, False)

    def on_train_batch_end(self, batch, logs=None):
        gan = self.model
        trouble = ops.convert_to_numpy(gan.trouble)
        bad = [name for name, value in (logs or {}).items() if not np.isfinite(value)]
        if (trouble >= 0).any() or bad:
            self._stop(gan, trouble, bad)
        elif int(gan.steps) - self.step >= self.every:
            self._keep(gan)

    def on_epoch_end(self, epoch, logs=None):
        # what other callbacks have added
        gan = self.model
        bad = [name for name, value in (logs or {}).items() if not np.isfinite(value)]
        if bad and not gan.stop_training:
            self._stop(gan, np.full(len(PLACES), -1), bad)

    def _watch(self, gan, watched):
        if gan.watched != watched:
            gan.watched = watched
            gan.make_train_function(force=True)

    def _keep(self, gan):
        networks = [network for player in gan.players.values() for network in player]
        weights = [w for network in networks for w in network.get_weights()]
        if all(np.isfinite(weight).all() for weight in weights):
            copies = [np.array(ops.convert_to_numpy(v)) for v in gan.state]
            self.step = int(gan.steps)
            self.good = list(zip(gan.state, copies, strict=True))

    def _stop(self, gan, trouble, bad):
        found = [(step, place) for place, step in enumerate(trouble) if step >= 0]
        if found:
            step, place = min(found)
            where = f"at step {step} in the {PLACES[place]}"
        else:
            where = f"by step {int(gan.steps)} in the logged {' and '.join(bad)}"
        for variable, value in self.good:
            variable.assign(value)
        gan.stop_training = True
        self.report = (
            f"training diverged {where}: the state after {self.step} steps is restored"
        )
        print(self.report)
