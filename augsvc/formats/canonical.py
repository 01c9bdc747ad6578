"""Equal rows as equal bytes, wherever they came from: what lies under nulls, and outside a slice, is nobody's value."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from augsvc.types import Int64s

_Array: TypeAlias = Any
"""A pa.Array; the stubs know its kinds by class, the code by type."""

_INDEX_BYTES = 8
"""What a value counts that is none of its own: an offset, an index, a member of a union."""


def canonical(array: _Array) -> _Array:
    """The same values, in the bytes that any other array of these values has after this function."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, canonical(array.storage))
    if types.is_struct(kind) and kind.num_fields:
        children = [canonical(child) for child in array.flatten()]
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=_mask(array))
    if _is_list(kind):
        return _lists(_taken(array))
    if types.is_dictionary(kind):
        indices, values = _taken(array.indices), canonical(array.dictionary)
        return pa.DictionaryArray.from_arrays(indices, values, ordered=kind.ordered)
    # A copy, always: Arrow writes whole words, so of a slice also what follows it.
    return _taken(array)


def row_bytes(array: _Array) -> Int64s:
    """About how many bytes each row takes (int64[n]), by its values alone."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return row_bytes(array.storage)
    if any(
        is_kind(kind) for is_kind in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    ):
        lengths: _Array = pc.binary_length(array)
        return np.asarray(lengths.fill_null(0), np.int64) + _INDEX_BYTES
    if types.is_struct(kind):
        return sum((row_bytes(child) for child in array.flatten()), np.zeros(len(array), np.int64))
    if _is_list(kind):
        return _list_bytes(_taken(array)) + _INDEX_BYTES
    fixed = not types.is_nested(kind) and not types.is_dictionary(kind) and not types.is_null(kind)
    return np.full(len(array), max(1, kind.bit_width // 8) if fixed else _INDEX_BYTES, np.int64)


def _lists(array: _Array) -> _Array:
    """Lists of canonical values, of an array that was just taken: it has no offset, and null lists are empty."""
    kind, mask = array.type, _mask(array)
    if types.is_map(kind):
        keys, items = canonical(array.keys), canonical(array.items)
        return type(array).from_arrays(array.offsets, keys, items, kind, mask=mask)
    if types.is_fixed_size_list(kind):
        # Null lists have values too, whichever they are.
        hidden = np.repeat(np.asarray(array.is_null()), kind.list_size)
        values = array.values.take(pa.array(np.arange(len(hidden)), mask=hidden))
        return type(array).from_arrays(canonical(values), type=kind, mask=mask)
    if types.is_list_view(kind) or types.is_large_list_view(kind):
        sizes = pc.list_value_length(array).fill_null(0)
        starts = np.cumsum(sizes) - sizes
        offsets = pa.array(starts, sizes.type)
        return type(array).from_arrays(offsets, _taken(sizes), canonical(array.flatten()), type=kind, mask=mask)
    return type(array).from_arrays(array.offsets, canonical(array.values), type=kind, mask=mask)


def _list_bytes(array: _Array) -> Int64s:
    kind = array.type
    if types.is_map(kind):
        values, lengths = row_bytes(array.keys) + row_bytes(array.items), np.diff(array.offsets)
    elif types.is_fixed_size_list(kind):
        fixed: Int64s = row_bytes(array.values).reshape(len(array), kind.list_size).sum(axis=1)
        return fixed
    else:
        values, lengths = row_bytes(array.flatten()), np.asarray(pc.list_value_length(array).fill_null(0))
    total = np.concatenate([[0], np.cumsum(values)])
    ends = np.cumsum(lengths, dtype=np.int64)
    sizes: Int64s = total[ends] - total[ends - lengths]
    return sizes


def _is_list(kind: Any) -> bool:
    kinds = (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_map)
    return any(is_kind(kind) for is_kind in (*kinds, types.is_list_view, types.is_large_list_view))


def _taken(array: _Array) -> _Array:
    return array.take(pa.array(np.arange(len(array))))


def _mask(array: _Array) -> _Array | None:
    return array.is_null() if array.null_count else None
