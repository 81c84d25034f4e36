"""Where small GANs come to rest, and whether their eigenvalues say so.

Four games on the ring from the same weights; the spectra of all four where R1 has
led, and how fast a small kick really fades there; Wasserstein critics that get 1, 5
and 25 steps. Each game is played on one fixed batch, with plain descent. About 10
minutes on 2 cores; read by the chapter *When does a GAN come to rest?*
"""

import time

import numpy as np
import record
import tensorflow as tf
from keras import ops
from scipy.linalg import expm

import ganbook
from ganbook import GAN, data, games, losses, networks, penalties
from ganbook.autodiff import input_gradient

SEEDS, BATCH, STEPS, LOOKS = range(10), 256, 20_000, 20
NON_SATURATING, WASSERSTEIN = losses.NonSaturating(), losses.Wasserstein()
R1, R2 = penalties.R1(0.1), penalties.R2(0.1)
CASES = {  # loss, penalties, rate of both players
    "plain": (NON_SATURATING, [], 0.2),
    "R1": (NON_SATURATING, [R1], 0.2),
    "R1 + R2": (NON_SATURATING, [R1, R2], 0.2),
    "WGAN-GP": (WASSERSTEIN, [penalties.GradientPenalty(1.0)], 0.02),
}
SETTLING = ["plain", "R1", "R1 + R2"]
KICK, FINE = 0.03, 0.1  # length of the kick, and the rate to watch it fade
KICKED = ["computed", "measured", "later", "moved", "forecast"]

CRITICS = {  # loss, penalties, bound of the critic's weights
    "R1": (NON_SATURATING, [penalties.R1(1.0)], np.inf),
    "WGAN-GP": (WASSERSTEIN, [penalties.GradientPenalty(1.0)], np.inf),
    "WGAN, clipped": (WASSERSTEIN, [], 0.5),
}
CRITIC_SEEDS, CRITIC_STEPS, CRITIC_RATE, UPDATES = range(5), (1, 5, 25), 0.04, 3000
TARGET = np.array([[1.0, 0.3], [0.0, 0.6]], "float32"), np.array([0.5, -0.5], "float32")


def ring_game(case, seed):
    """The same weights, data and latents for every case."""
    ganbook.setup(seed)
    pair = [networks.mlp(2, n, width=12, depth=2, activation="tanh") for n in (2, 1)]
    loss, punished, _ = CASES[case]
    gan = GAN(*pair, loss=loss, penalties=punished, seed=seed)
    latents = np.random.default_rng(seed).normal(size=(BATCH, 2))
    return games.NeuralGame(gan, ring.sample(BATCH, seed=100 + seed), latents)


def affine_game(case, seed):
    """G(z) = Az + m, and data that are G(z) for the A and m of the target."""
    ganbook.setup(seed)
    generator = networks.mlp(2, 2, depth=0)
    critic = networks.mlp(2, 1, width=16, depth=1, activation="tanh")
    loss, punished, _ = CRITICS[case]
    gan = GAN(generator, critic, loss=loss, penalties=punished, seed=seed)
    z = np.random.default_rng(seed).normal(size=(BATCH, 2)).astype("float32")
    generator.set_weights([0.7 * np.eye(2), np.zeros(2)])
    return games.NeuralGame(gan, z @ TARGET[0] + TARGET[1], z)


def jacobian(game, weights):
    """As ``game.jacobian()``, at other weights and compiled."""

    @tf.function
    def row(u):
        return input_gradient(lambda w: -ops.sum(game.slopes(w) * u), weights)

    return np.stack([row(u) for u in np.eye(game.size, dtype="float32")]).astype(float)


def descent(game, rate, steps):
    """Both players at once, ``steps`` times, as one compiled function."""

    @tf.function
    def run(weights):
        for _ in tf.range(steps):
            weights = weights - rate * game.slopes(weights)
        return weights

    return run


def turns(game, rate, critic_steps, bound, steps):
    """The critic ``critic_steps`` times, then the generator."""
    critic = (np.arange(game.size) >= game.split).astype("float32")
    limits = np.where(critic > 0, bound, np.inf).astype("float32")

    @tf.function
    def run(weights):
        for _ in tf.range(steps):
            for _ in tf.range(critic_steps):
                weights = weights - rate * critic * game.slopes(weights)
                weights = tf.clip_by_value(weights, -limits, limits)
            weights = weights - rate * (1 - critic) * game.slopes(weights)
        return weights

    return run


def path(run, weights, looks):
    """The start, and where ``looks`` runs lead, one after the other."""
    points = [tf.constant(weights, "float32")]
    for _ in range(looks):
        points.append(run(points[-1]))
    return points


def length(game, weights):
    return float(np.linalg.norm(game.slopes(weights)))


def modes(game, weights):
    """How many of the eight get at least 3 % of the samples."""
    samples = generated(game, weights)
    distances = np.linalg.norm(samples[:, None] - ring.centers, axis=2)
    counts = np.bincount(distances.argmin(axis=1), minlength=len(ring.centers))
    return int((counts >= 0.03 * BATCH).sum())


def generated(game, weights):
    assign(game.gan.generator, np.asarray(weights)[: game.split])
    return np.asarray(game.gan.generator(game.latents))


