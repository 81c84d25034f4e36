"""A model that is saved by its weights, wholly or not at all."""

from contextlib import contextmanager

import keras
import numpy as np
from keras import ops

from ganbook import autodiff


class SavedByWeights(keras.Model):
    """The base of a GAN: what it keeps of Keras's saving, and of its evaluation."""

    def evaluate(self, *args, **kwargs):
        raise NotImplementedError(
            "evaluate: a GAN has no test loss: compare sample(n) with held-out data "
            "by one of ganbook.metrics"
        )

    def get_config(self):
        raise NotImplementedError(
            "save: a GAN is rebuilt by its code: use save_weights(path), or "
            "ModelCheckpoint(path, save_weights_only=True)"
        )

    def load_weights(self, filepath, skip_mismatch=False, **kwargs):
        """Read what ``save_weights`` wrote, or raise ValueError and change nothing."""
        with _all_or_nothing(filepath, self.state):
            super().load_weights(filepath, skip_mismatch=skip_mismatch, **kwargs)

    @property
    def state(self):
        """Every variable that training changes."""
        variables = self.variables + self.non_trainable_variables
        variables += self.optimizer.variables if self.compiled else []
        return list({id(variable): variable for variable in variables}.values())

    @property
    def seed_states(self):
        """Counters of random numbers, of dropout layers too, as one array."""
        states = [v for v in self.variables if v.name == "seed_generator_state"]
        return states, np.array([ops.convert_to_numpy(v) for v in states], "int64")

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["has_average"] = np.array(self.average is not None)
        # Keras saves no seeds: a dropout layer would start its masks anew
        store["seeds"] = self.seed_states[1]
        store["random_state"] = autodiff.random_state()

    def load_own_variables(self, store):
        # Keras would pass over an average in the file without a word
        own = {key: store[key] for key in store.keys()}  # noqa: SIM118
        if not {"has_average", "seeds", "random_state"} <= own.keys():
            raise ValueError("expected a file that a GAN's save_weights wrote")
        if bool(np.array(own.pop("has_average"))) != (self.average is not None):
            raise ValueError("GAN(..., ema=) keeps an average, the other does not")
        states, now = self.seed_states
        seeds = np.array(own.pop("seeds"))
        if seeds.shape != now.shape:
            raise ValueError("its layers with random numbers differ")
        random_state = np.array(own.pop("random_state"))
        if random_state.shape != autodiff.random_state().shape:
            raise ValueError("it was saved on another backend")
        super().load_own_variables(own)
        for state, seed in zip(states, seeds, strict=True):
            state.assign(seed)
        autodiff.set_random_state(random_state)


@contextmanager
def _all_or_nothing(path, variables):
    """Give variables their values back if reading the file ``path`` fails."""
    before = [ops.convert_to_numpy(variable) for variable in variables]
    try:
        yield
    except Exception as error:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
        # Keras lists every layer; its second paragraph says what is wrong with one
        reason = " ".join(str(error).split("\n\n")[:2][-1].split())
        if reason.startswith("Layer "):
            reason = "its layers differ in number or shape"
        raise ValueError(f"{path}: does not fit this GAN: {reason}") from error
