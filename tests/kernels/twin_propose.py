"""Plain-Python twin of augsvc.kernels.propose: what a drawn word becomes, as a group of edits or None."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from augsvc.kernels.draft import Step
from augsvc.types import TAGS, Action, CandidateBits, FormFlag, Guard, PackTables, Register, TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_match import Unicode, forms_of
from .twin_rng import below

MIXED = int(TokenFlag.MIXED)


class Planned(NamedTuple):
    """An edit that stands at one cell and keeps several; cell 2t is the gap before token t, 2t + 1 the token."""

    cell: int
    kept: frozenset[int]
    edit: Edit


Group = list[Planned]


FIELDS = {low: range(low, high) for low, high in pairwise(sorted(CandidateBits))}


def field(word: int, name: CandidateBits) -> int:
    """Cut a field out of a candidate's 64 bits."""
    return word % 2 ** FIELDS[name].stop >> name


class Words:
    """What the pack knows of forms, as lists."""

    def __init__(self, tables: PackTables) -> None:
        self.tables = tables

    @cached_property
    def ids(self) -> dict[str, int]:
        return {form: number for number, form in enumerate(forms_of(self.tables))}

    @cached_property
    def unicode(self) -> Unicode:
        return Unicode(self.tables)

    def article(self, before: int) -> int:
        """Return the form of the indefinite article before another."""
        return self.ids["an" if self.tables.form_flags[before] & FormFlag.VOWEL else "a"]

    def is_article(self, form: int) -> bool:
        return form in (self.ids["a"], self.ids["an"])

    def is_replaceable(self, form: int) -> bool:
        return form >= 0 and bool(self.tables.form_flags[form] & FormFlag.REPLACEABLE)

    def readings(self, form: int) -> Iterator[tuple[str, list[int]]]:
        """Yield the tag of each reading of a form and the 64 bits of each of its candidates."""
        for reading in range(*self.tables.form_reading[form : form + 2].tolist()):
            head, following = self.tables.reading_head[reading : reading + 2].tolist()
            yield TAGS[head % 256], self.tables.candidate_word[head // 256 : following // 256].tolist()

    def reading(self, form: int, tag: str) -> list[int] | None:
        """Return the candidates of a form as `tag` (VBP is spelt as VB), None where it has no such reading."""
        found = [words for own, words in self.readings(form) if own == {"VBP": "VB"}.get(tag, tag)]
        return found[0] if found else None

    def is_users(self, form: int, step: Step, tag: str) -> bool:
        """Say whether a user gave a form candidates."""
        within = [w for w in self.reading(form, tag) or [] if field(w, CandidateBits.SENSE) < step.first]
        return any(field(word, CandidateBits.REGISTER) & Register.USER for word in within)

    def allowed(self, form: int, step: Step, tag: str) -> list[tuple[int, int]]:
        """Return the forms that may stand in for a form, with their weights."""
        return [
            (field(word, CandidateBits.FORM), field(word, CandidateBits.WEIGHT))
            for word in self.reading(form, tag) or []
            if field(word, CandidateBits.SENSE) < step.first and is_allowed(word, step)
        ]


def is_allowed(word: int, step: Step) -> bool:
    """Say whether a candidate is frequent and neutral enough, or a user's own."""
    register = {bit for bit in Register if field(word, CandidateBits.REGISTER) & bit}
    if Register.USER in register:
        return True
    return field(word, CandidateBits.ZIPF) >= step.second and register <= {bit for bit in Register if step.third & bit}


@dataclass
class Row:
    """One output row: a source row's tokens and the key it draws under."""

    data: bytes
    tokens: list[Token]
    key: tuple[int, int]
    words: Words

    def token(self, t: int) -> Token | None:
        return self.tokens[t] if 0 <= t < len(self.tokens) else None

    def gap(self, t: int) -> tuple[int, int] | None:
        """Return the byte range between tokens t - 1 and t where it is nothing but blanks of one line."""
        left, right = self.token(t - 1), self.token(t)
        if left is None or right is None or not self.data[left.end : right.start]:
            return None
        return None if self.data[left.end : right.start].strip(b" \t") else (left.end, right.start)

    def touches(self, t: int) -> bool:
        """Say whether token t stands against token t + 1."""
        return self.tokens[t].end == self.tokens[t + 1].start

    def is_free(self, t: int) -> bool:
        token = self.tokens[t]
        tied = token.flags & (TokenFlag.JOINED | TokenFlag.CLITIC) or token.mask & (Guard.KIND | Guard.HARD)
        return token.kind == TokenKind.WORD and not tied

    def fits(self, t: int, step: Step) -> bool:
        """Say whether word t may be drawn for a step."""
        if step.action == Action.SYNONYM:
            return self.is_free(t) and self.words.is_replaceable(self.tokens[t].form)
        after = self.token(t + 1)
        hosts = after is not None and after.flags & TokenFlag.CLITIC and self.touches(t)
        return self.is_free(t) and not hosts

    def group(self, t: int, step: Step, random: int, *, insists: bool) -> Group | None:
        """Return what a step makes of word t by a random number, None where it leaves it."""
        return self.synonym(t, step, random, insists=insists) if step.action == Action.SYNONYM else self.deletion(t)

    def article_of(self, t: int) -> int | None:
        """Return the place of word t's article: white space, and up to three marks against the word, between."""
        marks = t - 1
        while marks >= max(0, t - 3) and self.tokens[marks].kind == TokenKind.PUNCT and self.touches(marks):
            marks -= 1
        if marks < 0 or self.touches(marks) or not self.words.is_article(self.tokens[marks].form):
            return None
        return None if self.tokens[marks].flags & (TokenFlag.JOINED | TokenFlag.CLITIC) else marks

    def agreement(self, article: int, before: int, follower: int) -> Group | None:
        """Return the edits, none or one, that make an article agree with form `before`; None: it may not."""
        token, form = self.tokens[article], self.words.article(before)
        if token.form == form:
            return []
        if token.mask & Guard.HARD:
            return None
        case = token.flags & MIXED
        if token.end - token.start == 1 and case == TokenFlag.TITLE:
            case = TokenFlag.UPPER if self.tokens[follower].flags & MIXED == TokenFlag.UPPER else case
        cell = 2 * article + 1
        return [Planned(cell, frozenset({cell}), Edit(token.start, token.end, form, int(case), repair=1))]

    def is_in_phrase(self, t: int) -> bool:
        """Say whether token t is one of two to four that are a phrase of the pack as they stand."""
        starts, end = range(max(0, t - 3), t + 1), len(self.tokens)
        windows = [self.tokens[a:b] for a in starts for b in range(max(a + 2, t + 1), min(a + 4, end) + 1)]
        return any(self.is_phrase(window) for window in windows)

    def is_phrase(self, tokens: list[Token]) -> bool:
        """Say whether tokens, with what stands between them, are a phrase."""
        text = self.words.unicode.fold(self.data[tokens[0].start : tokens[-1].end].decode())
        return " " in text and text in self.words.ids

    def synonym(self, t: int, step: Step, random: int, *, insists: bool) -> Group | None:
        """Return the group that replaces token t by a synonym, its article agreeing.

        What its candidates lack of 65,535 is the chance that it is left alone, but for a user's words and insistence.
        """
        token = self.tokens[t]
        if self.is_in_phrase(t):
            return None
        allowed = self.words.allowed(token.form, step, TAGS[token.tag])
        sums = [*accumulate(weight for _, weight in allowed)]
        if not sums:
            return None
        sure = insists or self.words.is_users(token.form, step, TAGS[token.tag])
        ticket = below(random, sums[-1] if sure else 65_535)
        if ticket >= sums[-1]:
            return None
        form, _ = allowed[bisect(sums, ticket)]
        article = self.article_of(t)
        repaired = [] if article is None else self.agreement(article, form, t)
        kept = frozenset(range(2 * (t if article is None else article) + 1, 2 * t + 2))
        edit = Edit(token.start, token.end, form, token.flags & MIXED)
        return None if repaired is None else [*repaired, Planned(2 * t + 1, kept, edit)]

    def deletion(self, t: int) -> Group | None:
        """Return the group that deletes token t, the article before it agreeing with the word after."""
        article, after, removal = self.article_of(t), self.token(t + 1), self.removal(t)
        if article is None:
            return [removal]
        if article != t - 1 or after is None or after.form < 0:
            return None
        repaired = self.agreement(article, after.form, t + 1)
        removal = removal._replace(kept=frozenset(range(2 * article + 1, 2 * (t + 1) + 2)))
        return None if repaired is None else [*repaired, removal]

    def removal(self, t: int) -> Planned:
        """Return the edit that takes token t and one gap: the one before, else the one after, else neither."""
        start, end = self.tokens[t].start, self.tokens[t].end
        for gap in (t, t + 1):
            if (blanks := self.gap(gap)) and not self.tokens[gap].mask & Guard.GAP:
                cells = frozenset({2 * t + 1, 2 * gap})
                return Planned(min(cells), cells, Edit(min(start, blanks[0]), max(end, blanks[1])))
        return Planned(2 * t + 1, frozenset({2 * t + 1}), Edit(start, end))
