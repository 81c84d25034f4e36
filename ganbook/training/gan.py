"""What a GAN is made of, ``compile`` and ``fit``."""

import os

import keras
import numpy as np

from ganbook import autodiff, checks
from ganbook.training.batches import Batches
from ganbook.training.step import PLACES, AdversarialStep


class GAN(AdversarialStep):
    """A generator and a discriminator that learn from each other in ``fit``.

    Args:
        generator: Keras model, latents ``(batch, latent_dim)`` to samples; with a
            second input, the condition, for a conditional GAN.
        discriminator: Keras model, samples to logits ``(batch, 1)``, or to those
            of patches ``(batch, ..., 1)``: no sigmoid, which lives in the loss. A
            second input takes the condition. A list of models is a committee:
            each learns by itself, the generator from the mean of its losses.
        loss: an adversarial loss, see `ganbook.losses`.
        penalties: gradient penalties that are added, see `ganbook.penalties`.
        discriminator_steps: discriminator updates per generator update, >= 1,
            on the same real batch and new generated ones.
        pack: samples that the discriminator judges together, >= 1: its input has
            ``pack`` times the channels (of a label ``()``: shape ``(pack,)``).
        instance_noise: standard deviation of the noise on all that the
            discriminator sees: a number >= 0, or a schedule such as
            `keras.optimizers.schedules.PolynomialDecay` over the steps; or None.
        ema: decay in [0, 1) of an exponential moving average of the generator's
            weights, updated once per step, from which ``sample`` then draws; None
            keeps no average.
        allow_mixing: let a penalized discriminator mix the examples of a batch,
            as batch normalization does, although a norm per example is then wrong.
        seed: integer >= 0, or None: seed of latents, noise and the order of the
            data. Initial weights follow `ganbook.setup`, or
            ``keras.utils.set_random_seed``.

    Raises:
        TypeError, ValueError: one line for what does not fit: networks, loss,
            penalties, a number. ``fit`` and ``compile`` do the same.

    References:
        Goodfellow et al., 2014, algorithm 1. https://arxiv.org/abs/1406.2661
        Packing: Lin et al., 2018. https://arxiv.org/abs/1712.04086
        Instance noise: Sønderby et al., 2017. https://arxiv.org/abs/1610.04490

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
        pack=1,
        instance_noise=None,
        ema=None,
        allow_mixing=False,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.packing = checks.integer("pack", pack)
        self.adversarial_loss = checks.loss(loss)
        self.discriminators = checks.networks(
            generator,
            discriminator,
            self.packing,
            loss=loss,
            beside=self.beside(generator),
        )
        self.generator = generator
        self.penalties = checks.penalties(penalties)
        if self.penalties and not allow_mixing:
            checks.examples_apart(self.discriminators)
        steps = checks.integer("discriminator_steps", discriminator_steps)
        self.discriminator_steps = steps
        self.instance_noise = checks.instance_noise(instance_noise)
        self.ema = checks.decay(ema)
        self.average = None
        if ema is not None:
            self.average = keras.models.clone_model(generator)
            self.average.set_weights(generator.get_weights())
            self.average.trainable = False
        training, sampling = checks.words(seed)
        self.noise = keras.random.SeedGenerator(training)
        self.stream = keras.random.SeedGenerator(sampling)
        self.d_loss_mean = keras.metrics.Mean(name="d_loss")
        self.g_loss_mean = keras.metrics.Mean(name="g_loss")
        self.penalty_mean = keras.metrics.Mean(name="penalty")
        self.steps = self.counter((), 0, "steps")
        self.trouble = self.counter((len(PLACES),), -1, "trouble")
        self.watched = False
        self.built = True

    def counter(self, shape, start, name):
        return self.add_weight(
            shape,
            keras.initializers.Constant(start),
            "int32",
            trainable=False,
            aggregation="only_first_replica",
            name=name,
        )

    @property
    def discriminator(self):
        """The discriminator, or the first of several."""
        return self.discriminators[0]

    @property
    def players(self):
        """Lists of the networks that must learn, by the name of the player."""
        return {"generator": [self.generator], "discriminator": self.discriminators}

    @property
    def metrics(self):
        return [self.d_loss_mean, self.g_loss_mean, self.penalty_mean]

    @property
    def non_trainable_variables(self):
        # Keras knows one optimizer; the state of the other travels with the model
        optimizer = getattr(self, "discriminator_optimizer", None)
        extra = optimizer.variables if optimizer else []
        return super().non_trainable_variables + extra

    @property
    def discriminator_variables(self):
        return [v for d in self.discriminators for v in d.trainable_variables]

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs):
        """Give each player its optimizer; ``self.optimizer`` is the generator's.

        Callbacks that change the learning rate act on that one alone: see
        `ganbook.callbacks.ForDiscriminator`. Further arguments are those of
        ``keras.Model.compile``, such as ``steps_per_execution``.
        """
        names = ("loss", "loss_weights", "metrics", "weighted_metrics")
        checks.unused("compile", kwargs, names, "the loss is that of GAN(..., loss=)")
        optimizers = generator_optimizer, discriminator_optimizer
        checks.optimizers(self, *optimizers)
        checks.precision(self, optimizers)
        super().compile(optimizer=generator_optimizer, auto_scale_loss=False, **kwargs)
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator_variables)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        **kwargs,
    ):
        """``keras.Model.fit`` on real samples ``(n, ...)``, with conditions ``y``.

        Without conditional networks ``y`` is ignored. Arrays are shuffled in an
        order that follows from the GAN's seed and the step: training that is
        taken up again goes on as if it had not stopped. Streams (``tf.data``,
        `keras.utils.PyDataset`, generators of batches) keep their own order.

        Keras prints its progress, unless ``verbose=0`` or the environment
        variable ``GANBOOK_QUIET`` is set, as it is where notebooks are executed
        to be committed or compared.

        Raises:
            RuntimeError: if `compile` was not called.
            TypeError, ValueError: if an argument is not what it should be, a
                network is frozen, or ``x`` is empty, has another shape than the
                discriminator's input, is not floating-point, holds NaN or
                infinity, or values that the generator cannot reach.
            FloatingPointError: if a loss or a weight is not finite at the end of an
                epoch.
        """
        if not self.compiled:
            raise RuntimeError("fit: expected a compiled GAN: call compile(...) first")
        names = ("validation_data", "validation_split", "class_weight", "sample_weight")
        checks.unused("fit", kwargs, names, "a GAN learns from real samples alone")
        epochs = checks.integer("epochs", epochs)
        checks.trainable(self)
        x = checks.samples(x, self.generator)
        callbacks = checks.while_finite(callbacks)
        if isinstance(x, np.ndarray):
            arrays = (x, *checks.one_for_each(self, y, len(x), "y"))
            batches = self.batches(arrays, batch_size, kwargs)
            callbacks.append(
                keras.callbacks.LambdaCallback(lambda epoch, logs: batches.begin())
            )
            x = autodiff.stream(batches)
        else:  # Keras warns that it cannot shuffle a stream
            kwargs.setdefault("shuffle", isinstance(x, keras.utils.PyDataset))
            kwargs |= dict(y=y, batch_size=batch_size)
        if verbose == "auto" and os.environ.get("GANBOOK_QUIET"):
            verbose = 0
        return super().fit(
            x, epochs=epochs, verbose=verbose, callbacks=callbacks, **kwargs
        )

    def batches(self, arrays, batch_size, options):
        size = checks.batch_size(batch_size, self.packing, len(arrays[0]))
        steps = options.pop("steps_per_epoch", None)
        if steps is not None:
            steps = checks.integer("steps_per_epoch", steps)
        shuffle = options.pop("shuffle", True)
        options["shuffle"] = False
        return Batches(
            arrays,
            size,
            steps=steps,
            shuffle=shuffle,
            multiple=self.packing,
            now=lambda: (self.noise.state.numpy()[0], self.steps.numpy()),
        )
