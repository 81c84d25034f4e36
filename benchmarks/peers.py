"""What `GAN.fit` is measured against, each as a function that trains some steps.

All of a kind train the same networks with the same batch, losses and Adam.
"""

import keras
import numpy as np
import tensorflow as tf

from ganbook import GAN, losses, networks

MLP_BATCH, DCGAN_BATCH = 256, 64


def adam():
    return keras.optimizers.Adam(2e-4, 0.5)


def mlp_pair():
    return networks.mlp(2, 2), networks.mlp(2, 1)


def ganbook_fit(pair, x, batch, steps_per_execution=1, penalties=()):
    gan = GAN(*pair, loss=losses.NonSaturating(), penalties=penalties, seed=0)
    gan.compile(adam(), adam(), steps_per_execution=steps_per_execution)
    return lambda steps: gan.fit(x[: steps * batch], batch_size=batch, verbose=0)


def copied_loop(pair, x, batch):
    """``predict``, then three times ``train_on_batch``, as most tutorials have it.

    Keras 3 reads ``trainable`` when it traces a training step. Frozen before that,
    as the tutorials do it, the discriminator would learn nothing: here it takes one
    step first.
    """
    generator, discriminator = pair
    latents = generator.input_shape[1]
    discriminator.add(keras.layers.Activation("sigmoid"))
    discriminator.compile(adam(), "binary_crossentropy")
    ones, zeros = np.ones((batch, 1)), np.zeros((batch, 1))
    discriminator.train_on_batch(x[:batch], ones)
    discriminator.trainable = False
    gan = keras.Sequential([keras.Input((latents,)), generator, discriminator])
    gan.compile(adam(), "binary_crossentropy")
    rng = np.random.default_rng(0)

    def run(steps):
        for _ in range(steps):
            fake = generator.predict(rng.normal(size=(batch, latents)), verbose=0)
            real = x[rng.integers(len(x), size=batch)]
            discriminator.train_on_batch(real, ones)
            discriminator.train_on_batch(fake, zeros)
            gan.train_on_batch(rng.normal(size=(batch, latents)), ones)

    return run


def fused_loop(pair, x, batch):
    """The step of `GAN.fit` by hand: one graph, a loop inside, data on the device.

    It logs nothing, saves nothing, draws where it likes and cannot be interrupted.
    """
    generator, discriminator = pair
    g_weights, d_weights = (
        generator.trainable_variables,
        discriminator.trainable_variables,
    )
    g_adam, d_adam = adam(), adam()
    g_adam.build(g_weights)
    d_adam.build(d_weights)
    data, latents = tf.constant(x), generator.input_shape[1]

    def step(real):
        with tf.GradientTape() as g_tape:
            fake = generator(tf.random.normal((batch, latents)), training=True)
        held = tf.stop_gradient(fake)
        with tf.GradientTape() as tape:
            a = discriminator(real, training=True)
            b = discriminator(held, training=True)
            loss = tf.reduce_mean(tf.nn.softplus(-a) + tf.nn.softplus(b))
        d_adam.apply(tape.gradient(loss, d_weights), d_weights)
        with tf.GradientTape() as tape:
            tape.watch(held)
            b = discriminator(held, training=True)
            loss = tf.reduce_mean(tf.nn.softplus(-b))
        slope = tape.gradient(loss, held)
        g_adam.apply(g_tape.gradient(fake, g_weights, slope), g_weights)

    @tf.function
    def loop(steps):
        order = tf.random.shuffle(tf.range(len(x)))

        def body(k):
            step(tf.gather(data, order[k * batch : (k + 1) * batch]))
            return k + 1

        tf.while_loop(lambda k: k < steps, body, [tf.constant(0)])

    return lambda steps: loop(tf.constant(steps))


class KerasStyle(keras.Model):
    """A ``train_step`` in the manner of Keras' own example of a DCGAN.

    Real and generated images in one batch for the discriminator, labels with
    noise, new latents for the generator's turn. It says ``training=True``, without
    which Keras 3 leaves dropout out.
    """

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        self.d_mean = keras.metrics.Mean(name="d_loss")
        self.g_mean = keras.metrics.Mean(name="g_loss")

    def compile(self, g_optimizer, d_optimizer):
        super().compile()
        self.g_optimizer, self.d_optimizer = g_optimizer, d_optimizer

    @property
    def metrics(self):
        return [self.d_mean, self.g_mean]

    def train_step(self, real):
        n, latents = tf.shape(real)[0], self.generator.input_shape[1]
        fake = self.generator(tf.random.normal((n, latents)), training=True)
        both = tf.concat([fake, real], axis=0)
        labels = tf.concat([tf.ones((n, 1)), tf.zeros((n, 1))], axis=0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            d_loss = self.cross_entropy(labels, self.discriminator(both, training=True))
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(
            zip(tape.gradient(d_loss, weights), weights, strict=True)
        )
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal((n, latents)), training=True)
            judged = self.discriminator(fake, training=True)
            g_loss = self.cross_entropy(tf.zeros((n, 1)), judged)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(
            zip(tape.gradient(g_loss, weights), weights, strict=True)
        )
        self.d_mean.update_state(d_loss)
        self.g_mean.update_state(g_loss)
        return {"d_loss": self.d_mean.result(), "g_loss": self.g_mean.result()}


def keras_style(pair, x, batch):
    gan = KerasStyle(*pair)
    gan.compile(adam(), adam())

    def run(steps):
        images = tf.data.Dataset.from_tensor_slices(x[: steps * batch])
        gan.fit(images.shuffle(1024).batch(batch), verbose=0)

    return run
