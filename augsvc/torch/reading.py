"""A pass of a stream without workers, as an iterator that has a state of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from augsvc.torch.batch import Batch
from augsvc.torch.progress import Progress
from augsvc.torch.state import Place, loaded, saved
from augsvc.types import JsonObject


class Reading(Iterator[Batch]):
    """The batches of a pass, and for torchdata's StatefulDataLoader the place that the stream tells, with its origin.

    With it the pass that goes on is as long as the one that was left, which PyTorch Lightning counts its steps by.
    """

    def __init__(self, view_id: str, rows: int, progress: Progress, begin: Callable[[Place], Iterator[Batch]]) -> None:
        self._view_id, self._rows = view_id, rows
        self._progress, self._begin = progress, begin
        self._batches = begin(progress.place)

    def __next__(self) -> Batch:
        return next(self._batches)

    def state_dict(self) -> JsonObject:
        """The place after the last batch, and the origin that its steps are counted from."""
        epoch, position, origin = self._progress.place
        # After the last batch the position is the next epoch's first.
        return saved(self._view_id, epoch, position) | {"origin": min(origin, position)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved place; raises as the stream's method does."""
        place = loaded(state, self._view_id, self._rows)
        self._progress.move(*place)
        self._batches = self._begin(place)
