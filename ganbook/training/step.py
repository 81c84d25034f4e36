"""One adversarial step, written once for every backend and number of devices."""

from functools import partial

import keras
from keras import ops

from ganbook import autodiff, checks
from ganbook.training.sampling import Samples

# where a value that is not finite can appear first, in the order of a step
PLACES = ("real samples", "generator's samples", "discriminator", "generator")


class AdversarialStep(Samples):
    """The base of a GAN that learns: `GAN` makes the attributes used here."""

    if keras.backend.backend() == "jax":

        def train_step(self, state, data):
            """`adversarial_step` as a pure function of the model's state."""
            groups = self.state_groups().values()
            pairs = [
                pair
                for variables, values in zip(groups, state, strict=True)
                for pair in zip(variables, values, strict=True)
            ]
            with keras.StatelessScope(pairs) as scope:
                logs = self.adversarial_step(data)
            return logs, tuple([scope.get_current_value(v) for v in g] for g in groups)

        def state_groups(self):
            return {
                "trainable_variables": self.trainable_variables,
                "non_trainable_variables": self.non_trainable_variables,
                "optimizer_variables": self.optimizer.variables,
                "metrics_variables": self.metrics_variables,
            }

        def make_train_function(self, force=False):
            if self.train_function is not None and not force:
                return
            super().make_train_function(force)
            step = self.train_function

            def careful(state, iterator):
                try:
                    return step(state, iterator)
                except BaseException:
                    # Keras has emptied the variables: do not lose the weights
                    self._jax_state = dict(zip(self.state_groups(), state, strict=True))
                    self._jax_state_synced = False
                    self.jax_state_sync()
                    raise

            self.train_function = careful

    else:

        def train_step(self, data):
            return self.adversarial_step(data)

        def _maybe_symbolic_build(self, iterator=None, data_batch=None):
            # A GAN is built when it is made. For several replicas Keras would take
            # a batch to see its shape, and fail if their shares are not equal
            return

    def adversarial_step(self, data):
        """``discriminator_steps`` updates of D, one of G, one of the average."""
        real, condition = checks.batch(data, self)
        pairs = [self.pack(c) for c in condition]
        real = self.pack(real)
        for _ in range(self.discriminator_steps):
            z = self.draw_latents(self.packing * ops.shape(real)[0])
            fake, pull = self.generate(z, condition)
            self.update_discriminator(real, ops.stop_gradient(fake), pairs)
        self.update_generator(real, z, fake, pull, pairs)
        if self.average is not None:
            self.update_average()
        self.steps.assign(self.steps + 1)
        return {m.name: m.result() for m in self.metrics}

    def draw_latents(self, n):
        shape = (n, *self.generator.inputs[0].shape[1:])
        return autodiff.draw(keras.random.normal, shape, self.noise)

    def generate(self, latents, condition):
        """Fakes, and what turns a slope at them into one for G's weights."""
        inputs = [latents, *condition] if condition else latents
        weights = self.generator.trainable_variables
        return autodiff.pullback(lambda: self.generator(inputs, training=True), weights)

    def update_discriminator(self, real, fake, condition):
        made = fake
        real, fake = self.blur(real), self.blur(self.pack(fake))
        if self.watched:
            self.watch(0, [real])
            self.watch(1, [fake])

        def objective():
            total = 0.0
            for critic in self.critics(condition):
                loss, terms = self.discriminator_loss(critic, real, fake)
                self.log(self.d_loss_mean, loss)
                self.log(self.penalty_mean, sum(terms, ops.zeros(())))
                total += sum(terms, loss)
            total += self.discriminator_term(made)
            return self.discriminator_optimizer.scale_loss(total)

        weights = self.discriminator_variables
        _, gradient = autodiff.value_and_grad(objective, weights)
        autodiff.apply(self.discriminator_optimizer, gradient, weights)
        if self.watched:
            self.watch(2, [self.d_loss_mean.total, self.penalty_mean.total, *weights])

    def discriminator_loss(self, critic, real, fake):
        """One discriminator's loss, and each penalty: this replica's shares."""
        a, b = _float32(critic(real)), _float32(critic(fake))
        values = self.adversarial_loss.discriminator(a, b)
        judge = partial(_logit, critic)
        # reduced one by one: logits are (batch, 1), penalties (batch,)
        return autodiff.share_of_mean(_nan_unless_finite(values, real)), [
            autodiff.share_of_mean(
                _float32(penalty(judge, real, fake, seed=self.noise))
            )
            for penalty in self.penalties
        ]

    def update_generator(self, real, latents, fake, pull, condition):
        if self.adversarial_loss.generator_sees_real:
            real = self.blur(real)

        def objective(fake):
            seen, verdicts = self.blur(self.pack(fake)), []
            for critic in self.opponents(real, seen, condition):
                sees_real = self.adversarial_loss.generator_sees_real
                a = _float32(critic(real)) if sees_real else None
                values = self.adversarial_loss.generator(a, _float32(critic(seen)))
                self.log(self.g_loss_mean, autodiff.share_of_mean(values))
                verdicts.append(values)
            loss = self.generator_loss(verdicts) + self.generator_term(fake, latents)
            return self.optimizer.scale_loss(loss)

        # D has moved since the fakes were made, G has not: its half of the chain
        # rule is still good
        slope = autodiff.input_gradient(objective, fake)
        weights = self.generator.trainable_variables
        autodiff.apply(self.optimizer, pull(ops.stop_gradient(slope)), weights)
        if self.watched:
            self.watch(3, [self.g_loss_mean.total, *weights])

    # ---- what `ganbook.variants` replace ----

    def beside(self, generator):
        """How many numbers a discriminator sees besides a sample."""
        return 0

    def discriminator_term(self, fake):
        """What the discriminators' weights minimize besides, this replica's share."""
        return 0.0

    def generator_term(self, fake, latents):
        """What the generator minimizes besides, this replica's share."""
        return 0.0

    def opponents(self, real, fake, condition):
        """The critics that judge the generator's samples."""
        return self.critics(condition)

    def generator_loss(self, verdicts):
        """One loss, this replica's share, from the values of each discriminator."""
        return sum(map(autodiff.share_of_mean, verdicts)) / len(verdicts)

    # ---- parts of a step ----

    def critics(self, condition):
        """Each discriminator as a function of samples alone, under ``condition``."""

        def logits(network, x, training=True):
            return network([x, *condition] if condition else x, training=training)

        return [partial(logits, network) for network in self.discriminators]

    def pack(self, x):
        """``pack`` examples as one, ``(b, ..., c)`` to ``(b / pack, ..., pack c)``."""
        if self.packing == 1:
            return x
        together = ops.reshape(x, (-1, self.packing, *x.shape[1:]))
        parts = [together[:, i] for i in range(self.packing)]
        return ops.stack(parts, 1) if len(x.shape) == 1 else ops.concatenate(parts, -1)

    def blur(self, x):
        """Instance noise: what the discriminator sees of ``x``."""
        if self.instance_noise is None:
            return x
        std = ops.cast(self.instance_noise(self.steps), x.dtype)
        noise = autodiff.draw(keras.random.normal, ops.shape(x), self.noise)
        return x + std * ops.cast(noise, x.dtype)

    def update_average(self):
        # until it has seen enough weights, an average of those that it has seen
        t = ops.cast(self.steps, "float32")
        slow = ops.minimum(self.ema, (1.0 + t) / (10.0 + t))
        for average, weight in zip(
            self.average.weights, self.generator.weights, strict=True
        ):
            if weight.trainable:
                pace = ops.cast(1.0 - slow, average.dtype)
                average.assign(average + pace * (weight - average))
            else:  # statistics are averages already
                average.assign(weight)

    def log(self, metric, share):
        metric.update_state(ops.stop_gradient(share) * autodiff.replicas())

    def watch(self, place, values):
        """Note the step at which a value is first not finite, for each place."""
        fine = [ops.all(ops.isfinite(value)) for value in values]
        new = ops.logical_and(
            self.trouble[place] < 0, ops.logical_not(ops.all(ops.stack(fine)))
        )
        here = ops.cast(ops.arange(len(PLACES)) == place, "int32")
        mark = here * ops.cast(new, "int32")
        self.trouble.assign(self.trouble + mark * (self.steps + 1))


def _logit(critic, x, training=True):
    # what else a discriminator says, such as the class, is not penalized
    return critic(x, training=training)[..., :1]


def _float32(x):
    # losses and penalties under any dtype policy
    return ops.cast(x, "float32")


def _nan_unless_finite(values, real):
    # a ReLU turns NaN in the data into zeros: the loss alone would not show it
    return ops.where(ops.all(ops.isfinite(real)), values, float("nan"))
