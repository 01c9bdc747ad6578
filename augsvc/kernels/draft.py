"""What proposing edits works with: text and language, the drawn word, drafted edits, articles that agree."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64

from augsvc.kernels import chars
from augsvc.kernels.forms import first_reading, form_flags
from augsvc.kernels.jit import inline
from augsvc.rulecode import Glances
from augsvc.types import (
    TAGS,
    Arena,
    Articles,
    Bytes,
    EditField,
    Flag,
    FormFlag,
    Guard,
    Int,
    Int32s,
    Int64s,
    PackTables,
    TokenColumns,
    TokenFlag,
    TokenKind,
    Uint32s,
)

PUNCT = int(TokenKind.PUNCT)
JOINED, CLITIC, TITLE, UPPER, MIXED = (
    int(f) for f in (TokenFlag.JOINED, TokenFlag.CLITIC, TokenFlag.TITLE, TokenFlag.UPPER, TokenFlag.MIXED)
)
VOWEL, HARD = int(FormFlag.VOWEL), int(Guard.HARD)
VB, VBP = TAGS.index("VB"), TAGS.index("VBP")
START, END, FORM, CASE, REPAIR, GROUP, STEP, SIZE, SOURCE, SOURCE_END, CELL, CLAIM, CLAIM_END = (
    int(field) for field in EditField
)

WRAPPING = 3
"""Most opening quotes and brackets that may stand between an article and its word."""


class Scene(NamedTuple):
    """The text that is edited, and the language it is in."""

    data: Bytes
    tokens: TokenColumns
    tables: PackTables
    articles: Articles
    arena: Arena
    strings: Bytes  # the operations' own: each after a byte with its size
    glances: Glances  # which patterns of the operations may begin where: see kernels/glance.py


class Step(NamedTuple):
    """One operation of a pass, as numbers: a row of a program's steps, int64[P, 10]."""

    operation: Int  # u32, names its draws
    action: Int  # Action
    rate: Int  # share of the row's words, in units of 2**-32
    least: Int  # fewest and most groups of edits a row
    most: Int
    first: Int  # SYNONYM, INSERTION: how many senses; RULES: where in the code it is; TEXT: 1 after a word, else 0
    second: Int  # SYNONYM, INSERTION: the least frequency in units of 1/32; RULES: its variants, as bits; TEXT: strings
    third: Int  # SYNONYM, INSERTION: the registers allowed; RULES: how words are misspelt
    text: Int = 0  # where in the program's strings, or for RULES in its glances, its own begin
    gate: Int = -1  # the gate that must be open for a row, -1 for none


class Program(NamedTuple):
    """A pass as numbers."""

    steps: Int64s  # [P, 10] a Step in each row
    gates: Int64s  # [G, 6] a Gate of `augsvc.kernels.gates` in each row
    limit: Int  # the share of a row's words that may change, in units of 2**-32; NO_LIMIT, or WHAT_IS_LEFT


class Site(NamedTuple):
    """A drawn word: a token of the row [first, stop), with the step that drew it and the u32 that decides its edits.

    `insists`: every word has been drawn once and more edits are wanted.
    """

    token: Int
    first: Int
    stop: Int
    step: Step
    random: Int
    insists: Flag
    seen: Int32s  # glances at the row's tokens; see kernels/glance.py


class Draws(NamedTuple):
    """Whose randomness: N output rows, each a copy of a source row."""

    keys: Uint32s  # [N, 3] the words of the key and the field
    source: Int64s  # [N] the row of the batch that an output row comes from


NO_LIMIT, WHAT_IS_LEFT = -1, -2
"""Limits that are no share: as many words as there are, and as many as the pass before has left."""


@inline
def put(draft: Int32s, at: Int, start: Int, end: Int, cell: Int, form: Int, case: Int) -> None:
    """Write one edit that claims its own cell."""
    row = draft[at]
    row[START], row[END], row[FORM], row[CASE] = int32(start), int32(end), int32(form), int32(case)
    row[REPAIR], row[SOURCE] = int32(0), int32(-1)
    row[CELL], row[CLAIM], row[CLAIM_END] = int32(cell), int32(cell), int32(cell + 1)


