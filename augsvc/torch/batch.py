"""Rows of a page as what a training loop takes: a dictionary of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import wraps
from typing import Any, Literal, NoReturn

import numpy as np
import pyarrow as pa
import torch
from pyarrow import types
from torch.utils.data._utils.collate import default_collate_fn_map

from augsvc.errors import InvalidInput
from augsvc.torch.receipt import Receipt
from augsvc.types import JsonObject

Format = Literal["list", "arrow", "numpy"]


class Batch(dict[str, Any]):
    """Columns by name, `_position`, `_row` and `_copy` among them, all of one length.

    `state` is what to save after training on this batch: `AugmentedStream.load_state_dict` goes on with the next one.
    It survives what a DataLoader does to a batch: pickling, `default_convert`, pinning. A batch that a worker process
    read counts as had by the training loop as soon as it is asked for a column.
    """

    state: JsonObject
    receipt: Receipt | None = None

    def __copy__(self) -> Batch:
        """A copy, which takes the receipt along: what a loader pins, in a thread of its own, is a copy of what came."""
        receipt, self.receipt = self.receipt, None
        twin = type(self)(self)
        twin.__dict__.update(self.__dict__, receipt=receipt)
        return twin

    @classmethod
    def cut(cls, table: pa.Table, form: Format, rows: int, states: Iterable[JsonObject]) -> Iterator[Batch]:
        """A table's rows as batches of `rows`, the last perhaps of fewer, one for each state; see `FORMATS`."""
        for columns, state in zip(_cut(table, form, rows), states, strict=True):
            batch = cls(columns)
            batch.state = state
            yield batch

    def to(self, device: torch.device | str, *, non_blocking: bool = False) -> Batch:
        """This batch with its tensors on a device: what Lightning and Accelerate call, who else would drop `state`."""
        moved = copy(self)
        tensors = ((name, value) for name, value in self.items() if isinstance(value, torch.Tensor))
        moved.update({name: value.to(device, non_blocking=non_blocking) for name, value in tensors})
        return moved


def _taking(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def take(batch: Batch, *arguments: Any) -> Any:
        if batch.receipt is not None:
            batch.receipt.redeem()
        return method(batch, *arguments)

    return take


for _name in ("__getitem__", "__iter__", "get", "items", "keys", "pop", "values"):
    setattr(Batch, _name, _taking(getattr(dict, _name)))


class Times(np.ndarray[Any, Any]):
    """Times as NumPy has them, by a name of their own: a DataLoader makes tensors of arrays, which hold no times."""


def _cut(table: pa.Table, form: Format, rows: int) -> Iterator[dict[str, Any]]:
    names, starts = table.column_names, range(0, len(table), rows)
    if form == "list":
        # Converted whole: of small batches most of the cost would be in the calls.
        lists = [column.to_pylist() for column in table.columns]
        yield from ({name: values[at : at + rows] for name, values in zip(names, lists, strict=True)} for at in starts)
        return
    convert = FORMATS[form]
    for part in (table.slice(at, rows) for at in starts):
        yield {name: convert(column) for name, column in zip(names, part.columns, strict=True)}


def _array(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> np.ndarray[Any, Any]:
    kind = column.type
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _objects([_array(row.values) if row.is_valid else None for row in column])
    if types.is_nested(kind) or (column.null_count and not (types.is_floating(kind) or types.is_temporal(kind))):
        return _objects(column.to_pylist())
    if kind == pa.time64("ns"):
        # Python's times, which Arrow would make of it, have no nanoseconds.
        column = column.cast(pa.int64()).cast(pa.duration("ns"))
    array = column.to_numpy(zero_copy_only=False)
    array = array if array.flags.writeable else array.copy()
    return array.view(Times) if array.dtype.kind in "mM" else array


def _objects(values: list[Any]) -> np.ndarray[Any, Any]:
    # np.array would make one array of many dimensions out of arrays of one length.
    return np.fromiter(values, object, len(values))


def _arrow(column: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    # A slice would take its whole page along where it is pickled.
    return pa.concat_arrays(column.chunks)


FORMATS: dict[Format, Callable[[pa.ChunkedArray[Any]], Any]] = {
    "list": pa.ChunkedArray.to_pylist,
    "arrow": _arrow,
    "numpy": _array,
}
"""How a column becomes a list of Python values, an Arrow array, or a writable NumPy array.

Of NumPy's types floats and times have a null (NaN, NaT). Strings are objects, and so is a column of any other type in a
batch where it has nulls, which are None: whoever wants one type in every batch fills the nulls before the upload. Lists
are arrays, each by the same rules, and structs `dict`s. Times of day are objects, but in nanoseconds a timedelta64[ns]
since midnight; a `list` has them to the microsecond.
"""


def _refuse_collation(*_: Any, **__: Any) -> NoReturn:
    raise InvalidInput("The stream's batches are whole already: pass batch_size=None to DataLoader.")


default_collate_fn_map[Batch] = _refuse_collation
