"""`AugmentedStream`: an iterable data set of whole batches."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from torch.utils.data import IterableDataset, get_worker_info

from augsvc.client import Ahead, RemoteSource, Stall
from augsvc.client.arguments import view_fields
from augsvc.client.paging import Span, whole
from augsvc.client.steps import led
from augsvc.errors import InvalidInput
from augsvc.order import Lane
from augsvc.torch.batch import FORMATS, Batch, Format
from augsvc.torch.progress import Progress
from augsvc.torch.ranks import share_of
from augsvc.torch.reading import Reading
from augsvc.torch.receipt import Deliveries, Receipt
from augsvc.torch.state import Place, epoch_number, loaded, saved
from augsvc.torch.supply import Opened, supply
from augsvc.types import JsonObject

if TYPE_CHECKING:
    from torch.utils.data._utils.worker import WorkerInfo

    from augsvc.lexicon import Lexicon
    from augsvc.pipeline import Pipeline


class AugmentedStream(IterableDataset[Batch]):
    """An epoch after the other of a corpus, augmented and shuffled afresh each time, in batches: a `dict` of columns.

    ```python
    stream = AugmentedStream("http://127.0.0.1:8000", "reviews", seed=1, batch_size=32)
    for batch in DataLoader(stream, batch_size=None):
        train(batch["text"], batch["label"])
    ```

    A DataLoader without `batch_size=None`, which would make batches of the batches, raises InvalidInput.

    Step s of a pass is positions [s * total, (s + 1) * total) of the epoch's one global order, total = batch_size *
    world_size, and rank r has the r-th `batch_size` of them. So neither ranks nor workers change what is read, and a
    saved place means the same in any topology.

    Args:
        source: a server's address, a list of those of replicas, or with `local` the service's data directory, whose
            rows are then computed in this process: the same ones.
        corpus: a corpus's name or digest; a name is resolved once, here.
        pipeline: a preset's name, a mapping of a pipeline's JSON, or a `Pipeline`.
        seed: key of the augmentation and of the shuffle.
        copies: augmented variants of each row in an epoch.
        include_original: the text before augmentation as `rows` of their own or as the `column` _original.
        shuffle: the order of an epoch: `global`, `block` (for corpora larger than memory) or `none`.
        batch_size: rows of this rank's batches, at most 65,536.
        rank: this rank and `world_size` the number of them; by default those of `torch.distributed`, where it is
            initialised when the stream is made, else one rank alone.
        world_size: see `rank`.
        lane: "OFFSET:ROWS:TOTAL" in place of both, for ranks of unequal batch sizes; ROWS is the batch size.
        drop_last: whether an epoch ends, on all ranks alike, before a step that would be short; by default where there
            are several ranks, so that none waits for the others.
        local: whether `source` is a data directory.
        lexicon: with `local` another lexicon than the English pack that ships, such as one opened with an overlay; a
            server has its own.
        format: columns as `list`s of Python values, `arrow` arrays, or writable `numpy` arrays, which are of objects,
            None among them, in a batch with nulls of a type that NumPy has no null of (integers, booleans, strings).

    After a `break` the next loop goes on with the next batch; with workers, who read ahead, with the one after the last
    that the loop has taken a column from.

    Raises InvalidInput for arguments out of range, UnknownCorpus, InvalidPipeline, Unavailable where no server answers.
    """

    def __init__(
        self,
        source: str | Sequence[str] | os.PathLike[str],
        corpus: str,
        pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
        *,
        seed: int = 0,
        copies: int = 1,
        include_original: Literal[False, "rows", "column"] = False,
        shuffle: Literal["global", "block", "none"] = "global",
        batch_size: int,
        rank: int | None = None,
        world_size: int | None = None,
        lane: str | Lane | None = None,
        drop_last: bool | None = None,
        local: bool = False,
        lexicon: Lexicon | None = None,
        format: Format = "list",  # noqa: A002
    ) -> None:
        super().__init__()
        if format not in FORMATS:
            raise InvalidInput(f"format must be {', '.join(FORMATS)}, not {format!r}.")
        fields = view_fields(corpus, pipeline, seed, copies, include_original, shuffle)
        self._share = share_of(batch_size, rank, world_size, drop_last, lane)
        self._source = Opened(supply(source, fields, local, lexicon))
        self._format: Format = format
        self._progress = Progress()
        self._deliveries = Deliveries(self._progress)
        self._stall = Stall()
        self._resumed: Place | None = None
        self._here: Place | None = None

    @property
    def view_id(self) -> str:
        """The view that is read: equal ids, equal rows."""
        return self._source.supply.view_id

    @property
    def rows(self) -> int:
        """Positions of an epoch, of all ranks together."""
        return self._source.supply.rows

    @property
    def reads_all(self) -> bool:
        """Whether this rank reads all rows of every step, as one that is alone does."""
        return self._share.rows == self._share.total

    @property
    def stall_share(self) -> float | None:
        """Share of the time since the pass began that the loop waited for batches, 0 to 1.

        None before the first batch, and with workers, whom the loader waits for.
        """
        return self._stall.share

    def __len__(self) -> int:
        """Steps of this rank's pass: the one under way, else the next; fewer after a resume than in the epochs to come.

        A DataLoader that was asked for its length warns in a longer pass until it is asked again.
        """
        return self._share.steps(self.rows, self._progress.place.origin)

    def __iter__(self) -> Iterator[Batch]:
        """Begin a pass where the stream stands; raises InvalidInput if no epoch has a step."""
        if not self._share.all_steps(self.rows, 0):
            raise InvalidInput(
                f"An epoch's {self.rows} rows are less than one step of {self._share.total} (batch_size * world_size): "
                "lower batch_size, or pass drop_last=False."
            )
        worker = get_worker_info()
        if worker is not None:
            return self._work(worker, self._begun(worker))
        self._progress.rest()
        return Reading(self.view_id, self.rows, self._progress, self._timed)

    def set_epoch(self, epoch: int) -> None:
        """Let the next pass read `epoch`, in live workers too; from its start, unless the stream stands in it."""
        epoch = epoch_number(epoch)
        if epoch != self._progress.place.epoch:
            self._progress.move(epoch, 0)

    def state_dict(self) -> JsonObject:
        """The place after the last batch: the same on every rank, and good for any other topology.

        With workers save the last batch's `state` instead. In a worker process it is the worker's own place.
        """
        if get_worker_info() is None:
            place = self._progress.place
            return saved(self.view_id, place.epoch, place.position)
        epoch, position, origin = self._here or self._progress.place
        return saved(self.view_id, epoch, position) | {"origin": origin}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next pass begin at a saved place; raises CursorMismatch for a state of another view."""
        place = loaded(state, self.view_id, self.rows)
        if get_worker_info() is None:
            self._progress.move(place.epoch, place.position)
        else:
            self._progress.move(place.epoch, place.origin)
            self._resumed = self._here = place

    def _timed(self, place: Place) -> Iterator[Batch]:
        """A pass without workers, whose waits are counted; servers are told their share."""
        self._stall = Stall()
        batches = self._read(place)
        while True:
            with self._stall.waiting():
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def _read(self, place: Place) -> Iterator[Batch]:
        """A pass without workers, which leaves the stream after the last batch that was taken."""
        here = (place.epoch, place.position)
        try:
            for _, batch in self._batches(place, 0, 1):
                there = (batch.state["epoch"], batch.state["position"])
                # Before the yield: whoever breaks out of the loop has had this batch, and goes on with the next.
                self._progress.advance(here, *there)
                here = there
                yield batch
            self._progress.advance(here, place.epoch + 1, 0)
        finally:
            self._progress.rest()

    def _begun(self, worker: WorkerInfo) -> Place:
        place = self._progress.join(worker)
        self._here, self._resumed = self._resumed or place, None
        return self._here

    def _work(self, worker: WorkerInfo, place: Place) -> Iterator[Batch]:
        """A worker's part of a pass."""
        last = self._share.steps(self.rows, place.origin) - 1
        for step, batch in self._batches(place, worker.id, worker.num_workers):
            after = min(place.origin + (step + 1) * self._share.total, self.rows)
            self._here = place._replace(position=after)
            batch.receipt = Receipt(self._progress.name, self._progress.ticket, place, step, last, after)
            yield batch
        # Nothing was left for this worker. If the pass's last step is its own, nobody else will tell the end.
        if self._here is place and worker.id == max(last, 0) % worker.num_workers:
            self._progress.finish(place.epoch, place.origin)

    def _batches(self, place: Place, worker: int, workers: int) -> Iterator[tuple[int, Batch]]:
        """The batches of a worker from a place to the epoch's end, by step."""
        share, rows = self._share, self._share.rows
        lane = share.lane(place.origin, worker, workers)
        source = self._source.here()
        if isinstance(source, RemoteSource):
            source = replace(source, stall=self._stall)

        def fetch(steps: range) -> Iterator[tuple[int, Batch]]:
            start = place.origin + steps[0] * share.total
            span = Span(start, len(steps) * rows)
            table = led(whole(span), lambda part: source.page(place.epoch, part.start, part.rows, lane)).table
            states = (self._state_after(step, place) for step in steps)
            return zip(steps, list(Batch.cut(table, self._format, rows, states)), strict=True)

        with Ahead(fetch, share.pages(self.rows, place.origin, place.position, worker, workers)) as pages:
            for batches in pages:
                yield from batches

    def _state_after(self, step: int, place: Place) -> JsonObject:
        after = self._share.after(step, self.rows, place.origin)
        return saved(self.view_id, *((place.epoch + 1, 0) if after is None else (place.epoch, after)))
