"""One streaming loader in a process of its own: writes a corpus in its format, or reads an epoch and says what it cost.

`python benchmarks/loader_peers.py NAME write|read FOLDER ...`, for `loaders.py`, which runs it in `.venv-loaders`, or
for augsvc in its own environment. Prints one line of JSON. Every loader is set up as its documentation says: shuffled
with seed 1, no worker processes. A row's label is its number, so batches tell which rows they hold.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pickle
import resource
import struct
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
import pyarrow.parquet as pq

SEED = 1
NOTHING = {"ops": [{"type": "synonym", "rate": 0}]}
CORPUS = "rows"
SHARDS = 8
BUFFER = 10_000


class Share(NamedTuple):
    """Which rank of how many reads, and rows of its batches."""

    rank: int
    world: int
    batch: int


class Loader(Protocol):
    """A library: what it must import, and how it writes, reads and saves its place."""

    modules: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path, share: Share) -> None: ...

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """Write the first rows of a Parquet file in the library's own format."""

    def labels(self, state: Any) -> Iterator[Any]:
        """Each batch's labels, from a saved place on if there is one."""

    def state(self) -> Any:
        """The place after the last batch, to be pickled."""


class Augsvc:
    """`AugmentedStream` from a server, whose address is in the file `url`, or from its data directory."""

    modules = ("augsvc.torch",)
    local = False

    def __init__(self, folder: Path, share: Share) -> None:
        from augsvc.torch import AugmentedStream

        rank, world, batch = share
        self.stream = AugmentedStream(
            str(folder) if self.local else (folder / "url").read_text("utf-8"),
            CORPUS,
            NOTHING,
            seed=SEED,
            batch_size=batch,
            rank=rank,
            world_size=world,
            local=self.local,
        )
        self.batch: Any = None

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """Register the file and compute a page, so that all kernels are compiled."""
        from augsvc.views import Workspace

        part = folder / "part.parquet"
        pq.write_table(pq.read_table(corpus).slice(0, rows), part)
        with part.open("rb") as file:
            Workspace(folder).corpora.put(CORPUS, file, "application/vnd.apache.parquet")
        part.unlink()
        next(AugsvcLocal(folder, Share(0, 1, 32)).labels(None))

    def labels(self, state: Any) -> Iterator[Any]:
        """Lists of integers."""
        if state is not None:
            self.stream.load_state_dict(state)
        for batch in self.stream:
            self.batch = batch
            yield batch["label"]

    def state(self) -> Any:
        """The last batch's."""
        return self.batch.state


class AugsvcLocal(Augsvc):
    """The same without a server."""

    local = True


class Mosaic:
    """MosaicML Streaming: MDS shards, its default shuffle (py1e)."""

    modules = ("streaming",)

    def __init__(self, folder: Path, share: Share) -> None:
        from streaming import StreamingDataLoader, StreamingDataset

        dataset = StreamingDataset(local=str(folder), shuffle=True, shuffle_seed=SEED, batch_size=share.batch)
        self.loader = StreamingDataLoader(dataset, batch_size=share.batch)

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """Shards of the default size, 64 MiB."""
        from streaming import MDSWriter

        with MDSWriter(out=str(folder), columns={"text": "str", "label": "int"}) as writer:
            for row in _rows(corpus, rows):
                writer.write(row)

    def labels(self, state: Any) -> Iterator[Any]:
        """Tensors."""
        if state is not None:
            self.loader.load_state_dict(state)
        for batch in self.loader:
            yield batch["label"]

    def state(self) -> Any:
        """The loader's."""
        return self.loader.state_dict()


class LitData:
    """LitData: optimized chunks of 64 MB; `drop_last` is set, as a place is refused where its default differs."""

    modules = ("litdata",)

    def __init__(self, folder: Path, share: Share) -> None:
        from litdata import StreamingDataLoader, StreamingDataset

        dataset = StreamingDataset(str(folder), shuffle=True, seed=SEED, drop_last=False)
        self.loader = StreamingDataLoader(dataset, batch_size=share.batch)

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """By `optimize`, in one worker."""
        from litdata import optimize

        inputs = [(str(corpus), start, min(rows, start + BUFFER)) for start in range(0, rows, BUFFER)]
        optimize(_part, inputs, str(folder), chunk_bytes="64MB", num_workers=1, mode="overwrite", verbose=False)

    def labels(self, state: Any) -> Iterator[Any]:
        """Tensors."""
        if state is not None:
            self.loader.load_state_dict(state)
        for batch in self.loader:
            yield batch["label"]

    def state(self) -> Any:
        """The loader's."""
        return self.loader.state_dict()


