"""Toy distributions whose modes and density are known."""

from dataclasses import dataclass

import numpy as np

from ganbook import checks


@dataclass(frozen=True, eq=False)
class Mixture:
    """Equally wide spherical Gaussians, the modes.

    Args:
        centers: array ``(modes, dim)``.
        std: standard deviation of each Gaussian along each axis, > 0.
        weights: probabilities ``(modes,)`` that sum to 1; None for equal ones.

    Raises:
        TypeError: if an argument holds no numbers.
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
        centers = checks.numbers("centers", self.centers)
        if centers.ndim != 2 or centers.size == 0:
            raise ValueError(f"centers: expected (modes, dim), got {centers.shape}")
        checks.positive("std", self.std)
        equal = np.full(len(centers), 1.0 / len(centers))
        weights = equal if self.weights is None else self.weights
        weights = checks.numbers("weights", weights)
        if weights.shape != (len(centers),) or not np.isclose(weights.sum(), 1.0):
            raise ValueError(
                f"weights: expected {len(centers)} probabilities that sum to 1, "
                f"got {weights.tolist()}"
            )
        if not (weights >= 0).all():
            raise ValueError(f"weights: expected values >= 0, got {weights.tolist()}")
        for name, array in (("centers", centers), ("weights", weights / weights.sum())):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def dim(self):
        return self.centers.shape[1]

    def sample(self, n, seed=None):
        """Draw ``n`` points, float32 ``(n, dim)``; equal seeds, equal points."""
        rng = np.random.default_rng(seed)
        n = checks.integer("n", n)
        mode = rng.choice(len(self.centers), size=n, p=self.weights)
        noise = self.std * rng.normal(size=(n, self.dim))
        return (self.centers[mode] + noise).astype("float32")

    def density(self, x):
        """Probability density at the points ``x``, ``(n, dim)``; returns ``(n,)``."""
        log = self.log_density(x)
        if log.max(initial=0.0) > np.log(np.finfo(float).max):
            raise ValueError(
                f"density: expected values that a float holds, got exp({log.max():.0f})"
                ": use log_density"
            )
        return np.exp(log)

    def log_density(self, x):
        """Logarithm of `density`, in nats: finite where that is too small or large."""
        x = _points(x, self.dim)
        total = np.full(len(x), -np.inf)
        for center, weight in zip(self.centers, self.weights, strict=True):
            if weight > 0:
                square = np.sum(((x - center) / self.std) ** 2, axis=1)
                total = np.logaddexp(total, np.log(weight) - 0.5 * square)
        return total - 0.5 * self.dim * np.log(2.0 * np.pi * self.std**2)

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
        radius: of the circle, > 0.
        std: of each Gaussian, in the units of ``radius``.
        unit_variance: scale the coordinates to unit variance, so that the
            weight of a penalty means the same for all data; False keeps
            ``radius`` and ``std`` as given.

    Returns:
        `Mixture` in two dimensions.

    References:
        Lin et al., 2018. https://arxiv.org/abs/1712.04086
    """
    # not linspace(0, 2 pi, modes): it counts the first angle twice
    angle = 2.0 * np.pi * np.arange(checks.integer("modes", modes)) / modes
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    centers = checks.positive("radius", radius) * circle
    mixture = Mixture(centers, std)
    return mixture.standardized() if unit_variance else mixture


def grid(side=5, spacing=2.0, std=0.05, unit_variance=True):
    """``side`` by ``side`` Gaussians; the defaults are the usual 25 modes.

    Args:
        side: Gaussians along each axis, >= 1.
        spacing: distance between neighbours, > 0.
        std: of each Gaussian, in the units of ``spacing``.
        unit_variance: as in `ring`.

    Returns:
        `Mixture` in two dimensions.

    References:
        Lin et al., 2018. https://arxiv.org/abs/1712.04086
    """
    steps = np.arange(checks.integer("side", side)) - (side - 1) / 2
    axis = checks.positive("spacing", spacing) * steps
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
            checks.positive(name, getattr(self, name))

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
        points = self.curve(rng.uniform(size=checks.integer("n", n)))
        return (points + self.std * rng.normal(size=(n, 2))).astype("float32")

    def density(self, x, nodes=None):
        """Density at ``x``, ``(n, 2)``: the noise averaged over points of the curve.

        ``nodes`` is their number; None takes at least 2,000, and enough to lie
        closer together than ``std``.
        """
        if nodes is None:
            length = (1.0 + 2.0 * np.pi * self.turns) * self.scale
            nodes = max(2000, int(np.ceil(length / self.std)))
        radius = (np.arange(checks.integer("nodes", nodes)) + 0.5) / nodes
        # t is uniform, so the radius, its root, has a density that grows with it
        points = self.curve(radius**2)
        return Mixture(points, self.std, radius / radius.sum()).density(x)


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
    checks.positive("std", std)  # before it is scaled
    scale = 1.0 / np.sqrt(0.25 + std**2) if unit_variance else 1.0
    return Spiral(turns, std * scale, scale)


def _points(x, dim):
    x = np.asarray(x, float)
    if x.ndim != 2 or x.shape[1] != dim:
        raise ValueError(f"x: expected points (n, {dim}), got {x.shape}")
    return x
