"""What a drawn word becomes: the kinds of edit that operations are made of, worked out one word at a time.

A kind says which words it fits at a glance (`fits`), and only for a word that was drawn is the rest worked out
(`fill`): its tag, its replacement, what else must change with it. It may still decline, and another word is drawn.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64

from augsvc.kernels import chars
from augsvc.kernels.forms import first_reading, form_flags, form_mass
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import prefetch
from augsvc.kernels.rng import below
from augsvc.kernels.tag import tag_at
from augsvc.types import (
    COMMON_SENSES,
    COMMON_ZIPF,
    TAGS,
    ZIPF_UNIT,
    Action,
    Articles,
    Bytes,
    CandidateBits,
    EditColumns,
    Flag,
    FormFlag,
    Guard,
    Int,
    Int32s,
    Int64s,
    PackTables,
    Register,
    TokenColumns,
    TokenFlag,
    TokenKind,
    Uint32s,
)

WORD, PUNCT = int(TokenKind.WORD), int(TokenKind.PUNCT)
JOINED, CLITIC, TITLE, UPPER, MIXED = (
    int(f) for f in (TokenFlag.JOINED, TokenFlag.CLITIC, TokenFlag.TITLE, TokenFlag.UPPER, TokenFlag.MIXED)
)
VOWEL = int(FormFlag.VOWEL)
KIND, HARD, GAP, FIT = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP), int(Guard.FIT)
SYNONYM = int(Action.SYNONYM)
USER = int(Register.USER)
ZIPF, SENSE, REGISTER, WEIGHT = (int(CandidateBits[n]) for n in ("ZIPF", "SENSE", "REGISTER", "WEIGHT"))
FORM_MASK = (1 << ZIPF) - 1
VB, VBP = TAGS.index("VB"), TAGS.index("VBP")
COMMON = int(COMMON_ZIPF * ZIPF_UNIT)
WHOLE = 2**16 - 1
"""What the weights of a reading's candidates sum to where each of its senses has synonyms."""

WRAPPING = 3
"""Most opening quotes and brackets that may stand between an article and its word."""


class Scene(NamedTuple):
    """The text that is edited, and the language it is in."""

    data: Bytes
    tokens: TokenColumns
    tables: PackTables
    articles: Articles


class Step(NamedTuple):
    """One operation of a pass, as numbers: a row of a program, int64[P, 8]."""

    operation: Int  # u32, names its draws
    action: Int  # Action
    rate: Int  # share of the row's words, in units of 2**-32
    least: Int  # fewest and most groups of edits a row
    most: Int
    senses: Int  # SYNONYM: how many senses, the least frequency, the registers allowed
    zipf: Int
    register: Int


class Draft(NamedTuple):
    """Edits of one row as they are drawn; an edit stands at `cell` and keeps [claim, claim_end) to its group."""

    edits: EditColumns
    cell: Int32s
    claim: Int32s
    claim_end: Int32s


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


@inline
def put(draft: Draft, at: Int, start: Int, end: Int, cell: Int, form: Int, case: Int) -> None:
    """Write one edit that claims its own cell."""
    edits = draft.edits
    edits.start[at], edits.end[at] = int32(start), int32(end)
    edits.form[at], edits.case[at], edits.repair[at] = int32(form), int32(case), int32(0)
    draft.cell[at], draft.claim[at], draft.claim_end[at] = int32(cell), int32(cell), int32(cell + 1)


@inline
def blank(data: Bytes, start: Int, end: Int) -> Flag:
    """Say whether data[start:end] is a gap of spaces on one line, and not empty."""
    for i in range(start, end):
        if data[i] != chars.SPACE and data[i] != chars.TAB:
            return False
    return end > start


