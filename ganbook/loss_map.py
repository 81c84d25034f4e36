r"""All adversarial losses side by side: what is best for D, and where G then goes.

Every formula here is a Python expression. The appendix of the book prints them, and
the tests evaluate them against `ganbook.losses` and `ganbook.divergences`, so that the
page cannot say what the code does not do.

The names in them: ``a`` and ``b`` are logits of real and generated samples, ``p`` and
``q`` the two densities as arrays of probabilities, ``u`` their ratio p/q. ``pq`` and
``qp`` are densities of pairs, :math:`p(x) q(y)` and :math:`q(x) p(y)`.

**What G follows.** Hold D at its best, D*, and let G take a step. If D* at x is a
function of u = p(x)/q(x), and G pays :math:`\ell_G(b)` for a sample with the logit b,
the step is one down the gradient of the f-divergence with

.. math:: f''(u) = -\frac{1}{u} \frac{d}{du}\, \ell_G(D^*(u)),

and it moves a generated sample along :math:`u^2 f''(u)\, \nabla_x \log u`. That weight
is the *pull*. If it is 0 for small u, samples far from the data stay where they are.
"""

from dataclasses import dataclass, fields

import numpy as np

from ganbook import checks, divergences, losses


@dataclass(frozen=True)
class Entry:
    """One loss of the map; an empty string where there is nothing in closed form.

    Attributes:
        loss: of `ganbook.losses`.
        discriminator: what D minimizes, per pair of logits, in a and b.
        generator: what G minimizes.
        optimum: the best D, in p and q.
        least: D's mean loss at the best D.
        follows: a divergence with the gradient that G then follows.
        curvature: f'' of that divergence, in u.
        needs: what the loss asks of D.
    """

    loss: object
    discriminator: str
    generator: str
    optimum: str = ""
    least: str = ""
    follows: str = ""
    curvature: str = ""
    needs: str = "nothing"

    @property
    def name(self):
        """The call that makes the loss, without what is default."""
        values = [getattr(self.loss, field.name) for field in fields(self.loss)]
        while values and values[-1] == fields(self.loss)[len(values) - 1].default:
            values.pop()
        return f"{type(self.loss).__name__}({', '.join(map(repr, values))})"

    @property
    def paper(self):
        """Citation and address of the first reference in the docstring of the loss."""
        lines = type(self.loss).__doc__.split("References:")[1].split("\n")
        text, address = next(line for line in lines if line.strip()).split("https", 1)
        return text.strip(" .\n"), "https" + address.strip()

    def pull(self, u):
        """How strongly a generated sample at p/q = u moves along the slope of log u."""
        if not self.curvature:
            raise ValueError(f"pull: expected a loss with a curvature, got {self.name}")
        u = checks.numbers("u", u)
        if ((u < 1e-100) | (u > 1e100)).any():
            raise ValueError("u: expected ratios from 1e-100 to 1e100, got others")
        return u**2 * evaluate(self.curvature, u=u)


def evaluate(expression, **values):
    """The value of one of the map's expressions, given arrays for its names."""
    if "pq" in expression and {"p", "q"} <= set(values):
        p, q = values["p"], values["q"]
        values |= {"pq": np.outer(p, q), "qp": np.outer(q, p)}
    return eval(expression, {"__builtins__": {}}, _NAMES | values)


_NAMES = {
    name: getattr(np, name) for name in ("exp", "inf", "log", "sign", "sum", "tanh")
}
_NAMES |= {
    name: getattr(divergences, name)
    for name in ("chi_squared", "hellinger", "js", "kl", "total_variation")
}
_NAMES |= {
    "softplus": lambda t: np.logaddexp(0.0, t),
    "relu": lambda t: np.maximum(t, 0.0),
}


def _f_gan(name, discriminator, generator, optimum, divergence, curvature, **rest):
    return Entry(
        losses.FGAN(name),
        discriminator,
        generator,
        optimum,
        f"-{divergence}",
        divergence,
        curvature,
        **rest,
    )


_BOUNDED = "a D that is kept small: the loss is exponential in the logit"

