"""Where labelled words are after a pass: a span stays with its words, wherever they are written.

Offsets are bytes of the row. An edit may write again what it replaces or what stood elsewhere, so the text after is
told as stretches of which it is known where they come from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from augsvc.constraints import SpanMode
from augsvc.pipeline.compose import Piece, remap, touches

SPACE = b" "


class Stretch(NamedTuple):
    """[start, end) of the text before stands at [result_start, result_end) of the text after."""

    start: int
    end: int
    result_start: int
    result_end: int
    edit: int | None = None
    """The number of the edit that wrote other words here; None where the words are the same, but for capitals."""

    def cut(self, start: int, end: int) -> Stretch:
        """Return the part of it, where the words are the same, that lies in [start, end)."""
        first, last = max(start, self.start), min(end, self.end)
        shift = self.result_start - self.start
        return Stretch(first, last, first + shift, last + shift)

    def seen(self, low: int, high: int) -> Stretch:
        """Return the part of it that lies in [low, high) of the text after."""
        first, last = max(low, self.result_start), min(high, self.result_end)
        if self.edit is not None:
            return self._replace(result_start=first, result_end=last)
        shift = self.start - self.result_start
        return Stretch(first + shift, last + shift, first, last)


class Passage:
    """A row on its way through a pass: the text before, the text after, and the edits between them."""

    def __init__(self, before: bytes, after: bytes, edits: Sequence[Piece]) -> None:
        self._before, self._after, self._edits = before, after, edits

    def place(self, start: int, end: int, mode: SpanMode) -> tuple[int, int] | None:
        """Return where a span is after the pass, None for one that is no more."""
        if mode == "follow":
            return self.follow(start, end)
        if mode == "drop" and touches(start, end, self._edits):
            return None
        return self._remapped(start, end)

    def _remapped(self, start: int, end: int) -> tuple[int, int] | None:
        moved = remap(start, end, self._edits)
        return None if moved[0] == moved[1] and start < end else moved

    def follow(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the words of [start, end) are, None where they are gone or no longer stand together.

        Words that an edit wrote in the place of others stand for these, unless it wrote them again elsewhere. Between
        the words of a span may stand new ones, but none that come from outside it.
        """
        if self._is_apart(start, end) or not self._before[start:end].strip(SPACE):
            return self._remapped(start, end)
        start, end = _trimmed(self._before, start, end)
        parts = [move.cut(start, end) for move in _overlapping(self._moves, start, end)]
        for piece in self._left(start, end, parts.copy()):
            part = piece.cut(start, end) if piece.edit is None else self._replaced(piece, start, end)
            if part is None:
                return None
            parts.append(part)
        return self._together(start, end, [part for part in parts if self._is_written(part)])

    def _is_apart(self, start: int, end: int) -> bool:
        """Say whether no edit changes [start, end), or writes anything inside it."""
        first = bisect_right(self._edits, start, key=attrgetter("end"))
        return first == len(self._edits) or self._edits[first].start >= end

    def _is_written(self, part: Stretch) -> bool:
        return bool(self._after[part.result_start : part.result_end].strip(SPACE))

    @cached_property
    def _moves(self) -> list[Stretch]:
        """What moved, in the order of where it comes from."""
        moves = []
        for edit in self._edits:
            if edit.source is not None:
                start, end = edit.source
                at = edit.result_start + (self._after[edit.result_start : edit.result_start + 1] == SPACE)
                moves.append(Stretch(start, end, at, at + end - start))
        return sorted(moves)

    @cached_property
    def _in_order(self) -> list[Stretch]:
        """What stands where it stood, and what was written in its place, in the order of the text before."""
        return [*self._stretches()]

    def _stretches(self) -> Iterator[Stretch]:
        done = shift = 0
        for number, edit in enumerate(self._edits):
            yield Stretch(done, edit.start, done + shift, edit.result_start)
            if edit.source is None:
                yield from self._rewritten(edit, number)
            else:
                # what was here is gone: all that is written comes from elsewhere
                yield Stretch(*_trimmed(self._before, edit.start, edit.end), edit.result_end, edit.result_end, number)
            done, shift = edit.end, edit.result_end - edit.end
        yield Stretch(done, len(self._before), done + shift, len(self._after))

    def _rewritten(self, edit: Piece, number: int) -> Iterator[Stretch]:
        """Yield the words that an edit leaves as they are at its beginning and end, and what it changes between."""
        start, end, result_start, result_end = edit[:4]
        old, new = self._before[start:end].lower(), self._after[result_start:result_end].lower()
        # the end first: what changes at the beginning of a sentence is written with the word that stood there
        tail = _same_words(old[::-1], new[::-1])
        head = _same_words(old[: len(old) - tail], new[: len(new) - tail])
        yield Stretch(start, start + head, result_start, result_start + head)
        changed = _trimmed(self._before, start + head, end - tail)
        yield Stretch(*changed, *_trimmed(self._after, result_start + head, result_end - tail), number)
        yield Stretch(end - tail, end, result_end - tail, result_end)

    def _left(self, start: int, end: int, moves: Sequence[Stretch]) -> Iterator[Stretch]:
        """Yield what overlaps [start, end), without edits all of whose words there are known to have moved."""
        for piece in _overlapping(self._in_order, start, end):
            at, stop = max(start, piece.start), min(end, piece.end)
            for move in moves:
                if not self._before[at : move.start].strip(SPACE):
                    at = max(at, move.end)
            if piece.edit is None or not moves or self._before[at:stop].strip(SPACE):
                yield piece

    def _replaced(self, piece: Stretch, start: int, end: int) -> Stretch | None:
        """Return where the words of [start, end) are that an edit replaced or deleted, None where that is not clear."""
        first, last = _trimmed(self._before, max(start, piece.start), min(end, piece.end))
        found = self._found(self._before[first:last].lower(), self._edits[piece.edit or 0].group)
        if len(found) == 1:
            return Stretch(first, last, found[0], found[0] + last - first)
        gone = piece.result_start == piece.result_end
        # a part of a word goes where the word goes
        whole = (first, last) == piece[:2] or SPACE not in self._before[piece.start : piece.end]
        return piece if not found and (gone or whole) else None

    def _found(self, words: bytes, group: int) -> list[int]:
        """Return the places in the text after where edits of a group wrote these words."""
        places = []
        for edit in self._groups[group]:
            text = self._after[edit.result_start : edit.result_end].lower()
            places += [edit.result_start + at for at in _places(words, text)]
        return places

    @cached_property
    def _groups(self) -> dict[int, list[Piece]]:
        """The edits of each group."""
        groups: dict[int, list[Piece]] = {}
        for edit in self._edits:
            groups.setdefault(edit.group, []).append(edit)
        return groups

    def _together(self, start: int, end: int, parts: Sequence[Stretch]) -> tuple[int, int] | None:
        """Return the stretch that parts of the text after make up, None where words from outside stand in it."""
        if not parts:
            return None
        low, high = min(part.result_start for part in parts), max(part.result_end for part in parts)
        known = sorted(part[2:4] for part in parts)
        for other in [*self._moves, *_standing(self._in_order, low, high)]:
            part = other.seen(low, high)
            if part.result_start < part.result_end and self._comes_from_outside(part, start, end, known):
                return None
        return _trimmed(self._after, low, high)

    def _comes_from_outside(self, other: Stretch, start: int, end: int, known: Sequence[tuple[int, int]]) -> bool:
        """Say whether words of a stretch come from outside [start, end), whose own words are the `known`."""
        if other.edit is None:
            outside = (other.start, min(other.end, start)), (max(other.start, end), other.end)
            return any(self._before[first:last].strip(SPACE) for first, last in outside)
        if other.start < other.end:
            return other.end <= start or end <= other.start
        at = other.result_start
        for first, last in known:
            if not self._after[at:first].strip(SPACE):
                at = max(at, last)
        new = self._after[at : other.result_end].strip(SPACE)
        return bool(new) and self._takes_words(self._edits[other.edit].group, start, end)

    @cached_property
    def _replacements(self) -> dict[int, list[Stretch]]:
        """What the edits of each group replaced or deleted, and what they inserted."""
        groups: dict[int, list[Stretch]] = {}
        for piece in self._in_order:
            if piece.edit is not None:
                groups.setdefault(self._edits[piece.edit].group, []).append(piece)
        return groups

    def _takes_words(self, group: int, start: int, end: int) -> bool:
        """Say whether a group replaces words outside [start, end): what it writes inside may be these."""
        return any(
            piece.start < piece.end and not (start <= piece.start and piece.end <= end)
            for piece in self._replacements[group]
        )


