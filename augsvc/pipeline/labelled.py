"""Operations on spans, before all others: what they make of a text, in the manner of a pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
            for changes in _chosen(op, operation_number(name), self._row, key):
                if not any(_meet(changes, other) for _, other in groups):
                    groups.append((op.type, changes))
        return _spliced(self._text, groups)


def _apart(marks: Sequence[Mark]) -> list[Labelled]:
    """Return the spans with a label that overlap no other, in their order."""
    known = sorted(marks)
    return [
        Labelled(mark.start, mark.end, str(mark.label[0]))
        for number, mark in enumerate(known)
        if mark.label
        and (number == 0 or max(other.end for other in known[:number]) <= mark.start)
        and (number + 1 == len(known) or mark.end <= known[number + 1].start)
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


def _meet(changes: Sequence[Change], others: Sequence[Change]) -> bool:
    """Say whether two groups are about the same stretch of the text; what one keeps clear is between its changes."""
    first, last = min(one.start for one in changes), max(one.end for one in changes)
    return any(first < other.end and other.start < last for other in others)


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
