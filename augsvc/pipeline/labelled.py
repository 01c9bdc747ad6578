"""Operations on spans, before all others: what they make of a text, in the manner of a pass."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from augsvc.batch import TextBatch, TokenBatch, operation_number
from augsvc.constraints import guard
from augsvc.kernels.rng import ROW, row_draws
from augsvc.lexicon import Lexicon
from augsvc.ops.spans import Change, Labelled, Row, SpanOp
from augsvc.pipeline.compose import Piece
from augsvc.pipeline.spec import Pipeline
from augsvc.types import Uint32s

BLOCK = 16
"""How many draws are made at a time."""


class Mark(NamedTuple):
    """A span, [start, end) of its text, with its label if it has one."""

    start: int
    end: int
    label: tuple[int | str, ...] = ()


class Draws:
    """The numbers of an operation at a token, or of a row: draw 0, 1, 2 ..."""

    def __init__(self, key: Uint32s, operation: int, token: int) -> None:
        self._key, self._operation, self._token = key, operation, token
        self._numbers: list[int] = []
        self._next = 0

    def number(self) -> int:
        """Return the next u32."""
        if self._next == len(self._numbers):
            out = np.empty(BLOCK + len(self._numbers), np.uint32)
            row_draws(self._key, self._operation, self._token, out)
            self._numbers = out.tolist()
        self._next += 1
        return self._numbers[self._next - 1]

    def below(self, limit: int) -> int:
        """Return the next number below a limit, which is at most 2**32."""
        return self.number() * limit >> 32


class SpanStage:
    """The operations on spans of a pipeline, on one text."""

    def __init__(self, text: bytes, marks: Sequence[Mark], pipeline: Pipeline, lexicon: Lexicon) -> None:
        self._text, self._ops = text, pipeline.span_ops
        batch = TextBatch(np.frombuffer(text, np.uint8), np.array([0, len(text)], np.int64))
        tokens = TokenBatch.scan(batch, lexicon.tables, pipeline.protect.kind_bits)
        guard(tokens, pipeline.protect.model_copy(update={"spans": "follow"}), lexicon.tables, [])
        self._row = Row(text, tokens, _apart(marks), lexicon)

    def apply(self, key: Uint32s) -> tuple[bytes, list[Piece]]:
        """Return the text under a key, u32[3], and what was changed."""
        groups: list[tuple[str, list[Change]]] = []
        for name, op in self._ops:
            # groups of one operation are about sites of their own, and those of earlier ones stand
            taken = sorted((one.start, one.end) for _, changes in groups for one in changes)
            found = _chosen(op, operation_number(name), self._row, key)
            groups += [(op.type, changes) for changes in found if not _meets(changes, taken)]
        return _spliced(self._text, groups)


def _apart(marks: Sequence[Mark]) -> list[Labelled]:
    """Return the spans with a label that overlap no other, in their order."""
    known = sorted(marks, key=lambda mark: mark[:2])
    before = accumulate((mark.end for mark in known), max, initial=0)
    after = [*(mark.start for mark in known[1:]), known[-1].end]
    return [
        Labelled(mark.start, mark.end, str(mark.label[0]))
        for mark, low, high in zip(known, before, after, strict=False)
        if mark.label and low <= mark.start and mark.end <= high
    ]


def _chosen(op: SpanOp, operation: int, row: Row, key: Uint32s) -> Iterator[list[Change]]:
    """Yield the groups of an operation: as many sites as the rate asks for, drawn without replacement."""
    sites, draws = [*enumerate(op.sites(row))], Draws(key, operation, ROW)
    wanted = op.quota(len(sites), draws.number())
    for turn in range(len(sites)):
        if wanted <= 0:
            return
        other = turn + draws.below(len(sites) - turn)
        sites[turn], sites[other] = sites[other], sites[turn]
        number, site = sites[turn]
        changes = op.changes(row, site, Draws(key, operation, number).below)
        if changes:
            wanted -= 1
            yield changes


def _meets(changes: Sequence[Change], taken: Sequence[tuple[int, int]]) -> bool:
    """Say whether a group, with what lies between its changes, meets one of the stretches, sorted, that are taken."""
    first, last = min(one.start for one in changes), max(one.end for one in changes)
    place = bisect_right(taken, first, key=itemgetter(1))
    return place < len(taken) and taken[place][0] < last


def _spliced(text: bytes, groups: Sequence[tuple[str, list[Change]]]) -> tuple[bytes, list[Piece]]:
    flat = [(change, name, number) for number, (name, changes) in enumerate(groups) for change in changes]
    out, done, found = bytearray(), 0, list[Piece]()
    for change, name, number in sorted(flat, key=lambda one: one[0].start):
        out += text[done : change.start]
        at = len(out)
        out += change.text.encode()
        op = "article" if change.repair else name
        found.append(Piece(change.start, change.end, at, len(out), (op,), number, change.source))
        done = change.end
    return bytes(out + text[done:]), found
