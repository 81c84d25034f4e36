"""Toy distributions whose modes and density are known."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Mixture:
    """Equally wide spherical Gaussians, the modes.

    Args:
        centers: array ``(modes, dim)``.
        std: standard deviation of each Gaussian along each axis, > 0.
        weights: probabilities ``(modes,)`` that sum to 1; None for equal ones.

    Raises:
        ValueError: if a shape does not fit, ``std`` is not positive, or the
            weights are no probabilities.

    Example:
        >>> pair = Mixture([[-1.0], [1.0]], std=0.1)
        >>> pair.sample(3, seed=0).shape
        (3, 1)
    """

    centers: np.ndarray
    std: float
    weights: np.ndarray | None = None

    def __post_init__(self):
        centers = np.asarray(self.centers, float)
        if centers.ndim != 2 or centers.size == 0 or not np.isfinite(centers).all():
            raise ValueError(
                f"centers: expected finite numbers (modes, dim), got {centers.shape}"
            )
        if not 0 < self.std < np.inf:
            raise ValueError(f"std: expected a number > 0, got {self.std!r}")
        weights = np.full(len(centers), 1.0) if self.weights is None else self.weights
        weights = np.asarray(weights, float)
        if self.weights is None:
            weights /= len(centers)
        if weights.shape != (len(centers),) or not np.isclose(weights.sum(), 1.0):
            raise ValueError(
                f"weights: expected {len(centers)} probabilities that sum to 1, "
                f"got {weights.tolist()}"
            )
        if not (weights >= 0).all():
            raise ValueError(f"weights: expected values >= 0, got {weights.tolist()}")
        object.__setattr__(self, "centers", centers)
        object.__setattr__(self, "weights", weights)

    @property
    def dim(self):
        return self.centers.shape[1]

    def sample(self, n, seed=None):
        """Draw ``n`` points, float32 ``(n, dim)``; equal seeds, equal points."""
        rng = np.random.default_rng(seed)
        mode = rng.choice(len(self.centers), size=_count(n), p=self.weights)
        noise = self.std * rng.normal(size=(n, self.dim))
        return (self.centers[mode] + noise).astype("float32")

    def density(self, x):
        """Probability density at the points ``x``, ``(n, dim)``; returns ``(n,)``."""
        x = _points(x, self.dim)
        total = np.zeros(len(x))
        for center, weight in zip(self.centers, self.weights, strict=True):
            square = np.sum((x - center) ** 2, axis=1) / self.std**2
            total += weight * np.exp(-0.5 * square)
        return total / (2.0 * np.pi * self.std**2) ** (self.dim / 2)

    def standardized(self):
        """The same mixture, shifted and scaled to mean 0 and unit variance.

        One factor for all axes keeps the modes round: the variance is 1 on
        average over the axes.
        """
        mean = self.weights @ self.centers
        spread = self.weights @ (self.centers - mean) ** 2 + self.std**2
        scale = np.sqrt(spread.mean())
        return Mixture((self.centers - mean) / scale, self.std / scale, self.weights)


def ring(modes=8, radius=1.0, std=0.01, unit_variance=True):
    """Gaussians equally spaced on a circle; the defaults are PacGAN's ring.

    Args:
        modes: number of Gaussians, >= 1.
        radius: of the circle.
        std: of each Gaussian, in the units of ``radius``.
        unit_variance: scale the coordinates to unit variance, so that the
            weight of a penalty means the same for all data; False keeps
            ``radius`` and ``std`` as given.

    Returns:
        `Mixture` in two dimensions.

    References:
        Lin et al., 2018, sec. 4.1. https://arxiv.org/abs/1712.04086
    """
    # not linspace(0, 2 pi, modes): it counts the first angle twice
    angle = 2.0 * np.pi * np.arange(_count(modes, "modes")) / modes
    centers = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    mixture = Mixture(centers, std)
    return mixture.standardized() if unit_variance else mixture


def grid(side=5, spacing=2.0, std=0.05, unit_variance=True):
    """``side`` by ``side`` Gaussians; the defaults are the usual 25 modes.

    Args:
        side: Gaussians along each axis, >= 1.
        spacing: distance between neighbours.
        std: of each Gaussian, in the units of ``spacing``.
        unit_variance: as in `ring`.

    Returns:
        `Mixture` in two dimensions.

    References:
        Lin et al., 2018, sec. 4.1. https://arxiv.org/abs/1712.04086
    """
    axis = spacing * (np.arange(_count(side, "side")) - (side - 1) / 2)
    mixture = Mixture(np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2), std)
    return mixture.standardized() if unit_variance else mixture


@dataclass(frozen=True)
class Spiral:
    """Points along an Archimedean spiral, plus Gaussian noise; see `spiral`."""

    turns: float
    std: float
    scale: float

    def __post_init__(self):
        for name in ("turns", "std", "scale"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(
                    f"{name}: expected a number > 0, got {getattr(self, name)!r}"
                )

    def curve(self, t):
        """The noiseless curve at ``t`` in [0, 1], ``(n, 2)``, equal arc lengths apart.

        The radius is proportional to the angle. Far from the center the arc
        length grows with its square, hence the root.
        """
        radius = np.sqrt(np.asarray(t, float))
        angle = 2.0 * np.pi * self.turns * radius
        return (
            self.scale * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
        )

    def sample(self, n, seed=None):
        """Draw ``n`` points, float32 ``(n, 2)``; equal seeds, equal points."""
        rng = np.random.default_rng(seed)
        points = self.curve(rng.uniform(size=_count(n)))
        return (points + self.std * rng.normal(size=(n, 2))).astype("float32")

    def density(self, x, nodes=2000):
        """Density at ``x``, ``(n, 2)``: the noise averaged over points of the curve."""
        t = (np.arange(nodes) + 0.5) / nodes
        return Mixture(self.curve(t), self.std).density(x)


def spiral(turns=2.0, std=0.02, unit_variance=True):
    """One spiral arm of outer radius 1: connected, no modes, far from a Gaussian.

    Args:
        turns: revolutions, > 0.
        std: of the noise, in units of the outer radius, > 0.
        unit_variance: scale the coordinates to unit variance (on average over
            both axes, about the origin).

    Returns:
        `Spiral`.
    """
    # E|x|^2 = E t + 2 std^2 with t uniform, spread over two axes
    scale = 1.0 / np.sqrt(0.25 + std**2) if unit_variance else 1.0
    return Spiral(turns, std * scale, scale)


def _count(n, name="n"):
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 1:
        raise ValueError(f"{name}: expected an integer >= 1, got {n!r}")
    return n


def _points(x, dim):
    x = np.asarray(x, float)
    if x.ndim != 2 or x.shape[1] != dim:
        raise ValueError(f"x: expected points (n, {dim}), got {x.shape}")
    return x
