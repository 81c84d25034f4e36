"""Right answers pass, wrong ones get a hint; nothing typed there stops a cell."""

import math

import numpy as np
import pytest

from ganbook.exercises import check
from ganbook.f_divergences import DIVERGENCES


def spoils_its_arguments(p, q):
    p /= p + q
    p *= q
    q *= np.nan
    return -p.sum()


def middle(weight):
    c = 2.0**-weight
    a, b = 1 - c, 1.5 - 0.5 * c
    return c / (b + np.sqrt(b**2 - 2 * c * a))


def factors(table):
    u, s, vt = np.linalg.svd(table, full_matrices=False)
    d = int(np.sum(s > 1e-9 * s[0]))
    return u[:, :d] * s[:d], np.zeros(d), vt[:d].T


def modulated(kernel, style):
    return kernel * style[:, None]


def demodulated(kernel, style):
    scaled = modulated(kernel, style)
    return scaled / np.sqrt(np.sum(scaled**2, axis=(0, 1, 2)) + 1e-8)


def truncated_variance(t):
    density = math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    return 1 - 2 * t * density / math.erf(t / math.sqrt(2))


RIGHT = {
    "generative-models-1": [(1.0, 2.25), np.array([1.0, 2.25])],
    "generative-models-2": [
        lambda z: -np.log(1 - phi(z)),
        lambda z: -np.log(phi(z)),
    ],
    "two-players-1": [(2, -4), np.array([2.0, -4.0])],
    "two-players-2": [lambda t: np.logaddexp(0.0, -t)],
    "two-players-3": [(197, 37), np.array([201, 36])],
    "two-players-4": [2.4, np.float32(2.4)],
    "minimax-1": [-np.log(2), np.float32(-0.6931)],
    "minimax-2": [lambda p, q, share: np.log(p / q) + np.log(share / (1 - share))],
    "minimax-3": [
        lambda p, q: -np.sum(p * q / (p + q)),
        lambda p, q: -0.5 + 0.25 * np.sum((p - q) ** 2 / (p + q)),
        spoils_its_arguments,
    ],
    "minimax-4": [0.1114, np.float64(0.11)],
    "divergences-1": [lambda t: t / (1 - t)],
    "divergences-2": [lambda u: -math.log(u), lambda u: np.float32(u - 1 - np.log(u))],
    "divergences-3": [0.5, np.array(0.49)],
    "divergences-4": [{"kl", "pearson"}, iter(["pearson", "kl"])],
    "saturation-1": [(0.0124533, 5.9875467), np.array([0.0124533, 5.9875467])],
    "saturation-2": [
        lambda u: (u + 1) * np.log((u + 1) / (2 * u)),
        lambda u: (u + 1) * np.log((u + 1) / (2 * u)) + u - 1,
    ],
    "saturation-3": [
        lambda p, q, pi: np.log(((1 - pi) * p + pi * q) / (pi * p + (1 - pi) * q))
    ],
    "saturation-4": [
        lambda b, y: y * np.logaddexp(0, -b) + (1 - y) * np.logaddexp(0, b)
    ],
    "wasserstein-1": [
        lambda s: abs(s - 1) * np.sqrt(2 / np.pi),
        lambda s: np.abs(1 - s) * 0.797885,
    ],
    "wasserstein-2": [(0, -1, -3, -2, 1), np.array([5.0, 4.0, 2.0, 3.0, 6.0])],
    "wasserstein-3": [lambda distance, share: distance / (2 * share)],
    "wasserstein-4": [
        ((2**-0.5, -(2**-0.5)), (2**-0.5, 2**-0.5)),
        np.array([[-1.0, 1.0], [1.0, 1.0]]) / np.sqrt(2),
    ],
    "wasserstein-5": [(1.2507, 1.4133), np.array([1.25, 1.41])],
    "dcgan-1": [(14, 4), np.array([14.0, 4.0])],
    "dcgan-2": [
        lambda k, s: (-(-k // s) / (k // s)) ** 2,
        lambda k, s: np.float32(np.ceil(k / s) / np.floor(k / s)) ** 2,
    ],
    "dcgan-3": [
        lambda a, b, c: (c, b + c, a + b, a),
        lambda a, b, c: np.array([c, b + c, a + b, a]),
    ],
    "dcgan-4": [0.9354, np.sqrt(7 / 8)],
    "conditional-1": [
        lambda p, q, share, asked: np.log(p * share) - np.log(q * asked),
    ],
    "conditional-2": [middle],
    "conditional-3": [factors],
    "conditional-4": [
        lambda s, k: 1 - s + s / k,
        lambda s, k: np.float32(1 - s * (1 - 1 / k)),
    ],
    "modern-1": [13_440, np.float64(13_440)],
    "modern-2": [lambda d: math.log(0.5) / math.log(d)],
    "modern-3": [demodulated],
    "modern-4": [truncated_variance],
    "modern-5": [1.0, np.float32(1.2)],
}
WRONG = {
    "generative-models-1": [((1.0, 2.0), "variance of a random"), (3, "two numbers")],
    "generative-models-2": [
        (lambda z: z, "reaches below 0"),
        (lambda z: np.exp(z), "solve F"),
        (lambda z: 1.0, "one finite number per z"),
    ],
    "two-players-1": [((-2, 4), "insert the two means"), (2, "insert the two means")],
    "two-players-2": [
        (lambda t: -np.log(1 / (1 + np.exp(-t))), "infinite or NaN"),
        (lambda t: np.logaddexp(0.0, t), "not -log"),
        (lambda t: 0.5, "one loss per logit"),
        (lambda t: t.nonsense, "raises AttributeError"),
        ("softplus", "raises TypeError"),
    ],
    "two-players-3": [
        ((0, 37), "let the slow game run"),
        ((37, 197), "slower one"),
        ((2, 1), "start at theta = -2"),
        ((197, 1), "start at theta = -2"),
        ((float("nan"), 37), "two numbers of updates"),
        ((float("inf"), 37), "two numbers of updates"),
        (197, "two numbers of updates"),
    ],
    "two-players-4": [
        (answer, "median of nearest")
        for answer in (1.8, 2.9, float("nan"), True, "2.4", np.ones(3))
    ],
    "minimax-1": [
        (answer, "on each of the three")
        for answer in (np.log(2), -np.log(4), float("nan"), [-np.log(2)])
    ],
    "minimax-2": [
        (lambda p, q, share: np.log(p / q), "not the best logit for p=0.3"),
        (lambda p, q, share: None, "not the best logit"),
        (0.5, "raises TypeError"),
    ],
    "minimax-3": [
        (lambda p, q: np.sum(p * q / (p + q)), "insert the best bet"),
        (lambda p, q: p * q / (p + q), "insert the best bet"),
        (lambda p, q: float("nan"), "insert the best bet"),
    ],
    "minimax-4": [
        (answer, "less the mean of -log")
        for answer in (0.5, float("nan"), "0.1114", True, np.ones(2))
    ],
    "divergences-1": [
        (lambda t: t, "not the supremum"),
        (lambda t: float("nan"), "not the supremum"),
        ("t", "raises TypeError"),
    ],
    "divergences-2": [
        (lambda u: np.log(u), "best logit as a function of u"),
        (lambda u: u * np.log(u), "best logit as a function of u"),
        (lambda u: 1 - np.log(u), "f(1) = 0"),
        (lambda u: u, "f(1) = 0"),
    ],
    "divergences-3": [
        (answer, "mean of t over p")
        for answer in (0.4, float("nan"), "0.5", True, np.ones(2))
    ],
    "divergences-4": [
        (set(), "start the search"),
        (set(DIVERGENCES), "start the search"),
        ("kl", "a set of names"),
        ({"chi"}, "a set of names"),
        (3, "raises TypeError"),
    ],
    "saturation-1": [
        ((5.9875467, 0.0124533), "where is the mean taken"),
        ((0.0020755, 0.9979245), "where is the mean taken"),
        ((float("nan"), 6.0), "where is the mean taken"),
        (6.0, "two numbers"),
        ("far", "two numbers"),
        (np.ones((2, 2)), "two numbers"),
    ],
    "saturation-2": [
        (lambda u: -np.log(u), "take q out of"),
        (lambda u: u * np.nan, "take q out of"),
        (lambda u: 1.0, "one value per ratio"),
        (0.5, "raises TypeError"),
    ],
    "saturation-3": [
        (lambda p, q, pi: np.log(p / q), "not the best logit"),
        (lambda p, q, pi: np.log((1 - pi) * p / (q + pi * p)), "not the best logit"),
        (lambda p, q, pi: np.nan, "not the best logit"),
        (lambda p, q: 0.0, "raises TypeError"),
        ("log", "raises TypeError"),
    ],
    "saturation-4": [
        (lambda b, y: np.logaddexp(0, b) - y * b, "does a difference cancel"),
        (
            lambda b, y: (
                -y * np.log(1 / (1 + np.exp(-b)))
                - (1 - y) * np.log(1 - 1 / (1 + np.exp(-b)))
            ),
            "infinite or NaN",
        ),
        (lambda b, y: np.logaddexp(0, -b), "not the cross-entropy"),
        (lambda b, y: 0.5, "one value per logit"),
        (np.ones(7), "raises TypeError"),
    ],
    "wasserstein-1": [
        (lambda s: abs(s - 1), "two quantile functions"),
        (lambda s: (s - 1) * np.sqrt(2 / np.pi), "s=0.5"),
        (lambda s: abs(s**2 - 1) * np.sqrt(2 / np.pi), "s=0.5"),
        (lambda s: float("nan"), "not the distance"),
        (lambda s: np.ones(3), "not the distance"),
        (lambda s: None, "two quantile functions"),
        (0.8, "raises TypeError"),
        ("abs(s - 1)", "raises TypeError"),
    ],
    "wasserstein-2": [
        ((0, 1, 3, 2, -1), "another critic"),
        ((0, -2, -6, -4, 2), "steeper than 1"),
        ((0, -1, -3, -2), "five finite values"),
        ((0, -1, -3, -2, float("nan")), "five finite values"),
        (np.zeros(5), "another critic"),
        (3.0, "five finite values"),
        ("down", "raises ValueError"),
    ],
    "wasserstein-3": [
        (lambda distance, share: distance / share, "does not exceed"),
        (lambda distance, share: 10.0, "does not exceed"),
        (lambda distance, share: -distance / (2 * share), "does not exceed"),
        (lambda distance, share: float("nan"), "one number for two numbers"),
        (lambda distance, share: np.ones(2), "raises ValueError"),
        (lambda distance, share: None, "raises TypeError"),
        (10.0, "raises TypeError"),
    ],
    "wasserstein-4": [
        (((1, -1), (1, 1)), "longer than 1"),
        (((0.6, -0.6), (0.6, 0.6)), "a steeper one"),
        (((1, 0), (1, 0)), "not the same slope"),
        (((2**-0.5, -(2**-0.5)), (-(2**-0.5), -(2**-0.5))), "a steeper one"),
        (((1, -1), (1, float("nan"))), "two finite numbers each"),
        ((1, 2), "two finite numbers each"),
        ("wa", "two finite numbers each"),
    ],
    "wasserstein-5": [
        ((1.41, 1.25), "which density"),
        ((1.1, 1.1), "which density"),
        ((float("nan"), 1.41), "which density"),
        (1.25, "two slopes"),
        ("steep", "two slopes"),
    ],
    "dcgan-1": [
        ((12, 4), "how far apart"),
        ((14, 2), "where does the next field begin"),
        (14, "two numbers"),
        ("14", "two numbers"),
    ],
    "dcgan-2": [
        (lambda k, s: -(-k // s) / (k // s), "along how many sides"),
        (lambda k, s: 4, "not the ratio"),
        (lambda k, s: "4", "not the ratio"),
        (lambda k, s: None, "raises TypeError"),
    ],
    "dcgan-3": [
        (lambda a, b, c: (a, a + b, b + c, c), "another order"),
        (lambda a, b, c: (a, b, c, a), "not the same map"),
        (lambda a, b, c: (a, b, c), "expected four weights"),
    ],
    "dcgan-4": [
        (7 / 8, "mean squares"),
        (0.7071, "mean 0"),
        (-np.sqrt(7 / 8), "not negative"),
        (1.0, "mean and variance"),
        ("0.935", "mean and variance"),
        (float("nan"), "mean and variance"),
    ],
    "conditional-1": [
        (lambda p, q, share, asked: np.log(p / q), "not the best logit"),
        (3.0, "raises TypeError"),
    ],
    "conditional-2": [
        (lambda weight: 0.5, "another m pays less"),
        (lambda weight: 0.5 * 2**-weight, "another m pays less"),
        (0.219, "raises TypeError"),
    ],
    "conditional-3": [
        (lambda t: (t, np.zeros(t.shape[1]), np.eye(t.shape[1])), "fewer than 6"),
        (lambda t: t, "three arrays"),
        (lambda t: (t, np.ones(t.shape[1]), np.eye(t.shape[1])), "is not the table"),
        (lambda t: ([[0.0]], [0.0], [[0.0]]), "the shapes are not"),
    ],
    "conditional-4": [
        (lambda s, k: 1 - s, "not so for a share"),
        (lambda s, k: 1 / k, "not so for a share"),
        (lambda s, k: (s, k), "not so for a share"),
        (0.55, "raises TypeError"),
    ],
    "modern-1": [
        (9 * 64**2 + 64**2, "groups share nothing"),
        ("13440", "count weights"),
        (float("nan"), "count weights"),
    ],
    "modern-2": [
        (lambda d: d / (1 - d), "is not halved"),
        (lambda d: float("nan"), "is not halved"),
        (693, "raises TypeError"),
    ],
    "modern-3": [
        (modulated, "not demodulated"),
        (lambda kernel, style: kernel, "length 1"),
        (lambda kernel, style: kernel[0], "shape of the given one"),
        (lambda kernel, style: np.full(kernel.shape, np.nan), "length 1"),
    ],
    "modern-4": [
        (lambda tau: 1.0, "not the variance"),
        (lambda tau: tau**2 / 3, "not the variance"),
        (lambda tau: "x", "not the variance"),
        (0.08, "raises TypeError"),
    ],
    "modern-5": [
        (3.0, "about equally good"),
        (float("nan"), "about equally good"),
        ("1", "about equally good"),
    ],
}


def phi(z):
    from scipy.special import ndtr

    return ndtr(z)


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers(name, capsys):
    for answer in RIGHT[name]:
        check(name, answer)
        assert capsys.readouterr().out == f"✓ {name}: right\n"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_a_hint(name, capsys):
    for answer, hint in WRONG[name]:
        check(name, answer)
        out = capsys.readouterr().out
        assert out.startswith(f"✗ {name}: ")
        assert hint in out


@pytest.mark.parametrize("name", RIGHT)
def test_not_attempted(name, capsys):
    check(name, None)
    assert capsys.readouterr().out == f"{name}: not attempted yet\n"


def test_every_exercise_is_tested():
    from ganbook.exercises.checking import _CHECKS

    assert set(_CHECKS) == set(RIGHT) == set(WRONG)


@pytest.mark.parametrize("name", ["two-1", ["two-players-1"]])
def test_unknown_exercise(name):
    with pytest.raises(ValueError, match=r"name: expected one of .* got .*two-"):
        check(name, 1)


def test_an_error_is_told_in_one_line(capsys):
    def answer(_):
        raise RuntimeError("one\n\ntwo")

    check("two-players-2", answer)
    assert capsys.readouterr().out.endswith("raises RuntimeError: one two\n")


def test_noise_on_digits_is_as_far_as_the_check_of_two_players_4_says(capsys):
    from ganbook import data

    images = data.digits()[0].reshape(-1, 64)
    rng = np.random.default_rng(0)
    copies = images[:300] + 0.3 * rng.normal(size=(300, 64))
    gaps = np.linalg.norm(copies[:, None] - images[None], axis=2).min(axis=1)
    check("two-players-4", np.median(gaps))
    assert capsys.readouterr().out == "✓ two-players-4: right\n"
