"""How many of 20 runs that are killed at random moments end at the same bits."""

import random
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import survivor

RUNS, EPOCHS = 20, 150


def main():
    with tempfile.TemporaryDirectory() as folder:
        expected, _ = survivor.run(f"{folder}/undisturbed", EPOCHS)
        identical = []
        for seed in range(RUNS):
            chance = random.Random(seed)
            got, kills = survivor.run(f"{folder}/{seed}", EPOCHS, chance)
            same = all(np.array_equal(expected[name], got[name]) for name in expected)
            identical.append(same and expected.keys() == got.keys())
            print(f"run {seed}: {kills} kills, identical: {same}", flush=True)
    print(f"{sum(identical)} of {RUNS} runs are identical to the undisturbed one")


if __name__ == "__main__":
    main()
