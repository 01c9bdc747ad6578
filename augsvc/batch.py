"""Batches as columns: texts, tokens and edits, frozen, Arrow in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa

from augsvc.errors import InvalidInput, InvalidText
from augsvc.kernels.draft import Draws
from augsvc.kernels.read import read
from augsvc.kernels.rng import row_keys
from augsvc.types import (
    MAX_EPOCH,
    MAX_FIELD,
    Bools,
    Bytes,
    Int32s,
    Int64s,
    PackTables,
    TokenColumns,
    Uint32s,
)

NO_BYTES: Bytes = np.frombuffer(b"", np.uint8)

MAX_BYTES = 2**31 - 1
"""Most bytes of text in one batch: tokens and edits hold 32-bit offsets."""


LINE = 64
"""Bytes of a line of the cache, on which columns begin."""


@dataclass(frozen=True, slots=True)
class TextBatch:
    """R texts in Arrow's layout: row r is data[offsets[r]:offsets[r + 1]], valid UTF-8; nulls are not `valid`.

    `data` is read-only, always: kernels are compiled for that alone.
    """

    data: Bytes
    offsets: Int64s
    valid: Bools | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def from_strings(cls, texts: Sequence[str]) -> TextBatch:
        """Encode strings; raises InvalidText, with its index, for lone surrogates or what is no string."""
        raws = [encoded(text, index) for index, text in enumerate(texts)]
        offsets = np.zeros(len(raws) + 1, np.int64)
        np.cumsum([len(raw) for raw in raws], out=offsets[1:])
        return cls(np.frombuffer(b"".join(raws), np.uint8), offsets)

    @classmethod
    def from_arrow(cls, array: pa.Array[Any]) -> TextBatch:
        """View a string or large_string array without copying its text, or copy a string_view's.

        Raises InvalidText for invalid UTF-8.
        """
        if pa.types.is_string_view(array.type):
            array = array.cast(pa.large_string())
        wide = pa.types.is_large_string(array.type)
        if not wide and not pa.types.is_string(array.type):
            raise InvalidInput(
                f"expected a string, large_string or string_view column, not {array.type}: cast it first"
            )
        _, offset_buffer, data_buffer = array.buffers()
        _check_utf8(array)
        stored = (
            np.frombuffer(memoryview(offset_buffer), np.int64 if wide else np.int32) if offset_buffer else np.zeros(1)
        )
        offsets = stored[array.offset : array.offset + len(array) + 1].astype(np.int64)
        data = np.frombuffer(memoryview(data_buffer), np.uint8) if data_buffer else NO_BYTES
        data.setflags(write=False)
        valid = np.asarray(array.is_valid()) if array.null_count else None
        return cls(data, offsets, valid)

    def to_arrow(self, kind: pa.DataType) -> pa.Array[Any]:
        """Return an array of `kind` (string, large_string or string_view) of the text, nulls where not `valid`."""
        if pa.types.is_string_view(kind):
            return self.to_arrow(pa.string()).cast(kind)
        wide = pa.types.is_large_string(kind)
        if not wide and self.offsets[-1] > MAX_BYTES:
            raise InvalidInput(
                "the output exceeds the 2 GiB that a string column holds: cast the input to large_string"
            )
        validity = None if self.valid is None else pa.array(self.valid).buffers()[1]
        offsets = self.offsets if wide else self.offsets.astype(np.int32)
        return pa.Array.from_buffers(kind, len(self), [validity, *map(_buffer, (offsets, self.data))])

    def to_strings(self) -> list[str]:
        """Decode every row."""
        raw = self.data.tobytes()
        return [raw[a:b].decode() for a, b in zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True)]

    def row(self, row: int) -> bytes:
        """Return the text of one row as UTF-8."""
        return self.data[self.offsets[row] : self.offsets[row + 1]].tobytes()

    def slice(self, start: int, stop: int) -> TextBatch:
        """Return rows start ... stop - 1, their offsets counted from zero; nothing is copied but offsets."""
        first = int(self.offsets[start])
        data = self.data[first : int(self.offsets[stop])]
        return TextBatch(
            data, self.offsets[start : stop + 1] - first, None if self.valid is None else self.valid[start:stop]
        )


def _buffer(array: Any) -> pa.Buffer:
    # an array is a buffer, though the stubs of the two libraries do not agree on it
    return pa.py_buffer(array)


def encoded(text: object, index: int) -> bytes:
    """Return a text as UTF-8; raises InvalidText, with its index, for lone surrogates or what is no string."""
    if not isinstance(text, str):
        raise InvalidText(f"text {index} is {type(text).__name__}, not a string", index=index)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidText(f"text {index} holds a lone surrogate at character {error.start}", index=index) from None


def _check_utf8(array: pa.Array[Any]) -> None:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        for index in range(len(array)):
            try:
                array[index].as_py()
            except UnicodeDecodeError:
                raise InvalidText(f"text {index} is not valid UTF-8", index=index) from None
        raise


def _check_range(name: str, value: object, limit: int, least: int = 0) -> None:
    if type(value) is int and least <= value < limit:
        return
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value < limit:
        raise InvalidInput(f"{name} must be a whole number from {least} to {limit - 1}, not {value!r}")


def check_key(seed: int, epoch: int, copies: int = 1, field: int = 0) -> None:
    """Raise InvalidInput for a seed of 2**63 or more, an epoch or field of 2**32 or more, no copy, or no integers."""
    _check_range("seed", seed, 2**63)
    _check_range("epoch", epoch, MAX_EPOCH + 1)
    _check_range("copies", copies, 2**31, least=1)
    _check_range("field", field, MAX_FIELD + 1)


def row_number(identifier: object) -> int:
    """Return the key's row for an id: the integer itself, or the first 8 bytes of the BLAKE2b-256 of a string.

    The result is the signed view of the 64 bits. Raises InvalidInput for an integer outside 0 ... 2**63 - 1.
    """
    if isinstance(identifier, str):
        try:
            digest = hashlib.blake2b(identifier.encode(), digest_size=32).digest()
        except UnicodeEncodeError:
            raise InvalidInput(f"id {identifier!r} holds a lone surrogate") from None
        return int.from_bytes(digest[:8], "little", signed=True)
    if isinstance(identifier, bool) or not isinstance(identifier, int | np.integer) or not 0 <= identifier < 2**63:
        raise InvalidInput(f"an id is an integer from 0 to 2**63 - 1 or a string, not {identifier!r}")
    return int(identifier)


@dataclass(frozen=True, slots=True)
class Keys:
    """N output rows: the key of each, and the row of the text batch that it augments.

    `copies` is C where they are C copies of every row of the batch in turn, 0 where they are anything else.
    """

    words: Uint32s  # [N, 3] two words of the row's key, and the field
    source: Int64s  # [N]
    copies: int = 0

    @classmethod
    def make(
        cls, seed: int, epoch: int, rows: Int64s, copies: Int64s, source: Int64s, of_each: int = 0, field: int = 0
    ) -> Keys:
        """Derive the keys of (seed, epoch, rows[n], copies[n]) for the rows' text number `field`.

        Raises InvalidInput for a seed outside 0 ... 2**63 - 1, an epoch or a field outside 0 ... 2**32 - 1.
        """
        check_key(seed, epoch, field=field)
        words = np.empty((len(rows), 3), np.uint32)
        words[:, 2] = field
        # as Python's integers: the first call settles the width of a kernel's arguments
        row_keys(int(seed), int(epoch), rows, copies, words)
        return cls(words, source, of_each)

    @classmethod
    def of_copies(cls, seed: int, epoch: int, rows: Int64s, copies: int, field: int = 0) -> Keys:
        """Derive the keys of copies 0 ... copies - 1 of every row, the copies of a row together; see `make`."""
        check_key(seed, epoch, copies)
        source = np.arange(len(rows))
        if copies == 1:
            return cls.make(seed, epoch, rows, np.zeros(len(rows), np.int64), source, 1, field)
        source = np.repeat(source, copies)
        return cls.make(seed, epoch, rows[source], np.tile(np.arange(copies), len(rows)), source, copies, field)

    def slice(self, start: int, stop: int, first_source: int) -> Keys:
        """Return keys start ... stop - 1 over a text batch that begins at source row `first_source`."""
        return Keys(self.words[start:stop], self.source[start:stop] - first_source)

    @property
    def draws(self) -> Draws:
        """The keys as kernels read them."""
        return Draws(self.words, self.source)


def text_columns(names: object) -> tuple[str, ...]:
    """Return the names of text columns, where the place of each is its field: of one name or a list of them.

    Raises InvalidInput for none, for one that comes twice, and for what is no name.
    """
    found = [names] if isinstance(names, str) else names
    if not isinstance(found, list | tuple) or not found or len(set(map(str, found))) < len(found):
        raise InvalidInput(f"text_column is the name of a column, or a list of different ones, not {names!r}")
    if not all(isinstance(name, str) for name in found):
        raise InvalidInput(f"text_column holds what is no name: {names!r}")
    return tuple(found)


def operation_number(name: str) -> int:
    """Return the counter word of an operation named `type#n` (n: how many of its type stand before it)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=32).digest()[:4], "little")


