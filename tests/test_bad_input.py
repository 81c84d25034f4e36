"""Wrong calls, each with the one line that it must get."""
# ruff: noqa: E501, F401 (messages as they are; the calls name what is imported)

import keras
import numpy as np
import pytest
from keras import layers
from small import X, make

from ganbook import GAN, callbacks, constraints, losses, penalties
from ganbook.networks import mlp

LABELS = np.arange(64) % 3
adam = keras.optimizers.Adam


def batch_normalized():
    return keras.Sequential(
        [keras.Input((2,)), layers.BatchNormalization(), layers.Dense(1)]
    )


def ends_in(activation):
    head = layers.Dense(1, activation, name="logit")
    return keras.Sequential([keras.Input((2,)), head])


def with_label(inputs, outputs):
    x, label = keras.Input((inputs,)), keras.Input((), dtype="int32")
    both = layers.Concatenate()([x, layers.Embedding(3, 2)(label)])
    return keras.Model([x, label], layers.Dense(outputs)(both))


def built_for_others():
    optimizer = adam()
    optimizer.build(mlp(3, 1).trainable_variables)
    return optimizer


# what the calls name, made when they name it
NAMES = {
    "gan": make,
    "one": adam,
    "uncompiled": lambda: GAN(mlp(4, 2), mlp(2, 1), loss=losses.Minimax()),
    "in_packs": lambda: make(discriminator=mlp(4, 1), pack=2),
    "ends_in_sigmoid": lambda: make(mlp(4, 2, output_activation="sigmoid")),
    "ends_in_tanh": lambda: make(mlp(4, 2, output_activation="tanh")),
    "conditional": lambda: make(with_label(4, 2), with_label(2, 1)),
}

