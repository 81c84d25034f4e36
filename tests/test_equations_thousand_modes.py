"""Each numbered equation of *What do a thousand modes prove?*"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from ganbook import metrics

RNG = np.random.default_rng(0)
K, N = 1000, 26_000


def kl(counts):
    """The papers' number, of counts or of probabilities."""
    counts = np.asarray(counts).ravel()
    weights = np.full(counts.size, 1 / counts.size)
    return metrics.ModeCounts(0, counts.size, 1.0, counts, weights).kl


def single(q):
    """One channel's shares each."""
    axes = (1, 2), (0, 2), (0, 1)
    return [q.sum(axis=others) / q.sum() for others in axes]


def tie(q):
    """Total correlation by its definition, KL(q || product of its channels)."""
    q = q / q.sum()
    apart = np.einsum("i,j,k->ijk", *single(q))
    seen = q > 0
    return np.sum(q[seen] * np.log(q[seen] / apart[seen]))


@pytest.mark.equation("eq-thm-split")
@pytest.mark.parametrize("size", [0.01, 0.1, 1.0, 10.0])
def test_the_divergence_splits(size):
    q = RNG.gamma(size, size=(10, 10, 10)) + 1e-300
    assert_allclose(kl(q), sum(map(kl, single(q))) + tie(q), rtol=1e-9)
    assert tie(q) >= 0
    apart = np.einsum("i,j,k->ijk", *single(q))
    assert_allclose(tie(apart), 0, atol=1e-12)


@pytest.mark.equation("eq-thm-lost")
@pytest.mark.parametrize("kept", [(10, 10, 9), (9, 9, 9), (10, 1, 3)])
def test_lost_digits(kept):
    shares = [(np.arange(10) < d) / d for d in kept]
    q = np.einsum("i,j,k->ijk", *shares)
    assert np.sum(q > 0) == np.prod(kept)
    assert_allclose(kl(q), sum(np.log(10 / d) for d in kept))
    assert_allclose(tie(q), 0, atol=1e-12)


def test_tied_channels():
    q = np.zeros((10, 10, 10))
    q[np.arange(10), np.arange(10), np.arange(10)] = 0.1
    assert_allclose(kl(q), np.log(100))
    assert_allclose(tie(q), np.log(100))


@pytest.mark.equation("eq-thm-floors")
def test_what_exact_samples_score():
    drawn = RNG.multinomial(N, np.full(K, 1 / K), size=200).reshape(-1, 10, 10, 10)
    alone = np.mean([sum(map(kl, single(q))) for q in drawn])
    tied = np.mean([tie(q) for q in drawn])
    assert_allclose(alone, 27 / (2 * N), rtol=0.06)
    assert_allclose(tied, 972 / (2 * N), rtol=0.02)


@pytest.mark.equation("eq-thm-effective")
def test_the_effective_number_of_modes():
    for m in (1, 11, 1000):
        assert_allclose(K * np.exp(-kl(np.arange(K) < m)), m)
    for size in (0.01, 1.0):
        q = RNG.gamma(size, size=K)
        entropy = -np.sum(q[q > 0] / q.sum() * np.log(q[q > 0] / q.sum()))
        assert_allclose(K * np.exp(-kl(q)), np.exp(entropy))
        assert K * np.exp(-kl(q)) <= np.sum(q > 0)


@pytest.mark.equation("eq-thm-spread")
@pytest.mark.parametrize("spread", [0.1, 0.2, 0.3])
def test_how_uneven_a_divergence_is(spread):
    e = RNG.normal(size=K)
    e = spread * (e - e.mean()) / e.std()
    q = np.clip(1 + e, 0, None)
    assert_allclose(kl(q), spread**2 / 2, rtol=spread)
    counted = [kl(RNG.multinomial(N, q / q.sum())) for _ in range(30)]
    floor = (K - 1) / (2 * N)
    assert_allclose(np.sqrt(2 * (np.mean(counted) - floor)), spread, rtol=0.1)


@pytest.mark.equation("eq-thm-collector")
def test_how_long_a_collection_takes():
    modes, waits = 50, []
    for _ in range(2000):
        seen = RNG.integers(modes, size=2000)
        waits.append(np.unique(seen, return_index=True)[1].max() + 1)
    assert_allclose(np.mean(waits), modes * np.sum(1 / np.arange(1, 51)), rtol=0.03)
    assert round(K * np.sum(1 / np.arange(1, K + 1))) == 7485


@pytest.mark.equation("eq-thm-memory")
@pytest.mark.parametrize("stored", [12_500, 60_000])
def test_what_a_memory_scores(stored):
    found = []
    for _ in range(40):
        learned = RNG.multinomial(stored, np.full(K, 1 / K))
        found.append(kl(RNG.multinomial(N, learned / stored)))
    assert_allclose(np.mean(found), (K - 1) / 2 * (1 / stored + 1 / N), rtol=0.03)