#: The losses of the engine, with the label sets of least squares that papers use.
#:
#: :meta hide-value:
LOSSES = (
    Entry(
        losses.Minimax(),
        "softplus(-a) + softplus(b)",
        "-softplus(b)",
        "log(p / q)",
        "2 * log(2) - 2 * js(p, q)",
        "2 * js(p, q)",
        "1 / (u * (1 + u))",
    ),
    Entry(
        losses.NonSaturating(),
        "softplus(-a) + softplus(b)",
        "softplus(-b)",
        "log(p / q)",
        "2 * log(2) - 2 * js(p, q)",
        "kl(q, p) - 2 * js(p, q)",
        "1 / (u**2 * (1 + u))",
    ),
    Entry(
        losses.LeastSquares(),
        "(a - 1)**2 / 2 + b**2 / 2",
        "(b - 1)**2 / 2",
        "p / (p + q)",
        "sum(p * q / (p + q)) / 2",
        curvature="1 / (u * (1 + u)**3)",
    ),
    Entry(
        losses.LeastSquares(fake_label=-1.0, real_label=1.0, generator_label=0.0),
        "(a - 1)**2 / 2 + (b + 1)**2 / 2",
        "b**2 / 2",
        "(p - q) / (p + q)",
        "2 * sum(p * q / (p + q))",
        curvature="2 * (1 - u) / (u * (1 + u)**3)",
    ),
    Entry(
        losses.Hinge(),
        "relu(1 - a) + relu(1 + b)",
        "-b",
        "sign(p - q)",
        "2 - 2 * total_variation(p, q)",
        "2 * total_variation(p, q)",
        "0 * u",
        "a smooth D: the best one is flat",
    ),
    Entry(losses.Wasserstein(), "b - a", "-b", needs="a D of slope at most 1"),
    Entry(
        losses.RelativisticPairing(),
        "softplus(b - a)",
        "softplus(a - b)",
        "log(p / q)",
        "log(2) - js(pq, qp)",
        "kl(q, p) - js(pq, qp)",
        needs="R1 and R2, for its proof of convergence",
    ),
    Entry(
        losses.RelativisticAverage(),
        "softplus(sum(q * b) - a) + softplus(b - sum(p * a))",
        "softplus(sum(p * a) - b) + softplus(a - sum(q * b))",
        needs="a regularized D: the best one is extreme in rare places",
    ),
    _f_gan(
        "kl",
        "exp(b - 1) - a",
        "-exp(b - 1)",
        "1 + log(p / q)",
        "kl(p, q)",
        "1 / u",
        needs=_BOUNDED,
    ),
    _f_gan(
        "reverse_kl",
        "b - 1 + exp(-a)",
        "1 - b",
        "log(p / q)",
        "kl(q, p)",
        "1 / u**2",
        needs=_BOUNDED,
    ),
    _f_gan(
        "pearson",
        "b**2 / 4 + b - a",
        "-b**2 / 4 - b",
        "2 * (p / q - 1)",
        "chi_squared(p, q)",
        "2 + 0 * u",
        needs="a D that is kept small: the loss is quadratic in the logit",
    ),
    _f_gan(
        "squared_hellinger",
        "exp(b) + exp(-a) - 2",
        "1 - exp(b)",
        "log(p / q) / 2",
        "2 * hellinger(p, q)**2",
        "0.5 / u**1.5",
        needs=_BOUNDED,
    ),
    _f_gan(
        "jensen_shannon",
        "softplus(-a) + softplus(b) - 2 * log(2)",
        "log(2) - softplus(b)",
        "log(p / q)",
        "2 * js(p, q)",
        "1 / (u * (1 + u))",
    ),
    _f_gan(
        "total_variation",
        "tanh(b) / 2 - tanh(a) / 2",
        "-tanh(b) / 2",
        "inf * sign(p - q)",
        "total_variation(p, q)",
        "0 * u",
        needs="a smooth D: the best one is flat",
    ),
)


def table(columns, entries=None):
    """A Markdown table: ``columns`` maps each heading to a function of an `Entry`.

    ``entries`` are the rows; None for all losses.
    """
    rows = [list(columns), ["---"] * len(columns)]
    for entry in LOSSES if entries is None else entries:
        rows.append([cell(entry) or "–" for cell in columns.values()])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def code(text):
    """An expression as Markdown code; nothing for an empty one."""
    return text and f"`{text}`"
