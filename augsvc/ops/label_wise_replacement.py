"""Label-wise token replacement."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.spans import TABLE, Change, Draw, Row, SpanOp, Words, with_article
from augsvc.types import Guard, TokenFlag

FULL_STOP = "."
Counts = Annotated[dict[Words, Annotated[int, Field(ge=1, le=2**31)]], TABLE]


class _Drawn(NamedTuple):
    words: Sequence[str]
    ends: Sequence[int]


class LabelWiseReplacement(SpanOp):
    """Replace words by others that bear the same BIO tag, drawn as often as they bear it, `a` and `an` repaired.

    The first word of a span is B-X for its label X, the others I-X, all words outside O. Tags without words stay, and
    words of a span that a full stop abbreviates, as in Mr. or J. R. R.
    Source: Dai and Adel, "An analysis of simple data augmentation for named entity recognition", COLING 2020.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example(
        "Ada Lovelace wrote.",
        "Grace Lovelace wrote.",
        0,
        {"rate": 1, "words": {"B-PER": {"Grace": 1}}},
        [[0, 12, "PER"]],
    )

    type: Literal["label_wise_replacement"] = "label_wise_replacement"
    words: Annotated[dict[str, Counts], TABLE] = Field(
        {}, validate_default=True, description="The words of each BIO tag, and how often each bears it."
    )

    @cached_property
    def _tables(self) -> dict[str, _Drawn]:
        return {tag: _Drawn([*counts], [*accumulate(counts.values())]) for tag, counts in self.words.items() if counts}

    def sites(self, row: Row) -> Sequence[tuple[int, str]]:
        """Return the words whose tag has words, with their tags."""
        tags = dict.fromkeys(range(row.tokens.count), "O")
        for span in row.spans:
            inside = [token for token in row.within(span.start, span.end) if row.is_word(token, Guard.HARD)]
            tags |= {token: f"{'I' if number else 'B'}-{span.label}" for number, token in enumerate(inside)}
        return [(token, tag) for token, tag in tags.items() if tag in self._tables and _may_go(row, token, tag)]

    def changes(self, row: Row, site: tuple[int, str], draw: Draw) -> list[Change]:
        """Return the replacement by a drawn word, unless it is the same one."""
        (token, tag), old = site, row.word(site[0])
        words, ends = self._tables[tag]
        new = words[bisect_right(ends, draw(ends[-1]))]
        if row.flag(token, TokenFlag.FIRST) and old[0].isupper():
            new = new[0].upper() + new[1:]
        return [] if new == old else with_article(row, token, Change(*row.place(token), new))


def _may_go(row: Row, token: int, tag: str) -> bool:
    if tag == "O":
        return row.is_word(token, Guard.HARD | Guard.KIND)
    return row.is_word(token, Guard.HARD) and row.mark_after(token) != FULL_STOP
