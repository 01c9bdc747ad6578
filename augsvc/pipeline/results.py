"""Augmented texts as objects: strings, edits and spans, in the offsets that the caller counts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

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
    if copies < 1:
        raise InvalidInput(f"copies must be at least 1, not {copies}")
    batch = TextBatch.from_strings(texts)
    names = range(len(texts)) if ids is None else ids
    if len(names) != len(texts):
        raise InvalidInput(f"there are {len(texts)} texts but {len(names)} ids")
    rows = rows_of(names)
    rulers = [Ruler(batch, row, offset_unit) for row in range(len(batch))]
    byte_spans = None if spans is None else _byte_spans(spans, rulers)
    ranges = [(row, a, b) for row, found in enumerate(byte_spans or ()) for a, b in found]
    keys = Keys.of_copies(seed, epoch, rows, copies)
    stages = [[named.op.type for named in stage] for stage in pipeline.stages()]
    answers = []
    for outcome in blocks(batch, pipeline, lexicon, keys, ranges):
        for row, story in enumerate(_stories(outcome, stages)):
            index, copy = divmod(outcome.start + row, copies)
            out = Ruler(outcome.texts, row, offset_unit)
            moved = (
                None
                if byte_spans is None or spans is None
                else _moved(byte_spans[index], spans[index], story, pipeline, out)
            )
            composed = story[0]
            for later in story[1:]:
                composed = compose(composed, later)
            edits = [_edit(piece, rulers[index], out) for piece in composed]
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
        scale = np.arange(len(self.raw) + 1) if self._starts is None else self._units
        place = int(np.searchsorted(scale, offset))
        if place == len(scale) or scale[place] != offset or offset < 0:
            return None
        byte = place if self._starts is None else int(self._starts[place])
        inside = byte < len(self.raw) and self.raw[byte] & 0xC0 == 0x80
        return None if inside else byte


def _byte_spans(spans: Sequence[Sequence[Span]], rulers: Sequence[Ruler]) -> list[list[tuple[int, int]]]:
    if len(spans) != len(rulers):
        raise InvalidInput(
            f"there are {len(rulers)} texts but spans for {len(spans)}", faults=[Fault("/spans", "one list a text")]
        )
    return [
        [_byte_span(span, ruler, f"/spans/{row}/{i}") for i, span in enumerate(found)]
        for row, (found, ruler) in enumerate(zip(spans, rulers, strict=True))
    ]


def _byte_span(span: Span, ruler: Ruler, pointer: str) -> tuple[int, int]:
    ends = [ruler.bytes(offset) for offset in span[:2] if isinstance(offset, int)] if len(span) in (2, 3) else []
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        raise InvalidInput(
            f"{pointer}: {list(span)} is no [start, end] inside its text",
            faults=[Fault(pointer, "not inside the text")],
        )
    return ends[0], ends[1]


def _stories(outcome: Outcome, stages: Sequence[Sequence[str]]) -> Iterator[list[list[Piece]]]:
    """Yield, for each output row, its pieces pass by pass, groups numbered through."""
    for row in range(len(outcome.texts)):
        story: list[list[Piece]] = []
        groups = 0
        for result, names in zip(outcome.passes, stages, strict=True):
            story.append(pieces(result, names, row, groups))
            groups = max([groups, *(piece.group + 1 for piece in story[-1])])
        yield story


def _moved(
    byte_spans: Sequence[tuple[int, int]],
    spans: Sequence[Span],
    story: list[list[Piece]],
    pipeline: Pipeline,
    out: Ruler,
) -> list[list[int | str] | None]:
    """Return a row's spans after all passes, with their labels."""
    mode = pipeline.protect.spans
    moved: list[list[int | str] | None] = []
    for (start, end), span in zip(byte_spans, spans, strict=True):
        place = _follow(start, end, story, drop=mode == "drop")
        moved.append(None if place is None else [out.units(place[0]), out.units(place[1]), *span[2:]])
    return moved


def _follow(start: int, end: int, story: list[list[Piece]], *, drop: bool) -> tuple[int, int] | None:
    empty = start == end
    for edits in story:
        if drop and touches(start, end, edits):
            return None
        start, end = remap(start, end, edits)
    return None if start == end and not empty else (start, end)


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


__all__ = ["Augmented", "Edit", "OffsetUnit", "Ruler", "results", "rows_of"]
