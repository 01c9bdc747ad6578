"""Shuffling within segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rate import Rate
from augsvc.ops.spans import Change, Draw, Row, SpanOp, with_article
from augsvc.types import Guard, TokenFlag


class ShuffleWithinSegments(SpanOp):
    """Shuffle the words of labelled spans, and of the stretches between them, each among themselves.

    Spans stay where they are and keep their words; marks, protected words and the first word of a sentence keep their
    places. Source: Dai and Adel, "An analysis of simple data augmentation for named entity recognition", COLING 2020.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example(
        "We saw New York often.", "We saw York New often.", 1, {"rate": 1, "max_edits": 1}, [[7, 15, "LOC"]]
    )

    type: Literal["shuffle_within_segments"] = "shuffle_within_segments"
    rate: Rate = Field(0.3, description="Expected share of the text's segments that are shuffled.")

    def sites(self, row: Row) -> Sequence[list[int]]:
        """Return the words of each segment, of those with several."""
        return [words for words in _segments(row) if len(words) > 1]

    def changes(self, row: Row, site: list[int], draw: Draw) -> list[Change]:
        """Return the words that come to stand elsewhere, nothing where all would stay."""
        order = site.copy()
        for last in range(len(order) - 1, 0, -1):
            other = draw(last + 1)
            order[last], order[other] = order[other], order[last]
        found: list[Change] = []
        for token, source in zip(site, order, strict=True):
            if row.word(token) != row.word(source):
                moved = with_article(row, token, Change(*row.place(token), row.word(source), row.place(source)))
                if not moved:
                    return []
                found += moved
        return found


def _segments(row: Row) -> Iterator[list[int]]:
    """Yield the words that may move of each span, and of what stands between spans within a sentence."""
    owners = {token: number for number, span in enumerate(row.spans) for token in row.within(span.start, span.end)}
    inside: list[list[int]] = [[] for _ in row.spans]
    outside: list[int] = []
    for token in range(row.tokens.count):
        if token in owners:
            if row.is_word(token, Guard.HARD) and not row.mark_after(token):
                inside[owners[token]].append(token)
            yield outside
            outside = []
        elif row.flag(token, TokenFlag.FIRST):
            yield outside
            outside = []
        elif row.is_word(token, Guard.HARD | Guard.KIND):
            outside.append(token)
    yield outside
    yield from inside
