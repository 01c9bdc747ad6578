"""What a column of strings is, seen over a whole file: int64, float64, bool, or strings."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_INTEGER = r"^ *-?(?:0|[1-9][0-9]*) *$"
_FLOAT = (
    r"^ *-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)? *$"
    r"|^ *(?:NaN|nan|-?(?:inf|Inf|Infinity|infinity)) *$"
)
_BOOLEAN = r"^ *(?:true|True|TRUE|false|False|FALSE) *$"
_INFINITE = r"^ *-?[iI]"
_EMPTY = pa.scalar("", pa.string())
_TRUE = pa.scalar("true", pa.string())
_EXACT = 2**53
"""From here on float64 does not hold every integer."""

_Strings = Any
"""A pa.Array of strings without nulls; the stubs know arrays by class, the code by type."""


class Inference:
    """The narrowest type that holds every value of a column seen so far and loses none of its digits.

    Empty strings say nothing: in numbers and bools they are null. `0042` and integers that neither int64 nor, beside
    fractions, float64 can hold stay strings; so do all values if `is_text`, and a column of empty ones.
    """

    def __init__(self, is_text: bool) -> None:
        self._integer = self._float = self._boolean = not is_text
        self._exact = True
        self._seen = False

    @property
    def type(self) -> pa.DataType:
        """The column's type."""
        if self._seen and self._integer:
            return pa.int64()
        if self._seen and self._float and self._exact:
            return pa.float64()
        return pa.bool_() if self._seen and self._boolean else pa.string()

    def see(self, column: _Strings) -> None:
        """Take a block's values into account."""
        if not (self._integer or self._float or self._boolean):
            return
        values = column.filter(pc.not_equal(column, _EMPTY))
        if not len(values):
            return
        self._seen = True
        self._boolean = self._boolean and _all(values, _BOOLEAN)
        self._float = self._float and _all(values, _FLOAT) and _is_finite(values)
        if self._float:
            self._see_integers(values)
        else:
            self._integer = False

    def cast(self, column: _Strings) -> _Strings:
        """A block's values in the column's type."""
        kind = self.type
        if pa.types.is_string(kind):
            return column
        values = pc.utf8_trim(pc.if_else(pc.equal(column, _EMPTY), pa.scalar(None, pa.string()), column), " ")
        return pc.equal(pc.utf8_lower(values), _TRUE) if pa.types.is_boolean(kind) else values.cast(kind)

    def _see_integers(self, values: _Strings) -> None:
        integers = values.filter(pc.match_substring_regex(values, _INTEGER))
        self._integer = self._integer and len(integers) == len(values)
        try:
            numbers = pc.utf8_trim(integers, " ").cast(pa.int64())
        except pa.ArrowInvalid:
            self._integer = self._exact = False
            return
        extremes = (pc.min(numbers).as_py(), pc.max(numbers).as_py())
        self._exact = self._exact and not any(abs(number or 0) > _EXACT for number in extremes)


def _all(values: _Strings, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _is_finite(values: _Strings) -> bool:
    """Whether no number is beyond the range of a double, those aside that say that they are."""
    numbers = pc.utf8_trim(values.filter(pc.invert(pc.match_substring_regex(values, _INFINITE))), " ").cast(
        pa.float64()
    )
    return not pc.any(pc.is_inf(numbers)).as_py()
