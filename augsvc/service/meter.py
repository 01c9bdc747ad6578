"""What a route has given out, and where its time went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from augsvc.stages import Stages


def _nowhere(rows: int, text_bytes: int, /) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts the rows that a route gives out and the bytes of their texts, and times its stages; by default nothing."""

    stages: Stages = field(default_factory=Stages)
    add: Callable[[int, int], object] = _nowhere

    def counted(self, tables: Iterable[pa.Table], text_columns: Iterable[str]) -> Iterator[pa.Table]:
        """The same tables, each counted as it is taken."""
        for table in tables:
            self.add(table.num_rows, sum(_size(table.column(name)) for name in text_columns))
            yield table

    def encoding(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same chunks; what making them takes, and no other stage, is `encode`."""
        while True:
            with self.stages("encode"):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk


def _size(texts: Any) -> int:
    size: int | None = pc.sum(pc.binary_length(texts.cast(pa.large_binary()))).as_py()
    return size or 0
