r"""f-divergences in the form that trains: generator function, conjugate, output.

.. math:: D_f(p \| q) = \int q\, f\!\left(\frac pq\right) dx
          \ge E_p\, t(x) - E_q f^*(t(x)),
          \qquad f^*(t) = \sup_u\, (t u - f(u)),

with equality at :math:`t = f'(p / q)`. A discriminator makes :math:`t = g(v)` from
its logit :math:`v`, where the output activation :math:`g` keeps :math:`t` in the
domain of :math:`f^*`. Everything is in nats where it has a logarithm.

=====================  =======================  ====================  ==================
name                   f(u)                     f*(t)                 g(v)
=====================  =======================  ====================  ==================
``kl``                 u log u                  exp(t - 1)            v
``reverse_kl``         -log u                   -1 - log(-t)          -exp(-v)
``pearson``            (u - 1)²                 t²/4 + t              v
``squared_hellinger``  (√u - 1)²                t / (1 - t)           1 - exp(-v)
``jensen_shannon``     u log u - (u + 1) log m  -log(2 - exp t)       log(2 σ(v))
``total_variation``    abs(u - 1) / 2           t, abs(t) at most ½   tanh(v) / 2
=====================  =======================  ====================  ==================

Here m is (u + 1) / 2 and σ the sigmoid.
``kl`` is KL(p‖q), ``reverse_kl`` KL(q‖p). ``jensen_shannon`` is twice the
Jensen-Shannon divergence, as in the paper: its GAN is the minimax GAN up to 2 log 2.
The squared Hellinger distance is the integral of (√p - √q)², without a factor 1/2.
For the Pearson divergence the bound takes t in all of the real line, and f over all
u, as the paper does; t = f'(u) is at least -2.

Nothing overflows that is not exponential in the logit itself: f*(g(v)) of ``kl``
and ``squared_hellinger`` for v above about 88, g(v) of ``reverse_kl`` and
``squared_hellinger`` for v below about -88 are infinite in float32.

References:
    Nowozin et al., 2016, tables 1 and 2. https://arxiv.org/abs/1606.00709
"""

import math
from dataclasses import dataclass

import numpy as np
from keras import ops


@dataclass(frozen=True)
class FDivergence:
    """One f-divergence.

    The divergence needs the first three alone, training the others.

    Attributes:
        f: the convex function on u > 0, with f(1) = 0, on NumPy arrays.
        at_zero: its limit at 0, what a unit of q costs where p is 0; may be infinite.
        at_infinity: the limit of f(u) / u, what a unit of p costs where q is 0.
        slope: its derivative f', the best t where p/q = u, on NumPy arrays.
        conjugate: f* on its domain, on NumPy arrays.
        output: the activation g, logits to t, on backend tensors.
        conjugate_of_output: f*(g(v)) without overflow on the way, on tensors.
        optimal_logit: g's inverse at f'(u): the best logit where p/q = u, on
            NumPy arrays; of total variation, whose g never reaches it, infinite.
    """

    f: object
    at_zero: float
    at_infinity: float
    slope: object = None
    conjugate: object = None
    output: object = None
    conjugate_of_output: object = None
    optimal_logit: object = None


_LOG2 = math.log(2.0)


def _js_f(u):
    return u * np.log(u) - (u + 1.0) * np.log((u + 1.0) / 2.0)


def _toward_infinity(u):
    return np.where(u == 1.0, 0.0, np.copysign(np.inf, u - 1.0))


#: The divergences by name.
#:
#: :meta hide-value:
DIVERGENCES = {
    "kl": FDivergence(
        f=lambda u: u * np.log(u),
        at_zero=0.0,
        at_infinity=math.inf,
        slope=lambda u: 1.0 + np.log(u),
        conjugate=lambda t: np.exp(t - 1.0),
        output=lambda v: v,
        conjugate_of_output=lambda v: ops.exp(v - 1.0),
        optimal_logit=lambda u: 1.0 + np.log(u),
    ),
    "reverse_kl": FDivergence(
        f=lambda u: -np.log(u),
        at_zero=math.inf,
        at_infinity=0.0,
        slope=lambda u: -1.0 / u,
        conjugate=lambda t: -1.0 - np.log(-t),
        output=lambda v: -ops.exp(-v),
        conjugate_of_output=lambda v: v - 1.0,
        optimal_logit=lambda u: np.log(u),
    ),
    "pearson": FDivergence(
        f=lambda u: (u - 1.0) ** 2,
        at_zero=1.0,
        at_infinity=math.inf,
        slope=lambda u: 2.0 * (u - 1.0),
        conjugate=lambda t: 0.25 * t**2 + t,
        output=lambda v: v,
        conjugate_of_output=lambda v: 0.25 * ops.square(v) + v,
        optimal_logit=lambda u: 2.0 * (u - 1.0),
    ),
    "squared_hellinger": FDivergence(
        f=lambda u: (np.sqrt(u) - 1.0) ** 2,
        at_zero=1.0,
        at_infinity=1.0,
        slope=lambda u: 1.0 - 1.0 / np.sqrt(u),
        conjugate=lambda t: t / (1.0 - t),
        output=lambda v: -ops.expm1(-v),
        conjugate_of_output=lambda v: ops.expm1(v),
        optimal_logit=lambda u: 0.5 * np.log(u),
    ),
    "jensen_shannon": FDivergence(
        f=_js_f,
        at_zero=_LOG2,
        at_infinity=_LOG2,
        slope=lambda u: np.log(2.0 * u / (1.0 + u)),
        conjugate=lambda t: -np.log(2.0 - np.exp(t)),
        output=lambda v: _LOG2 - ops.softplus(-v),
        # 2 - exp(g) = 2 (1 - sigmoid(v)) = 2 sigmoid(-v)
        conjugate_of_output=lambda v: ops.softplus(v) - _LOG2,
        optimal_logit=lambda u: np.log(u),
    ),
    "total_variation": FDivergence(
        f=lambda u: 0.5 * np.abs(u - 1.0),
        at_zero=0.5,
        at_infinity=0.5,
        slope=lambda u: 0.5 * np.sign(u - 1.0),
        conjugate=lambda t: np.where(t <= 0.5, np.maximum(t, -0.5), np.inf),
        output=lambda v: 0.5 * ops.tanh(v),
        conjugate_of_output=lambda v: 0.5 * ops.tanh(v),
        optimal_logit=_toward_infinity,
    ),
}
