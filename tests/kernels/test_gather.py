"""Texts copied from where they lie: equal to the twin's, and nothing is read outside a stretch."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.kernels import memory
from augsvc.kernels.gather import Stretches, gather, locate

from . import compiled, twin_gather
from .texts import QUICK

CHUNK_ROWS = 6
stretches_of_a_chunk = st.integers(1, CHUNK_ROWS).flatmap(
    lambda size: st.lists(st.binary(max_size=20), min_size=CHUNK_ROWS, max_size=CHUNK_ROWS).map(
        lambda texts: [texts[start : start + size] for start in range(0, CHUNK_ROWS, size)]
    )
)
chunks_mapped = st.lists(st.none() | stretches_of_a_chunk, min_size=1, max_size=5).filter(any)


def placed(chunks: list[twin_gather.Chunk | None], *, wide: bool) -> tuple[Stretches, list[Any]]:
    """Return where the texts of chunks lie, and what keeps them there."""
    kind = pa.large_binary() if wide else pa.binary()
    kept, places = [], []
    for number, chunk in enumerate(chunks):
        row = number * CHUNK_ROWS
        for stretch in chunk or []:
            kept.append(pa.array(stretch, kind).buffers())
            _, offsets, data = kept[-1]
            places.append((row, offsets.address, data.address if data else 0, data.size if data else 0))
            row += len(stretch)
    stop = np.cumsum([len(chunk or []) for chunk in chunks])
    first = stop - [len(chunk or []) for chunk in chunks]
    return Stretches(first, stop, *np.array(places, np.int64).T.copy(), CHUNK_ROWS, int(wide)), kept


@given(chunks=chunks_mapped, wide=st.booleans(), data=st.data())
@QUICK
def test_texts_are_those_that_the_twin_finds(chunks: list[Any], wide: bool, data: st.DataObject) -> None:
    stretches, kept = placed(chunks, wide=wide)
    there = [row for row in range(len(chunks) * CHUNK_ROWS) if chunks[row // CHUNK_ROWS]]
    rows = data.draw(st.lists(st.sampled_from(there), max_size=20))
    stretch, address, offsets = (np.empty(len(rows) + extra, np.int64) for extra in (0, 0, 1))
    assert locate(np.array(rows, np.int64), stretches, stretch, address, offsets) == len(rows)
    out = np.empty(offsets[-1], np.uint8)
    gather(address, offsets, out)
    texts = [out[start:stop].tobytes() for start, stop in pairwise(offsets)]
    assert (stretch.tolist(), texts) == twin_gather.gather(rows, chunks, CHUNK_ROWS)
    del kept


@pytest.mark.parametrize("offsets", [[0, -1, 3, 4, 5, 6, 6], [0, 1, 7, 7, 7, 7, 7], [0, 3, 2, 3, 4, 5, 6]])
@pytest.mark.parametrize("wide", [False, True])
def test_a_text_outside_its_stretch_is_told_and_not_read(offsets: list[int], wide: bool) -> None:
    stored = np.array(offsets, np.int64 if wide else np.int32)
    there = [np.array([value], np.int64) for value in (0, stored.ctypes.data, 0, 6)]
    stretches = Stretches(np.array([0]), np.array([1]), *there, CHUNK_ROWS, int(wide))
    rows = np.array([5, 5, 1, 0, 5])
    ends = np.empty(len(rows) + 1, np.int64)
    found = locate(rows, stretches, np.empty_like(rows), np.empty_like(rows), ends)
    bad = [index for index, row in enumerate(rows) if not 0 <= offsets[row] <= offsets[row + 1] <= 6]
    assert found == bad[0]


@given(source=st.binary(min_size=16, max_size=64), data=st.data())
@QUICK
def test_memory_is_read_alike_compiled_and_plain(source: bytes, data: st.DataObject) -> None:
    held = np.frombuffer(source, np.uint8)
    start = data.draw(st.integers(0, len(source)))
    size = data.draw(st.integers(0, len(source) - start))
    for how in (memory, compiled):
        out = np.full(size + 2, ord("."), np.uint8)
        how.copy_from(held.ctypes.data + start, out, 1, size)
        assert out.tobytes() == b"." + source[start : start + size] + b"."
        for load, kind in ((how.load_int32, np.int32), (how.load_int64, np.int64)):
            whole = held[: len(held) // 8 * 8].view(kind)
            assert [load(held.ctypes.data, index) for index in range(len(whole))] == whole.tolist()
