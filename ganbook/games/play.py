"""Play a game step by step, and tell from one step's derivative how it ends."""

import numpy as np

from ganbook import checks
from ganbook.games.moves import DESCENT
from ganbook.games.plane import derivative, points

PLAYERS = {"G": 0, "D": 1}


def trajectory(game, start, steps, rate, order="DG", move=DESCENT):
    """The points of a run.

    Args:
        game: a `Game`.
        start: points ``(..., 2)``; several are played side by side.
        steps: >= 0.
        rate: of both players, or a pair for θ and ψ, >= 0.
        order: who moves: ``"both"`` at once, or letters in turn. ``"DG"`` is the
            order of `ganbook.training.GAN`; with ``"DDDDDG"`` D moves five times.
        move: from `ganbook.games`, such as ``Momentum(0.5)``.

    Returns:
        ``(steps + 1, ..., 2)``, with the start.

    Raises:
        TypeError, ValueError: if an argument is none of these.
    """
    rate, turns = _rate(rate), _turns(order)
    state = _state(points(start), move)
    run = [state[0]]
    for _ in range(checks.integer("steps", steps, 0)):
        state = _step(game, state, rate, turns, move)
        run.append(state[0])
    return np.stack(run)


def spectral_radius(game, rate, order="DG", move=DESCENT, at=(0.0, 0.0)):
    """How far from ``at`` a step leads, in the long run, per unit of distance.

    The largest modulus of the eigenvalues of one step's derivative, memory included.
    ``at`` must be a place of rest. Below 1, runs that begin near it end there.
    Not for Adam, whose step has no derivative where the field is zero.

    Arguments and errors are those of `trajectory`.
    """
    state, rate, turns = _state(points(at), move), _rate(rate), _turns(order)

    def step(flat):
        return _step(game, flat.reshape(state.shape), rate, turns, move).ravel()

    return float(np.abs(np.linalg.eigvals(derivative(step, state.ravel()))).max())


def _state(start, move):
    """The point, and below it as many rows of memory, zero at first."""
    return np.concatenate([start[None], np.zeros((move.rows, *start.shape))])


def _step(game, state, rate, turns, move):
    for movers in turns:
        direction, memory = move(game, state[0], state[1:], rate)
        new = np.concatenate([(state[0] + rate * direction)[None], memory])
        if game.bound is not None:
            new[0, ..., 1] = np.clip(new[0, ..., 1], -game.bound, game.bound)
        state = state.copy()
        state[..., movers] = new[..., movers]
    return state


def _rate(rate):
    rate = checks.numbers("rate", rate)
    if rate.shape not in ((), (2,)) or (rate < 0).any():
        raise ValueError(f"rate: expected a number >= 0, or two, got {rate.tolist()}")
    return rate


def _turns(order):
    if order == "both":
        return [[0, 1]]
    if not isinstance(order, str) or set(order) != {"D", "G"}:
        raise ValueError(f'order: expected "both" or a word of D and G, got {order!r}')
    return [[PLAYERS[letter]] for letter in order]
