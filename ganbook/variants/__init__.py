"""GANs whose players have more to do than to tell real from generated."""

from ganbook.variants.auxiliary import AuxiliaryClassifier

__all__ = ["AuxiliaryClassifier"]