class Labels(Passage):
    """What operations on spans do to a row, whose spans stand for what took their place, whatever it is."""

    def __init__(
        self, before: bytes, after: bytes, edits: Sequence[Piece], spans: Sequence[tuple[int, int, object]]
    ) -> None:
        super().__init__(before, after, edits)
        self._spans = {span[:2] for span in spans}

    def place(self, start: int, end: int, mode: SpanMode) -> tuple[int, int] | None:  # noqa: ARG002  whatever it is
        """Return where a span is after the pass; others follow their words."""
        return self._remapped(start, end) if (start, end) in self._spans else self.follow(start, end)


def _trimmed(text: bytes, start: int, end: int) -> tuple[int, int]:
    """Return [start, end) without spaces at its ends."""
    words = text[start:end]
    first = start + len(words) - len(words.lstrip(SPACE))
    return first, max(first, start + len(words.rstrip(SPACE)))


def _same_words(old: bytes, new: bytes) -> int:
    """Return how many bytes of whole words two texts begin with alike."""
    size, most = 0, min(len(old), len(new))
    while size < most and old[size] == new[size]:
        size += 1
    while size and not (old[size : size + 1] in (b"", SPACE) and new[size : size + 1] in (b"", SPACE)):
        size -= 1
    return size


def _places(words: bytes, text: bytes) -> Iterator[int]:
    """Yield where words stand in a text as whole words."""
    at = text.find(words)
    while at >= 0:
        if not (_is_word(text[at - 1 : at] if at else b"") or _is_word(text[at + len(words) : at + len(words) + 1])):
            yield at
        at = text.find(words, at + 1)


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte >= b"\x80"


def _overlapping(stretches: list[Stretch], start: int, end: int) -> list[Stretch]:
    first = bisect_right(stretches, start, key=attrgetter("end"))
    return [
        stretch
        for stretch in stretches[first : bisect_left(stretches, end, key=attrgetter("start"))]
        if stretch.start < stretch.end
    ]


def _standing(stretches: list[Stretch], low: int, high: int) -> list[Stretch]:
    first = bisect_right(stretches, low, key=attrgetter("result_end"))
    return stretches[first : bisect_left(stretches, high, key=attrgetter("result_start"))]