@inline
def article_before(scene: Scene, site: Site) -> Int:
    """Return the indefinite article before a word, opening quotes and brackets between them or not; -1 for none."""
    tokens, at = scene.tokens, site.token - 1
    while (
        at >= site.first
        and site.token - at <= WRAPPING
        and tokens.kind[at] == PUNCT
        and tokens.end[at] == tokens.start[at + 1]
    ):
        at -= 1
    # nor is what is written against another word one, as in "plan-a" or "'a"
    if at < site.first or tokens.end[at] == tokens.start[at + 1] or tokens.flags[at] & (JOINED | CLITIC):
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
def agree(scene: Scene, site: Site, article: Int, neighbour: Int, form: Int, draft: Draft, at: Int) -> Int:
    """Write what makes an article agree with `form`, where `neighbour` stands; return the next index, -1 if it may not.

    The article keeps the case of a title or of shouted words around it.
    """
    tokens = scene.tokens
    wanted = scene.articles.vowel if form_flags(form, scene.tables) & VOWEL else scene.articles.consonant
    if wanted == tokens.form[article]:
        return at
    if tokens.mask[article] & HARD:
        return int64(-1)
    case = article_case(tokens, article, neighbour)
    put(draft, at, tokens.start[article], tokens.end[article], 2 * (article - site.first) + 1, wanted, case)
    draft.edits.repair[at] = int32(1)
    return at + 1


@inline
def reading_of(form: Int, tag: Int, tables: PackTables) -> Int:
    """Return the most frequent reading of a form as `tag`, -1 where it has none."""
    slot = VB if tag == VBP else tag
    for reading in range(first_reading(form, tables), first_reading(form + 1, tables)):
        if int64(tables.reading_head[reading]) & 255 == slot:
            return int64(reading)
    return int64(-1)


@inline
def allowed_weight(candidate: Int, step: Step) -> Int:
    """Return the weight of a candidate's u64, 0 where its frequency or register is not allowed, a user's apart."""
    register = candidate >> REGISTER & 255
    allowed = candidate >> ZIPF & 255 >= step.zipf and register & ~step.register == 0
    return candidate >> WEIGHT if allowed or register & USER else int64(0)


@inline
def may_take(form: Int, site: Site, tables: PackTables) -> Flag:
    """Say whether some reading of a form may take the site's random number, so that it matters which is meant."""
    step = site.step
    common = step.senses <= COMMON_SENSES and step.zipf >= COMMON and step.register == 0
    return site.insists or not common or below(site.random, WHOLE) >> 8 <= form_mass(form, tables)


@inline
def prefetch_candidates(form: Int, tables: PackTables) -> None:
    """Begin to fetch the candidates of a form's most frequent reading."""
    prefetch(tables.candidate_word, int64(tables.reading_head[first_reading(form, tables)] >> 8))


@inline
def total_weight(first: Int, stop: Int, step: Step, tables: PackTables) -> Int:
    """Return the sum of the weights of candidates that a step allows."""
    total = int64(0)
    for i in range(first, stop):
        candidate = int64(tables.candidate_word[i])
        if candidate >> SENSE & 255 >= step.senses:
            break
        total += allowed_weight(candidate, step)
    return total


@inline
def candidate_of(reading: Int, site: Site, tables: PackTables) -> Int:
    """Return the form that a site's random number draws from a reading's allowed candidates by weight, -1 for none.

    Weights of a reading sum to WHOLE where each of its senses has synonyms. What is missing, and what is not allowed,
    is the chance that the word means what none of the candidates does: then the word is left alone, unless the step
    `insists` for want of other words, or the user has given the word synonyms, which stand first.
    """
    first, stop = int64(tables.reading_head[reading] >> 8), int64(tables.reading_head[reading + 1] >> 8)
    limit: Int = int64(WHOLE)
    if site.insists or (first < stop and int64(tables.candidate_word[first]) >> REGISTER & USER):
        limit = total_weight(first, stop, site.step, tables)
    left = below(site.random, limit)
    for i in range(first, stop):
        candidate = int64(tables.candidate_word[i])
        if candidate >> SENSE & 255 >= site.step.senses:
            break
        left -= allowed_weight(candidate, site.step)
        if left < 0:
            return candidate & FORM_MASK
    return int64(-1)