@inline
def blank(data: Bytes, start: Int, end: Int) -> Flag:
    """Say whether data[start:end] is a gap of spaces on one line, and not empty."""
    for i in range(start, end):
        if data[i] != chars.SPACE and data[i] != chars.TAB:
            return False
    return end > start


@inline
def hosts_clitic(tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a clitic is written onto this token."""
    return token + 1 < stop and tokens.flags[token + 1] & CLITIC != 0 and tokens.start[token + 1] == tokens.end[token]


@inline
def hosts_negation(scene: Scene, token: Int, stop: Int) -> Flag:
    """Say whether n't is written onto this token, so that it is part of a compound only because of that."""
    after = int64(scene.data[scene.tokens.end[token]]) if hosts_clitic(scene.tokens, token, stop) else int64(0)
    return bool(after | chars.CASE == chars.N)


@inline
def shouts(scene: Scene, token: Int) -> Flag:
    """Say whether a clitic, whose case is no flag of it, ends in a capital."""
    last = int64(scene.data[scene.tokens.end[token] - 1])
    return scene.tokens.flags[token] & CLITIC != 0 and chars.UPPER_A <= last <= chars.UPPER_Z


@inline
def article_before(scene: Scene, token: Int, first: Int) -> Int:
    """Return the indefinite article before a word, opening quotes and brackets between them or not; -1 for none."""
    tokens, at = scene.tokens, token - 1
    while (
        at >= first and token - at <= WRAPPING and tokens.kind[at] == PUNCT and tokens.end[at] == tokens.start[at + 1]
    ):
        at -= 1
    # nor is what is written against another word one, as in "plan-a" or "'a"
    if at < first or tokens.end[at] == tokens.start[at + 1] or tokens.flags[at] & (JOINED | CLITIC):
        return int64(-1)
    form = int64(tokens.form[at])
    return at if form >= 0 and (form == scene.articles.consonant or form == scene.articles.vowel) else int64(-1)


@inline
def article_case(tokens: TokenColumns, article: Int, neighbour: Int) -> Int:
    """Return the case for a changed article: AN before shouted words, though A alone looks like a title."""
    flags = tokens.flags[article] & MIXED
    if flags == TITLE and tokens.end[article] - tokens.start[article] == 1 and tokens.flags[neighbour] & MIXED == UPPER:
        return int64(UPPER)
    return int64(flags)


@inline
def agree(scene: Scene, first: Int, article: Int, neighbour: Int, vowel: Flag, draft: Int32s, at: Int) -> Int:
    """Write what makes an article agree with what now stands at `neighbour`; return the next index, -1 if it may not.

    `first` is the first token of the row, `vowel` says whether a vowel sound follows.

    The article keeps the case of a title or of shouted words around it.
    """
    tokens = scene.tokens
    wanted = scene.articles.vowel if vowel else scene.articles.consonant
    if wanted == tokens.form[article]:
        return at
    if tokens.mask[article] & HARD:
        return int64(-1)
    case = article_case(tokens, article, neighbour)
    put(draft, at, tokens.start[article], tokens.end[article], 2 * (article - first) + 1, wanted, case)
    draft[at, REPAIR] = int32(1)
    return at + 1


@inline
def sounds_vowel(form: Int, tables: PackTables) -> Flag:
    """Say whether a form takes "an"."""
    return form_flags(form, tables) & VOWEL != 0


@inline
def reading_of(form: Int, tag: Int, tables: PackTables) -> Int:
    """Return the most frequent reading of a form as `tag`, -1 where it has none."""
    slot = VB if tag == VBP else tag
    for reading in range(first_reading(form, tables), first_reading(form + 1, tables)):
        if int64(tables.reading_head[reading]) & 255 == slot:
            return int64(reading)
    return int64(-1)
