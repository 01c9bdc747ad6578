"""What operations are made of: kernels that walk the tokens once and propose edits, in groups, in the text's order."""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint8

from augsvc.kernels import chars
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.rng import below, draw
from augsvc.types import (
    Bytes,
    EditColumns,
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

WORD = int(TokenKind.WORD)
JOINED, CLITIC, TITLE, UPPER, MIXED = (
    int(f) for f in (TokenFlag.JOINED, TokenFlag.CLITIC, TokenFlag.TITLE, TokenFlag.UPPER, TokenFlag.MIXED)
)
VOWEL = int(FormFlag.VOWEL)
KIND, HARD, GAP = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP)


class Draws(NamedTuple):
    """Whose randomness: N output rows, each a copy of a source row."""

    keys: Uint32s  # [N, 2]
    source: Int64s  # [N] the row of the batch that an output row comes from
    operation: Int  # u32


class Site(NamedTuple):
    """A token that an edit is proposed for, behind an article."""

    row: int  # output row
    token: int
    cell: int  # the token's own
    neighbour: int  # the word that the article will stand before


class Articles(NamedTuple):
    """The form ids of the indefinite article before consonants and before vowels; -1 in a language without."""

    consonant: Int
    vowel: Int


@inline
def put(
    edits: EditColumns, at: Int, row: Int, start: Int, end: Int, cell: Int, cells: Int, form: Int, case: Int
) -> None:
    """Write one edit; its group and whether it is a repair come after."""
    edits.row[at] = int32(row)
    edits.start[at] = int32(start)
    edits.end[at] = int32(end)
    edits.cell[at] = int32(cell)
    edits.cell_end[at] = int32(cell + cells)
    edits.form[at] = int32(form)
    edits.case[at] = uint8(case)
    edits.repair[at] = uint8(0)


@inline
def blank(data: Bytes, start: Int, end: Int) -> Flag:
    """Say whether data[start:end] is a gap of spaces on one line, and not empty."""
    for i in range(start, end):
        if data[i] != chars.SPACE and data[i] != chars.TAB:
            return False
    return end > start


@inline
def article_before(tokens: TokenColumns, token: Int, articles: Articles) -> Flag:
    """Say whether the token before is an indefinite article, with white space between."""
    form = int64(tokens.form[token - 1])
    found = form >= 0 and (form == articles.consonant or form == articles.vowel)
    return found and tokens.start[token] > tokens.end[token - 1]


@inline
def article_case(tokens: TokenColumns, token: Int, neighbour: Int) -> Int:
    """Return the case for a changed article: AN before shouted words, though A alone looks like a title."""
    flags = tokens.flags[token] & MIXED
    if flags == TITLE and tokens.end[token] - tokens.start[token] == 1 and tokens.flags[neighbour] & MIXED == UPPER:
        return int64(UPPER)
    return int64(flags)


@inline
def agree(
    tokens: TokenColumns, tables: PackTables, articles: Articles, edits: EditColumns, at: Int, site: Site, form: Int
) -> Int:
    """Write what makes a site's article agree with `form`, if anything; return the next index, -1 where it may not."""
    article = site.token - 1
    wanted = articles.vowel if tables.form_flags[form] & VOWEL else articles.consonant
    if wanted == tokens.form[article]:
        return at
    if tokens.mask[article] & HARD:
        return int64(-1)
    case = article_case(tokens, article, site.neighbour)
    put(edits, at, site.row, tokens.start[article], tokens.end[article], site.cell - 2, 1, wanted, case)
    edits.repair[at] = uint8(1)
    return at + 1


@inline
def pick(draws: Draws, row: Int, token: Int, first: Int, reading: Int, senses: Int, tables: PackTables) -> Int:
    """Return the form drawn from a reading's candidates of its `senses` most frequent senses, -1 where it has none."""
    start, end = int64(tables.reading_candidate[reading]), int64(tables.reading_candidate[reading + 1])
    stop = start
    while stop < end and int64(tables.candidate_sense[stop]) < senses:
        stop += 1
    if stop == start:
        return int64(-1)
    target = below(
        draw(draws.keys[row], draws.operation, token - first, 0), int64(tables.candidate_cumulative[stop - 1])
    )
    while int64(tables.candidate_cumulative[start]) <= target:
        start += 1
    return int64(tables.candidate_form[start])


@inline
def free(tokens: TokenColumns, token: Int) -> Flag:
    """Say whether a token is a word of its own that nothing protects."""
    guarded = tokens.mask[token] & (KIND | HARD) or tokens.flags[token] & (JOINED | CLITIC)
    return tokens.kind[token] == WORD and not guarded


