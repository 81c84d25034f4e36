"""DCGAN's guidelines switched off one by one, and four pairs on one time budget.

On the 8×8 digits, scored by the Fréchet distance of a classifier's features. About
half an hour on 2 cores; read by the chapter *What do convolutions buy?*
"""

import time

import keras
import numpy as np
import record
from judge import Judge, halves

import ganbook
from ganbook import GAN, data, losses, networks, penalties

SEEDS, STEPS, LAST = range(3), 2000, 5  # the score: the median of the last five
BUDGET, EVERY = 30, 5  # processor seconds of training for each pair
SHAPE = (8, 8, 1)

BOTH, G, D = "both", "generator", "discriminator"
GLOROT = keras.initializers.GlorotUniform
BARE = {"normalization": None, "initializer": GLOROT}
CASES = {  # which network is built otherwise, and how; or what else is changed
    "all guidelines": {},
    "max pooling in D": {D: {"downsample": networks.max_pooled}},
    "upsampling in G": {G: {"upsample": networks.resized}},
    "no batch norm in G": {G: {"normalization": None}},
    "no batch norm in D": {D: {"normalization": None}},
    "no batch norm": {BOTH: {"normalization": None}},
    "hidden dense layer in G": {G: {"hidden": 128}},
    "hidden dense layer in D": {D: {"hidden": 128}},
    "leaky ReLU in G": {G: {"activation": "leaky_relu"}},
    "tanh in G": {G: {"activation": "tanh"}},
    "ReLU in D": {D: {"activation": "relu"}},
    "Glorot": {BOTH: {"initializer": GLOROT}},
    "no batch norm, Glorot": {BOTH: BARE},
    "no batch norm, Glorot, R1": {BOTH: BARE, "penalties": [penalties.R1(1.0)]},
    "beta_1 = 0.9": {"adam": {"beta_1": 0.9}},
    "learning rate 0.001": {"adam": {"learning_rate": 1e-3}},
    "kernels of 3": {BOTH: {"kernel_size": 3}},
}
PAIRS = {  # and how many updates before another takes its turn
    "dense_128": (lambda: networks.dense_128(SHAPE, latents=64), 400),
    "dense_1024": (lambda: networks.dense_1024(SHAPE, latents=64), 10),
    "DCGAN, width 16": (lambda: dcgan({BOTH: {"width": 16}}), 100),
    "DCGAN, width 32": (lambda: dcgan({}), 100),
}


def dcgan(case):
    both = case.get(BOTH, {})
    return (
        networks.dcgan_generator(SHAPE, **both, **case.get(G, {})),
        networks.dcgan_discriminator(SHAPE, **both, **case.get(D, {})),
    )


def gan_of(pair, seed, penalties=(), **adam):
    adam = {"learning_rate": 2e-4, "beta_1": 0.5} | adam
    gan = GAN(*pair, loss=losses.NonSaturating(), penalties=penalties, seed=seed)
    optimizers = [keras.optimizers.Adam(**adam) for _ in pair]
    gan.compile(*optimizers, steps_per_execution=20)
    return gan


def train(gan, images, steps):
    gan.fit(images, batch_size=128, steps_per_epoch=steps, verbose=0)


def score(gan, judge):
    """Distance, and the share of the rarest class."""
    seen = judge(gan.sample(len(judge.features), seed=1000))
    return seen["distance"], min(seen["shares"])


def one_case(case, seed, images, judge):
    ganbook.setup(seed)
    gan = gan_of(dcgan(case), seed, case.get("penalties", ()), **case.get("adam", {}))
    train(gan, images, STEPS - 100 * LAST)
    seen = []
    for _ in range(LAST):
        train(gan, images, 100)
        seen.append(score(gan, judge))
    return np.median(seen, axis=0)


def same_time(seed, images, judge):
    """Pairs take turns; processor time is that of all cores, whoever else uses them."""
    ganbook.setup(seed)
    gans = {name: gan_of(pair(), seed) for name, (pair, _) in PAIRS.items()}
    for gan in gans.values():
        train(gan, images, 20)  # compiles
    spent = dict.fromkeys(PAIRS, 0.0)
    scores = {name: [] for name in PAIRS}
    while min(spent.values()) < BUDGET:
        name = min(spent, key=spent.get)
        began = time.process_time()
        train(gans[name], images, PAIRS[name][1])
        spent[name] += time.process_time() - began
        if spent[name] >= EVERY * (len(scores[name]) + 1):
            scores[name].append(score(gans[name], judge)[0])
    return {name: (scores[name], int(gans[name].steps.numpy())) for name in PAIRS}


def main():
    began = time.time()
    images, labels = data.digits()
    judge = Judge(images, labels)
    scores, rarest = ({name: [] for name in CASES} for _ in range(2))
    budget = {
        name: {
            "parameters": sum(network.count_params() for network in pair()),
            "updates": [],
            "scores": [],
        }
        for name, (pair, _) in PAIRS.items()
    }
    for seed in SEEDS:
        for name, (found, updates) in same_time(seed, images, judge).items():
            budget[name]["scores"].append(np.round(found, 1).tolist())
            budget[name]["updates"].append(updates)
        for name, case in CASES.items():
            distance, share = one_case(case, seed, images, judge)
            scores[name].append(round(float(distance), 1))
            rarest[name].append(round(float(share), 3))
            print(f"seed {seed}: {name}: {distance:.1f}", flush=True)
        record.write(
            "guidelines",
            {
                "halves": round(np.mean(halves(judge.features)), 2),
                "steps": STEPS,
                "seeds": len(scores["all guidelines"]),
                "scores": scores,
                "rarest_class": rarest,
                "budget_seconds": list(range(EVERY, BUDGET + 1, EVERY)),
                "budget": budget,
            },
            seconds=time.time() - began,
            data=(images, labels),
        )


if __name__ == "__main__":
    main()
