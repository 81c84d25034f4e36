"""Train recipes under one budget of time, and look at them on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras

from ganbook import GAN

AT_ONCE = 50  # steps per execution


@dataclass(frozen=True)
class Recipe:
    """All that makes a GAN but its seed; the rate is Adam's."""

    networks: Callable[[], tuple]
    loss: Any
    penalties: tuple = ()
    rate: float = 2e-4
    betas: tuple = (0.5, 0.999)
    falling: bool = False  # cosine decay to 0 over the budget
    ema: float | None = None
    batch: int = 64

    def gan(self, steps, seed):
        keras.utils.set_random_seed(seed)
        gan = GAN(
            *self.networks(),
            loss=self.loss,
            penalties=self.penalties,
            ema=self.ema,
            seed=seed,
        )
        gan.compile(self.adam(steps), self.adam(steps), steps_per_execution=AT_ONCE)
        return gan

    def adam(self, steps):
        rate = self.rate
        if self.falling:
            rate = keras.optimizers.schedules.CosineDecay(rate, steps)
        return keras.optimizers.Adam(rate, *self.betas)

    def fit(self, gan, x, steps):
        """Seconds for so many steps; data repeat by themselves."""
        start = time.perf_counter()
        gan.fit(x, batch_size=self.batch, steps_per_epoch=steps, verbose=0)
        return time.perf_counter() - start


def race(recipe, x, seconds, seed, look, looks=6):
    """Train for about ``seconds``; ``look(gan)`` is a dictionary, not on the clock.

    The number of steps follows from the speed of a trial run. The first 50 steps,
    which compile, are not on the clock either.
    """
    steps = max(round(seconds / pace(recipe, x) / looks / AT_ONCE), 1) * AT_ONCE
    gan, spent, rows = recipe.gan(steps * looks + AT_ONCE, seed), 0.0, []
    recipe.fit(gan, x, AT_ONCE)
    for _ in range(looks):
        spent += recipe.fit(gan, x, steps)
        done = int(keras.ops.convert_to_numpy(gan.steps))
        rows.append({"steps": done, "seconds": round(spent, 1)} | look(gan))
    return gan, rows


def pace(recipe, x):
    """Seconds per step, from about five seconds of training."""
    trial, steps = recipe.gan(AT_ONCE, 0), 2 * AT_ONCE
    recipe.fit(trial, x, AT_ONCE)
    first = recipe.fit(trial, x, steps)
    steps = max(round(5 / first), 1) * steps
    return recipe.fit(trial, x, steps) / steps
