"""Augmented texts as objects: strings, edits and spans, in the offsets that the caller counts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from augsvc.batch import Keys, check_key, encoded, row_number
from augsvc.errors import Fault, InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.pipeline.compose import Piece, compose, row_pieces
from augsvc.pipeline.labelled import Mark
from augsvc.pipeline.single import Single
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.variants import Variant, variants
from augsvc.pipeline.workspace import Workspace, borrow, give_back, of_pass
from augsvc.types import Int64s

OffsetUnit = Literal["codepoint", "utf8", "utf16"]
Id: TypeAlias = int | str
Span: TypeAlias = Sequence[int | str]
"""[start, end] or [start, end, label]."""


@dataclass(slots=True)  # frozen would triple what making one costs
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


@dataclass(slots=True)
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
    field: int = 0,
) -> list[Augmented]:
    """Augment strings: copies 0 ... copies - 1 of each, in the order of the texts, which are number `field` of a row's.

    Raises:
        InvalidText: a text that is no valid Unicode.
        InvalidInput: ids, spans, seed, epoch or copies out of range or shape.
    """
    raws = [encoded(text, index) for index, text in enumerate(texts)]
    names = range(len(texts)) if ids is None else ids
    if len(names) != len(texts):
        raise InvalidInput(f"there are {len(texts)} texts but {len(names)} ids")
    check_key(seed, epoch, copies, field)
    pipeline = pipeline.at(epoch)
    rows: Sequence[int] = range(len(texts)) if ids is None else rows_of(ids)
    spaces = borrow()
    single = None if copies > 1 or spans is not None else Single.of(pipeline, lexicon, of_pass(spaces, 0))
    if single is not None:
        ops, key = pipeline.names[0], (int(seed), int(epoch))
        answers = [
            _one(text, *single.augment(raw, *key, row, field), raw, name, ops, offset_unit)
            for text, raw, row, name in zip(texts, raws, rows, names, strict=True)
        ]
    else:
        keys = Keys.of_copies(seed, epoch, np.array(rows, np.int64), copies, field)
        answers = [*_in_passes(raws, spans, _Request(pipeline, lexicon, keys, names, copies, offset_unit), spaces)]
    give_back(spaces)
    return answers


class _Request(NamedTuple):
    """What is asked of several copies, passes or spans."""

    pipeline: Pipeline
    lexicon: Lexicon
    keys: Keys  # of all copies of all texts
    names: Sequence[Id]
    copies: int
    unit: OffsetUnit


def _in_passes(
    raws: Sequence[bytes], spans: Sequence[Sequence[Span]] | None, request: _Request, spaces: list[Workspace]
) -> Iterator[Augmented]:
    """Augment texts in every copy and pass, their spans followed."""
    pipeline, lexicon, keys, names, copies, unit = request
    befores = [Ruler(raw, unit) for raw in raws]
    marks = _marks(spans, befores)
    for index, (name, before) in enumerate(zip(names, befores, strict=True)):
        words, mark = keys.words[index * copies : (index + 1) * copies], None if marks is None else marks[index]
        for number, found in enumerate(variants(before.raw, pipeline, lexicon, words, mark or (), spaces)):
            after = Ruler(found.text, unit)
            moved = None if mark is None else [_told(span, found, after) for span in mark]
            edits = _edits(found.story, before, after)
            yield Augmented(name, number, found.text.decode(), edits, moved)


def _one(
    text: str, found: bytes, report: list[list[int]], raw: bytes, name: Id, ops: Sequence[str], unit: OffsetUnit
) -> Augmented:
    result = found.decode()
    if len(text) == len(raw) and len(result) == len(found):
        return Augmented(name, 0, result, _ascii_edits(text, result, report, ops))
    before, after = Ruler(raw, unit), Ruler(found, unit)
    return Augmented(name, 0, result, [_edit(piece, before, after) for piece in row_pieces(report, ops)])


def _ascii_edits(text: str, result: str, report: list[list[int]], ops: Sequence[str]) -> list[Edit]:
    """Return what `_edit` makes of `row_pieces` where bytes are characters, with fewer objects on the way."""
    numbers = dict[int, int]()
    edits = []
    for start, end, first, last, repair, group, step, source, source_end in report:
        op, number = "article" if repair else ops[step], numbers.setdefault(group, len(numbers))
        moved = None if source < 0 else [source, source_end]
        edits.append(Edit(op, [op], number, start, end, text[start:end], result[first:last], first, last, moved))
    return edits


def rows_of(ids: Sequence[Id]) -> list[int]:
    """Return the key's row for each id, as 64 signed bits; raises InvalidInput for mixed types or one out of range."""
    if len({isinstance(identifier, str) for identifier in ids}) > 1:
        raise InvalidInput("ids must be all integers or all strings", faults=[Fault("/ids", "mixed types")])
    return [row_number(identifier) for identifier in ids]


class Ruler:
    """Converts between bytes of one row and the offsets that the caller counts in."""

    def __init__(self, raw: bytes, unit: OffsetUnit) -> None:
        self.raw = raw
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


def _told(mark: Mark, found: Variant, after: Ruler) -> list[int | str] | None:
    """Return a span where it is now as the caller counts, None for one that an edit took away."""
    place = found.place(mark.start, mark.end)
    return None if place is None else [after.units(place[0]), after.units(place[1]), *mark.label]


def _edits(story: list[list[Piece]], before: Ruler, after: Ruler) -> list[Edit]:
    """Return the pieces of all passes as edits of the original."""
    if len(story) == 1:
        return [_edit(piece, before, after) for piece in story[0]]
    edits = [_edit(piece, before, after) for piece in reduce(compose, story)]
    # a later pass may have put back what an earlier one changed
    return [edit for edit in edits if edit.original != edit.replacement]


def _edit(piece: Piece, before: Ruler, after: Ruler) -> Edit:
    start, end, result_start, result_end, ops, group, source = piece
    original, replacement = before.raw[start:end].decode(), after.raw[result_start:result_end].decode()
    start, end = before.units(start), before.units(end)
    places = after.units(result_start), after.units(result_end)
    moved = None if source is None else [before.units(place) for place in source]
    return Edit(ops[0], [*ops], group, start, end, original, replacement, *places, moved)
