"""Batches go in and out of Arrow and strings unchanged, and keys follow their written definition."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import Keys, TextBatch, operation_number, row_number
from augsvc.errors import InvalidInput, InvalidText

texts = st.lists(st.text(), max_size=8)


@given(texts)
def test_strings_come_back_as_they_went_in(values: list[str]) -> None:
    assert TextBatch.from_strings(values).to_strings() == values


@given(
    st.lists(st.none() | st.text(), max_size=8),
    st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]),
    st.integers(0, 3),
)
def test_arrow_arrays_come_back_as_they_went_in(values: list[str | None], kind: pa.DataType, skip: int) -> None:
    array = pa.array(values, kind)[skip:]
    assert TextBatch.from_arrow(array).to_arrow(kind).equals(array)


def test_arrow_text_is_not_copied() -> None:
    array = pa.array(["some", "text"])
    assert TextBatch.from_arrow(array).data.ctypes.data == array.buffers()[2].address


@given(texts, st.data())
def test_a_slice_holds_its_rows(values: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    assert TextBatch.from_strings(values).slice(start, stop).to_strings() == values[start:stop]


@pytest.mark.parametrize("bad", ["\ud800", "ok\udfff", None, 3, b"bytes"])
def test_what_is_no_valid_text_is_refused_with_its_index(bad: object) -> None:
    with pytest.raises(InvalidText) as caught:
        TextBatch.from_strings(["fine", bad])
    assert caught.value.index == 1


def test_invalid_utf8_in_arrow_is_refused_with_its_index() -> None:
    array = pa.array([b"ok", b"\xff\xfe"]).view(pa.string())
    with pytest.raises(InvalidText) as caught:
        TextBatch.from_arrow(array)
    assert caught.value.index == 1


def test_other_arrow_types_are_refused() -> None:
    with pytest.raises(InvalidInput, match="int64"):
        TextBatch.from_arrow(pa.array([1, 2]))


def test_an_integer_id_is_the_row_and_a_string_id_its_hash() -> None:
    digest = hashlib.blake2b("naïve".encode(), digest_size=32).digest()
    assert row_number(7) == 7
    assert row_number("naïve") % 2**64 == int.from_bytes(digest[:8], "little")


@pytest.mark.parametrize("bad", [-1, 2**63, True, 1.5, None])
def test_other_ids_are_refused(bad: object) -> None:
    with pytest.raises(InvalidInput):
        row_number(bad)


def test_keys_are_told_apart_by_each_of_their_parts() -> None:
    one = np.ones(1, np.int64)
    parts = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (2**32, 0, 0, 0), (0, 0, 2**32, 0)]
    keys = {tuple(Keys.make(s, e, one * r, one * c, one).words[0].tolist()) for s, e, r, c in parts}
    assert len(keys) == len(parts)


@pytest.mark.parametrize(("seed", "epoch"), [(-1, 0), (2**63, 0), (0, -1), (0, 2**32)])
def test_a_seed_or_epoch_out_of_range_is_refused(seed: int, epoch: int) -> None:
    zero = np.zeros(1, np.int64)
    with pytest.raises(InvalidInput):
        Keys.make(seed, epoch, zero, zero, zero)


def test_an_operation_is_named_by_the_first_four_bytes_of_its_hash() -> None:
    expected = int.from_bytes(hashlib.blake2b(b"synonym#0", digest_size=32).digest()[:4], "little")
    assert operation_number("synonym#0") == expected
