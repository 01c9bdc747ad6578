"""What every map-style data set has: rows by index, whole batches of them at once, and an epoch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from torch.utils.data import Dataset

from augsvc.torch.epoch import Epoch
from augsvc.torch.state import epoch_number, integer

Row = dict[str, Any]


class Indexed(Dataset[Row], ABC):
    """Rows by index, for samplers: the same ones whoever asks, in whatever order, batches and processes.

    A DataLoader asks for a batch's rows at once (`__getitems__`). Only `set_epoch` moves the epoch, in live workers
    too: call it before each pass, as for a DistributedSampler.
    """

    def __init__(self) -> None:
        self._epoch = Epoch()

    @abstractmethod
    def __len__(self) -> int:
        """Rows of an epoch."""

    @abstractmethod
    def _rows(self, epoch: int, indices: list[int]) -> list[Row]:
        """The rows of indices 0 ... len - 1, in their order."""

    def __getitem__(self, index: int) -> Row:
        """One row; a negative index counts from the end. Raises IndexError outside."""
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[Row]:
        """The rows of a batch, in the order of `indices`; raises IndexError for one outside."""
        size = len(self)
        return self._rows(self._epoch.value, [_within(index, size) for index in indices])

    def set_epoch(self, epoch: int) -> None:
        """Read another epoch from now on, 0 to 2**32 - 1."""
        self._epoch.value = epoch_number(epoch)


def _within(index: Any, size: int) -> int:
    place = integer("An index", index)
    if not -size <= place < size:
        raise IndexError(f"index {place} is outside a data set of {size} rows")
    return place % size
