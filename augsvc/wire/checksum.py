"""The checksum that an end frame carries: equal for equal rows in every format."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class Checksum:
    """zlib's CRC-32 over rows: `_position` as u64, each text column and `_original` as u64 length and UTF-8.

    All integers little-endian. It does not depend on how the rows are cut into tables.
    """

    def __init__(self) -> None:
        self._crc = 0

    def update(self, table: pa.Table, text_columns: Sequence[str]) -> None:
        """Add the rows of a table with columns `_position` (int64) and `text_columns` (no nulls in either)."""
        names = [*text_columns, *(["_original"] if "_original" in table.column_names else [])]
        for batch in table.select(["_position", *names]).to_batches():
            fields: list[Any] = [_integers(batch.column(0))]
            column: Any
            for column in batch.columns[1:]:
                data = column.cast(pa.large_binary())
                fields += [_integers(pc.binary_length(data)), data]
            # Joining interleaves the fields of each row in one buffer, without a loop over rows here.
            joined: Any = pc.binary_join_element_wise(*fields, pa.scalar(b"", pa.large_binary()))
            if len(joined):
                self._crc = zlib.crc32(joined.buffers()[2], self._crc)

    def hexdigest(self) -> str:
        """The checksum of all rows so far, as 8 lower-case hex digits."""
        return f"{self._crc:08x}"


def _integers(values: Any) -> Any:
    return values.view(pa.binary(8)).cast(pa.large_binary())
