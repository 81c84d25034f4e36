"""Callbacks of Keras for the optimizer that Keras does not know."""

import keras


class ForDiscriminator(keras.callbacks.Callback):
    """Let a callback see the discriminator's optimizer as the model's.

    For those that change a learning rate, which act on the generator's otherwise;
    the rate is then logged as ``d_learning_rate``.

    Args:
        callback: a Keras callback.

    Raises:
        TypeError: if it is none.

    Example:
        >>> schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
        >>> both = [schedule, ForDiscriminator(schedule)]
    """

    def __init__(self, callback):
        super().__init__()
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(f"callback: expected a Keras callback, got {callback!r}")
        self.callback = callback

    def set_params(self, params):
        super().set_params(params)
        self.callback.set_params(params)

    def _hand_on(self, hook, *args, logs=None):
        gan, logs = self.model, {} if logs is None else logs
        seen = dict(logs)
        seen.pop("learning_rate", None)  # the generator's
        self.callback.set_model(_Seen(gan))
        getattr(self.callback, hook)(*args, seen)
        if "learning_rate" in seen:
            logs["d_learning_rate"] = seen.pop("learning_rate")

    def on_train_begin(self, logs=None):
        self._hand_on("on_train_begin", logs=logs)

    def on_train_end(self, logs=None):
        self._hand_on("on_train_end", logs=logs)

    def on_epoch_begin(self, epoch, logs=None):
        self._hand_on("on_epoch_begin", epoch, logs=logs)

    def on_epoch_end(self, epoch, logs=None):
        self._hand_on("on_epoch_end", epoch, logs=logs)

    def on_train_batch_begin(self, batch, logs=None):
        self._hand_on("on_train_batch_begin", batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        self._hand_on("on_train_batch_end", batch, logs=logs)


class _Seen:
    """A GAN whose optimizer is the discriminator's."""

    def __init__(self, gan):
        object.__setattr__(self, "gan", gan)

    @property
    def optimizer(self):
        return self.gan.discriminator_optimizer

    def __getattr__(self, name):
        return getattr(self.gan, name)

    def __setattr__(self, name, value):
        setattr(self.gan, name, value)
