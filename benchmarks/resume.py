"""Whether any topology reads one order, and any resume goes on with it: rows lost, doubled or changed, all counted.

`python benchmarks/resume.py [--points 1000] [--served 40]`: some five minutes. An epoch is read by ranks and workers of
a topology that is drawn, given up at a step that is drawn, and gone on with in another, one to three times, until its
end; then its rows are compared with those of one reader alone. A *point* is one such give-up and resume. What is kept
over it is the last batch's `state` as JSON, or, where the loader is torchdata's StatefulDataLoader, what that saves of
each rank, then the state.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import pickle
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import track
from serving import serving
from table import print_table
from torch.utils.data import DataLoader
from torchdata.stateful_dataloader import StatefulDataLoader

from augsvc.torch import AugmentedStream
from augsvc.views import Workspace

ROWS = 1_013
WORLDS = (1, 2, 3, 5, 7, 96)
WORKERS = (0, 1, 2, 3)
FORKING = 3
"""Ranks up to which topologies that are drawn have workers: each is a process."""

Row = tuple[int, int, str]
Make = Callable[..., AugmentedStream]
State = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Topology:
    """Who reads: ranks, rows of their batches, workers of each, and whether the loader saves its own state."""

    world: int
    batch: int
    workers: int
    stateful: bool

    def loaders(self, make: Make, state: State) -> list[DataLoader[Any]]:
        """A loader for each rank, standing at a state."""
        streams = [make(batch_size=self.batch, rank=rank, world_size=self.world) for rank in range(self.world)]
        for stream in streams:
            if state is not None:
                stream.load_state_dict(state)
        kind = StatefulDataLoader if self.stateful else DataLoader
        return [kind(stream, batch_size=None, num_workers=self.workers) for stream in streams]

    def __str__(self) -> str:
        loader = "StatefulDataLoader" if self.stateful else "DataLoader"
        return f"{loader}, {'workers' if self.workers else 'no workers'}"


@dataclass(slots=True)
class Tally:
    """What was counted: points by kind of loader, and what became of the rows."""

    points: Counter[str] = field(default_factory=Counter)
    read: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0

    def compare(self, rows: Sequence[Row], whole: Mapping[int, Row]) -> None:
        """Count an epoch's rows against those that one reader alone has read."""
        seen = Counter(row[0] for row in rows)
        self.read += len(rows)
        self.lost += len(whole.keys() - seen.keys())
        self.doubled += seen.total() - len(seen)
        self.changed += sum(whole.get(row[0]) != row for row in rows)


