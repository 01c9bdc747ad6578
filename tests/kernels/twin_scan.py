"""Plain-Python twin of augsvc.kernels.scan, runs and words: the tokenizer as regular expressions.

They run over a skeleton of the text: ASCII as it is, every other character replaced by one that stands for its class,
but for the few that count by themselves. So no expression depends on the Unicode version of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from augsvc.types import CharClass, TokenFlag, TokenKind

from .twin_match import Unicode

STAND_INS = dict(zip(CharClass, "\u0378éÉ\u0301\u0660\xa0¡©中", strict=True))
THEMSELVES = "’‐‑…"
LETTER = "A-Za-zéÉ"
NAME = r"0-9A-Za-z_\x80-\U0010ffff"
WIDE = r"\x80-\x9f\xa2-\xa8\xaa-\u200f\u2010\u2011\u201a-\u2025\u2027-\U0010ffff©"  # but spaces and punctuation
RUN = rf"0-9A-Za-z_{WIDE}#$%&'+\-./:=@\\~"
CLITIC = rf"(?:['’](?:[smd]|re|ve|ll)|n['’]t)(?![{LETTER}])"
DOMAIN = "com|org|net|edu|gov|io|co|uk|de|fr|eu|ca|au|us|ai|dev|app|info"

_clitic = re.compile(CLITIC, re.IGNORECASE)
_word = re.compile(rf"[{LETTER}](?:(?!{CLITIC})(?:[{LETTER}\u0301]|['’](?=[{LETTER}])))*", re.IGNORECASE)
_unsegmented = re.compile("中[中\u0301]*")
_mark = re.compile("(?s:.)\u0301*")
_joined_before = re.compile(r"[-/_&+=\\~#$%@.‐‑]\Z")
_joined_after = re.compile(rf"[-/_&+=\\~#$%@‐‑]|\.(?=[{LETTER}])|n['’]t(?![{LETTER}])", re.IGNORECASE)

_run = re.compile(rf"[{RUN}]+")
_html = re.compile(r"<[A-Za-z/!][^<>]*>")
_quoted = re.compile(r"`[^`\n]+`")
_www = re.compile("(?s)[Ww]{3}\\..")
_scheme = re.compile(rf"(?s)(?:(?!://).)*(?<=[{NAME}])://")
_url_rest = re.compile(r"[^\x00-\x20\"<>`{}|\x7f]*")
_tag = re.compile(rf"([@#])[{NAME}]+")
_email = re.compile(r"(?s)[^@]+@.[^.]*\..+")
_call = re.compile(rf"(?<=[{NAME}])\(\)")
_code = re.compile(r"(?s)[$/][A-Za-z]|~/|--[A-Za-z]|.*_|.+(?:[\\=].|::)")
_host = re.compile(rf"(?i)(?<=[{NAME}])\.(?:{DOMAIN})(?![A-Za-z])")
_dotted = re.compile(rf"(?<=[{NAME}])\.[A-Za-z]")
_digit = re.compile("[0-9\u0660]")
_thousands = re.compile(rf"(?:(?<=[0-9]),(?=[0-9])[{RUN}]+)*")


class Token(NamedTuple):
    """A token: its byte range in the row, its kind, and how it stands there."""

    start: int
    end: int
    kind: TokenKind
    flags: TokenFlag
    text: str


def trim(text: str) -> str:
    """Strip closing marks, but never the first character."""
    return text[:1] + text[1:].rstrip("!'),-.:;?]")


def special(skeleton: str, text: str, i: int) -> tuple[int, TokenKind] | None:
    """Return (length, kind) of a token that is not plain text at `i`, with what decides each kind in order."""
    for pattern, kind in ((_html, TokenKind.HTML), (_quoted, TokenKind.CODE)):
        if found := pattern.match(skeleton, i):
            return len(found[0]), kind
    if not (found := _run.match(skeleton, i)):
        return None
    run, trimmed = found[0], trim(found[0])
    if run[0] in "@#":
        tag = _tag.match(skeleton, i)
        return (len(tag[0]), TokenKind.MENTION if tag[1] == "@" else TokenKind.HASHTAG) if tag else None
    if _www.match(run) or _scheme.match(run):
        return to_end_of_url(skeleton, i, run), TokenKind.URL
    for match, length, kind in (
        (_email.fullmatch(trimmed), len(trimmed), TokenKind.EMAIL),
        (_call.match(skeleton, i + len(run)), len(run) + 2, TokenKind.CODE),
        (_code.match(trimmed), len(trimmed), TokenKind.CODE),
    ):
        if match:
            return length, kind
    return dotted_or_number(skeleton, i, run, trimmed)


def to_end_of_url(skeleton: str, i: int, run: str) -> int:
    """Return the length of a URL that begins with `run`."""
    rest = _url_rest.match(skeleton, i + len(run))
    assert rest
    return len(trim(run + rest[0]))


def dotted_or_number(skeleton: str, i: int, run: str, trimmed: str) -> tuple[int, TokenKind] | None:
    """Return a bare host name, an abbreviation with its full stop, or a number with its thousands."""
    if _host.search(trimmed):
        return to_end_of_url(skeleton, i, run) if "/" in trimmed else len(trimmed), TokenKind.URL
    if _dotted.search(trimmed):
        return len(trimmed) + run[len(trimmed) :].startswith("."), TokenKind.OTHER
    if not _digit.search(trimmed):
        return None
    rest = _thousands.match(skeleton, i + len(run))
    assert rest
    return len(trim(run + rest[0])), TokenKind.NUMBER


def case_of(text: str, unicode: Unicode) -> TokenFlag:
    """Return how a word is written, by the classes of its letters."""
    uppers = [unicode.char_class(c) == CharClass.UPPER for c in text if unicode.char_class(c) in (1, 2)]
    if uppers[:1] == [True] and not any(uppers[1:]):
        return TokenFlag.TITLE
    if all(uppers):
        return TokenFlag.UPPER
    return TokenFlag.MIXED if any(uppers) else TokenFlag(0)


class Scanner:
    """Tokenizes one row at a time."""

    def __init__(self, unicode: Unicode) -> None:
        self.unicode = unicode

    def skeleton(self, text: str) -> str:
        return "".join(c if c < "\x80" or c in THEMSELVES else STAND_INS[self.unicode.char_class(c)] for c in text)

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a row; words learn from those before whether they begin a sentence."""
        found, first, end = [], True, 0
        offsets = [0]
        for character in text:
            offsets.append(offsets[-1] + len(character.encode()))
        for i, stop, kind, flags in self.pieces(text):
            first = first or "\n" in text[end:i]
            begins = TokenFlag.FIRST if kind == TokenKind.WORD and first else TokenFlag(0)
            found.append(Token(offsets[i], offsets[stop], kind, flags | begins, text[i:stop]))
            mark = kind in (TokenKind.PUNCT, TokenKind.SYMBOL)
            first, end = (mark and (first or text[i] in ".!?…")) or (kind == TokenKind.HTML and first), stop
        return found

    def pieces(self, text: str) -> Iterator[tuple[int, int, TokenKind, TokenFlag]]:
        """Yield (start, end, kind, flags) in characters; a run found to be plain is cut up to its end."""
        skeleton, i, plain, host = self.skeleton(text), 0, 0, -1
        while i < len(text):
            if text[i] in " \t\n\v\f\r":
                i += 1
                continue
            if i >= plain:
                if found := special(skeleton, text, i):
                    yield i, i + found[0], found[1], TokenFlag(0)
                    i = host = i + found[0]
                    continue
                run = _run.match(skeleton, i)
                plain = run.end() if run and text[i] not in "@#" else i + 1
            stop, kind, flags = self.plain(skeleton, text, i, hosted=host == i)
            if kind is not None:
                yield i, stop, kind, flags
            host = stop if kind in (TokenKind.WORD, TokenKind.OTHER) else -1
            i = stop

    def plain(self, skeleton: str, text: str, i: int, *, hosted: bool) -> tuple[int, TokenKind | None, TokenFlag]:
        """Return (end, kind, flags) of the token at `i` of plain text; no kind for a space."""
        if hosted and (clitic := _clitic.match(skeleton, i)):
            return clitic.end(), TokenKind.WORD, TokenFlag.CLITIC
        if word := _word.match(skeleton, i):
            wide = TokenFlag(0) if text[i : word.end()].isascii() else TokenFlag.WIDE
            joined = _joined_before.search(skeleton, max(0, i - 1), i) or _joined_after.match(skeleton, word.end())
            flags = case_of(text[i : word.end()], self.unicode) | wide
            return word.end(), TokenKind.WORD, flags | TokenFlag.JOINED if joined else flags
        if unsegmented := _unsegmented.match(skeleton, i):
            return unsegmented.end(), TokenKind.OTHER, TokenFlag(0)
        found = self.unicode.char_class(text[i])
        if found == CharClass.SPACE:
            return i + 1, None, TokenFlag(0)
        mark = _mark.match(skeleton, i)
        assert mark
        return mark.end(), TokenKind.PUNCT if found == CharClass.PUNCT else TokenKind.SYMBOL, TokenFlag(0)
