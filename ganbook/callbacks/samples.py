"""What the generator makes, over time."""

import os
import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

from ganbook import checks, metrics, plotting

ANIMATED = (".gif", ".png")


class Samples(keras.callbacks.Callback):
    """Samples from the same latents before training and after every k-th epoch.

    Args:
        n: samples, >= 1.
        every: epochs from one set of samples to the next, >= 1.
        seed: of the latents, integer >= 0.
        condition: of a conditional GAN, as in ``GAN.sample``.
        real: points ``(m, 2)`` to draw behind generated ones, or None.

    Attributes:
        frames: list of ``(epoch, samples)``.

    Raises:
        TypeError, ValueError: if a number is no integer in its range.
    """

    def __init__(self, n=64, every=1, seed=0, condition=None, real=None):
        super().__init__()
        self.n = checks.integer("n", n)
        self.every = checks.integer("every", every)
        self.seed = checks.integer("seed", seed, 0)
        self.condition = condition
        self.real = real
        self.frames = []

    def on_train_begin(self, logs=None):
        if not self.frames:
            self.take(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self.take(epoch + 1)

    def take(self, epoch):
        samples = self.model.sample(self.n, seed=self.seed, condition=self.condition)
        self.frames.append((epoch, samples))

    def figure(self, panels=6, columns=3):
        """Matplotlib figure of at most ``panels`` frames, evenly spread in time."""
        checks.integer("panels", panels)
        columns = min(checks.integer("columns", columns), panels, len(self._frames()))
        pick = np.linspace(0, len(self.frames) - 1, min(panels, len(self.frames)))
        frames = [self.frames[round(i)] for i in pick]
        rows = -(-len(frames) // columns)
        size = (2.2 * columns, 2.4 * rows)
        figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
        for ax in axes.flat[len(frames) :]:
            ax.set_axis_off()
        for ax, (epoch, samples) in zip(axes.flat, frames, strict=False):
            self._draw(ax, epoch, samples)
        return figure

    def save(self, path, seconds=0.3):
        """Write the frames as an animation, ``.gif`` or ``.png`` (APNG).

        The file appears whole or not at all.

        Raises:
            TypeError, ValueError: if ``seconds``, per frame, is no number > 0, the
                path ends otherwise, or there are no frames.
        """
        from PIL import Image

        path, seconds = Path(path), checks.positive("seconds", seconds)
        if path.suffix not in ANIMATED:
            raise ValueError(f"path: expected one ending in .gif or .png, got {path}")
        pictures = [Image.fromarray(self._picture(*f)) for f in self._frames()]
        handle, temporary = tempfile.mkstemp(suffix=path.suffix, dir=path.parent)
        os.close(handle)
        try:
            pictures[0].save(
                temporary,
                save_all=True,
                append_images=pictures[1:],
                duration=round(1000 * seconds),
                loop=0,
            )
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def _frames(self):
        if not self.frames:
            raise ValueError("frames: expected some, got none: hand me to fit first")
        return self.frames

    def _picture(self, epoch, samples):
        figure, ax = plt.subplots(figsize=(3.2, 3.4), dpi=100)
        self._draw(ax, epoch, samples)
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
        plt.close(figure)
        return pixels

    def _draw(self, ax, epoch, samples):
        title = f"epoch {epoch}" if epoch else "before training"
        if samples.ndim == 4:
            columns = round(np.ceil(np.sqrt(len(samples))))
            plotting.images(samples, columns, ax, title)
        elif samples.ndim == 2 and samples.shape[1] == 2:
            behind = np.zeros((0, 2)) if self.real is None else self.real
            plotting.scatter(behind, samples, ax, title)
            self._same_limits(ax)
        else:
            raise ValueError(
                "samples: expected points (n, 2) or images (n, height, width, 1 or 3) "
                f"to draw, got {samples.shape}"
            )

    def _same_limits(self, ax):
        sets = [s for _, s in self.frames] if self.real is None else [self.real]
        points = np.concatenate(sets)
        low, high = points.min(axis=0), points.max(axis=0)
        margin = 0.1 * (high - low).max() + 1e-6
        ax.set(xlim=(low[0] - margin, high[0] + margin))
        ax.set(ylim=(low[1] - margin, high[1] + margin))


class Coverage(keras.callbacks.Callback):
    """Adds ``modes`` and ``on_mode`` to the logs of every k-th epoch.

    History, the progress bar, TensorBoard and ``EarlyStopping`` see them; epochs
    between hold the last values.

    Args:
        mixture: `ganbook.data.Mixture`.
        n: samples, >= 1.
        every: epochs from one count to the next, >= 1.
        seed: of the latents, integer >= 0.

    Attributes:
        reports: list of ``(epoch, ganbook.metrics.Coverage)``.

    Raises:
        TypeError, ValueError: if a number is no integer in its range, or ``mixture``
            has no modes.
    """

    def __init__(self, mixture, n=2500, every=1, seed=0):
        super().__init__()
        if not all(hasattr(mixture, name) for name in ("centers", "std")):
            raise TypeError(f"mixture: expected centers and std, got {mixture!r}")
        self.mixture = mixture
        self.n = checks.integer("n", n)
        self.every = checks.integer("every", every)
        self.seed = checks.integer("seed", seed, 0)
        self.reports = []

    def on_epoch_end(self, epoch, logs=None):
        if epoch % self.every == 0 or not self.reports:
            samples = self.model.sample(self.n, seed=self.seed)
            report = metrics.coverage(samples, self.mixture)
            self.reports.append((epoch + 1, report))
        if logs is not None:
            report = self.reports[-1][1]
            logs |= {"modes": report.modes, "on_mode": report.on_mode}
