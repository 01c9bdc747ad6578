"""Augmented texts as objects: strings, edits and spans, in the offsets that the caller counts in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from augsvc.batch import Keys, TextBatch, row_number
from augsvc.errors import Fault, InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.pipeline.compose import Piece, compose, pieces, remap, touches
from augsvc.pipeline.run import Outcome, blocks
from augsvc.pipeline.spec import Pipeline
from augsvc.types import Int64s

OffsetUnit = Literal["codepoint", "utf8", "utf16"]
Id: TypeAlias = int | str
Span: TypeAlias = Sequence[int | str]
"""[start, end] or [start, end, label]."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replaced stretch: original[start:end] became `replacement`, at [result_start, result_end) of the result.

    The edits of a `group` happened together; `op` is the operation, `ops` all of them where passes met.
    """

    op: str
    ops: list[str]
    group: int
    start: int
    end: int
    original: str
    replacement: str
    result_start: int
    result_end: int
    source: list[int] | None = None


@dataclass(frozen=True, slots=True)
class Augmented:
    """One augmented text. Replacing each edit's [start, end) of the original by its replacement gives `text`.

    `spans` are those of the request, in its order and where they are now, None where one was dropped.
    """

    id: Id
    copy: int
    text: str
    edits: list[Edit]
    spans: list[list[int | str] | None] | None = None


def results(
    texts: Sequence[str],
    pipeline: Pipeline,
    lexicon: Lexicon,
    *,
    seed: int,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
    spans: Sequence[Sequence[Span]] | None = None,
    offset_unit: OffsetUnit = "codepoint",
) -> list[Augmented]:
    """Augment strings: copies 0 ... copies - 1 of each, in the order of the texts.

    Raises:
        InvalidText: a text that is no valid Unicode.
        InvalidInput: ids, spans, seed, epoch or copies out of range or shape.
    """
    batch = TextBatch.from_strings(texts)
    names = range(len(texts)) if ids is None else ids
    if len(names) != len(texts):
        raise InvalidInput(f"there are {len(texts)} texts but {len(names)} ids")
    keys = Keys.of_copies(seed, epoch, rows_of(names), copies)
    befores = [Ruler(batch, row, offset_unit) for row in range(len(batch))]
    marks = _marks(spans, befores)
    ranges = [(row, mark.start, mark.end) for row, found in enumerate(marks or ()) for mark in found]
    drop = pipeline.protect.spans == "drop"
    answers = []
    for number, story, out in _stories(blocks(batch, pipeline, lexicon, keys, ranges), pipeline, offset_unit):
        index, copy = divmod(number, copies)
        edits = [_edit(piece, befores[index], out) for piece in reduce(compose, story)]
        # a later pass may have put back what an earlier one changed
        edits = [edit for edit in edits if edit.original != edit.replacement]
        moved = None if marks is None else [_moved(mark, story, out, drop=drop) for mark in marks[index]]
        answers.append(Augmented(names[index], copy, out.raw.decode(), edits, moved))
    return answers


def rows_of(ids: Sequence[Id]) -> Int64s:
    """Return the key's row for each id; raises InvalidInput for ids of mixed types or out of range."""
    if len({isinstance(identifier, str) for identifier in ids}) > 1:
        raise InvalidInput("ids must be all integers or all strings", faults=[Fault("/ids", "mixed types")])
    return np.fromiter(map(row_number, ids), np.int64, len(ids))