def empty_tokens(rows: int, capacity: int) -> TokenColumns:
    """Return uninitialised columns for at most `capacity` tokens."""
    kinds = (np.int32, np.int32, np.uint8, np.uint8, np.uint64, np.int32, np.uint8, np.uint8)
    sizes = [-(-np.dtype(kind).itemsize * capacity // LINE) * LINE for kind in kinds]
    # one piece: the allocator keeps what is freed as large for the next batch, many columns it gives back each time
    room = np.empty(sum(sizes), np.uint8)
    places = zip(kinds, accumulate(sizes, initial=0), strict=False)
    columns: list[Any] = [room[at : at + np.dtype(kind).itemsize * capacity].view(kind) for kind, at in places]
    return TokenColumns(np.empty(rows + 1, np.int64), *columns)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The tokens of a text batch, with what may not be edited."""

    texts: TextBatch
    columns: TokenColumns
    count: int
    words: Int32s  # [R] words of each row, clitics apart

    @classmethod
    def scan(
        cls,
        texts: TextBatch,
        tables: PackTables,
        kinds: int = 0,
        columns: TokenColumns | None = None,
        words: Int32s | None = None,
    ) -> TokenBatch:
        """Tokenize a batch and look its words up; what is of the `kinds` (bits: see kernels/guard.py) is protected.

        `columns`, with room for a token a byte, and `words` [R] are filled where they are given, to `count` alone; else
        columns come as long as there are tokens.
        """
        into = empty_tokens(len(texts), len(texts.data) + 1) if columns is None else columns
        words = np.empty(len(texts), np.int32) if words is None else words
        count = int(read(texts.data, texts.offsets, tables, kinds, into, words))
        if columns is None:
            trimmed: list[Any] = [column[:count] for column in into[1:]]
            into = TokenColumns(into.first, *trimmed)
        return cls(texts, into, count, words)
