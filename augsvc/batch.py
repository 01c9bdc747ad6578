"""Batches as columns: texts, tokens and edits, frozen, Arrow in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from augsvc.errors import InvalidInput, InvalidText
from augsvc.kernels.choose import count_words
from augsvc.kernels.match import match
from augsvc.kernels.propose import Draws
from augsvc.kernels.rng import row_keys
from augsvc.kernels.scan import scan
from augsvc.types import (
    MAX_EPOCH,
    UNTAGGED,
    Bools,
    Bytes,
    EditColumns,
    Int,
    Int32s,
    Int64s,
    PackTables,
    TokenColumns,
    Uint32s,
)

NO_BYTES: Bytes = np.frombuffer(b"", np.uint8)

MAX_BYTES = 2**31 - 1
"""Most bytes of text in one batch: tokens and edits hold 32-bit offsets."""


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
        encoded = [_encode(text, index) for index, text in enumerate(texts)]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    @classmethod
    def from_arrow(cls, array: pa.Array[Any]) -> TextBatch:
        """View a string or large_string array without copying its text; raises InvalidText for invalid UTF-8."""
        wide = pa.types.is_large_string(array.type)
        if not wide and not pa.types.is_string(array.type):
            raise InvalidInput(f"expected a string or large_string column, not {array.type}: cast it first")
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
        """Return an array of `kind` (string or large_string) over the same text, nulls where not `valid`."""
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


def _encode(text: object, index: int) -> bytes:
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
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value < limit:
        raise InvalidInput(f"{name} must be a whole number from {least} to {limit - 1}, not {value!r}")


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
    """N output rows: the key of each, and the row of the text batch that it augments."""

    words: Uint32s  # [N, 2]
    source: Int64s  # [N]

    @classmethod
    def make(cls, seed: int, epoch: int, rows: Int64s, copies: Int64s, source: Int64s) -> Keys:
        """Derive the keys of (seed, epoch, rows[n], copies[n]).

        Raises InvalidInput for a seed outside 0 ... 2**63 - 1 or an epoch outside 0 ... 2**32 - 1.
        """
        _check_range("seed", seed, 2**63)
        _check_range("epoch", epoch, MAX_EPOCH + 1)
        words = np.empty((len(rows), 2), np.uint32)
        row_keys(seed, epoch, rows, copies, words)
        return cls(words, source)

    @classmethod
    def of_copies(cls, seed: int, epoch: int, rows: Int64s, copies: int) -> Keys:
        """Derive the keys of copies 0 ... copies - 1 of every row, the copies of a row together."""
        _check_range("copies", copies, 2**31, least=1)
        source = np.repeat(np.arange(len(rows)), copies)
        return cls.make(seed, epoch, rows[source], np.tile(np.arange(copies), len(rows)), source)

    def slice(self, start: int, stop: int, first_source: int) -> Keys:
        """Return keys start ... stop - 1 over a text batch that begins at source row `first_source`."""
        return Keys(self.words[start:stop], self.source[start:stop] - first_source)

    def draws(self, operation: str) -> Draws:
        """Return the randomness of an operation, named `type#n` (n: how many of its type stand before it)."""
        digest = hashlib.blake2b(operation.encode(), digest_size=32).digest()
        return Draws(self.words, self.source, int.from_bytes(digest[:4], "little"))


def empty_tokens(rows: int, capacity: int) -> TokenColumns:
    """Return uninitialised columns for at most `capacity` tokens."""
    kinds = (np.int32, np.int32, np.uint8, np.uint8, np.uint64, np.int32, np.uint8, np.uint8)
    columns: list[Any] = [np.empty(capacity, kind) for kind in kinds]
    return TokenColumns(np.empty(rows + 1, np.int64), *columns)


def empty_edits(capacity: int) -> EditColumns:
    """Return uninitialised columns for at most `capacity` edits."""
    kinds = (np.int32,) * 6 + (np.uint8,) * 2 + (np.int32,)
    columns: list[Any] = [np.empty(capacity, kind) for kind in kinds]
    return EditColumns(*columns)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The tokens of a text batch, with what may not be edited."""

    texts: TextBatch
    columns: TokenColumns
    count: int
    words: Int32s  # [R] words of each row, clitics apart

    @classmethod
    def scan(cls, texts: TextBatch, tables: PackTables) -> TokenBatch:
        """Tokenize a batch and look its words up; no token is protected yet."""
        columns = empty_tokens(len(texts), len(texts.data) + 1)
        count = scan(texts.data, texts.offsets, tables, columns)
        trimmed: list[Any] = [column[:count] for column in columns[1:]]
        columns = TokenColumns(columns.first, *trimmed)
        match(texts.data, columns, count, tables)
        columns.mask[:] = 0
        columns.tag[:] = UNTAGGED
        words = np.empty(len(texts), np.int32)
        count_words(columns, words)
        return cls(texts, columns, int(count), words)


@dataclass(frozen=True, slots=True)
class EditBatch:
    """Edits in groups: what an operation proposes."""

    columns: EditColumns
    group_first: Int32s  # [G + 1] the first edit of each group
    group_rows: Int32s  # [N + 1] the first group of each output row

    @classmethod
    def grouped(cls, columns: EditColumns, edits: Int, group_rows: Int32s) -> EditBatch:
        """Wrap the first `edits` edits, whose `group` numbers rise by one from group to group."""
        count = int(edits)
        trimmed: list[Any] = [column[:count] for column in columns]
        changes = np.flatnonzero(np.diff(columns.group[:count])) + 1
        first = np.concatenate(([0], changes, [count])) if count else np.zeros(1)
        return cls(EditColumns(*trimmed), first.astype(np.int32), group_rows)
