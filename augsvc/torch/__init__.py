"""Augmented rows as a PyTorch data set: the same batches for any number of ranks or workers, and after any resume."""

from __future__ import annotations

from augsvc.torch.batch import Batch
from augsvc.torch.stream import AugmentedStream

__all__ = ["AugmentedStream", "Batch"]
