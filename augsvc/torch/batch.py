"""Rows of a page as what a training loop takes: a dictionary of columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from augsvc.types import JsonObject

Format = Literal["list", "arrow", "numpy"]


class Batch(dict[str, Any]):
    """Columns by name, `_position`, `_row` and `_copy` among them, all of one length.

    `state` is what to save after training on this batch: `AugmentedStream.load_state_dict` goes on with the next one.
    Both survive what a DataLoader does to a batch: pickling, `default_convert`, pinning.
    """

    state: JsonObject
    receipt: object = None

    @classmethod
    def of(cls, table: pa.Table, form: Format, state: JsonObject) -> Batch:
        """The rows of a table; see `FORMATS` for the columns."""
        convert = FORMATS[form]
        batch = cls({name: convert(column) for name, column in zip(table.column_names, table.columns, strict=True)})
        batch.state = state
        return batch


def _array(column: pa.ChunkedArray[Any]) -> np.ndarray[Any, Any]:
    array = column.to_numpy()
    return array if array.flags.writeable else array.copy()


def _arrow(column: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    # A slice would take its whole page along where it is pickled.
    return pa.concat_arrays(column.chunks)


FORMATS: dict[Format, Callable[[pa.ChunkedArray[Any]], Any]] = {
    "list": pa.ChunkedArray.to_pylist,
    "arrow": _arrow,
    "numpy": _array,
}
"""How a column becomes a list of Python values, an Arrow array, or a writable NumPy array (objects for strings)."""
