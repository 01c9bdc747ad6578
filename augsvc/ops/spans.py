"""Operations on labelled spans: what they change is decided on the text and its spans, before words are drawn."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Annotated, Any, NamedTuple, TypeVar

import numpy as np
from pydantic import AfterValidator, Field

from augsvc.batch import TokenBatch
from augsvc.lexicon import Lexicon
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.ops.base import Op
from augsvc.types import FormFlag, Guard, TokenFlag, TokenKind

T = TypeVar("T")

Draw = Callable[[int], int]
"""Returns the next of a site's random numbers, below a limit."""


class Table(dict[str, T]):
    """A table that does not change, and so has a hash, as documents must."""

    # frozen documents are hashed by their fields
    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def _trim(text: str) -> str:
    if text != text.strip() or "\n" in text:
        raise ValueError("must be one line without spaces at its ends")
    return text


Words = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_trim)]
"""A word or several, as they are to be written."""

TABLE: Any = AfterValidator(Table)


class Labelled(NamedTuple):
    """A span, [start, end) in bytes of its row, and its label as a string."""

    start: int
    end: int
    label: str


class Row(NamedTuple):
    """A text with its tokens, their masks, and its spans in order, none of which overlap."""

    text: bytes
    tokens: TokenBatch
    spans: Sequence[Labelled]
    lexicon: Lexicon

    def place(self, token: int) -> tuple[int, int]:
        """Return [start, end) of a token."""
        return int(self.tokens.columns.start[token]), int(self.tokens.columns.end[token])

    def word(self, token: int) -> str:
        """Return a token's text."""
        start, end = self.place(token)
        return self.text[start:end].decode()

    def flag(self, token: int, flag: TokenFlag) -> bool:
        """Say whether a token has a flag."""
        return bool(self.tokens.columns.flags[token] & flag)

    def within(self, start: int, end: int) -> list[int]:
        """Return the tokens in [start, end)."""
        columns, count = self.tokens.columns, self.tokens.count
        first = int(np.searchsorted(columns.start[:count], start))
        return [*range(first, max(first, int(np.searchsorted(columns.end[:count], end, side="right"))))]

    def span_of(self, token: int) -> Labelled | None:
        """Return the last span that a token is in, wholly or in part."""
        start, end = self.place(token)
        place = bisect_left(self.spans, end, key=attrgetter("start")) - 1
        return self.spans[place] if place >= 0 and self.spans[place].end > start else None

    def ends_span(self, token: int) -> bool:
        """Say whether a span of several words ends with a token, as Vitamin A does with A."""
        span, (start, end) = self.span_of(token), self.place(token)
        return span is not None and span.start < start and span.end <= end

    def mark_after(self, token: int) -> str:
        """Return the mark of the same span that is written against a token, as in Mr. or J. R. R., if any."""
        span = self.span_of(token)
        if span is None or token + 1 == self.tokens.count:
            return ""
        start, end = self.place(token + 1)
        return self.word(token + 1) if start == self.place(token)[1] and end <= span.end else ""

    def is_word(self, token: int, guards: Guard) -> bool:
        """Say whether a token is a word of its own, no article that agrees with another, that no guard keeps."""
        columns = self.tokens.columns
        joined = TokenFlag.CLITIC | TokenFlag.JOINED
        free = not columns.mask[token] & guards and not columns.flags[token] & joined
        hosts = token + 1 < self.tokens.count and self.flag(token + 1, TokenFlag.CLITIC)
        agrees = columns.form[token] >= 0 and columns.form[token] in self.lexicon.articles
        return bool(free and not agrees and columns.kind[token] == TokenKind.WORD and not hosts)


class Change(NamedTuple):
    """[start, end) of the row becomes `text`, which moved from `source` if that is given; or an article repaired."""

    start: int
    end: int
    text: str
    source: tuple[int, int] | None = None
    repair: bool = False


class SpanOp(Op):
    """An operation on texts that come with spans, which does nothing to others.

    Such operations come first in a pipeline, in its order, whatever pass they stand in: all others see what they wrote.
    They may change what `protect.spans` keeps, and names inside spans, but no protected word or pattern.
    """

    @abstractmethod
    def sites(self, row: Row) -> Sequence[Any]:
        """Return what may be drawn of a row, of which `rate` is the expected share."""

    @abstractmethod
    def changes(self, row: Row, site: Any, draw: Draw) -> list[Change]:
        """Return what becomes of a drawn site as one group, nothing where it declines."""


def with_article(row: Row, token: int, change: Change) -> list[Change]:
    """Return a change of what begins at a token, and the repair of an article before it; nothing if that may not be.

    An "a" that ends another span of several words is a part of its name, and no article.
    """
    article = _article_before(row, token)
    if article is None:
        return [change]
    vowel = _begins_with_vowel(row.lexicon, change.text)
    if vowel is None:
        return []
    wanted = row.lexicon.articles.vowel if vowel else row.lexicon.articles.consonant
    if row.tokens.columns.form[article] == wanted:
        return [change]
    if row.tokens.columns.mask[article] & Guard.HARD:
        return []
    text, before = row.lexicon.text(int(wanted)), row.word(article)
    if before[0].isupper():
        text = text.upper() if len(before) > 1 and before.isupper() else text.capitalize()
    return [Change(*row.place(article), text, repair=True), change]


def _article_before(row: Row, token: int) -> int | None:
    if token == 0 or row.place(token - 1)[1] == row.place(token)[0]:
        return None
    form = int(row.tokens.columns.form[token - 1])
    is_article = form >= 0 and form in row.lexicon.articles and not row.ends_span(token - 1)
    return token - 1 if is_article else None


def _begins_with_vowel(lexicon: Lexicon, text: str) -> bool | None:
    """Say whether a text begins with a vowel sound, None where its first word does not tell."""
    first = lexicon.fold(text.split(maxsplit=1)[0])
    form = lexicon.find(first)
    if form is not None:
        return bool(lexicon.flags(form) & FormFlag.VOWEL)
    return begins_with_vowel_sound(first) if first[0].isascii() and first[0].isalpha() else None