CALLS = [
    (
        'make(generator="mlp")',
        TypeError,
        "generator: expected a Keras model, got 'mlp'",
    ),
    (
        "make(generator=mlp(4, 3))",
        ValueError,
        "generator makes samples of shape (None, 3), but discriminator expects (None, 2)",
    ),
    (
        "make(generator=mlp((2, 2), (2, 1)))",
        ValueError,
        "generator makes samples of shape (None, 2, 1), but discriminator expects (None, 2)",
    ),
    (
        "make(discriminator=mlp(2, 2))",
        ValueError,
        "discriminator: expected logits of shape (None, 1), or (None, ..., 1) of patches, got (None, 2)",
    ),
    (
        'make(discriminator=ends_in("sigmoid"))',
        ValueError,
        "discriminator: expected linear logits, got sigmoid in 'logit': the sigmoid is part of the loss",
    ),
    (
        "GAN(mlp(4, 2), [], loss=losses.Hinge())",
        TypeError,
        "discriminator: expected a Keras model, got []",
    ),
    (
        "make(discriminator=[mlp(2, 1), mlp(3, 1)])",
        ValueError,
        "generator makes samples of shape (None, 2), but discriminator[1] expects (None, 3)",
    ),
    (
        "make(discriminator=mlp(2, 1), pack=2)",
        ValueError,
        "generator makes samples of shape (None, 2), 2 of them in one pack, but discriminator expects (None, 2)",
    ),
    (
        "make(discriminator=batch_normalized(), penalties=[penalties.R1(1.0)])",
        ValueError,
        "discriminator: expected one that treats examples independently, for a penalty takes the norm of each example's gradient, got one that mixes a batch, as batch normalization does: use LayerNormalization, or say allow_mixing=True",
    ),
    (
        'make(loss="hinge")',
        TypeError,
        "loss: expected one such as losses.NonSaturating(), got 'hinge'",
    ),
    (
        "make(loss=losses.Hinge)",
        TypeError,
        "loss: expected one such as losses.NonSaturating(), got <class 'ganbook.losses.Hinge'>",
    ),
    (
        "make(penalties=penalties.R1(1.0))",
        TypeError,
        "penalties: expected a list such as [penalties.R1(1.0)], got R1(gamma=1.0)",
    ),
    (
        "make(penalties=[0.1])",
        TypeError,
        "penalties: expected a list such as [penalties.R1(1.0)], got [0.1]",
    ),
    (
        "make(discriminator_steps=0)",
        ValueError,
        "discriminator_steps: expected an integer >= 1, got 0",
    ),
    (
        "make(discriminator_steps=1.5)",
        TypeError,
        "discriminator_steps: expected an integer >= 1, got 1.5",
    ),
    ("make(pack=0)", ValueError, "pack: expected an integer >= 1, got 0"),
    ("make(ema=1.0)", ValueError, "ema: expected a decay in [0, 1), got 1.0"),
    ('make(ema="0.999")', TypeError, "ema: expected a decay in [0, 1), got '0.999'"),
    (
        "make(instance_noise=-0.1)",
        ValueError,
        "instance_noise: expected a standard deviation >= 0 or a Keras schedule, got -0.1",
    ),
    (
        'make(instance_noise="0.1")',
        TypeError,
        "instance_noise: expected a standard deviation >= 0 or a Keras schedule, got '0.1'",
    ),
    ("make(seed=-1)", ValueError, "seed: expected an integer >= 0, got -1"),
    ('make(seed="0")', TypeError, "seed: expected an integer >= 0, got '0'"),
    (
        "make(rates=0.1)",
        ValueError,
        "Unrecognized keyword arguments passed to GAN: {'rates': 0.1}",
    ),
    ("penalties.R1(-1.0)", ValueError, "gamma: expected a number >= 0, got -1.0"),
    (
        'penalties.GradientPenalty("10")',
        TypeError,
        "weight: expected a number >= 0, got '10'",
    ),
    (
        'penalties.DRAGAN(std=float("inf"))',
        ValueError,
        "std: expected a number >= 0, got inf",
    ),
    (
        "losses.NonSaturating(smoothing=0.7)",
        ValueError,
        "smoothing: expected a number in [0, 0.5), got 0.7",
    ),
    (
        "losses.LeastSquares(real_label=None)",
        TypeError,
        "real_label: expected a finite number, got None",
    ),
    (
        'losses.FGAN("js")',
        ValueError,
        "divergence: expected one of kl, reverse_kl, pearson, squared_hellinger, jensen_shannon, total_variation, got 'js'",
    ),
    (
        "constraints.WeightClip(0.0)",
        ValueError,
        "limit: expected a number > 0, got 0.0",
    ),
    (
        'gan.compile("adam", adam())',
        TypeError,
        "generator_optimizer: expected a Keras optimizer, got 'adam'",
    ),
    (
        "gan.compile(adam(), None)",
        TypeError,
        "discriminator_optimizer: expected a Keras optimizer, got None",
    ),
    (
        "gan.compile(one, one)",
        ValueError,
        "optimizers: expected one for each player, got the same",
    ),
    (
        "gan.compile(built_for_others(), adam())",
        ValueError,
        "generator_optimizer: expected a fresh optimizer, got one that is built for other weights: make a new one",
    ),
    (
        "gan.compile(keras.optimizers.Adam(use_ema=True), adam())",
        ValueError,
        "generator_optimizer: expected use_ema=False, which would replace the weights of both players, got True: use GAN(..., ema=0.999)",
    ),
    (
        'gan.compile(adam(), adam(), loss="mse")',
        TypeError,
        "compile: expected no loss, got one: the loss is that of GAN(..., loss=)",
    ),
    (
        "uncompiled.fit(X)",
        RuntimeError,
        "fit: expected a compiled GAN: call compile(...) first",
    ),
    (
        "gan.fit(X[:, :1])",
        ValueError,
        "x: expected real samples (n, 2) with n >= 1, got (64, 1)",
    ),
    (
        "gan.fit(X[:0])",
        ValueError,
        "x: expected real samples (n, 2) with n >= 1, got (0, 2)",
    ),
    (
        "gan.fit(X[None])",
        ValueError,
        "x: expected real samples (n, 2) with n >= 1, got (1, 64, 2)",
    ),
    (
        'gan.fit(X.astype("int64"))',
        ValueError,
        "x: expected floating-point samples, got int64",
    ),
    (
        'gan.fit(X * float("nan"))',
        ValueError,
        "x: expected finite numbers, got NaN or infinity",
    ),
    (
        "gan.fit([[1.0, 2.0], [3.0]])",
        ValueError,
        "x: expected samples of one shape, got several",
    ),
    (
        "gan.fit(None)",
        TypeError,
        "x: expected an array of real samples, a dataset or a generator, got NoneType",
    ),
    (
        'gan.fit("digits")',
        TypeError,
        "x: expected an array of real samples, a dataset or a generator, got str",
    ),
    (
        'gan.fit({"x": X})',
        TypeError,
        "x: expected an array of real samples, a dataset or a generator, got dict",
    ),
    (
        "gan.fit(X, batch_size=0)",
        ValueError,
        "batch_size: expected an integer >= 1, got 0",
    ),
    (
        "gan.fit(X, batch_size=16.0)",
        TypeError,
        "batch_size: expected an integer >= 1, got 16.0",
    ),
    ("gan.fit(X, epochs=0)", ValueError, "epochs: expected an integer >= 1, got 0"),
    (
        "gan.fit(X, steps_per_epoch=0)",
        ValueError,
        "steps_per_epoch: expected an integer >= 1, got 0",
    ),
    (
        "gan.fit(X, steps_per_epoch=2.5)",
        TypeError,
        "steps_per_epoch: expected an integer >= 1, got 2.5",
    ),
    (
        "gan.fit(X, validation_split=0.1)",
        TypeError,
        "fit: expected no validation_split, got one: a GAN learns from real samples alone",
    ),
    (
        "gan.fit(X, sample_weight=X[:, 0])",
        TypeError,
        "fit: expected no sample_weight, got one: a GAN learns from real samples alone",
    ),
    (
        "gan.fit(iter([X[:, :1]]), steps_per_epoch=1)",
        ValueError,
        "x: expected batches (b, 2), got (b, 1)",
    ),
    (
        'gan.fit(iter([X.astype("int32")]), steps_per_epoch=1)',
        ValueError,
        "x: expected floating-point samples, got int32",
    ),
    (
        "in_packs.fit(X, batch_size=3)",
        ValueError,
        "batch_size: expected a multiple of pack=2, got 3",
    ),
    (
        "in_packs.fit(X[:1], batch_size=2)",
        ValueError,
        "x: expected at least pack=2 samples, got 1",
    ),
    (
        "ends_in_sigmoid.fit(-X)",
        ValueError,
        "x: expected values in [0, 1], which the generator's sigmoid can reach, got [-5.002, -0.675]",
    ),
    (
        "ends_in_tanh.fit(X)",
        ValueError,
        "x: expected values in [-1, 1], which the generator's tanh can reach, got [0.675, 5.002]",
    ),
    ("conditional.fit(X)", ValueError, "y: expected conditions (n,), got None"),
    (
        "conditional.fit(X, LABELS[:5])",
        ValueError,
        "y: expected conditions (n,) with n = 64, got (5,)",
    ),
    (
        "conditional.fit(X, LABELS + 1)",
        ValueError,
        "y: expected labels in 0 to 2, got 3",
    ),
    (
        "conditional.fit(X, LABELS - 1)",
        ValueError,
        "y: expected labels in 0 to 2, got -1",
    ),
    (
        "conditional.fit(X, LABELS / 2)",
        TypeError,
        "y: expected integer labels, got float64",
    ),
    (
        "conditional.fit(X, LABELS.astype(str))",
        TypeError,
        "y: expected numbers, got <U21",
    ),
    (
        "conditional.fit(iter([X]), steps_per_epoch=1)",
        ValueError,
        "y: expected batches (samples, conditions), got samples alone",
    ),
    (
        "conditional.sample(2)",
        ValueError,
        "condition: expected conditions (n,), got None",
    ),
    (
        "conditional.sample(2, condition=[0, 1, 2])",
        ValueError,
        "condition: expected conditions (n,) with n = 2, got (3,)",
    ),
    (
        "conditional.sample(2, condition=7)",
        ValueError,
        "condition: expected labels in 0 to 2, got 7",
    ),
    ("gan.sample(0)", ValueError, "n: expected an integer >= 1, got 0"),
    ("gan.sample(2.0)", TypeError, "n: expected an integer >= 1, got 2.0"),
    ("gan.sample(2, seed=-1)", ValueError, "seed: expected an integer >= 0, got -1"),
    (
        "gan.sample(2, condition=1)",
        ValueError,
        "condition: expected none, got one: no network takes it",
    ),
    (
        "gan.sample(2, ema=True)",
        ValueError,
        "ema: expected a GAN(..., ema=0.999), got one without",
    ),
    (
        "gan.sample(2, batch_size=0)",
        ValueError,
        "batch_size: expected an integer >= 1, got 0",
    ),
    ("callbacks.Samples(n=0)", ValueError, "n: expected an integer >= 1, got 0"),
    (
        'callbacks.Coverage("grid")',
        TypeError,
        "mixture: expected centers and std, got 'grid'",
    ),
    (
        "callbacks.DivergenceGuard(every=0)",
        ValueError,
        "every: expected an integer >= 1, got 0",
    ),
    (
        'callbacks.Resume("folder", keep=0)',
        ValueError,
        "keep: expected an integer >= 1, got 0",
    ),
    (
        'callbacks.ForDiscriminator("schedule")',
        TypeError,
        "callback: expected a Keras callback, got 'schedule'",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), CALLS, ids=[c[0] for c in CALLS])
def test_the_message_is(call, error, message):
    made = {name: new() for name, new in NAMES.items() if name in call}
    with pytest.raises(error) as caught:
        eval(call, globals() | made)
    assert str(caught.value) == message
    assert type(caught.value) is error
    for gan in made.values():
        if isinstance(gan, GAN):
            assert int(gan.steps) == 0, "it has trained"
