"""Rows of mapped files: any of them, from many threads at once, and damage is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from augsvc import chunks
from augsvc.chunks import Chunks
from augsvc.errors import AugsvcError

CHUNK_ROWS = 8


def written(folder: Path, count: int, kind: pa.DataType) -> list[dict[str, object]]:
    """Write rows as chunks of two batches; the texts are neither the first column nor the last."""
    rows = [{"n": n, "text": "é" * (n % 5), "more": [None, str(n)][n % 2]} for n in range(count)]
    schema = pa.schema([("n", pa.int64()), ("text", kind), ("more", pa.string())])
    for first in range(0, count, CHUNK_ROWS):
        with pa.ipc.new_file(folder / str(first // CHUNK_ROWS), schema) as writer:
            chunk = pa.Table.from_pylist(rows[first : first + CHUNK_ROWS], schema)
            writer.write_table(chunk.combine_chunks(), max_chunksize=5)
    return rows


def opened(folder: Path) -> Chunks:
    return Chunks(len([*folder.iterdir()]), lambda number: folder / str(number), CHUNK_ROWS, "text")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_rows_come_as_asked_for_each_column_in_one_piece(tmp_path: Path, kind: pa.DataType) -> None:
    rows = written(tmp_path, 21, kind)
    found = opened(tmp_path)
    for wanted in ([20, 3, 3, 0, 12], [1], [*range(21)], []):
        table = found.find(np.array(wanted, np.int64)).table()
        assert table.to_pylist() == [rows[row] for row in wanted]
        assert table.schema == found.schema
        assert all(column.num_chunks <= 1 for column in table.columns)
        assert found.find(np.array(wanted, np.int64)).text_bytes == sum(2 * (row % 5) for row in wanted)


def test_chunks_are_laid_out_once_in_whatever_order_they_are_first_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, placed = written(tmp_path, 800, pa.string()), []
    place = chunks._place
    monkeypatch.setattr(chunks, "_place", lambda texts: placed.append(len(texts)) or place(texts))
    found, order = opened(tmp_path), np.arange(100) * 37 % 100
    early = found.find(np.array([8 * order[0] + 3]))
    for chunk in order:
        wanted = np.arange(8 * chunk, 8 * chunk + 8)
        assert found.find(wanted).table().to_pylist() == [rows[row] for row in wanted]
    # Two batches of each, and never again.
    assert len(placed) == 200
    assert early.table().to_pylist() == [rows[8 * order[0] + 3]]
    backwards = np.arange(800)[::-1]
    assert found.find(backwards).table().to_pylist() == rows[::-1]


def test_rows_may_be_a_view_of_another_array_or_read_only(tmp_path: Path) -> None:
    rows = written(tmp_path, 21, pa.string())
    wanted = np.arange(21)[::-2]
    fixed = wanted.copy()
    fixed.setflags(write=False)
    for given in (wanted.copy(), wanted, fixed, wanted.astype(np.int32)):
        assert opened(tmp_path).find(given).table().to_pylist() == [rows[row] for row in range(20, -1, -2)]


def test_threads_that_open_the_same_chunks_at_once_read_the_same_rows(tmp_path: Path) -> None:
    rows = written(tmp_path, 400, pa.string())
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            found = opened(tmp_path)
            asked = [np.arange(start, 400, 37) for start in range(16)]
            for wanted, table in zip(
                asked, pool.map(lambda wanted, found=found: found.find(wanted).table(), asked), strict=True
            ):
                assert table.to_pylist() == [rows[row] for row in wanted]


def test_a_damaged_row_is_told_and_its_neighbours_are_read(tmp_path: Path) -> None:
    texts = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(np.array([0, 1, 99, 2], np.int32).tobytes()), pa.py_buffer(b"ab")]
    )
    batch = pa.RecordBatch.from_arrays([texts], names=["text"])
    with pa.ipc.new_file(tmp_path / "0", batch.schema) as writer:
        writer.write_batch(batch)
    found = opened(tmp_path)
    assert found.find(np.array([0, 0])).table().to_pylist() == [{"text": "a"}] * 2
    with pytest.raises(AugsvcError, match="Row 1 of the corpus is damaged"):
        found.find(np.array([0, 1]))
