"""Equal rows are equal bytes, whatever lies under their nulls and however they were cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.formats.canonical import canonical, row_bytes
from augsvc.formats.flat import flat
from tests.formats.tables import TYPES, array, file_of


def content(column: Any) -> bytes:
    return file_of(pa.table({"c": column}))


@given(data=st.data(), kind=st.sampled_from(TYPES))
def test_a_slice_among_others_is_what_it_is_alone(data: st.DataObject, kind: Any) -> None:
    values = data.draw(st.lists(st.none() | kind[1], min_size=1, max_size=9))
    others = data.draw(st.lists(st.none() | kind[1], max_size=9))
    alone: Any = array(values, kind[0]).cast(flat(kind[0]))
    if pa.types.is_dictionary(alone.type) or "dictionary" in str(alone.type):
        others = []
    among = pa.concat_arrays([array(part, kind[0]).cast(flat(kind[0])) for part in (others, values, others)])
    cut = among.slice(len(others), len(values))
    assert canonical(cut).equals(alone)
    assert canonical(cut).type == alone.type
    assert content(canonical(cut)) == content(canonical(alone)) == content(canonical(canonical(cut)))
    assert row_bytes(cut).tolist() == row_bytes(alone).tolist()


def test_what_lies_under_nulls_is_nobodys() -> None:
    def numbers(hidden: int) -> Any:
        return pa.Array.from_buffers(
            pa.int32(), 3, [pa.py_buffer(b"\xf5"), pa.py_buffer(np.array([1, hidden, 3], np.int32))]
        )

    def nested(hidden: int) -> Any:
        return pa.StructArray.from_arrays(
            [numbers(0), pa.array(["a", "b" * hidden, "c"])], ["x", "y"], mask=numbers(0).is_null()
        )

    for make in (numbers, nested):
        assert content(canonical(make(7))) == content(canonical(make(8)))


@pytest.mark.parametrize(
    ("column", "sizes"),
    [
        (pa.array(["", "four", None]), [8, 12, 8]),
        (pa.array([1, None], pa.int32()), [4, 4]),
        (pa.array([True, False]), [1, 1]),
        (pa.array([[1, 2], None, []], pa.list_(pa.int64())), [24, 8, 8]),
        (pa.array([[1, 2], None], pa.list_(pa.int64(), 2)), [24, 24]),
        (pa.array([[("k", "long")], []], pa.map_(pa.string(), pa.string())), [29, 8]),
        (pa.array([{"a": 1, "b": "xy"}, None]), [18, 16]),
        (pa.nulls(2), [8, 8]),
    ],
)
def test_a_row_takes_what_its_values_take(column: Any, sizes: list[int]) -> None:
    assert row_bytes(column).tolist() == sizes
