"""Exact optimal transport: plans, their price, and the potentials that prove it."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog
from scipy.spatial.distance import cdist

from ganbook import checks
from ganbook.divergences.arrays import densities, pair, weights

_MASS = 1e6  # the solver's tolerances are absolute, about 1e-7


def wasserstein(x, y, x_weights=None, y_weights=None, order=1):
    r"""Wasserstein distance :math:`W_1` or :math:`W_2` between weighted points.

    On a line the cheapest plan moves mass without crossing, in closed form:
    :math:`W_k^k = \int_0^1 |F^{-1}(u) - G^{-1}(u)|^k\, du` with the quantile functions
    of both. In more dimensions, equally many points of equal weight are an assignment
    problem, others a linear programme; a few thousand of the former and a few hundred
    of the latter take seconds.

    Args:
        x, y: points ``(n,)`` or ``(n, dim)``.
        x_weights, y_weights: probabilities of the points; None for equal ones.
        order: 1 or 2.

    Returns:
        float, in the units of the points.

    Raises:
        TypeError, ValueError: if an argument is of another type, shape or range.

    References:
        Peyré & Cuturi, 2019. https://arxiv.org/abs/1803.00567

    Example:
        >>> wasserstein([0.0, 1.0], [3.0, 4.0])
        3.0
    """
    x, y = pair(x, y)
    if checks.integer("order", order) not in (1, 2):
        raise ValueError(f"order: expected 1 or 2, got {order!r}")
    unit = max(np.abs(x).max(), np.abs(y).max()) or 1.0
    x, y = x / unit, y / unit  # whose powers neither overflow nor vanish
    equal = x_weights is None and y_weights is None and len(x) == len(y)
    x_weights = weights("x_weights", x_weights, len(x))
    y_weights = weights("y_weights", y_weights, len(y))
    if x.shape[1] == 1:
        cost = _on_a_line(x[:, 0], y[:, 0], x_weights, y_weights, order)
    elif equal:
        prices = cdist(x, y) ** order
        cost = prices[linear_sum_assignment(prices)].mean()
    else:
        cost = transport(cdist(x, y) ** order, x_weights, y_weights).cost
    return float(unit * max(cost, 0.0) ** (1 / order))


def _on_a_line(x, y, x_weights, y_weights, order):
    """Both quantile functions are steps: compare them between their jumps."""
    (x, x_ranks), (y, y_ranks) = _sorted(x, x_weights), _sorted(y, y_weights)
    ends = np.union1d(x_ranks, y_ranks)
    x_at = x[np.minimum(np.searchsorted(x_ranks, ends), len(x) - 1)]
    y_at = y[np.minimum(np.searchsorted(y_ranks, ends), len(y) - 1)]
    return np.diff(ends, prepend=0.0) @ np.abs(x_at - y_at) ** order


def _sorted(points, weights):
    order = np.argsort(points)
    order = order[weights[order] > 0]
    ranks = np.cumsum(weights[order])
    return points[order], ranks / ranks[-1]


@dataclass(frozen=True, eq=False)
class Transport:
    """The cheapest plan, with the proof that none is cheaper.

    Attributes:
        plan: mass moved from i to j, ``(n, m)``, >= 0; its rows sum to p, its columns
            to q.
        cost: price of the plan.
        p_potential: ``(n,)``, p_potential[i] + q_potential[j] <= cost[i, j].
        q_potential: ``(m,)``.
        gap: ``cost`` less the value of the potentials, 0 up to rounding. No plan can
            cost less than any such pair of potentials is worth.
    """

    plan: np.ndarray
    cost: float
    p_potential: np.ndarray
    q_potential: np.ndarray
    gap: float


def transport(cost, p=None, q=None):
    r"""The linear programme of Kantorovich, with both its solutions.

    :math:`\min_\pi \sum_{ij} \pi_{ij} c_{ij}` over plans π >= 0 with the marginals p
    and q; its dual is :math:`\max_{u, v} u \cdot p + v \cdot q` with
    :math:`u_i + v_j \le c_{ij}`.

    Args:
        cost: price of moving a unit of mass, ``(n, m)``.
        p, q: probabilities ``(n,)`` and ``(m,)``; None for equal ones.

    Returns:
        `Transport`.

    Raises:
        TypeError, ValueError: if an argument is of another type, shape or range.
        RuntimeError: if the solver gives up.

    References:
        Peyré & Cuturi, 2019. https://arxiv.org/abs/1803.00567
    """
    cost = checks.numbers("cost", cost)
    if cost.ndim != 2 or cost.size == 0:
        raise ValueError(f"cost: expected (n, m), got {cost.shape}")
    n, m = cost.shape
    p, q = weights("p", p, n), weights("q", q, m)
    rows = sparse.kron(sparse.eye(n), np.ones((1, m)))
    columns = sparse.kron(np.ones((1, n)), sparse.eye(m))
    unit = np.abs(cost).max() or 1.0
    found = _solve(
        cost.ravel() / unit,
        A_eq=sparse.vstack([rows, columns]),
        b_eq=_MASS * np.concatenate([p, q]),
        bounds=(0, None),
    )
    plan = found.x.reshape(n, m) / _MASS
    u, v = np.split(unit * found.eqlin.marginals, [n])
    price = np.sum(plan * cost)
    return Transport(plan, float(price), u, v, float(price - u @ p - v @ q))


def lipschitz_critic(distance, p, q):
    r"""The best 1-Lipschitz critic of two distributions on the same points.

    :math:`\max_f \sum_i f_i (p_i - q_i)` with :math:`f_i - f_j \le d_{ij}`, the dual
    of Kantorovich and Rubinstein; its value is :math:`W_1`. Where neither p nor q has
    mass, other values do as well.

    Args:
        distance: a metric between the points, ``(n, n)``.
        p, q: probabilities ``(n,)``.

    Returns:
        array ``(n,)``, shifted so that its mean under q is 0.

    Raises:
        TypeError, ValueError: if an argument is of another type, shape or range, or
            ``distance`` is no metric.
        RuntimeError: if the solver gives up.

    References:
        Peyré & Cuturi, 2019. https://arxiv.org/abs/1803.00567
    """
    p, q = densities(p, q)
    distance = checks.numbers("distance", distance)
    n = len(p)
    if p.ndim != 1 or distance.shape != (n, n):
        raise ValueError(
            f"distance: expected {(n, n)} for p {p.shape}, got {distance.shape}"
        )
    _metric(distance)
    unit, share = distance.max() or 1.0, np.abs(p - q).max() or 1.0
    i, j = np.nonzero(~np.eye(n, dtype=bool))
    rows = np.arange(len(i))
    difference = sparse.csr_array(
        (np.repeat([1.0, -1.0], len(i)), (np.tile(rows, 2), np.concatenate([i, j]))),
        shape=(len(i), n),
    )
    found = _solve(
        (q - p) / share,
        A_ub=difference,
        b_ub=distance[i, j] / unit,
        bounds=[(0, 0), *[(None, None)] * (n - 1)],
    )
    return unit * (found.x - found.x @ q)


def _metric(distance):
    slack = 1e-9 * distance.max()
    if distance.min() < 0 or distance.diagonal().any():
        raise ValueError("distance: expected values >= 0, and 0 on the diagonal")
    if (np.abs(distance - distance.T) > slack).any():
        raise ValueError("distance: expected a symmetric array, got d[i, j] != d[j, i]")
    for k, row in enumerate(distance):
        if (distance > distance[:, [k]] + row + slack).any():
            raise ValueError(
                "distance: expected a metric, got d[i, j] > d[i, k] + d[k, j]"
            )


def _solve(objective, **constraints):
    found = linprog(objective, method="highs", **constraints)
    if found.status != 0:
        raise RuntimeError(f"the linear programme was not solved: {found.message}")
    return found