class Grain:
    """Grain: ArrayRecord, each record a label of 8 bytes and the text; ranks by slices, as its documentation says."""

    modules = ("grain", "array_record.python.array_record_module")
    threads = 16

    def __init__(self, folder: Path, share: Share) -> None:
        import grain

        files = [str(path) for path in sorted(folder.glob("*.array_record"))]
        source = grain.sources.ArrayRecordDataSource(files)
        dataset = grain.MapDataset.source(source).map(_record).shuffle(seed=SEED)
        reading = grain.ReadOptions(num_threads=self.threads)
        self.iterator = iter(dataset[share.rank :: share.world].batch(share.batch).to_iter_dataset(reading))

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """Groups of one record, as Grain asks, in files of 10,000: reads slow down with the records of a file."""
        from array_record.python.array_record_module import ArrayRecordWriter

        for start in range(0, rows, BUFFER):
            writer = ArrayRecordWriter(str(folder / f"{start:012d}.array_record"), "group_size:1")
            for row in _rows(corpus, min(rows, start + BUFFER), start):
                writer.write(struct.pack("<q", row["label"]) + row["text"].encode())
            writer.close()

    def labels(self, state: Any) -> Iterator[Any]:
        """Arrays."""
        if state is not None:
            self.iterator.set_state(state)
        for batch in self.iterator:
            yield batch["label"]

    def state(self) -> Any:
        """The iterator's."""
        return self.iterator.get_state()


class GrainAlone(Grain):
    """Without the reading threads that are its default."""

    threads = 0


class Lance:
    """LanceDB's `StreamingDataset`, which reads a permutation; two splits, as many as the ranks that resume."""

    modules = ("lancedb.streaming",)

    def __init__(self, folder: Path, share: Share) -> None:
        import lancedb
        from lancedb.streaming import StreamingDataLoader, StreamingDataset

        table = lancedb.connect(str(folder)).open_table(CORPUS)
        rank, world, batch = share
        self.dataset = StreamingDataset(table, num_splits=2, shuffle_seed=SEED, rank=rank, world_size=world)
        self.loader = StreamingDataLoader(self.dataset, batch_size=batch)

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """One table."""
        import lancedb

        lancedb.connect(str(folder)).create_table(CORPUS, pq.read_table(corpus).slice(0, rows), mode="overwrite")

    def labels(self, state: Any) -> Iterator[Any]:
        """Tensors."""
        if state is not None:
            self.dataset.load_state_dict(self.dataset.merge_state_dicts([state]))
        for batch in self.loader:
            yield batch["label"]

    def state(self) -> Any:
        """The data set's."""
        return self.dataset.state_dict()


class LancePermutation:
    """LanceDB's `Permutation` itself in its form of lists by column: a place is a count of rows; it knows no ranks."""

    modules = ("lancedb.permutation",)
    write = staticmethod(Lance.write)

    def __init__(self, folder: Path, share: Share) -> None:
        import lancedb
        from lancedb.permutation import Permutation, permutation_builder

        if share.world > 1:
            raise NotImplementedError("a Permutation knows no ranks")
        table = lancedb.connect(str(folder)).open_table(CORPUS)
        order = permutation_builder(table).shuffle(seed=SEED).execute()
        self.rows = Permutation.from_tables(table, order).with_format("python_col")
        self.batch, self.read = share.batch, 0

    def labels(self, state: Any) -> Iterator[Any]:
        """Lists."""
        self.read = state or 0
        for batch in self.rows.with_skip(self.read).iter(self.batch):
            self.read += len(batch["label"])
            yield batch["label"]

    def state(self) -> Any:
        """Rows that were read."""
        return self.read


