"""Arrays in batches, in an order that depends on nothing but a seed and the step."""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    """An epoch of batches, from wherever training stands.

    Batch ``t`` of a run follows from the seed and ``t`` alone: a run that is
    resumed at step ``t`` sees what it would have seen without a break. Each pass
    over the data has its own permutation.

    Args:
        arrays: arrays of one length ``n``, batched alike.
        batch_size: examples per batch; the last one of a pass may be smaller.
        steps: batches per epoch, or None for those of one pass over the data.
        shuffle: False keeps the order of the arrays.
        multiple: drop what keeps a pass from being a multiple of this.
        now: function that returns the seed, and the batches seen so far.
    """

    def __init__(self, arrays, batch_size, *, steps, shuffle, multiple, now):
        super().__init__()
        self.arrays = arrays
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.now = now
        self.begin()
        self.length = len(arrays[0]) - len(arrays[0]) % multiple
        self.per_pass = -(-self.length // batch_size)
        self.steps = steps or self.per_pass
        self._order = None, None  # of the last pass that was asked for

    def __len__(self):
        return self.steps

    def begin(self):
        """Start an epoch: called before Keras asks for its first batch."""
        self.seed, self.first = self.now()

    def __getitem__(self, k):
        which, part = divmod(self.first + k, self.per_pass)
        start = part * self.batch_size
        rows = self.order(which)[start : start + self.batch_size]
        return tuple(array[rows] for array in self.arrays)

    def order(self, which):
        """Indices of the examples in pass ``which`` over the data, ``(length,)``."""
        if self._order[0] != (self.seed, which):
            n = len(self.arrays[0])
            rng = np.random.default_rng([self.seed, which])
            rows = rng.permutation(n) if self.shuffle else np.arange(n)
            self._order = (self.seed, which), rows[: self.length]
        return self._order[1]

    def passes(self):
        """Orders from the present step on, without end, the first one cut."""
        which, part = divmod(self.first, self.per_pass)
        yield self.order(which)[part * self.batch_size :]
        while True:
            which += 1
            yield self.order(which)