@inline
def fill_synonym(scene: Scene, site: Site, draft: Draft, at: Int) -> Int:
    """Write the replacement of a word by a synonym in its inflection, with its article; return the next index."""
    tokens, tables, token = scene.tokens, scene.tables, site.token
    # a tag costs more than all else here, so it is asked for last
    if not may_take(int64(tokens.form[token]), site, tables):
        return at
    prefetch_candidates(int64(tokens.form[token]), tables)
    tag = tag_at(scene.data, tokens, token, site.first, site.stop, tables)
    reading = reading_of(int64(tokens.form[token]), tag, tables)
    form = candidate_of(reading, site, tables) if reading >= 0 else int64(-1)
    if form < 0:
        return at
    cell = 2 * (token - site.first) + 1
    reach, begin = cell, at
    article = article_before(scene, site)
    if article >= 0:
        at = agree(scene, site, article, token, form, draft, at)
        if at < 0:
            return begin
        # the article must not change, nor anything come between, whether it needed repair or not
        reach = 2 * (article - site.first) + 1
    put(draft, at, tokens.start[token], tokens.end[token], cell, form, tokens.flags[token] & MIXED)
    draft.claim[at] = int32(reach)
    return at + 1


@inline
def hosts_clitic(tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a clitic is written onto this token."""
    return token + 1 < stop and tokens.flags[token + 1] & CLITIC != 0 and tokens.start[token + 1] == tokens.end[token]


@inline
def remove(scene: Scene, site: Site, draft: Draft, at: Int) -> None:
    """Write the edit that deletes a word with the gap before it, else after it, else alone."""
    tokens, token, data = scene.tokens, site.token, scene.data
    start, end, cell = int64(tokens.start[token]), int64(tokens.end[token]), 2 * (token - site.first)
    before = int64(tokens.end[token - 1]) if token > site.first else start
    after = int64(tokens.start[token + 1]) if token + 1 < site.stop else end
    if tokens.mask[token] & GAP == 0 and blank(data, before, start):
        put(draft, at, before, end, cell, -1, 0)
        draft.claim_end[at] = int32(cell + 2)
    elif after > end and tokens.mask[token + 1] & GAP == 0 and blank(data, end, after):
        put(draft, at, start, after, cell + 1, -1, 0)
        draft.claim_end[at] = int32(cell + 3)
    else:
        put(draft, at, start, end, cell + 1, -1, 0)


@inline
def fill_deletion(scene: Scene, site: Site, draft: Draft, at: Int) -> Int:
    """Write the deletion of a word, an article before it agreeing with the word after; return the next index.

    Where an article would be left before something whose sound is not known, the word stays.
    """
    tokens, token, begin = scene.tokens, site.token, at
    article = article_before(scene, site)
    if article >= 0:
        after = int64(tokens.form[token + 1]) if article == token - 1 and token + 1 < site.stop else int64(-1)
        at = agree(scene, site, article, token + 1, after, draft, at) if after >= 0 else int64(-1)
        if at < 0:
            return begin
    remove(scene, site, draft, at)
    if article >= 0:
        # the agreement holds only while the article and the word after stay as they are
        cell = 2 * (token - site.first)
        draft.claim[at], draft.claim_end[at] = int32(cell - 1), int32(cell + 4)
    return at + 1


@inline
def fits(action: Int, tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a step of this action may be tried on a token, as far as a glance tells."""
    mask = int64(tokens.mask[token])
    if action == SYNONYM:
        return bool(mask & (FIT | KIND | HARD) == FIT)
    if tokens.kind[token] != WORD or mask & (KIND | HARD) or tokens.flags[token] & (JOINED | CLITIC):
        return False
    return not hosts_clitic(tokens, token, stop)


@inline
def fill(scene: Scene, site: Site, draft: Draft, at: Int) -> Int:
    """Write the edits of a drawn word as one group from index `at` on; return the next index, `at` if it declines."""
    if site.step.action == SYNONYM:
        return fill_synonym(scene, site, draft, at)
    return fill_deletion(scene, site, draft, at)


class Draws(NamedTuple):
    """Whose randomness: N output rows, each a copy of a source row."""

    keys: Uint32s  # [N, 2]
    source: Int64s  # [N] the row of the batch that an output row comes from
