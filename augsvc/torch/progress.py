"""Where a stream stands, in memory that its DataLoader's worker processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import torch

from augsvc.torch.state import Place

if TYPE_CHECKING:
    from torch.utils.data._utils.worker import WorkerInfo

MAX_WORKERS = 512


class Progress:
    """The epoch and position where the next pass begins, the origin of the one under way, and each worker's pass.

    Workers are separate processes that a DataLoader starts and restarts at will, yet must agree on one epoch for each
    pass, even if `move` is called while some of them are only starting. So each notes in a row of its own which pass it
    reads: row w + 1 is (seed of the DataLoader's iterator, how many passes this worker has begun under it, epoch,
    position), row 0 (epoch, position, origin). No two processes write a cell at a time with different values, so there
    is no lock, which a data set could not be pickled with.
    """

    def __init__(self) -> None:
        self._share(torch.zeros(1 + MAX_WORKERS, 4, dtype=torch.int64), uuid4().hex)

    def __getstate__(self) -> dict[str, Any]:
        return {"_cells": self._cells, "name": self.name}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A DataLoader's pickling keeps memory shared, any other copies it: a copy is a stream of its own.
        cells = state["_cells"]
        self._share(cells, state["name"] if cells.is_shared() else uuid4().hex)

    def _share(self, cells: torch.Tensor, name: str) -> None:
        cells.share_memory_()  # type: ignore[no-untyped-call]
        self._cells, self.name = cells, name
        self._own = cells[0].numpy()  # the same memory, ten times as quick to read and write
        self.ticket: tuple[int, int] = (0, 0)

    @property
    def place(self) -> Place:
        """Where the next pass begins, and the origin of the one under way."""
        return Place(*self._own[:3].tolist())

    def move(self, epoch: int, position: int, origin: int | None = None) -> None:
        """Let the next pass begin there, its steps counted from the position, unless from another origin."""
        self._own[:3] = epoch, position, position if origin is None else origin

    def advance(self, before: tuple[int, int], epoch: int, position: int) -> None:
        """Move on from `before`, an epoch and position, unless somebody else has moved since; keeps the origin."""
        if self.place[:2] == before:
            self._own[:2] = epoch, position

    def rest(self) -> None:
        """Nothing is under way: what comes next counts its steps from the position."""
        self._own[2] = self._own[1]

    def finish(self, epoch: int, position: int) -> None:
        """The pass that began there has been read: the next one begins the next epoch."""
        self.advance((epoch, position), epoch + 1, 0)
        self.rest()

    def join(self, worker: WorkerInfo) -> Place:
        """Begin a pass in a worker: the one that other workers of the same iterator have begun, else a new one."""
        row = self._cells[1 + worker.id]
        seed = worker.seed - worker.id
        begun = int(row[1]) + 1 if int(row[0]) == seed else 1
        ticket = torch.tensor([seed, begun])
        others = self._cells[1 : 1 + worker.num_workers]
        same = others[(others[:, :2] == ticket).all(1)]
        epoch, position = (same[0, 2:] if len(same) else self._cells[0, :2]).tolist()
        # The ticket last: whoever finds it finds the rest.
        row[2:] = torch.tensor([epoch, position])
        row[:2] = ticket
        self.ticket = (seed, begun)
        return Place(epoch, position, position)
