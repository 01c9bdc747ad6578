"""Results of `POST /augment` as bytes: JSON, or an Arrow stream of the same columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa
from pydantic_core import to_json

from augsvc.pipeline import Augmented, Edit
from augsvc.types import JsonObject

_SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())])
_EDIT = pa.struct(
    [
        ("op", pa.string()),
        ("ops", pa.list_(pa.string())),
        *[(name, pa.int64()) for name in ("group", "start", "end")],
        *[(name, pa.string()) for name in ("original", "replacement")],
        *[(name, pa.int64()) for name in ("result_start", "result_end")],
        ("source", pa.list_(pa.int64())),
    ]
)
_EDIT_NAMES = [field.name for field in fields(Edit)]


def as_json(head: JsonObject, slices: Iterable[Sequence[Augmented]], *, with_edits: bool) -> bytes:
    """The members of `head`, then `results`; each slice is written before the next is computed."""
    # Each slice's array without its brackets: joined by commas they are one array.
    listed = b",".join(to_json([_members(one, with_edits=with_edits) for one in part])[1:-1] for part in slices)
    return to_json(head)[:-1] + b',"results":[' + listed + b"]}"


def as_arrow(
    head: JsonObject, slices: Iterable[Sequence[Augmented]], *, with_edits: bool, id_type: pa.DataType
) -> bytes:
    """One record batch a slice; the members of `head` are in the schema's metadata as `augsvc:<name>`."""
    columns = [pa.field("id", id_type), pa.field("copy", pa.int32()), pa.field("text", pa.string())]
    if with_edits:
        columns.append(pa.field("edits", pa.list_(_EDIT)))
    columns.append(pa.field("spans", pa.list_(_SPAN)))
    schema = pa.schema(columns, {f"augsvc:{name}": str(value) for name, value in head.items()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        for part in slices:
            writer.write_batch(pa.RecordBatch.from_pylist([_row(one, with_edits=with_edits) for one in part], schema))
    return sink.getvalue().to_pybytes()


def _members(one: Augmented, *, with_edits: bool) -> JsonObject:
    edits = {"edits": one.edits} if with_edits else {}
    return {"id": one.id, "copy": one.copy, "text": one.text, **edits, "spans": one.spans or []}


def _row(one: Augmented, *, with_edits: bool) -> JsonObject:
    edits = [{name: getattr(edit, name) for name in _EDIT_NAMES} for edit in one.edits] if with_edits else []
    return _members(one, with_edits=False) | {"edits": edits, "spans": [_span(span) for span in one.spans or []]}


def _span(span: Sequence[Any] | None) -> JsonObject | None:
    return None if span is None else dict(zip(("start", "end", "label"), span, strict=False))
