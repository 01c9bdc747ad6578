"""Types with other leaves: those that stand in for views in storage, and strings as the bytes that they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pyarrow as pa
from pyarrow import types

_Type: TypeAlias = Any
"""A pa.DataType; the stubs know its kinds by class, the code by type."""

_LISTS: dict[Callable[[_Type], bool], Callable[[Any], _Type]] = {
    types.is_list: pa.list_,
    types.is_large_list: pa.large_list,
    types.is_list_view: pa.list_view,
    types.is_large_list_view: pa.large_list_view,
}
_VIEWS = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
_TEXTS = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}


def flat(kind: _Type) -> _Type:
    """The type as it is stored: without views of strings and bytes, of which Arrow takes no rows, at any depth.

    Nor are there dictionaries inside of others: a file of batches can only let those of whole columns grow.
    """
    return _replaced(kind, _VIEWS)


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with the types that `flat` gives."""
    return pa.schema([field.with_type(flat(field.type)) for field in schema])


def usual_schema(schema: pa.Schema) -> pa.Schema:
    """The same types with the names that Arrow gives to values of lists and maps; Parquet gives others."""
    return pa.schema([field.with_type(_replaced(field.type, {})) for field in schema])


def as_bytes(array: Any) -> Any:
    """An array with strings, at whatever depth, as bytes; nothing is copied."""
    return array.view(_replaced(array.type, _TEXTS))


def carries(kind: _Type) -> bool:
    """Whether a corpus holds values of a type: no unions, no run-end encoding, no views where no cast leads to them."""
    if isinstance(kind, pa.BaseExtensionType):
        return flat(kind.storage_type) == kind.storage_type and carries(kind.storage_type)
    if types.is_dictionary(kind):
        return carries(kind.value_type)
    children = (kind.field(number).type for number in range(kind.num_fields))
    # of unions no format of answers can tell all values
    return not (types.is_union(kind) or types.is_run_end_encoded(kind)) and all(map(carries, children))


def _replaced(kind: _Type, leaves: Mapping[_Type, _Type]) -> _Type:
    def field(child: pa.Field[Any]) -> pa.Field[Any]:
        inner: _Type = child.type
        if types.is_dictionary(inner) and leaves is _VIEWS:
            inner = inner.value_type
        return child.with_type(_replaced(inner, leaves))

    for is_list, make in _LISTS.items():
        if is_list(kind):
            return make(field(kind.value_field).with_name("item"))
    if types.is_fixed_size_list(kind):
        return pa.list_(field(kind.value_field).with_name("item"), kind.list_size)
    if types.is_struct(kind):
        return pa.struct([field(child) for child in kind])
    if types.is_map(kind):
        key, item = field(kind.key_field).with_name("key"), field(kind.item_field).with_name("value")
        return pa.map_(key, item, kind.keys_sorted)
    if types.is_dictionary(kind) and leaves is _TEXTS:
        return pa.dictionary(kind.index_type, _replaced(kind.value_type, leaves), kind.ordered)
    return leaves.get(kind, kind)