class HuggingFace:
    """`datasets` streaming eight Parquet files, shuffled in a buffer of 10,000 rows."""

    modules = ("datasets", "datasets.distributed")

    def __init__(self, folder: Path, share: Share) -> None:
        from datasets import load_dataset
        from datasets.distributed import split_dataset_by_node

        files = [str(path) for path in sorted(folder.glob("*.parquet"))]
        dataset = load_dataset("parquet", data_files=files, split="train", streaming=True)
        dataset = dataset.shuffle(seed=SEED, buffer_size=BUFFER)
        if share.world > 1:
            dataset = split_dataset_by_node(dataset, share.rank, share.world)
        self.dataset = dataset.batch(share.batch)

    @staticmethod
    def write(corpus: Path, rows: int, folder: Path) -> None:
        """Slices of the file."""
        table = pq.read_table(corpus).slice(0, rows)
        for shard in range(SHARDS):
            start, end = (rows * place // SHARDS for place in (shard, shard + 1))
            pq.write_table(table.slice(start, end - start), folder / f"{shard}.parquet")

    def labels(self, state: Any) -> Iterator[Any]:
        """Lists."""
        if state is not None:
            self.dataset.load_state_dict(state)
        for batch in self.dataset:
            yield batch["label"]

    def state(self) -> Any:
        """The data set's."""
        return self.dataset.state_dict()


LOADERS: dict[str, type[Loader]] = {
    "augsvc": Augsvc,
    "augsvc-local": AugsvcLocal,
    "mosaicml-streaming": Mosaic,
    "litdata": LitData,
    "grain": Grain,
    "grain-alone": GrainAlone,
    "lancedb": Lance,
    "lancedb-permutation": LancePermutation,
    "datasets": HuggingFace,
}


def main() -> None:
    """Do what is asked and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=LOADERS)
    parser.add_argument("action", choices=("write", "read"))
    parser.add_argument("folder", type=Path, help="where the corpus lies in the library's format")
    parser.add_argument("--corpus", type=Path, help="the Parquet file to write it from")
    parser.add_argument("--rows", type=int, default=0, help="how many of its rows")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--world", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=600, help="to read for at most after the first batch, wall time"
    )
    parser.add_argument("--resume", type=Path, help="a file with the place to go on from")
    parser.add_argument("--keep", type=Path, help="a file to save the place in after --rows rows")
    parser.add_argument("--labels", type=Path, help="a file for the labels that were read")
    parser.add_argument("--server", type=int, default=0, help="process that takes part")
    options = parser.parse_args()
    if options.action == "write":
        options.folder.mkdir(parents=True, exist_ok=True)
        LOADERS[options.name].write(options.corpus, options.rows, options.folder)
        print(json.dumps({}))
    else:
        print(json.dumps(_read(options)), flush=True)
        sys.stdout.flush()
        os._exit(0)  # some leave threads or shared memory behind, whose end is no part of reading


def _read(options: argparse.Namespace) -> dict[str, Any]:
    kind = LOADERS[options.name]
    for module in kind.modules:
        importlib.import_module(module)
    state = pickle.loads(options.resume.read_bytes()) if options.resume else None  # noqa: S301  our own
    imports, server, begun = _cpu(), _cpu_of(options.server), time.monotonic()
    loader = kind(options.folder, Share(options.rank, options.world, options.batch))
    batches: list[Any] = []
    read, first = 0, (0.0, 0.0)
    for labels in loader.labels(state):
        batches.append(labels)
        read += len(labels)
        if len(batches) == 1:
            begun = time.monotonic()
            first = (_cpu() - imports, _cpu_of(options.server) - server)
        if options.keep and read == options.rows:
            options.keep.write_bytes(pickle.dumps(loader.state()))
        if time.monotonic() - begun > options.seconds:
            break
    wall = time.monotonic() - begun
    costs = (_cpu() - imports, _cpu_of(options.server) - server)
    if options.labels:
        sizes = np.array([len(labels) for labels in batches])
        none = np.zeros(0, np.int64)
        np.savez(options.labels, labels=np.concatenate([none, *map(np.asarray, batches)]), sizes=sizes)
    return {
        "version": version(kind.modules[0].partition(".")[0].replace("streaming", "mosaicml-streaming")),
        "read": read,
        "wall": wall,
        "imports": imports,
        "first": first,
        "cpu": costs,
    }


def _cpu() -> float:
    """CPU-seconds of this process, its threads and its children that ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def _cpu_of(process: int) -> float:
    """CPU-seconds of another process so far, in steps of 10 ms; 0 without one."""
    if not process:
        return 0.0
    user, system = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _rows(corpus: Path, stop: int, start: int = 0) -> Iterator[dict[str, Any]]:
    for batch in pq.read_table(corpus).slice(start, stop - start).to_batches(BUFFER):
        yield from batch.to_pylist()


def _part(bounds: tuple[str, int, int]) -> Iterator[dict[str, Any]]:
    corpus, start, stop = bounds
    yield from _rows(Path(corpus), stop, start)


def _record(record: bytes) -> dict[str, Any]:
    return {"text": record[8:].decode(), "label": int.from_bytes(record[:8], "little", signed=True)}


if __name__ == "__main__":
    main()
