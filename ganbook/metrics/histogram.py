"""What a histogram of modes says."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class ModeCounts:
    """Samples on each mode, and what follows from their numbers.

    Attributes:
        modes: number of modes found.
        total: number of modes there are.
        on_mode: share of all samples that lie on some mode, in [0, 1]: the papers'
            "high-quality samples".
        counts: samples on each mode, ``(total,)``.
        weights: the probability of each mode in the data, ``(total,)``.
    """

    modes: int
    total: int
    on_mode: float
    counts: np.ndarray
    weights: np.ndarray

    @property
    def kl(self):
        r"""The papers' reverse KL divergence, in nats, >= 0.

        :math:`\sum_k c_k \log (c_k / w_k)` with the shares c of the samples that are
        on a mode, and the weights w of the data; infinite without such a sample.
        n samples of the data themselves give (modes - 1) / 2n on average, the floor.

        References:
            Lin et al., 2018, sec. 4. https://arxiv.org/abs/1712.04086
        """
        if self.counts.sum() == 0:
            return np.inf
        found = self.counts > 0
        shares = self.counts[found] / self.counts.sum()
        with np.errstate(divide="ignore"):  # a mode that the data never show
            divergence = np.sum(shares * np.log(shares / self.weights[found]))
        return float(max(divergence, 0.0))  # less rounding

    @property
    def evenness(self):
        """Entropy of the shares over its largest value, in [0, 1]; 1 is uniform.

        NaN without a sample on a mode, or if there is only one mode.

        References:
            Pielou, 1966. https://doi.org/10.1016/0022-5193(66)90013-0
        """
        if self.counts.sum() == 0 or self.total == 1:
            return np.nan
        shares = self.counts[self.counts > 0] / self.counts.sum()
        return float(abs(np.sum(shares * np.log(shares))) / np.log(self.total))
