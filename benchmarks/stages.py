"""Nanoseconds of each stage of the engine's front per token of running English, on one core.

`python benchmarks/stages.py [--megabytes 12] [--rounds 9]`; blocks of the engine's size, medians of rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from text import documents

from augsvc.batch import TextBatch, TokenBatch, empty_tokens
from augsvc.constraints import Protect, kind_bits
from augsvc.kernels.guard import guard_ranges
from augsvc.kernels.read import read
from augsvc.lexicon import Lexicon
from augsvc.pipeline.run import BLOCK_BYTES
from augsvc.types import PackTables

KINDS = kind_bits(Protect().kinds)


def blocks_of(texts: TextBatch) -> list[TextBatch]:
    """Cut texts into blocks of whole rows as the engine does."""
    places = np.arange(0, int(texts.offsets[-1]), BLOCK_BYTES)
    cuts = sorted({*np.searchsorted(texts.offsets, places).tolist(), len(texts)})
    return [texts.slice(start, stop) for start, stop in pairwise(cuts)]


def read_all(blocks: list[TextBatch], tables: PackTables) -> None:
    """Read each block to arrays of its own, which are given up before the next as the engine does."""
    for block in blocks:
        TokenBatch.scan(block, tables, KINDS)


def nanoseconds(work: Callable[[], object], tokens: int) -> float:
    """Return the CPU time of this process that `work` takes, in ns per token."""
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / tokens


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    tables = Lexicon.open().tables
    blocks = blocks_of(TextBatch.from_strings(documents(options.megabytes)))
    # the kernel alone writes to the same arrays again and again
    room = empty_tokens(max(map(len, blocks)), max(len(block.data) for block in blocks) + 1)
    words = np.empty(max(map(len, blocks)), np.int32)
    batches = [TokenBatch.scan(block, tables, KINDS) for block in blocks]
    ranges = [(np.arange(len(b) + 1), b.offsets[:-1] + 1, b.offsets[:-1] + 9) for b in blocks]
    stages: dict[str, Callable[[], object]] = {
        "read (kernel)": lambda: [read(b.data, b.offsets, tables, KINDS, room, words) for b in blocks],
        "read (with its arrays)": lambda: read_all(blocks, tables),
        "guard a range a row": lambda: [guard_ranges(b.columns, *r) for b, r in zip(batches, ranges, strict=True)],
    }
    count = sum(batch.count for batch in batches)
    size = sum(len(block.data) for block in blocks)
    rounds = [
        {name: nanoseconds(work, count) for name, work in stages.items()}
        for _ in track(range(options.rounds), "measuring", transient=True)
    ]
    table = Table(title=f"{count:,} tokens of {size / count:.2f} bytes, ns of CPU per token")
    for heading in ("", "median", "least"):
        table.add_column(heading, justify="right" if heading else "left")
    for name in stages:
        found = [times[name] for times in rounds]
        table.add_row(name, f"{statistics.median(found):.1f}", f"{min(found):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
