"""A thousand modes: three of the real 8×8 digits in three channels.

Ten recipes, the same steps and seeds. Read by the chapter *A thousand modes*;
``stacked_mnist.py`` runs them on 28×28 digits.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cells
import keras
import numpy as np
from keras.optimizers.schedules import CosineDecay

from ganbook import GAN, data, losses, metrics, networks, penalties

STEPS, LOOKS, SEEDS, AT_ONCE = 6000, 6, 5, 50
STACKS, SAMPLES, LATENTS = 60_000, 26_000, 64


def stacks(images, labels, n, seed):
    """``n`` stacks of three images drawn at random, and their modes."""
    chosen = np.random.default_rng(seed).integers(len(images), size=(n, 3))
    stacked = np.concatenate([images[chosen[:, c]] for c in range(3)], axis=-1)
    return stacked, labels[chosen] @ [100, 10, 1]


def dcgan(pack=1):
    def pair(shape):
        seen = (*shape[:2], pack * shape[2])
        return (
            networks.dcgan_generator(shape, latents=LATENTS),
            networks.dcgan_discriminator(seen),
        )

    return pair


def dense(shape):
    wide = dict(width=256, depth=3, activation="leaky_relu")
    return networks.mlp(LATENTS, shape, **wide), networks.mlp(shape, 1, **wide)


def convolutional(shape):
    """DCGAN's shape without normalization, with Keras' own first weights."""
    plain = dict(
        normalization=None,
        initializer=keras.initializers.GlorotUniform,
        kernel_size=3,
    )
    generator = networks.dcgan_generator(
        shape,
        latents=LATENTS,
        upsample=networks.resized,
        activation="leaky_relu",
        **plain,
    )
    return generator, networks.dcgan_discriminator(shape, **plain)


@dataclass(frozen=True)
class Recipe:
    networks: Any
    loss: Any
    penalties: tuple = ()
    rate: float = 1e-3
    betas: tuple = (0.0, 0.99)
    falling: bool = True  # with an average of the generator's weights
    pack: int = 1
    batch: int = 256

    def gan(self, shape, steps, seed):
        gan = GAN(
            *self.networks(shape),
            loss=self.loss,
            penalties=self.penalties,
            pack=self.pack,
            ema=0.999 if self.falling else None,
            seed=seed,
        )
        gan.compile(self.adam(steps), self.adam(steps), steps_per_execution=AT_ONCE)
        return gan

    def adam(self, steps):
        rate = CosineDecay(self.rate, steps) if self.falling else self.rate
        return keras.optimizers.Adam(rate, *self.betas)


TUTORIAL = dict(rate=2e-4, betas=(0.5, 0.999), falling=False)
STRICT = (penalties.R1(0.3), penalties.R2(0.3))
RECIPES = {
    "DCGAN": Recipe(dcgan(), losses.NonSaturating(), **TUTORIAL),
    "PacDCGAN2": Recipe(dcgan(2), losses.NonSaturating(), pack=2, **TUTORIAL),
    "dense, constant rate": Recipe(
        dense, losses.NonSaturating(), betas=(0.5, 0.999), falling=False
    ),
    "dense": Recipe(dense, losses.NonSaturating()),
    "dense, WGAN-GP": Recipe(
        dense, losses.Wasserstein(), (penalties.GradientPenalty(10.0),)
    ),
    "dense, R1 + R2": Recipe(dense, losses.NonSaturating(), STRICT),
    "dense, pairing, R1 + R2": Recipe(dense, losses.RelativisticPairing(), STRICT),
    "convolutional": Recipe(convolutional, losses.NonSaturating(), batch=64),
    "convolutional, R1 + R2": Recipe(
        convolutional, losses.NonSaturating(), STRICT, batch=64
    ),
    "convolutional, pairing, R1 + R2": Recipe(
        convolutional, losses.RelativisticPairing(), STRICT, batch=64
    ),
}


@cache
def digits():
    images, labels = data.digits()
    return images, labels, metrics.classifier(images, labels)


def score(samples, judge):
    """Modes and KL as the papers count, with at least one image a mode."""
    found = metrics.stacked_coverage(samples, judge)
    sure = metrics.stacked_coverage(samples, judge, confidence=0.9)
    return {
        "modes": found.modes,
        "kl": round(found.kl, 4),
        "sure": round(sure.on_mode, 4),
    }


def run(recipe, seed):
    keras.utils.set_random_seed(seed)
    images, labels, judge = digits()
    x, _ = stacks(images, labels, STACKS, seed)
    recipe, looks = RECIPES[recipe], []
    gan = recipe.gan(x.shape[1:], STEPS, seed)
    try:
        for _ in range(LOOKS):
            gan.fit(
                x,
                batch_size=recipe.batch,
                steps_per_epoch=STEPS // LOOKS,
                verbose=0,
            )
            looks.append(score(gan.sample(SAMPLES, seed=seed + 1000), judge))
    except FloatingPointError as error:
        return {"failed": str(error), "looks": looks}
    keras.backend.clear_session()
    return looks[-1] | {"looks": looks}


def main():
    images, labels, judge = digits()
    real, _ = stacks(images, labels, SAMPLES, seed=1)
    cells.measure(
        "stacked",
        run,
        [
            {"recipe": recipe, "seed": seed}
            for seed in range(SEEDS)
            for recipe in RECIPES
        ],
        data=(images, labels),
        steps=STEPS,
        batches={name: recipe.batch for name, recipe in RECIPES.items()},
        samples=SAMPLES,
        accuracy=judge.accuracy,
        real=score(real, judge),
    )


if __name__ == "__main__":
    main()
