"""What JSON lacks, written as agreed."""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.wire import json_values

NANO = 1_600_000_000_123_456_789


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([b"\x00\xff", None]), ["AP8=", None]),
        (pa.array([b"ab"], pa.binary(2)), ["YWI="]),
        (pa.array([Decimal("1.20"), Decimal("-0.05"), None]), ["1.20", "-0.05", None]),
        (pa.array([dt.date(2020, 2, 29), None]), ["2020-02-29", None]),
        (pa.array([86_400_000], pa.date64()), ["1970-01-02"]),
        (pa.array([NANO // 10**9], pa.timestamp("s", "UTC")), ["2020-09-13T12:26:40Z"]),
        (pa.array([NANO // 10**6], pa.timestamp("ms", "Europe/Berlin")), ["2020-09-13T12:26:40.123Z"]),
        (pa.array([NANO // 10**3, None], pa.timestamp("us")), ["2020-09-13T12:26:40.123456", None]),
        (
            pa.array([NANO, -1], pa.timestamp("ns", "UTC")),
            ["2020-09-13T12:26:40.123456789Z", "1969-12-31T23:59:59.999999999Z"],
        ),
        (pa.array([1], pa.time64("ns")), ["00:00:00.000000001"]),
        (pa.array([3661], pa.time32("s")), ["01:01:01"]),
        (pa.array([5], pa.duration("ms")), [5]),
        (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1]),
        (pa.array([0.5, None]), [0.5, None]),
        (pa.array([None, None]), [None, None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (
            pa.array([[("k", 1), ("l", 2)], [], None], pa.map_(pa.string(), pa.int64())),
            [[["k", 1], ["l", 2]], [], None],
        ),
        (pa.array([{"b": b"a", "n": None}, None]), [{"b": "YQ==", "n": None}, None]),
        (pa.array([[b"a"], None, [], [None]]), [["YQ=="], None, [], [None]]),
        (pa.array([b"a", b"\xff", None], pa.binary_view()), ["YQ==", "/w==", None]),
        (pa.array([[b"a", b"b"], None], pa.list_(pa.binary(), 2)), [["YQ==", "Yg=="], None]),
        (pa.array([{}, None], pa.struct([])), [{}, None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_each_type_has_its_json(array: pa.Array, expected: list[Any]) -> None:
    assert json_values(array) == expected
    assert json_values(pa.concat_arrays([array, array]).slice(1, len(array))) == (expected * 2)[1 : 1 + len(array)]


def test_floats_that_are_not_finite_become_null_in_the_text() -> None:
    array = pa.array([[float("nan"), float("inf"), -float("inf"), 1e300]])
    assert json.loads(orjson.dumps(json_values(array))) == [[None, None, None, 1e300]]


def test_bytes_inside_maps_inside_lists_are_base64() -> None:
    kind = pa.list_(pa.map_(pa.string(), pa.struct([("b", pa.binary())])))
    array = pa.array([[[("k", {"b": b"\xff"})], None], None], kind)
    assert json_values(array) == [[[["k", {"b": base64.b64encode(b"\xff").decode()}]], None], None]


nested = st.recursive(
    st.fixed_dictionaries(
        {"n": st.integers(-9, 9) | st.none(), "s": st.text(st.characters(exclude_categories=["Cs"]))}
    ),
    lambda inner: st.fixed_dictionaries({"o": inner | st.none(), "l": st.none() | st.lists(st.booleans() | st.none())}),
    max_leaves=3,
)


@given(st.lists(nested | st.none(), max_size=5), st.integers(0, 5))
def test_what_json_has_stays_as_it_is(values: list[Any], start: int) -> None:
    array = pa.array(values, from_pandas=False)
    assert json_values(array.slice(start)) == array.to_pylist()[start:]
    assert json.loads(orjson.dumps(json_values(array))) == array.to_pylist()
