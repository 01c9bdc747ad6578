"""Plain-Python twin of augsvc.kernels.propose: groups of edits, one list for each output row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from augsvc.types import FormFlag, Guard, PackTables, TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_match import forms_of
from .twin_rng import below, draw

Group = list[Edit]
MIXED = int(TokenFlag.MIXED)


class Words:
    """What the pack knows of forms, as lists."""

    def __init__(self, tables: PackTables) -> None:
        self.tables = tables

    @cached_property
    def ids(self) -> dict[str, int]:
        return {form: number for number, form in enumerate(forms_of(self.tables))}

    def article(self, before: int) -> int:
        """Return the form of the indefinite article before another."""
        return self.ids["an" if self.tables.form_flags[before] & FormFlag.VOWEL else "a"]

    def is_article(self, form: int) -> bool:
        return form in (self.ids["a"], self.ids["an"])

    def tickets(self, form: int, senses: int) -> list[int]:
        """Return the candidates of the form's first reading, each as often as its weight."""
        readings = range(*self.tables.form_reading[form : form + 2].tolist())
        if not readings:
            return []
        first, stop = self.tables.reading_candidate[readings[0] : readings[0] + 2].tolist()
        sums = [0, *self.tables.candidate_cumulative[first:stop].tolist()]
        found = zip(self.tables.candidate_form[first:stop].tolist(), pairwise(sums), strict=True)
        ranks = self.tables.candidate_sense[first:stop].tolist()
        return [
            candidate
            for (candidate, (low, high)), sense in zip(found, ranks, strict=True)
            if sense < senses
            for _ in range(high - low)
        ]


@dataclass
class Row:
    """One output row: a source row's tokens and the key it draws under; cell 2t is the gap before token t."""

    number: int
    data: bytes
    tokens: list[Token]
    key: tuple[int, int]
    operation: int
    words: Words

    def token(self, t: int) -> Token | None:
        return self.tokens[t] if 0 <= t < len(self.tokens) else None

    def gap(self, t: int) -> tuple[int, int] | None:
        """Return the byte range between tokens t - 1 and t where it is nothing but blanks of one line."""
        left, right = self.token(t - 1), self.token(t)
        if left is None or right is None or not self.data[left.end : right.start]:
            return None
        return None if self.data[left.end : right.start].strip(b" \t") else (left.end, right.start)

    def is_free(self, t: int) -> bool:
        token = self.tokens[t]
        tied = token.flags & (TokenFlag.JOINED | TokenFlag.CLITIC) or token.mask & (Guard.KIND | Guard.HARD)
        return token.kind == TokenKind.WORD and not tied

    def article_at(self, t: int) -> Token | None:
        """Return the article at `t` if it belongs to the word after it."""
        token = self.token(t)
        if token is None or self.token(t + 1) is None or token.kind != TokenKind.WORD:
            return None
        if token.end == self.tokens[t + 1].start:
            return None
        return token if self.words.is_article(token.form) else None

    def edit(
        self, span: tuple[int, int], cells: tuple[int, int], form: int, case: int, *, repair: bool = False
    ) -> Edit:
        return Edit(self.number, *span, *cells, form, case, int(repair), -1)

    def agreement(self, t: int, before: int, follower: int) -> Group | None:
        """Return the edits, none or one, that make the article at `t` agree with form `before`; None: it may not."""
        token, form = self.tokens[t], self.words.article(before)
        if token.form == form:
            return []
        if token.mask & Guard.HARD:
            return None
        case = token.flags & MIXED
        if token.end - token.start == 1 and case == TokenFlag.TITLE:
            case = TokenFlag.UPPER if self.tokens[follower].flags & MIXED == TokenFlag.UPPER else case
        return [self.edit((token.start, token.end), (2 * t + 1, 2 * t + 2), form, int(case), repair=True)]

    def synonym(self, t: int, senses: int) -> Group | None:
        """Return the group that replaces token t by a synonym, its article agreeing, or None."""
        token = self.tokens[t]
        tickets = self.words.tickets(token.form, senses) if token.form >= 0 and self.is_free(t) else []
        if not tickets:
            return None
        form = tickets[below(draw(self.key, self.operation, t, 0), len(tickets))]
        hosted = self.article_at(t - 1) is not None
        repaired = self.agreement(t - 1, form, t) if hosted else []
        cells = (2 * t - 1 if hosted else 2 * t + 1, 2 * t + 2)
        edit = self.edit((token.start, token.end), cells, form, token.flags & MIXED)
        return None if repaired is None else [*repaired, edit]

    def deletion(self, t: int) -> Group | None:
        """Return the group that deletes token t, the article before it agreeing with the word after, or None."""
        after = self.token(t + 1)
        hosts = after is not None and after.flags & TokenFlag.CLITIC and after.start == self.tokens[t].end
        if not self.is_free(t) or hosts:
            return None
        if self.article_at(t - 1) is None:
            return [self.removal(t)]
        if after is None or after.kind != TokenKind.WORD or after.form < 0:
            return None
        repaired = self.agreement(t - 1, after.form, t + 1)
        removal = self.removal(t)._replace(cell=2 * t - 1, cell_end=2 * t + 4)
        return None if repaired is None else [*repaired, removal]

    def removal(self, t: int) -> Edit:
        """Return the edit that takes token t and one gap: the one before, else the one after, else neither."""
        start, end = self.tokens[t].start, self.tokens[t].end
        for gap in (t, t + 1):
            if (blanks := self.gap(gap)) and not self.tokens[gap].mask & Guard.GAP:
                span = min(start, blanks[0]), max(end, blanks[1])
                return self.edit(span, (t + gap, t + gap + 2), -1, 0)
        return self.edit((start, end), (2 * t + 1, 2 * t + 2), -1, 0)
