"""Every cure of mode collapse on one baseline: the ring of 8 and the grid of 25.

Same networks, batch, steps and seeds; each cure has one setting, from its paper where
that names one, and was not tuned. Read by the chapter *Which cure helps?*
"""

import cells
import judge
import keras
from keras import layers
from keras.optimizers.schedules import CosineDecay, PolynomialDecay

from ganbook import GAN, data, losses, metrics, networks, penalties, variants

STEPS, BATCH, SEEDS, AT_ONCE = 5000, 128, 10, 50
MIXTURES = {"ring": data.ring(), "grid": data.grid()}
LATENTS, WIDTH, DEPTH = 2, 64, 3
GENERATORS = 8
RATE, BETAS, GAMMA = 2e-3, (0.0, 0.99), 0.02


def critic(inputs=2, outputs=1):
    return networks.mlp(inputs, outputs, width=WIDTH, depth=DEPTH)


def generator():
    return networks.mlp(LATENTS, 2, width=WIDTH, depth=DEPTH)


def comparing(layer):
    """A critic that compares the examples of a batch before its last layer."""
    trunk = networks.mlp(2, WIDTH, WIDTH, DEPTH - 1, output_activation="relu")
    return keras.Sequential([keras.Input((2,)), trunk, layer, layers.Dense(1)])


def plain(kind=GAN, D=None, G=None, loss=None, **settings):
    """The baseline, with what a cure changes."""
    loss = loss or losses.NonSaturating()
    return lambda seed: kind(
        G() if G else generator(),
        D() if D else critic(),
        loss=loss,
        seed=seed,
        **{name: make() if callable(make) else make for name, make in settings.items()},
    )


def strict():
    return [penalties.R1(GAMMA), penalties.R2(GAMMA)]


def several():
    return networks.several_generators(GENERATORS, LATENTS, 2, WIDTH, DEPTH)


def reconstructing(seed):
    reconstructor = networks.mlp(2, LATENTS, width=WIDTH, depth=DEPTH)
    D = critic(2 + LATENTS)
    loss = losses.NonSaturating()
    return variants.VEEGAN(generator(), D, reconstructor, loss=loss, seed=seed)


CURES = {
    "none": plain(),
    "packs of 2": plain(pack=2, D=lambda: critic(4)),
    "packs of 4": plain(pack=4, D=lambda: critic(8)),
    "minibatch discrimination": plain(
        D=lambda: comparing(networks.MinibatchDiscrimination(5, 3))
    ),
    "minibatch deviation": plain(D=lambda: comparing(networks.MinibatchStd(4))),
    "unrolled 5": plain(variants.Unrolled, unrolling=5),
    "3 discriminators": plain(
        variants.GMAN, D=lambda: [critic(), critic(), critic()], heed=1.0
    ),
    "8 generators, MGAN": plain(
        D=lambda: critic(2, 1 + GENERATORS),
        G=several,
        loss=variants.MGAN(GENERATORS, losses.NonSaturating()),
    ),
    "8 generators, MAD-GAN": plain(
        D=lambda: critic(2, 1 + GENERATORS), G=several, loss=variants.MADGAN(GENERATORS)
    ),
    "VEEGAN": reconstructing,
    "mode seeking": plain(variants.ModeSeeking, seeking=1.0),
    "fading noise": plain(instance_noise=lambda: PolynomialDecay(0.5, STEPS // 2, 0.0)),
    "WGAN-GP": plain(
        loss=losses.Wasserstein(), penalties=lambda: [penalties.GradientPenalty(0.1)]
    ),
    "WGAN-GP, 5 steps of D": plain(
        loss=losses.Wasserstein(),
        penalties=lambda: [penalties.GradientPenalty(0.1)],
        discriminator_steps=5,
    ),
    "R1": plain(penalties=lambda: strict()[:1]),
    "R1 + R2": plain(penalties=strict),
    "pairing": plain(loss=losses.RelativisticPairing()),
    "pairing, R1 + R2": plain(loss=losses.RelativisticPairing(), penalties=strict),
    "falling rate, average": plain(ema=0.999),
    "packs of 2, falling, average": plain(pack=2, D=lambda: critic(4), ema=0.999),
    "8 generators, MGAN, falling, average": plain(
        D=lambda: critic(2, 1 + GENERATORS),
        G=several,
        loss=variants.MGAN(GENERATORS, losses.NonSaturating()),
        ema=0.999,
    ),
    "R1 + R2, falling, average": plain(penalties=strict, ema=0.999),
    "pairing, R1 + R2, falling, average": plain(
        loss=losses.RelativisticPairing(), penalties=strict, ema=0.999
    ),
}


def adam(cure):
    falls = "falling" in cure
    return keras.optimizers.Adam(CosineDecay(RATE, STEPS) if falls else RATE, *BETAS)


def train(task, cure, seed):
    keras.utils.set_random_seed(seed)
    x = MIXTURES[task].sample(100_000, seed=seed)
    gan = CURES[cure](seed)
    gan.compile(adam(cure), adam(cure), steps_per_execution=AT_ONCE)
    gan.fit(x, batch_size=BATCH, steps_per_epoch=STEPS, verbose=0)
    return gan


def score(gan, mixture, seed):
    """What the chapter draws, from fresh samples."""
    found = metrics.PROTOCOLS["ganbook"](gan.sample, mixture, seed=seed + 1000)
    twenty = metrics.PROTOCOLS["twenty"](gan.sample, mixture, seed=seed)
    return judge.modes(found) | {"twenty": twenty.modes}


def run(task, cure, seed):
    try:
        gan = train(task, cure, seed)
    except FloatingPointError as error:
        return {"failed": str(error)}
    found = score(gan, MIXTURES[task], seed)
    keras.backend.clear_session()
    return found


def main():
    grid = [
        {"task": task, "cure": cure, "seed": seed}
        for seed in range(SEEDS)
        for task in MIXTURES
        for cure in CURES
    ]
    cells.measure(
        "cures",
        run,
        grid,
        data=[m.sample(100_000, seed=0) for m in MIXTURES.values()],
        steps=STEPS,
        batch=BATCH,
        samples=metrics.PROTOCOLS["ganbook"].samples,
    )


if __name__ == "__main__":
    main()