class Ruler:
    """Converts between bytes of one row and the offsets that the caller counts in."""

    def __init__(self, texts: TextBatch, row: int, unit: OffsetUnit) -> None:
        self.raw = texts.data[texts.offsets[row] : texts.offsets[row + 1]].tobytes()
        self._starts: Int64s | None = None
        if unit != "utf8" and not self.raw.isascii():
            lead = np.frombuffer(self.raw, np.uint8)
            starts = np.flatnonzero(lead & 0xC0 != 0x80)
            width = np.where(lead[starts] >= 0xF0, 2, 1) if unit == "utf16" else np.ones(len(starts), np.int64)
            self._starts = np.append(starts, len(self.raw))
            self._units = np.concatenate(([0], np.cumsum(width)))

    def units(self, byte: int) -> int:
        """Return the caller's offset of a byte position at the start of a code point."""
        return byte if self._starts is None else int(self._units[np.searchsorted(self._starts, byte)])

    def bytes(self, offset: int) -> int | None:
        """Return the byte position of the caller's offset, None where no code point begins there."""
        if self._starts is None:
            byte = offset
        else:
            place = int(np.searchsorted(self._units, offset))
            exact = place < len(self._units) and self._units[place] == offset
            byte = int(self._starts[place]) if exact else -1
        if not 0 <= byte <= len(self.raw):
            return None
        inside = byte < len(self.raw) and self.raw[byte] & 0xC0 == 0x80
        return None if inside else byte


class Mark(NamedTuple):
    """A span of the request, [start, end) in bytes of its text, with its label if it has one."""

    start: int
    end: int
    label: tuple[int | str, ...]


def _marks(spans: Sequence[Sequence[Span]] | None, rulers: Sequence[Ruler]) -> list[list[Mark]] | None:
    if spans is None:
        return None
    lists: Sequence[object] = spans
    if len(lists) != len(rulers) or not all(isinstance(found, list | tuple) for found in lists):
        raise InvalidInput(
            f"spans holds a list of spans for each of the {len(rulers)} texts",
            faults=[Fault("/spans", "one list a text")],
        )
    return [
        [_mark(span, ruler, f"/spans/{row}/{i}") for i, span in enumerate(found)]
        for row, (found, ruler) in enumerate(zip(spans, rulers, strict=True))
    ]


def _mark(span: object, ruler: Ruler, pointer: str) -> Mark:
    parts = tuple(span) if isinstance(span, list | tuple) and len(span) in (2, 3) else ()
    ends = [ruler.bytes(int(offset)) for offset in parts[:2] if _is_offset(offset)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        fault = Fault(pointer, "not inside the text")
        raise InvalidInput(f"{pointer}: {span!r} is no [start, end] inside its text", faults=[fault])
    return Mark(ends[0], ends[1], parts[2:])


def _is_offset(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _stories(
    outcomes: Iterable[Outcome], pipeline: Pipeline, unit: OffsetUnit
) -> Iterator[tuple[int, list[list[Piece]], Ruler]]:
    """Yield, for each output row, its number, its pieces pass by pass (groups numbered through), and its text."""
    stages = [[named.op.type for named in stage] for stage in pipeline.stages()]
    for outcome in outcomes:
        for row in range(len(outcome.texts)):
            story: list[list[Piece]] = []
            groups = 0
            for result, names in zip(outcome.passes, stages, strict=True):
                story.append(pieces(result, names, row, groups))
                groups = max([groups, *(piece.group + 1 for piece in story[-1])])
            yield outcome.start + row, story, Ruler(outcome.texts, row, unit)


def _moved(mark: Mark, story: list[list[Piece]], out: Ruler, *, drop: bool) -> list[int | str] | None:
    """Return where a span is after all passes, None where an edit took it away."""
    start, end = mark.start, mark.end
    for edits in story:
        if drop and touches(start, end, edits):
            return None
        start, end = remap(start, end, edits)
    gone = start == end and mark.start < mark.end
    return None if gone else [out.units(start), out.units(end), *mark.label]


def _edit(piece: Piece, before: Ruler, after: Ruler) -> Edit:
    return Edit(
        piece.ops[0],
        [*piece.ops],
        piece.group,
        before.units(piece.start),
        before.units(piece.end),
        before.raw[piece.start : piece.end].decode(),
        after.raw[piece.result_start : piece.result_end].decode(),
        after.units(piece.result_start),
        after.units(piece.result_end),
    )
