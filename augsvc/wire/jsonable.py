"""Arrow values as what JSON can say."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

_Values: TypeAlias = Any
"""A pa.Array; the stubs know its kinds by class, the code by type."""

_PLAIN = (types.is_null, types.is_boolean, types.is_integer, types.is_floating, types.is_string, types.is_large_string)
_BYTES = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)


def json_values(array: _Values) -> list[Any]:
    """The values of an array as Python values that a JSON writer takes.

    Bytes become base64, decimals strings, times RFC 3339 in their stored precision (UTC where they have a time zone,
    without an offset where they have none), durations counts of their unit, maps lists of pairs; a writer makes null
    of non-finite floats.
    """
    kind = array.type
    if any(is_plain(kind) for is_plain in _PLAIN):
        return list(array.to_pylist())
    if types.is_nested(kind):
        return _nested(array)
    if any(is_bytes(kind) for is_bytes in _BYTES):
        return [None if value is None else b64encode(value).decode() for value in array.to_pylist()]
    if types.is_dictionary(kind):
        return json_values(array.dictionary_decode())
    if isinstance(kind, pa.BaseExtensionType):
        return json_values(array.storage)
    return _scalars(array)


def _scalars(array: _Values) -> list[Any]:
    kind = array.type
    if types.is_timestamp(kind):
        utc = array.cast(pa.timestamp(kind.unit))
        return list(pc.strftime(utc, format="%Y-%m-%dT%H:%M:%S" + ("Z" if kind.tz else "")).to_pylist())
    if types.is_duration(kind):
        return list(array.cast(pa.int64()).to_pylist())
    if types.is_interval(kind):
        return [None if value is None else list(value) for value in array.to_pylist()]
    return list(array.cast(pa.string()).to_pylist())


def _nested(array: _Values) -> list[Any]:
    kind = array.type
    if types.is_struct(kind):
        return _structs(array)
    if types.is_map(kind):
        pairs = array.cast(pa.list_(pa.struct([kind.key_field, kind.item_field])))
        return [row if row is None else [list(pair.values()) for pair in row] for row in json_values(pairs)]
    values = iter(json_values(array.flatten()))
    lengths = pc.list_value_length(array).to_pylist()
    return [None if length is None else list(islice(values, length)) for length in lengths]


def _structs(array: _Values) -> list[Any]:
    names = array.type.names
    columns: Iterable[tuple[Any, ...]] = zip(*map(json_values, array.flatten()), strict=True)
    rows = columns if names else [()] * len(array)
    valid = array.is_valid().to_pylist()
    return [dict(zip(names, row, strict=True)) if is_valid else None for row, is_valid in zip(rows, valid, strict=True)]
