"""Recipe, batches, fit and checkpoint: from a data set to a finished Run."""

from faultdiag.training.train import train

__all__ = ["train"]