def assign(network, weights):
    ends = np.cumsum([int(np.prod(v.shape)) for v in network.trainable_variables])
    parts = np.split(weights, ends[:-1])
    for variable, part in zip(network.trainable_variables, parts, strict=True):
        variable.assign(part.reshape(variable.shape))


def error(game, weights):
    """How far mean and covariance of the samples are from those of the data."""
    fake, real = generated(game, weights), np.asarray(game.real)
    mean = np.linalg.norm(fake.mean(axis=0) - real.mean(axis=0))
    return np.hypot(mean, np.linalg.norm(np.cov(fake.T) - np.cov(real.T)))


def summary(values):
    """Largest and smallest real part, largest imaginary part, how many are near 0."""
    return {
        "largest": short(values.real.max()),
        "smallest": short(values.real.min()),
        "fastest_turn": short(values.imag.max()),
        "near_zero": int((np.abs(values) < 1e-3).sum()),
    }


def short(value):
    return float(f"{value:.4g}")


def pair(value):
    return [short(value.real), short(value.imag)]


def slowest_turn(values):
    """Of those that turn by more than they fade, the one that fades least."""
    turning = np.flatnonzero((values.imag > 0.02) & (values.imag > -values.real))
    return turning[values[turning].real.argmax()]


def kicked(game, weights, J):
    """What a kick along the slowest turn does, beside what its eigenvalue says.

    Without a kick the weights drift, too: ``moved`` by so much until the end, where
    the part most like this one has the eigenvalue ``later``.
    """
    values, vectors = np.linalg.eig(J)
    i = slowest_turn(values)
    looks, every = 40, int(4 * np.pi / values[i].imag / FINE / 40)  # two periods
    direction = vectors[:, i].real / np.linalg.norm(vectors[:, i].real)
    run = descent(game, FINE, every)
    kicked, calm = (
        path(run, start, looks) for start in (weights + KICK * direction, weights)
    )
    share = np.array(np.subtract(kicked, calm), float) @ np.linalg.inv(vectors)[i]
    times = FINE * every * np.arange(looks + 1)
    fades = np.polyfit(times, np.log(np.abs(share)), 1)[0]
    turns = np.polyfit(times, np.unwrap(np.angle(share)), 1)[0]
    others, parts = np.linalg.eig(jacobian(game, calm[-1]))
    return {
        "computed": pair(values[i]),
        "measured": pair(fades + 1j * turns),
        "later": pair(others[np.abs(vectors[:, i].conj() @ parts).argmax()]),
        "moved": short(np.linalg.norm(calm[-1] - calm[0])),
    }


def forecast(game, weights, J, span=100.0):
    """Length of the field after a time, as exp(J t) v and as played."""
    v = -np.asarray(game.slopes(weights), float)
    run = descent(game, FINE, int(span / FINE))
    said = np.linalg.norm(expm(J * span) @ v)
    return [short(said), short(length(game, run(weights)))]


def main():
    began = time.time()
    played = {name: {"field": [], "modes": [], "spectrum": []} for name in CASES}
    same = {name: {"spectrum": []} for name in CASES}
    for name in SETTLING:
        same[name] |= {key: [] for key in KICKED}
    critics = {name: {str(n): [] for n in CRITIC_STEPS} for name in CRITICS}
    for seed in SEEDS:
        ends = {}
        for name, (*_, rate) in CASES.items():
            game = ring_game(name, seed)
            points = path(descent(game, rate, STEPS // LOOKS), game.weights, LOOKS)
            ends[name] = points[-1]
            values = np.linalg.eigvals(jacobian(game, ends[name]))
            found = played[name]
            found["field"].append([short(length(game, p)) for p in points])
            found["modes"].append(modes(game, ends[name]))
            found["spectrum"].append(summary(values))
            print(f"seed {seed}: {name}: {found['modes'][-1]} modes", flush=True)
        for name in CASES:
            game, found = ring_game(name, seed), same[name]
            J = jacobian(game, ends["R1"])
            found["spectrum"].append(summary(np.linalg.eigvals(J)))
            if name in SETTLING:
                seen = kicked(game, ends["R1"].numpy(), J)
                seen["forecast"] = forecast(game, ends["R1"], J)
                for key in KICKED:
                    found[key].append(seen[key])
                print(f"  {name}: {seen}", flush=True)
        for name, (*_, bound) in CRITICS.items():
            for n in CRITIC_STEPS if seed in CRITIC_SEEDS else ():
                game = affine_game(name, seed)
                run = turns(game, CRITIC_RATE, n, bound, UPDATES // 30)
                errors = [error(game, p) for p in path(run, game.weights, 30)]
                critics[name][str(n)].append([short(e) for e in errors])
                print(f"  {name}, {n} steps: {errors[-1]:.3f}", flush=True)
        record.write(
            "stability",
            {
                "seeds": seed + 1,
                "updates": STEPS,
                "weights": game_size,
                "rate": FINE,
                "played": played,
                "same_weights": same,
                "critic_updates": UPDATES,
                "critics": critics,
            },
            seconds=time.time() - began,
            data=(ring.sample(BATCH, seed=100),),
        )


ring = data.ring(std=0.1)
game_size = ring_game("plain", 0).size

if __name__ == "__main__":
    main()
