"""Distances of two sets of features, such as a classifier's: 0 is best."""

import numpy as np

from ganbook import checks


def frechet_distance(real, fake):
    r"""Fréchet distance of the normal distributions fitted to two sets of features.

    :math:`\|m - m'\|^2 + \operatorname{tr}(C + C' - 2 (C C')^{1/2})`, with means m and
    covariances C. It is a squared distance; FID is this number for features of the
    Inception network.

    Args:
        real, fake: features ``(n, d)`` and ``(m, d)``, n and m >= 2.

    Returns:
        float >= 0, in squared units of the features.

    Raises:
        TypeError, ValueError: if features are no finite numbers of such shapes.

    Notes:
        Estimated from samples it is too large, by an amount that falls like 1/n:
        compare only numbers from equally many samples. Distributions that differ
        beyond mean and covariance have distance 0.

    References:
        Heusel et al., 2017, eq. 6. https://arxiv.org/abs/1706.08500
        Bias: Bińkowski et al., 2018. https://arxiv.org/abs/1801.01401

    Example:
        >>> x = np.random.default_rng(0).normal(size=(1000, 2))
        >>> frechet_distance(x, x + [3.0, 4.0])
        25.0
    """
    real, fake = _features(real, fake)
    shift = real.mean(axis=0) - fake.mean(axis=0)
    a, b = np.atleast_2d(np.cov(real, rowvar=False), np.cov(fake, rowvar=False))
    # the trace of (A B)^(1/2): root A B root A has the eigenvalues of A B and is
    # symmetric, so that rounding cannot make them complex
    values, vectors = np.linalg.eigh(a)
    root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    product = np.linalg.eigvalsh(root @ b @ root)
    overlap = np.sqrt(np.clip(product, 0, None)).sum()
    distance = shift @ shift + np.trace(a) + np.trace(b) - 2 * overlap
    return float(max(distance, 0.0))  # less rounding


def kid(real, fake):
    r"""Kernel distance: an unbiased estimate of the squared MMD of two distributions.

    The kernel is :math:`(x \cdot y / d + 1)^3`, so the MMD vanishes only if all
    moments up to the third agree. KID is this number for features of the Inception
    network.

    Args:
        real, fake: features ``(n, d)`` and ``(m, d)``, n and m >= 2.

    Returns:
        float; of equal distributions 0 on average, so it may be negative.

    Raises:
        TypeError, ValueError: if features are no finite numbers of such shapes.

    References:
        Bińkowski et al., 2018. https://arxiv.org/abs/1801.01401
    """
    real, fake = _features(real, fake)

    def kernel(x, y):
        return (x @ y.T / x.shape[1] + 1) ** 3

    def within(x):
        k = kernel(x, x)
        return (k.sum() - np.trace(k)) / (len(x) * (len(x) - 1))

    return float(within(real) + within(fake) - 2 * kernel(real, fake).mean())


def _features(real, fake):
    real, fake = checks.numbers("real", real), checks.numbers("fake", fake)
    shapes = real.shape, fake.shape
    if not (
        all(len(s) == 2 and s[0] >= 2 and s[1] >= 1 for s in shapes)
        and shapes[0][1] == shapes[1][1]
    ):
        raise ValueError(
            "real and fake: expected features (n, d) and (m, d), n and m >= 2, "
            f"got {shapes[0]} and {shapes[1]}"
        )
    return real, fake
