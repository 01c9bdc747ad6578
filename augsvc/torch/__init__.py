"""Augmented rows as a PyTorch data set: the same batches for any number of ranks or workers, and after any resume."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if find_spec("torch") is None:
    raise ModuleNotFoundError("augsvc.torch needs PyTorch: pip install 'augsvc[torch]'", name="torch")

from augsvc.torch.batch import Batch
from augsvc.torch.map import AugmentedMap
from augsvc.torch.packing import PackedStream
from augsvc.torch.stream import AugmentedStream
from augsvc.torch.wrap import AugmentedDataset, augmented

if TYPE_CHECKING:
    from augsvc.torch.trainer import EpochCallback

__all__ = ["AugmentedDataset", "AugmentedMap", "AugmentedStream", "Batch", "EpochCallback", "PackedStream", "augmented"]


def __getattr__(name: str) -> Any:
    """Import what needs `transformers` only when it is asked for."""
    if name != "EpochCallback":
        raise AttributeError(f"module 'augsvc.torch' has no attribute {name!r}")
    from augsvc.torch.trainer import EpochCallback

    return EpochCallback
