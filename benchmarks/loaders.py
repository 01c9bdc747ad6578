"""What streaming loaders cost on CPUs, and whether they resume exactly: augsvc with augmentation off, and its peers.

`python benchmarks/loaders.py [--rows 1000000] [--seconds 30] [--only NAME ...]`: some ten minutes, and some
more for `.venv-loaders` (6 GB) the first time. One corpus of rows of 100 bytes and an integer label, on local disk,
each loader in a process of its own, shuffled, no worker processes, batches of 32. CPU-seconds are those of all its
threads and children, and of augsvc's server. A loader that would read for longer than `--seconds` gets fewer rows.

A place is saved at 90 % of the epoch, and a fresh process goes on from it; then two do, as two ranks with batches of
16. What they read is counted against the epoch that was not interrupted, and a step's rows against the same step's.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from peers import HERE, ROOT, install
from rich.console import Console
from serving import server
from stream import parts
from table import print_table
from text import documents

from augsvc.views import PAGE_ROWS, Workspace

VENV = ROOT / ".venv-loaders"
ROW_BYTES = 100
BATCH = 32
ROUND = 10 * BATCH
"""Rows come in multiples of it, so that 90 % of them are whole batches."""
PROBE_SECONDS = 5
LIMIT_SECONDS = 300
HEADINGS = ("", "rows", "CPU µs a row", "import, s", "first batch at 90 %, s", "by one rank", "by two ranks")
LOADERS = {
    "augsvc": "augsvc, a server",
    "augsvc-local": "augsvc, local=True",
    "mosaicml-streaming": "MosaicML",
    "litdata": "LitData",
    "grain": "Grain, 16 threads",
    "grain-alone": "Grain, no threads",
    "lancedb": "LanceDB streaming",
    "lancedb-permutation": "LanceDB permutation",
    "datasets": "HF datasets",
}

Steps = list[NDArray[np.int64]]
Line = tuple[str, ...]


class Failed(Exception):
    """A loader that did not do what was asked, in a few words."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A loader, its corpus, and augsvc's server if it takes part."""

    name: str
    folder: Path
    server: int = 0

    def write(self, corpus: Path, rows: int) -> None:
        """Write the corpus in the loader's format; raises Failed."""
        self._ask([["write", str(self.folder), "--corpus", str(corpus), "--rows", str(rows)]])

    def read(self, *options: str) -> dict[str, Any]:
        """Read in one process and return what it told; raises Failed."""
        return self._ask([self._reading(*options)])[0]

    def ranks(self, world: int, *options: str) -> list[Steps]:
        """Each rank's batches of labels, of ranks that read at the same time; raises Failed."""
        files = [self.folder.with_suffix(f".{rank}.npz") for rank in range(world)]
        shares = [
            ("--rank", str(rank), "--world", str(world), "--batch", str(BATCH // world), "--labels", str(file))
            for rank, file in enumerate(files)
        ]
        self._ask([self._reading(*options, *share) for share in shares])
        return [steps_of(file) for file in files]

    def _reading(self, *options: str) -> list[str]:
        return ["read", str(self.folder), "--server", str(self.server), *options]

    def _ask(self, commands: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        ours = self.name.startswith("augsvc")
        start = [sys.executable if ours else str(VENV / "bin" / "python"), str(HERE / "loader_peers.py"), self.name]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))) if ours else ""
        with tempfile.TemporaryDirectory() as scratch:
            logs = [Path(scratch, str(rank)) for rank in range(len(commands))]
            port = _free_port()
            running = []
            for rank, (command, log) in enumerate(zip(commands, logs, strict=True)):
                environment = os.environ | {"PYTHONPATH": path} | _environment(rank, len(commands), port)
                with log.open("wb") as output, log.with_suffix(".err").open("wb") as errors:
                    running.append(subprocess.Popen([*start, *command], env=environment, stdout=output, stderr=errors))
            _wait(running)
            for process, log in zip(running, logs, strict=True):
                if process.returncode > 0:
                    raise Failed(_reason(log.with_suffix(".err").read_text("utf-8", "replace")))
            if any(process.returncode for process in running):
                raise Failed(f"no end after {LIMIT_SECONDS} s")
            return [json.loads(log.read_text("utf-8").splitlines()[-1]) for log in logs]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the corpus (default: 1 million)")
    parser.add_argument("--seconds", type=float, default=30, help="that a loader may read an epoch (default: 30)")
    parser.add_argument("--only", nargs="+", choices=LOADERS, default=list(LOADERS), help="some of the loaders")
    options = parser.parse_args()
    rows = max(ROUND, options.rows // ROUND * ROUND)
    reason = ensure_loaders() if any(not name.startswith("augsvc") for name in options.only) else ""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="augsvc-loaders-") as scratch, Console(stderr=True).status("") as status:
        corpus = Path(scratch, "corpus.parquet")
        pq.write_table(_corpus(rows), corpus)
        for name in options.only:
            if reason and not name.startswith("augsvc"):
                lines.append((LOADERS[name], "", reason))
                continue
            try:
                lines += _measured(name, corpus, rows, options.seconds, status.update)
            except Failed as failure:
                lines.append((LOADERS[name], "", f"failed: {failure}"))
    print_table(f"Shuffled rows of {ROW_BYTES} bytes in batches of {BATCH}, CPU time", HEADINGS, lines)


