"""Figures that look the same in every chapter: one color per role."""

import matplotlib.pyplot as plt
import numpy as np

from ganbook import checks

# Okabe-Ito, distinguishable under the common color-vision deficiencies
REAL, FAKE, DISCRIMINATOR = "#0072B2", "#D55E00", "#999999"
MORE = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # for further series, in order

STYLE = {
    "figure.figsize": (4.0, 3.0),
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "savefig.dpi": 144,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.prop_cycle": plt.cycler(color=[REAL, FAKE, *MORE, DISCRIMINATOR]),
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "image.cmap": "gray",
}


def use_style():
    """Apply the book's Matplotlib style; `ganbook.setup` calls it."""
    plt.rcParams.update(STYLE)


def scatter(real, fake, ax=None, title=None, size=4):
    """Overlay real and generated points ``(n, 2)``; returns the Axes."""
    ax = plt.gca() if ax is None else ax
    for points, color, label in ((real, REAL, "real"), (fake, FAKE, "generated")):
        points = np.asarray(points)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"{label}: expected points (n, 2), got {points.shape}")
        x, y = points.T
        ax.scatter(
            x, y, s=size, color=color, alpha=0.4, lw=0, label=label, rasterized=True
        )
    ax.set(aspect="equal", title=title)
    ax.set_axis_off()
    return ax


def images(x, columns=8, ax=None, title=None):
    """Tile images ``(n, height, width, 1 or 3)`` in [-1, 1], row by row; returns Axes.

    Raises:
        TypeError, ValueError: if ``x`` has another shape, is empty or not
            floating-point, or ``columns`` is no positive integer.
    """
    x = np.asarray(x)
    if x.ndim != 4 or x.shape[-1] not in (1, 3) or x.size == 0:
        raise ValueError(
            f"x: expected images (n, height, width, 1 or 3), got {x.shape}"
        )
    if not np.issubdtype(x.dtype, np.floating):
        raise ValueError(f"x: expected floats in [-1, 1], got {x.dtype}")
    columns = checks.integer("columns", columns)
    n, height, width, channels = x.shape
    rows = -(-n // columns)
    # one pixel of white between neighbours, and where the last row ends early
    board = np.ones((rows * (height + 1) - 1, columns * (width + 1) - 1, channels))
    for k, image in enumerate(np.clip(x, -1, 1) / 2 + 0.5):
        top, left = k // columns * (height + 1), k % columns * (width + 1)
        board[top : top + height, left : left + width] = image
    ax = plt.gca() if ax is None else ax
    ax.imshow(board, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ax.set_title(title)
    ax.set_axis_off()
    return ax


def losses(history, ax=None, equilibrium=True):
    """Both players' losses per epoch, from ``gan.fit(...)`` or its ``history``.

    ``equilibrium`` adds the values at which D answers one half everywhere,
    2 log 2 and log 2, of the non-saturating loss. Returns the Axes.
    """
    history = getattr(history, "history", history)
    ax = plt.gca() if ax is None else ax
    epochs = np.arange(1, len(history["d_loss"]) + 1)
    ax.plot(epochs, history["d_loss"], color=DISCRIMINATOR, label="discriminator")
    ax.plot(epochs, history["g_loss"], color=FAKE, label="generator")
    if equilibrium:
        for value, color in ((2 * np.log(2), DISCRIMINATOR), (np.log(2), FAKE)):
            ax.axhline(value, color=color, lw=1, ls=":")
    ax.set(xlabel="epoch", ylabel="loss (nats)")
    ax.legend()
    return ax
