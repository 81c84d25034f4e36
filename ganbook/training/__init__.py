"""The training loop: two networks, two optimizers, one ``fit``.

One step, ``AdversarialStep.adversarial_step`` in ``step.py``, reads from top to
bottom::

    for each discriminator step:
        draw latents z, make fakes G(z)
        D descends its loss on real samples and fakes, plus its penalties
    G descends its loss on the last fakes, seen by the D that has just learned
    the average of G's weights takes a step

``gan.py`` is the face, ``GAN``: what it takes, ``compile`` and ``fit``.
``sampling.py`` draws from the trained generator, ``batches.py`` feeds arrays.
"""

from ganbook.training.gan import GAN

__all__ = ["GAN"]
