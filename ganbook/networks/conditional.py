"""Four ways for a label to enter the networks; each wraps an unconditional one."""

import keras
from keras import layers, ops

from ganbook import checks
from ganbook.networks import shapes


def conditional_generator(generator, classes, embedding=None):
    """A generator whose latents begin with noise and end with a code of the label.

    Args:
        generator: Keras model of one input, latents ``(batch, d)``; the code takes
            the last ``embedding`` of them, so d must be larger.
        classes: number of labels, >= 2.
        embedding: size of a learned code, >= 1; None for one-hot codes, of
            ``classes`` numbers.

    Returns:
        keras.Model of ``[latents, label]``, label int32 ``(batch,)`` in 0 to
        ``classes - 1``.

    Raises:
        TypeError, ValueError: if an argument is no model, no positive integer, or
            the code leaves no latents.

    References:
        Mirza & Osindero, 2014. https://arxiv.org/abs/1411.1784
    """
    shapes.sequential("generator", generator)
    classes = checks.integer("classes", classes, 2)
    size = _code_size(classes, embedding)
    rest = generator.input_shape[-1] - size
    if len(generator.input_shape) != 2 or rest < 1:
        raise ValueError(
            f"generator: expected latents (None, d) with d > {size}, the size of the "
            f"code, got {generator.input_shape}"
        )
    latents, label = keras.Input((rest,)), _label()
    code = _code(label, classes, embedding)
    return keras.Model([latents, label], generator(_joined([latents, code])))


def conditional_discriminator(discriminator, classes, embedding=None):
    """A discriminator that sees the label as further channels of the image.

    Args:
        discriminator: Keras model of one input, images with ``classes`` channels
            more than the data have, or ``embedding`` more.
        classes: number of labels, >= 2.
        embedding: number of learned planes, >= 1, each a number per pixel and
            label; None for ``classes`` planes, 1 for the label's and 0 for others.

    Returns:
        keras.Model of ``[images, label]``, to the discriminator's logits.

    Raises:
        TypeError, ValueError: if an argument is no model, no positive integer, or
            the planes leave no channel.

    References:
        Mirza & Osindero, 2014. https://arxiv.org/abs/1411.1784
    """
    shapes.sequential("discriminator", discriminator)
    classes = checks.integer("classes", classes, 2)
    planes = _code_size(classes, embedding)
    *sides, channels = discriminator.input_shape[1:]
    if len(sides) != 2 or channels <= planes:
        raise ValueError(
            f"discriminator: expected images of more than {planes} channels, as many "
            f"as planes are added, got {discriminator.input_shape}"
        )
    images, label = keras.Input((*sides, channels - planes)), _label()
    if embedding is None:
        code = layers.Reshape((1, 1, planes))(_code(label, classes))
        plane = layers.UpSampling2D(sides)(code)
    else:
        code = _code(label, classes, sides[0] * sides[1] * planes)
        plane = layers.Reshape((*sides, planes))(code)
    return keras.Model([images, label], discriminator(_joined([images, plane])))


def projection_discriminator(discriminator, classes):
    r"""A discriminator that adds to its logit how well the image fits the label.

    The logit is :math:`w \cdot \phi(x) + b + e_y \cdot \phi(x)`, with a learned
    vector e for each label.

    Args:
        discriminator: Keras model of one input whose last layer is ``Dense(1)``;
            what enters that layer is :math:`\phi`.
        classes: number of labels, >= 2.

    Returns:
        keras.Model of ``[images, label]``, to logits ``(batch, 1)``.

    Raises:
        TypeError, ValueError: if ``discriminator`` is no such model or ``classes``
            no integer >= 2.

    References:
        Miyato & Koyama, 2018, fig. 1(d). https://arxiv.org/abs/1802.05637
    """
    features, logit = _split(discriminator)
    label = _label()
    code = _code(label, checks.integer("classes", classes, 2), features.shape[-1])
    match = layers.Dot(axes=1)([code, features])
    return keras.Model([*discriminator.inputs, label], layers.Add()([logit, match]))


def auxiliary_classifier(discriminator, classes):
    """A discriminator that also says how probable the label is, for AC-GAN.

    Args:
        discriminator: as for `projection_discriminator`.
        classes: number of labels, >= 2.

    Returns:
        keras.Model of ``[images, label]``, to ``(batch, 2)``: the logit of real
        against generated, and log P(label | image) in nats. Train it with
        `ganbook.variants.AuxiliaryClassifier`.

    Raises:
        TypeError, ValueError: as for `projection_discriminator`.

    References:
        Odena et al., 2017, sec. 3. https://arxiv.org/abs/1610.09585
    """
    classes = checks.integer("classes", classes, 2)
    features, logit = _split(discriminator)
    label = _label()
    scores = layers.Dense(classes, name="class_logits")(features)
    found = LabelLogProbability()([scores, _code(label, classes)])
    return keras.Model([*discriminator.inputs, label], _joined([logit, found]))


@keras.saving.register_keras_serializable(package="ganbook")
class LabelLogProbability(layers.Layer):
    """Class logits and one-hot labels ``(batch, classes)`` to log-probabilities."""

    def call(self, inputs):
        scores, label = inputs
        log_p = ops.log_softmax(scores, axis=-1)
        return ops.sum(log_p * ops.cast(label, log_p.dtype), axis=-1, keepdims=True)


def _label():
    return keras.Input((), dtype="int32", name="label")


def _code_size(classes, embedding):
    return classes if embedding is None else checks.integer("embedding", embedding)


def _code(label, classes, size=None):
    if size is not None:
        return layers.Embedding(classes, size)(label)
    one_hot = layers.Embedding(classes, classes, "identity", trainable=False)
    return one_hot(label)


def _joined(tensors):
    return layers.Concatenate()(tensors)


def _split(discriminator):
    """What enters the last layer, and what leaves it."""
    shapes.sequential("discriminator", discriminator, head=layers.Dense)
    if discriminator.output_shape != (None, 1):
        raise ValueError(
            "discriminator: expected logits (None, 1), "
            f"got {discriminator.output_shape}"
        )
    return discriminator.layers[-1].input, discriminator.outputs[0]
