"""Network builders: functions that return plain, unsubclassed Keras models.

Builders of a pair return ``(generator, discriminator)``. Images are
``(height, width, channels)`` in [-1, 1]; discriminators end in logits, without a
sigmoid.
"""

from ganbook.networks.batches import MinibatchDiscrimination, MinibatchStd
from ganbook.networks.blocks import self_attention
from ganbook.networks.conditional import (
    auxiliary_classifier,
    conditional_discriminator,
    conditional_generator,
    projection_discriminator,
)
from ganbook.networks.dcgan import (
    dcgan_discriminator,
    dcgan_generator,
    dcgan_normal,
    max_pooled,
    resized,
    strided,
    transposed,
)
from ganbook.networks.dense import mlp
from ganbook.networks.modern import modern_discriminator, modern_generator
from ganbook.networks.several import several_generators
from ganbook.networks.style import ModulatedConv2D, style_generator
from ganbook.networks.tutorials import dcgan_28, dense_128, dense_1024

__all__ = [
    "MinibatchDiscrimination",
    "MinibatchStd",
    "ModulatedConv2D",
    "auxiliary_classifier",
    "conditional_discriminator",
    "conditional_generator",
    "dcgan_28",
    "dcgan_discriminator",
    "dcgan_generator",
    "dcgan_normal",
    "dense_128",
    "dense_1024",
    "max_pooled",
    "mlp",
    "modern_discriminator",
    "modern_generator",
    "projection_discriminator",
    "resized",
    "self_attention",
    "several_generators",
    "strided",
    "style_generator",
    "transposed",
]
