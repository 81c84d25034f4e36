"""GANs whose players have more to do than to tell real from generated.

Some are losses for `ganbook.training.GAN`, for discriminators that say more than one
logit: `AuxiliaryClassifier`, `MADGAN`, `MGAN`. Others are GANs of their own, where the
step itself changes: `GMAN`, `ModeSeeking`, `Unrolled`, `VEEGAN`. Packing is a number of
any GAN, ``pack=``; layers that compare the examples of a batch are in
`ganbook.networks`.
"""

from ganbook.variants.auxiliary import AuxiliaryClassifier
from ganbook.variants.committee import GMAN
from ganbook.variants.many_generators import MADGAN, MGAN
from ganbook.variants.mode_seeking import ModeSeeking
from ganbook.variants.unrolled import Unrolled
from ganbook.variants.veegan import VEEGAN

__all__ = [
    "GMAN",
    "MADGAN",
    "MGAN",
    "VEEGAN",
    "AuxiliaryClassifier",
    "ModeSeeking",
    "Unrolled",
]
