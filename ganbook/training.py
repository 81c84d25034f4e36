"""The training loop: two networks, two optimizers, one ``fit``."""

import os

import keras
import numpy as np
from keras import ops

from ganbook import autodiff, checks


class GAN(checks.SavedByWeights):
    """A generator and a discriminator that learn from each other in ``fit``.

    Args:
        generator: Keras model, latents ``(batch, latent_dim)`` to samples.
        discriminator: Keras model, samples to logits ``(batch, 1)``: no sigmoid,
            which lives in the loss.
        loss: an adversarial loss, see `ganbook.losses`.
        penalties: gradient penalties that are added, see `ganbook.penalties`.
        discriminator_steps: discriminator updates per generator update, >= 1.
        ema: decay in [0, 1) of an exponential moving average of the generator's
            weights, updated once per step, from which `sample` then draws; None
            keeps no average.
        seed: integer >= 0, or None: seed of the latents alone. Weights and
            shuffling follow `ganbook.setup`, or ``keras.utils.set_random_seed``.

    Raises:
        TypeError, ValueError: one line for what does not fit: networks, loss,
            penalties, a number. ``fit`` and ``compile`` do the same.

    Example:
        >>> from ganbook import losses, networks
        >>> gan = GAN(networks.mlp(2, 1), networks.mlp(1, 1),
        ...           loss=losses.NonSaturating(), seed=0)
        >>> gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
        >>> x = np.random.default_rng(0).normal(size=(256, 1))
        >>> history = gan.fit(x, batch_size=64, epochs=2, verbose=0)
        >>> gan.sample(3).shape
        (3, 1)
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        loss,
        penalties=(),
        discriminator_steps=1,
        ema=None,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        checks.networks(generator, discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.adversarial_loss = checks.loss(loss)
        self.penalties = checks.penalties(penalties)
        steps = checks.integer("discriminator_steps", discriminator_steps)
        self.discriminator_steps = steps
        self.ema = checks.decay(ema)
        self.average = None
        if ema is not None:
            self.average = keras.models.clone_model(generator)
            self.average.set_weights(generator.get_weights())
            self.average.trainable = False
        self.noise = keras.random.SeedGenerator(checks.seed(seed))
        self.d_loss_mean = keras.metrics.Mean(name="d_loss")
        self.g_loss_mean = keras.metrics.Mean(name="g_loss")
        self.penalty_mean = keras.metrics.Mean(name="penalty")
        self.build(generator.input_shape)

    @property
    def metrics(self):
        return [self.d_loss_mean, self.g_loss_mean, self.penalty_mean]

    @property
    def non_trainable_variables(self):
        # Keras knows one optimizer; the state of the other travels with the model
        optimizer = getattr(self, "discriminator_optimizer", None)
        extra = optimizer.variables if optimizer else []
        return super().non_trainable_variables + extra

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs):
        """Give each player its optimizer; ``self.optimizer`` is the generator's.

        Callbacks that change the learning rate act on that one alone; give the
        discriminator's a ``keras.optimizers.schedules.LearningRateSchedule``.
        Further arguments are those of ``keras.Model.compile``, such as
        ``steps_per_execution`` or ``jit_compile``.
        """
        names = ("loss", "loss_weights", "metrics", "weighted_metrics")
        checks.unused("compile", kwargs, names, "the loss is that of GAN(..., loss=)")
        checks.precision(self)
        checks.optimizers(self, generator_optimizer, discriminator_optimizer)
        super().compile(optimizer=generator_optimizer, **kwargs)
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", **kwargs):
        """``keras.Model.fit`` on real samples ``(n, ...)``; targets are ignored.

        Keras prints its progress, unless ``verbose=0`` or the environment
        variable ``GANBOOK_QUIET`` is set, as it is where notebooks are executed
        to be committed or compared.

        Raises:
            RuntimeError: if `compile` was not called.
            TypeError, ValueError: if an argument is not what it should be, a
                network is frozen, or ``x`` is empty, has another shape than the
                discriminator's input, is not floating-point, or is an array
                that holds NaN or infinity.
        """
        if not self.compiled:
            raise RuntimeError("fit: expected a compiled GAN: call compile(...) first")
        names = ("validation_data", "validation_split", "class_weight", "sample_weight")
        checks.unused("fit", kwargs, names, "a GAN learns from real samples alone")
        if batch_size is not None:
            batch_size = checks.integer("batch_size", batch_size)
        epochs = checks.integer("epochs", epochs)
        checks.trainable(self)
        x = checks.samples(x, self.discriminator.input_shape[1:])
        # Keras warns that it cannot shuffle a stream
        kwargs.setdefault("shuffle", isinstance(x, np.ndarray | keras.utils.PyDataset))
        if verbose == "auto" and os.environ.get("GANBOOK_QUIET"):
            verbose = 0
        return super().fit(x, y, batch_size, epochs, verbose, **kwargs)

    def call(self, latents, training=False):
        """The trained generator's samples, never the average's: see `sample`."""
        return self.generator(latents, training=training)

    def latents(self, n, seed=None):
        """Draw ``n`` standard normal latents, float32 ``(n, latent_dim)``."""
        seed = self.noise if seed is None else checks.seed(seed)
        return keras.random.normal((n, *self.generator.input_shape[1:]), seed=seed)

    def sample(self, n, seed=None, ema=None, batch_size=1024):
        """Generate samples, in inference mode.

        Args:
            n: how many, >= 1.
            seed: integer for the same latents at each call; None goes on with
                the GAN's own stream.
            ema: True draws from the averaged generator, False from the trained
                one; None from the average if there is one.
            batch_size: samples computed at once.

        Returns:
            float32 array ``(n, ...)``.

        Raises:
            TypeError, ValueError: if a number is no positive integer, or ``ema``
                is True and the GAN keeps no average.
        """
        n = checks.integer("n", n)
        batch_size = checks.integer("batch_size", batch_size)
        if ema and self.average is None:
            raise ValueError("ema: expected a GAN(..., ema=0.999), got one without")
        generator = self.generator if ema is False else self.average or self.generator
        latents = self.latents(n, seed)
        # not predict, which traces a graph for each network and size of batch
        batches = [
            ops.cast(generator(latents[i : i + batch_size], training=False), "float32")
            for i in range(0, n, batch_size)
        ]
        return np.concatenate([ops.convert_to_numpy(batch) for batch in batches])

    if keras.backend.backend() == "jax":

        def train_step(self, state, data):
            """`adversarial_step` as a pure function of the model's state."""
            groups = (
                self.trainable_variables,
                self.non_trainable_variables,
                self.optimizer.variables,
                self.metrics_variables,
            )
            pairs = [
                pair
                for variables, values in zip(groups, state, strict=True)
                for pair in zip(variables, values, strict=True)
            ]
            with keras.StatelessScope(pairs) as scope:
                logs = self.adversarial_step(data)
            return logs, tuple([scope.get_current_value(v) for v in g] for g in groups)

    else:

        def train_step(self, data):
            return self.adversarial_step(data)

    def adversarial_step(self, data):
        """``discriminator_steps`` updates of D, one of G, one of the average."""
        real = checks.batch(data, self.discriminator.input_shape[1:])
        for _ in range(self.discriminator_steps):
            self.update_discriminator(real)
        self.update_generator(real)
        if self.average is not None:
            self.update_average()
        return {m.name: m.result() for m in self.metrics}

    def update_discriminator(self, real):
        # G is held fixed: its samples enter as data
        latents = self.latents(ops.shape(real)[0])
        fake = ops.stop_gradient(self.generator(latents, training=True))

        def objective():
            a, b = self.logits(real), self.logits(fake)
            loss = ops.mean(self.adversarial_loss.discriminator(a, b))
            # reduced one by one: logits are (batch, 1), penalties (batch,)
            penalty = ops.zeros((), "float32")
            for term in self.penalties:
                values = term(self.discriminator, real, fake)
                penalty += ops.mean(ops.cast(values, "float32"))
            self.d_loss_mean.update_state(ops.stop_gradient(loss))
            self.penalty_mean.update_state(ops.stop_gradient(penalty))
            return loss + penalty

        self.descend(objective, self.discriminator, self.discriminator_optimizer)

    def update_generator(self, real):
        latents = self.latents(ops.shape(real)[0])

        def objective():
            sees_real = self.adversarial_loss.generator_sees_real
            a = self.logits(real) if sees_real else None
            b = self.logits(self.generator(latents, training=True))
            loss = ops.mean(self.adversarial_loss.generator(a, b))
            self.g_loss_mean.update_state(ops.stop_gradient(loss))
            return loss

        self.descend(objective, self.generator, self.optimizer)

    def logits(self, x):
        # losses in float32 under any dtype policy
        return ops.cast(self.discriminator(x, training=True), "float32")

    def update_average(self):
        for average, weight in zip(
            self.average.weights, self.generator.weights, strict=True
        ):
            decay = self.ema if weight.trainable else 0.0  # statistics are copied
            average.assign(average + (1.0 - decay) * (weight - average))

    def descend(self, objective, player, optimizer):
        """One optimizer step of ``player``; Keras *sums* gradients over replicas."""
        _, gradient = autodiff.value_and_grad(
            lambda: objective() / autodiff.replicas(), player.trainable_variables
        )
        optimizer.apply(gradient, player.trainable_variables)