def ensure_loaders() -> str:
    """Make the loaders' environment where it is missing or old; return why it is not there, or nothing."""
    wanted, stamp = (HERE / "loaders.txt").read_text("utf-8"), VENV / "installed.txt"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    with Console(stderr=True).status(f"making {VENV.name}: installing the loaders (minutes, 6 GB)"):
        try:
            install(VENV, HERE / "loaders.txt")
        except (OSError, subprocess.CalledProcessError) as error:
            return f"{VENV.name} could not be made ({error})"
    stamp.write_text(wanted, "utf-8")
    return ""


def fitting(rows: int, read: int, wall: float, seconds: float) -> int:
    """How many of the rows can be read in so many seconds, given what a probe has read: a multiple of ROUND."""
    return min(rows, max(1, int(read / wall * seconds) // ROUND) * ROUND)


def verdict(whole: Steps, resumed: int, ranks: Sequence[Steps]) -> str:
    """What became of the rows of an epoch that was given up after `resumed` steps and gone on with by some ranks."""
    steps = [np.concatenate(step) for step in zip(*ranks, strict=False)]
    rest = [labels for rank in ranks for labels in rank]
    size = 1 + max(int(labels.max(initial=0)) for labels in [*whole, *rest])
    expected, found = (
        np.bincount(np.concatenate(batches), minlength=size) for batches in (whole, whole[:resumed] + rest)
    )
    lost, doubled = (int(np.maximum(surplus, 0).sum()) for surplus in (expected - found, found - expected))
    if lost or doubled:
        return f"{lost:,} lost, {doubled:,} doubled"
    same = len(steps) == len(whole) - resumed and all(
        np.array_equal(np.sort(step), np.sort(then)) for step, then in zip(steps, whole[resumed:], strict=True)
    )
    return "exact" if same else "every row once, other steps"


def steps_of(file: Path) -> Steps:
    """The batches of labels that a process has read."""
    with np.load(file) as saved:
        return np.split(saved["labels"], np.cumsum(saved["sizes"])[:-1])


def _measured(name: str, corpus: Path, rows: int, seconds: float, say: Callable[[str], None]) -> list[Line]:
    folder = corpus.with_name(name)
    contender = Contender(name, folder)
    say(f"{LOADERS[name]}: writing the corpus")
    contender.write(corpus, rows)
    with _server_of(contender) as process:
        contender = Contender(name, folder, process)
        say(f"{LOADERS[name]}: reading {PROBE_SECONDS} s")
        probe = contender.read("--seconds", str(PROBE_SECONDS))
        fewer = fitting(rows, probe["read"], probe["wall"], seconds)
        if fewer < rows:
            contender = Contender(name, folder.with_name(f"{name}-fewer"))
            contender.write(corpus, fewer)
        say(f"{LOADERS[name]}: reading {fewer:,} rows")
        place, labels = folder.with_suffix(".place"), folder.with_suffix(".npz")
        told = contender.read("--rows", str(fewer * 9 // 10), "--keep", str(place), "--labels", str(labels))
        whole, resumed = steps_of(labels), fewer * 9 // 10 // BATCH
        say(f"{LOADERS[name]}: resuming")
        first, verdicts = _resumed(contender, place, whole, resumed)
    title = f"{LOADERS[name]} ({told['version']})"
    costs = [f"{cost / told['read'] * 1e6:.2f}" for cost in (sum(told["cpu"]), *told["cpu"])]
    line = (title, f"{told['read']:,}", costs[0], f"{told['imports']:.1f}", first[0], *verdicts)
    if name != "augsvc":
        return [line]
    augmentation = _augmentation(folder, rows)
    return [
        line,
        ("- the client", "", costs[1], "", first[1]),
        ("- the server", "", costs[2], "", first[2]),
        ("  - augmentation, rate 0", "", f"{augmentation:.2f}"),
    ]


def _resumed(contender: Contender, place: Path, whole: Steps, resumed: int) -> tuple[list[str], list[str]]:
    """CPU-seconds to the first batch, in all, of the loader and of a server; and what became of the rows."""
    labels = place.with_suffix(".rest.npz")
    try:
        told = contender.read("--resume", str(place), "--labels", str(labels))
    except Failed as failure:
        return ["", "", ""], [f"not possible: {failure}", ""]
    first = [f"{cost:.2f}" for cost in (sum(told["first"]), *told["first"])]
    one = verdict(whole, resumed, [steps_of(labels)])
    try:
        two = verdict(whole, resumed, contender.ranks(2, "--resume", str(place)))
    except Failed as failure:
        two = f"not possible: {failure}"
    return first, [one, two]


@contextmanager
def _server_of(contender: Contender) -> Iterator[int]:
    """The number of its server's process, or 0 where it has none."""
    with server(contender.folder) if contender.name == "augsvc" else nullcontext(("", 0)) as (url, process):
        if url:
            (contender.folder / "url").write_text(url, "utf-8")
        yield process


def _augmentation(data: Path, rows: int) -> float:
    """µs of CPU that the pipeline at rate 0 costs a row, in process."""
    workspace = Workspace(data)
    fields = {"corpus": "rows", "pipeline": {"ops": [{"type": "synonym", "rate": 0}]}, "seed": 1}
    view, _ = workspace.create_view(fields)
    rounds = max(1, min(5, rows // PAGE_ROWS // 4))
    return parts(workspace.source(view.view_id), rounds)["augmentation at rate 0"]


def _corpus(rows: int) -> pa.Table:
    """Rows of running English, each with its number for a label."""
    text = " ".join(documents(rows * ROW_BYTES // 1_000_000 + 1)).encode("ascii", "replace").decode()
    texts = [text[at : at + ROW_BYTES] for at in range(0, rows * ROW_BYTES, ROW_BYTES)]
    return pa.table({"text": texts, "label": pa.array(range(rows), pa.int64())})


def _environment(rank: int, world: int, port: int) -> dict[str, str]:
    """What launchers tell ranks, and what keeps loaders from asking the network."""
    return {
        "PYTHONWARNINGS": "ignore",
        "HF_DATASETS_OFFLINE": "1",
        "LITDATA_DISABLE_VERSION_CHECK": "1",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        **{name: str(rank) for name in ("RANK", "LOCAL_RANK", "GLOBAL_RANK")},
        **{name: str(world) for name in ("WORLD_SIZE", "LOCAL_WORLD_SIZE")},
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait for all, or until one fails or time is up: then the others, who may wait for it, are ended."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end and any(process.poll() is None for process in running):
        if any(process.poll() for process in running):
            break
        time.sleep(0.05)
    for process in running:
        process.kill()
        process.wait()


def _reason(errors: str) -> str:
    """The last line that was said, without its exception's name, in at most some words."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()] or ["it said nothing"]
    return lines[-1].partition("Error: ")[2][:60] or lines[-1][:60]


if __name__ == "__main__":
    main()