class Draws:
    """Numbers that depend on a name and how many were drawn before."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def __call__(self, below: int) -> int:
        """An integer 0 ... below - 1."""
        self._count += 1
        digest = hashlib.blake2b(f"{self._name}/{self._count}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little") % below


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000, help="resumes in this process (default: 1000)")
    parser.add_argument("--served", type=int, default=40, help="resumes from a real server besides (default: 40)")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "'set_vital' is deprecated")
    warnings.filterwarnings("ignore", "This DataLoader will create")
    with tempfile.TemporaryDirectory(prefix="augsvc-resume-") as folder:
        data = Path(folder)
        upload(data)
        local = maker(data, local=True)
        order, resumed, served = Tally(), Tally(), Tally()
        for world in track(WORLDS, "one order in every topology"):
            same_order(order, local, [world], WORKERS)
        resume(resumed, local, options.points)
        if options.served:
            with serving(data) as url:
                resume(served, maker(url), options.served)
    tallies = [("every topology", order), ("resumed", resumed), ("resumed from a server", served)]
    print_table(
        "Rows of whole epochs", ("", "epochs or points", "read", "lost", "doubled", "changed"), map(_line, tallies)
    )
    kinds = (resumed.points + served.points).most_common()
    print_table("Points by loader", ("", "points"), [(kind, f"{count:,}") for kind, count in kinds])
    if any(tally.lost or tally.doubled or tally.changed for _, tally in tallies):
        raise SystemExit("rows were lost, doubled or changed")


def _line(named: tuple[str, Tally]) -> tuple[str, ...]:
    name, tally = named
    counts = (tally.points.total(), tally.read, tally.lost, tally.doubled, tally.changed)
    return (name, *(f"{count:,}" for count in counts))


def upload(data: Path) -> None:
    """A corpus of ROWS different sentences in a data directory."""
    lines = (json.dumps({"text": f"Note {i}: the tired dog walked home and slept happily."}) for i in range(ROWS))
    Workspace(data).corpora.put("notes", io.BytesIO("\n".join(lines).encode()), "application/x-ndjson")


def maker(source: str | Path, *, local: bool = False) -> Make:
    """Makes streams of one view that drop nothing."""
    return partial(AugmentedStream, source, "notes", seed=1, drop_last=False, local=local)


def whole_epoch(make: Make) -> dict[int, Row]:
    """The rows that one reader alone reads, by position."""
    return {row[0]: row for batch in make(batch_size=ROWS, rank=0, world_size=1) for row in rows_of(batch)}


def rows_of(batch: Mapping[str, Any]) -> Iterator[Row]:
    """Position, row and text."""
    return zip(batch["_position"], batch["_row"], batch["text"], strict=True)


def same_order(tally: Tally, make: Make, worlds: Sequence[int], workers: Sequence[int]) -> None:
    """Read an epoch in each topology; a point is one of these epochs."""
    whole = whole_epoch(make)
    for world in worlds:
        for count in workers:
            topology = Topology(world, 1 if world > 7 else 8, count, stateful=False)
            batches = [batch for loader in topology.loaders(make, None) for batch in loader]
            tally.compare([row for batch in batches for row in rows_of(batch)], whole)
            tally.points["an epoch"] += 1


def resume(tally: Tally, make: Make, points: int) -> None:
    """Read epochs that are given up and gone on with, until so many points are counted."""
    whole = whole_epoch(make)
    done = 0
    for chain in track(range(points), f"{points} resumes"):
        if done < points:
            found, rows = read_in_parts(make, Draws(f"chain {chain}"))
            tally.compare(rows, whole)
            tally.points += found
            done += found.total()


def read_in_parts(make: Make, draw: Draws) -> tuple[Counter[str], list[Row]]:
    """Read one epoch in two to four topologies; the points by their loader, and the rows that were trained on."""
    points: Counter[str] = Counter()
    rows: list[Row] = []
    state: State = None
    for _ in range(1 + draw(3)):
        topology = drawn(draw)
        points[str(topology)] += 1
        part, state = read_some(topology, make, state, draw)
        rows += part
        if topology.stateful:
            points[f"{topology}, by its own state"] += 1
        if state is not None and state["epoch"]:
            return points, rows
    last = drawn(draw)
    rows += [row for loader in last.loaders(make, state) for batch in loader for row in rows_of(batch)]
    return points, rows


def drawn(draw: Draws) -> Topology:
    """Any topology; few ranks where there are workers."""
    workers = WORKERS[max(0, draw(8) - 4)]
    world = 1 + draw(FORKING) if workers else WORLDS[draw(len(WORLDS))]
    return Topology(world, 1 + draw(3 if world > 7 else 40), workers, stateful=not draw(3))


def read_some(topology: Topology, make: Make, state: State, draw: Draws) -> tuple[list[Row], State]:
    """Read some steps on every rank and give up; the rows, and the state after them."""
    loaders = topology.loaders(make, state)
    position = state["position"] if state else 0
    steps = draw(1 + (ROWS - position) // (topology.batch * topology.world))
    ranks = [_taken(loader, steps) for loader in loaders]
    if topology.stateful:
        # An epoch that is over is not gone on with: the next would begin.
        more = draw(1 + steps) if position + steps * topology.batch * topology.world < ROWS else 0
        saved = [pickle.dumps(loader_state) for _, loader_state in ranks]
        others = topology.loaders(make, None)
        for loader, own in zip(others, saved, strict=True):
            loader.load_state_dict(pickle.loads(own))  # type: ignore[attr-defined]  # noqa: S301  our own
        further = [_taken(loader, more) for loader in others]
        ranks = [(some + rest, None) for (some, _), (rest, _) in zip(ranks, further, strict=True)]
    batches = ranks[0][0]
    after = json.loads(json.dumps(batches[-1].state)) if batches else state
    return [row for some, _ in ranks for batch in some for row in rows_of(batch)], after


def _taken(loader: DataLoader[Any], steps: int) -> tuple[list[Any], Any]:
    batches = iter(loader)
    taken = list(islice(batches, steps))
    return taken, loader.state_dict() if isinstance(loader, StatefulDataLoader) else None


if __name__ == "__main__":
    main()
