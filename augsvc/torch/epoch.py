"""The epoch that a map-style data set is read in, in memory that its worker processes share."""

from __future__ import annotations

from typing import Any

import torch


class Epoch:
    """One integer: what any process sets, all that were started with it read."""

    def __init__(self) -> None:
        self._share(torch.zeros(1, dtype=torch.int64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A DataLoader's pickling keeps memory shared; any other copies it, and makes a data set of its own.
        self._share(state["_cell"])

    def _share(self, cell: torch.Tensor) -> None:
        cell.share_memory_()  # type: ignore[no-untyped-call]
        self._cell = cell

    @property
    def value(self) -> int:
        """The epoch."""
        return int(self._cell[0])

    @value.setter
    def value(self, epoch: int) -> None:
        self._cell[0] = epoch
