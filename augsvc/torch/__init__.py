"""Augmented rows as a PyTorch data set: the same batches for any number of ranks or workers, and after any resume."""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("torch") is None:
    raise ModuleNotFoundError("augsvc.torch needs PyTorch: pip install 'augsvc[torch]'", name="torch")

from augsvc.torch.batch import Batch
from augsvc.torch.stream import AugmentedStream

__all__ = ["AugmentedStream", "Batch"]
