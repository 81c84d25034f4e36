"""What the curves of five GANs show, and what their samples are, over five seeds.

On the ring of 8 and the grid of 25. A quarter of an hour on 2 cores; read by the
chapter *What do the curves tell?*
"""

import time

import keras
import numpy as np
import record
from keras import ops

import ganbook
from ganbook import GAN, autodiff, data, divergences, losses, metrics, networks
from ganbook.penalties import R1, R2, gradient_norm

SEEDS = range(5)
RING, GRID = data.ring(std=0.05), data.grid()
HELD_OUT, POINTS, REFEREE_EVERY = 2000, 500, 4
CASES = {  # what differs from the GAN and the run below
    "R1 + R2": {"penalties": [R1(1.0), R2(1.0)]},
    "D of width 4": {"hidden": {"width": 4, "depth": 1}},
    "10 steps of D": {"discriminator_steps": 10},
    "beta_1 = 0.9": {"adam": {"beta_1": 0.9}},
    "the grid": {
        "mixture": GRID,
        "adam": {"learning_rate": 2e-3, "beta_1": 0.5},
        "hidden": {"width": 128, "depth": 2},
        "epochs": 40,
        "steps": 150,
    },
}


def make(seed, hidden=None, adam=(), **settings):
    ganbook.setup(seed)
    hidden = hidden or {"width": 64, "depth": 2}
    G = networks.mlp(2, 2, width=max(64, hidden["width"]), depth=2)
    D = networks.mlp(2, 1, **hidden)
    gan = GAN(G, D, loss=losses.NonSaturating(), seed=seed, **settings)
    adam = {"learning_rate": 1e-3, "beta_1": 0.0, "beta_2": 0.99} | dict(adam)
    gan.compile(*[keras.optimizers.Adam(**adam) for _ in "GD"], steps_per_execution=50)
    return gan


def overlap(samples, mixture):
    """Mass that samples and the mixture have on the same modes, 1 at best."""
    counts = metrics.coverage(samples, mixture).counts
    return np.minimum(counts / len(samples), mixture.weights).sum()


def scores(gan, mixture, seed):
    """Overlap twice, on samples of its own each: to choose by, and to report."""
    near = gan.sample(POINTS, seed=seed), mixture.sample(POINTS, seed=seed)
    samples, others = (gan.sample(HELD_OUT, seed=seed + k) for k in (1, 2))
    return {
        "distance": divergences.wasserstein(*near),
        "modes": metrics.coverage(samples, mixture).modes,
        "overlap": overlap(samples, mixture),
        "overlap_again": overlap(others, mixture),
    }


def length(gradient):
    return float(ops.sqrt(sum(ops.sum(ops.square(g)) for g in gradient)))


def instruments(gan, mixture, seed):
    """What one can read off both networks, on held-out samples."""
    G, D, loss = gan.generator, gan.discriminator, gan.adversarial_loss
    real, z = mixture.sample(HELD_OUT, seed=seed), gan.latents(HELD_OUT, seed)
    a, b = D(real), D(G(z))
    _, d_gradient = autodiff.value_and_grad(
        lambda: ops.mean(loss.discriminator(D(real), D(G(z)))), D.trainable_variables
    )
    _, g_gradient = autodiff.value_and_grad(
        lambda: ops.mean(loss.generator(None, D(G(z)))), G.trainable_variables
    )
    found = {
        "real_logit": ops.mean(a),
        "fake_logit": ops.mean(b),
        "real_bet": ops.mean(ops.sigmoid(a)),
        "fake_bet": ops.mean(ops.sigmoid(b)),
        "slope": ops.sqrt(ops.mean(gradient_norm(D, ops.convert_to_tensor(real)) ** 2)),
        "d_gradient": length(d_gradient),
        "g_gradient": length(g_gradient),
    }
    return {name: float(value) for name, value in found.items()}


def referee(samples, mixture, seed, epochs=10):
    """Held-out discriminator loss of a fresh network, in nats."""
    keras.utils.set_random_seed(seed)
    half = len(samples) // 2
    fresh = mixture.sample(2 * half, seed=4000 + seed)  # the GAN trained on seed's own
    x = np.concatenate([fresh, samples[: 2 * half]])
    y = np.repeat([[1.0], [0.0]], 2 * half, axis=0)
    fit, test = (np.arange(len(x)) // half % 2 == k for k in (0, 1))
    network = networks.mlp(2, 1, width=64, depth=2)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(3e-3), loss, steps_per_execution=20)
    network.fit(x[fit], y[fit], batch_size=200, epochs=epochs, verbose=0)
    return 2 * network.evaluate(x[test], y[test], batch_size=2000, verbose=0)


def one_run(seed, mixture=RING, epochs=20, steps=100, **settings):
    gan = make(seed, **settings)
    x, rows, judged = mixture.sample(20_000, seed=seed), [], []

    def look(epoch, logs):
        seen = instruments(gan, mixture, 1000) | scores(gan, mixture, 2000)
        rows.append({k: float(v) for k, v in logs.items()} | seen)
        if (epoch + 1) % REFEREE_EVERY == 0:
            judged.append(referee(gan.sample(20_000, seed=3000), mixture, seed))

    watch = keras.callbacks.LambdaCallback(on_epoch_end=look)
    options = dict(batch_size=128, epochs=epochs, steps_per_epoch=steps, verbose=0)
    gan.fit(x, callbacks=[watch], **options)
    return {name: [row[name] for row in rows] for name in rows[0]} | {"referee": judged}


def main():
    began = time.time()
    x = [mixture.sample(20_000, seed=0) for mixture in (RING, GRID)]
    floor = [referee(m.sample(20_000, seed=1), m, 0) for m in (RING, GRID)]
    runs = {name: {} for name in CASES}
    for seed in SEEDS:
        for name, case in CASES.items():
            curves = one_run(seed, **case)
            for what, values in curves.items():
                runs[name].setdefault(what, []).append(np.round(values, 4).tolist())
            print(f"seed {seed}: {name}: referee", curves["referee"], flush=True)
        record.write(
            "curves",
            {
                "steps": {name: case.get("steps", 100) for name, case in CASES.items()},
                "seeds": seed + 1,
                "referee_every": REFEREE_EVERY,
                "referee_of_real_samples": np.round(floor, 4).tolist(),
                "runs": runs,
            },
            seconds=time.time() - began,
            data=x,
        )


if __name__ == "__main__":
    main()
