"""Mention replacement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from augsvc.lexicon import Lexicon
from augsvc.ops.base import Example, Family
from augsvc.ops.rate import Rate
from augsvc.ops.spans import TABLE, Change, Draw, Labelled, Row, SpanOp, Words, with_article
from augsvc.types import TAGS, Guard, TokenFlag

TRIES = 8
"""How many mentions are drawn for a span before it is given up."""

DETERMINERS = sum(1 << TAGS.index(tag) for tag in ("DT", "PDT", "PRP$"))


class MentionReplacement(SpanOp):
    """Replace labelled spans by other mentions of their label, with `a` and `an` before them repaired.

    The span then covers the new mention and keeps its label. A mention is not drawn where its number differs from the
    old one's, as far as the lexicon tells, or where it would bring a second determiner; spans that overlap others, and
    labels without mentions, stay. Source: Dai and Adel, "An analysis of simple data augmentation for named
    entity recognition", COLING 2020.
    """

    version: ClassVar[int] = 2
    family: ClassVar[Family] = "lexical"
    example: ClassVar[Example] = Example(
        "Ada met a Dane.",
        "Grace met an Italian.",
        0,
        {"rate": 1, "mentions": {"PER": ["Grace"], "NORP": ["Italian"]}},
        [[0, 3, "PER"], [10, 14, "NORP"]],
    )

    type: Literal["mention_replacement"] = "mention_replacement"
    rate: Rate = Field(0.3, description="Expected share of the text's labelled spans that are replaced.")
    mentions: Annotated[dict[str, tuple[Words, ...]], TABLE] = Field(
        {}, validate_default=True, description="The mentions of each label, all as likely."
    )

    def sites(self, row: Row) -> Sequence[Labelled]:
        """Return the spans whose label has mentions."""
        return [span for span in row.spans if self._may_change(row, span)]

    def changes(self, row: Row, site: Labelled, draw: Draw) -> list[Change]:
        """Return the replacement by a mention that fits."""
        known, old = self.mentions[site.label], row.text[site.start : site.end].decode()
        first = row.within(site.start, site.end)[0]
        alone = first == 0 or self._in_mention(row, first - 1)
        determined = not alone and _is_determiner(row.lexicon, row.word(first - 1))
        for _ in range(TRIES):
            new = known[draw(len(known))]
            if new != old and _suits(row.lexicon, old, new, determined):
                if row.flag(first, TokenFlag.FIRST) and old[0].isupper():
                    new = new[0].upper() + new[1:]
                change = Change(site.start, site.end, new)
                return [change] if alone else with_article(row, first, change)
        return []

    def _may_change(self, row: Row, span: Labelled) -> bool:
        return bool(self.mentions.get(span.label)) and _is_free(row, span)

    def _in_mention(self, row: Row, token: int) -> bool:
        """Say whether a token is another mention that may itself be replaced, or ends one of several words."""
        span = row.span_of(token)
        return row.ends_span(token) or (span is not None and self._may_change(row, span))


def _is_free(row: Row, span: Labelled) -> bool:
    """Say whether a span is of whole tokens, none of which is protected, nor what stands between them."""
    inside, mask = row.within(span.start, span.end), row.tokens.columns.mask
    ends = bool(inside) and (row.place(inside[0])[0], row.place(inside[-1])[1]) == (span.start, span.end)
    gaps = any(mask[token] & Guard.GAP for token in inside[1:])
    return ends and not gaps and not any(mask[token] & Guard.HARD for token in inside)


def _suits(lexicon: Lexicon, old: str, new: str, determined: bool) -> bool:
    if determined and _is_determiner(lexicon, _words(new)[0]):
        return False
    return _is_plural(lexicon, old) == _is_plural(lexicon, new)


def _is_plural(lexicon: Lexicon, mention: str) -> bool:
    readings = lexicon.readings(_words(mention)[-1])
    return bool(readings) and readings[0].slot == "NNS"


def _words(mention: str) -> list[str]:
    # a control character may be a token, though Python takes it for white space
    return mention.split() or [mention]


def _is_determiner(lexicon: Lexicon, word: str) -> bool:
    form, tables = lexicon.form_id(word), lexicon.tables
    return form is not None and bool(int(tables.class_tags[tables.form_class[form]]) & DETERMINERS)