@inline
def finish_group(edits: EditColumns, start: Int, at: Int, groups: Int) -> Int:
    """Number the edits from `start` on as one group, if there are any; return the number of groups."""
    for i in range(start, at):
        edits.group[i] = int32(groups)
    return groups + 1 if at > start else groups


@kernel
def propose_synonyms(
    tokens: TokenColumns,
    tables: PackTables,
    draws: Draws,
    articles: Articles,
    senses: Int,
    edits: EditColumns,
    group_rows: Int32s,
) -> Int:
    """Propose one synonym for each free word that has any, with its article repaired; return the number of edits.

    `group_rows` [N + 1] receives the first group of each output row.
    """
    at: Int = int64(0)
    groups: Int = int64(0)
    for row in range(draws.source.shape[0]):
        group_rows[row] = int32(groups)
        first, stop = tokens.first[draws.source[row]], tokens.first[draws.source[row] + 1]
        for token in range(first, stop):
            form = int64(tokens.form[token])
            if form < 0 or not free(tokens, token):
                continue
            reading = int64(tables.form_reading[form])
            if reading == int64(tables.form_reading[form + 1]):
                continue
            chosen = pick(draws, row, token, first, reading, senses, tables)
            if chosen < 0:
                continue
            start, cell = at, 2 * (token - first) + 1
            reach = cell
            if token > first and article_before(tokens, token, articles):
                at = agree(tokens, tables, articles, edits, at, Site(row, token, cell, token), chosen)
                if at < 0:
                    at = start
                    continue
                # the article must not change, nor anything come between, whether it needed repair or not
                reach = cell - 2
            case = tokens.flags[token] & MIXED
            put(edits, at, row, tokens.start[token], tokens.end[token], reach, cell + 1 - reach, chosen, case)
            at += 1
            groups = finish_group(edits, start, at, groups)
    group_rows[draws.source.shape[0]] = int32(groups)
    return at


@inline
def remove(
    data: Bytes, tokens: TokenColumns, edits: EditColumns, at: Int, row: Int, token: Int, first: Int, stop: Int
) -> Int:
    """Write the edit that deletes a word with the gap before it, else after it; return the next index."""
    start, end, cell = int64(tokens.start[token]), int64(tokens.end[token]), 2 * (token - first)
    before = int64(tokens.end[token - 1]) if token > first else start
    after = int64(tokens.start[token + 1]) if token + 1 < stop else end
    if tokens.mask[token] & GAP == 0 and blank(data, before, start):
        put(edits, at, row, before, end, cell, 2, -1, 0)
    elif after > end and tokens.mask[token + 1] & GAP == 0 and blank(data, end, after):
        put(edits, at, row, start, after, cell + 1, 2, -1, 0)
    else:
        put(edits, at, row, start, end, cell + 1, 1, -1, 0)
    return at + 1


@inline
def form_of(tokens: TokenColumns, token: Int, stop: Int) -> Int:
    """Return the form of the word at `token`, -1 where there is none that the pack knows."""
    return int64(tokens.form[token]) if token < stop else int64(-1)


@inline
def hosts_clitic(tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a clitic is written onto this token."""
    return token + 1 < stop and tokens.flags[token + 1] & CLITIC != 0 and tokens.start[token + 1] == tokens.end[token]


@kernel
def propose_deletions(
    data: Bytes,
    tokens: TokenColumns,
    tables: PackTables,
    draws: Draws,
    articles: Articles,
    edits: EditColumns,
    group_rows: Int32s,
) -> Int:
    """Propose to delete each free word, an article before it agreeing with the word after; return the number of edits.

    Where an article would be left before something whose sound is not known, the word stays.
    """
    at: Int = int64(0)
    groups: Int = int64(0)
    for row in range(draws.source.shape[0]):
        group_rows[row] = int32(groups)
        first, stop = tokens.first[draws.source[row]], tokens.first[draws.source[row] + 1]
        for token in range(first, stop):
            if not free(tokens, token) or hosts_clitic(tokens, token, stop):
                continue
            start, cell = at, 2 * (token - first) + 1
            agrees = token > first and article_before(tokens, token, articles)
            if agrees:
                after = form_of(tokens, token + 1, stop)
                site = Site(row, token, cell, token + 1)
                at = agree(tokens, tables, articles, edits, at, site, after) if after >= 0 else int64(-1)
                if at < 0:
                    at = start
                    continue
            at = remove(data, tokens, edits, at, row, token, first, stop)
            if agrees:
                # the agreement holds only while the word after stays as it is
                edits.cell[at - 1], edits.cell_end[at - 1] = int32(cell - 2), int32(cell + 3)
            groups = finish_group(edits, start, at, groups)
    group_rows[draws.source.shape[0]] = int32(groups)
    return at
