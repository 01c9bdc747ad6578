"""What a rewrite rule does where its pattern is found: edits whose text is composed of copied and inflected words.

A rule's edits are one group that keeps every token of its match. Capitals follow the sentence: what comes to stand
first gets the capital of what stood there, which loses it unless it is a name; an article before keeps agreeing.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64

from augsvc.kernels import chars
from augsvc.kernels.arena import append_byte, capitalise
from augsvc.kernels.compose import (
    INSIDE,
    P_KIND,
    SAME,
    SET_CASE,
    UNKNOWN,
    VOWEL,
    W_PIECES,
    append_copy,
    compose,
    has_capital,
    leads,
    sound_at,
)
from augsvc.kernels.draft import (
    CELL,
    CLAIM,
    CLAIM_END,
    END,
    SIZE,
    SOURCE,
    SOURCE_END,
    START,
    Scene,
    Site,
    agree,
    article_before,
    blank,
    put,
)
from augsvc.kernels.jit import inline
from augsvc.kernels.pattern import HIGH, LOW
from augsvc.kernels.rulecode import word
from augsvc.rulecode import GLUE, Rewrite, RewriteField, RuleField
from augsvc.types import Flag, Guard, Int, Int32s, TokenFlag, TokenKind, Uint64s

FIRST, TITLE, UPPER, MIXED, CLITIC = (int(TokenFlag[n]) for n in ("FIRST", "TITLE", "UPPER", "MIXED", "CLITIC"))
WORD = int(TokenKind.WORD)
KIND, HARD, GAP = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP)
R_EDITS, R_COUNT = int(RuleField.EDITS), int(RuleField.COUNT)
W_KIND, W_FIRST, W_LAST, W_SOURCE, W_FREE = (
    int(RewriteField[name]) for name in ("KIND", "FIRST", "LAST", "SOURCE", "FREE")
)
REPLACE, DELETE, BEFORE, AFTER = (int(kind) for kind in Rewrite)
REWRITE_WORDS = len(RewriteField)


class Change(NamedTuple):
    """An edit of a rule, where in the code it is, and the tokens [first, stop) that it is about."""

    edit: Int
    kind: Int  # Rewrite
    first: Int
    stop: Int


@inline
def free(scene: Scene, edit: Int, spans: Uint64s) -> Flag:
    """Say whether the tokens of an edit's elements may be edited.

    What a rule names it may edit whatever kind of word it is; what it finds by its tag alone obeys the kinds.
    """
    code = scene.tables.rule_code
    unguarded = word(code, edit + W_FREE)
    for e in range(word(code, edit + W_FIRST), word(code, edit + W_LAST) + 1):
        guarded = HARD if unguarded >> e & 1 else HARD | KIND
        for token in range(int64(spans[2 * e]), int64(spans[2 * e + 1])):
            if scene.tokens.mask[token] & guarded:
                return False
    return True


@inline
def same(scene: Scene, at: Int, start: Int, end: Int) -> Flag:
    """Say whether the composed text from `at` on is data[start:end]."""
    arena = scene.arena
    if arena.used[0] - at != end - start:
        return False
    for i in range(end - start):
        if arena.data[at + i] != scene.data[start + i]:
            return False
    return True


@inline
def recase(scene: Scene, edit: Int, composed: Int, token: Int) -> None:
    """Write composed text with the capitals of the token whose place it takes; pieces that set case keep theirs."""
    arena, code = scene.arena, scene.tables.rule_code
    if word(code, word(code, edit + W_PIECES) + P_KIND) & (GLUE - 1) == SET_CASE:
        return
    flags = int64(scene.tokens.flags[token])
    if flags & MIXED == UPPER:
        capitalise(arena.data, composed, arena.used[0])
    elif flags & MIXED == TITLE and (flags & FIRST or not has_capital(scene, token)):
        capitalise(arena.data, composed, min(composed + 1, arena.used[0]))


@inline
def mend(scene: Scene, site: Site, token: Int, neighbour: Int, sound: Int, draft: Int32s, at: Int) -> Int:
    """Draft the repair of an article before a token where something that begins with `sound` comes to stand.

    Return the next index, -1 where the article would be wrong and may not change.
    """
    article = article_before(scene, token, site.first)
    if article < 0 or sound == SAME:
        return at
    if sound == UNKNOWN:
        return int64(-1)
    end = agree(scene, site.first, article, neighbour, sound == VOWEL, draft, at)
    if end >= at:
        # nor may anything come between them
        draft[at - 1, CLAIM] = min(int32(draft[at - 1, CLAIM]), int32(2 * (article - site.first) + 1))
    return end


@inline
def put_removal(scene: Scene, site: Site, first: Int, stop: Int, draft: Int32s, at: Int) -> None:
    """Write the edit that deletes tokens with the gap before them, else, if it is a word, with the gap after."""
    tokens, data = scene.tokens, scene.data
    start, end = int64(tokens.start[first]), int64(tokens.end[stop - 1])
    before = int64(tokens.end[first - 1]) if first > site.first else start
    after = int64(tokens.start[stop]) if stop < site.stop else end
    cell = 2 * (first - site.first)
    own = tokens.kind[first] == WORD and tokens.flags[first] & CLITIC == 0
    if tokens.mask[first] & GAP == 0 and blank(data, before, start):
        put(draft, at, before, end, cell, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))
    elif own and after > end and tokens.mask[stop] & GAP == 0 and blank(data, end, after):
        put(draft, at, start, after, cell + 1, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first) + 1)
    else:
        put(draft, at, start, end, cell + 1, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))


@inline
def change_of(scene: Scene, edit: Int, spans: Uint64s) -> Change:
    """Return an edit of a rule where its pattern was found."""
    code = scene.tables.rule_code
    first, last = word(code, edit + W_FIRST), word(code, edit + W_LAST)
    return Change(edit, word(code, edit + W_KIND), int64(spans[2 * first]), int64(spans[2 * last + 1]))


@inline
def passes_capital(scene: Scene, site: Site, change: Change) -> Int:
    """Return the word that is written anew because a sentence begins otherwise: -1 for none, -2 where it may not be.

    That is the word before which something is inserted, or the one after what is deleted.
    """
    tokens = scene.tokens
    if (change.kind != BEFORE and change.kind != DELETE) or not leads(scene, change.first):
        return int64(-1)
    # a deletion takes the gap before the word, too
    token, guarded = (change.first, HARD) if change.kind == BEFORE else (change.stop, HARD | GAP)
    if token >= site.stop or tokens.kind[token] != WORD:
        return int64(-1)
    return int64(-2) if tokens.mask[token] & guarded or tokens.flags[token] & CLITIC else token


@inline
def may(scene: Scene, site: Site, change: Change, spans: Uint64s) -> Flag:
    """Say whether an edit's words and the gaps between them, or the gap that it writes to, may be edited."""
    tokens, first, stop = scene.tokens, change.first, change.stop
    if change.kind == BEFORE:
        return bool(tokens.mask[first] & GAP == 0)
    if change.kind == AFTER:
        return bool(stop >= site.stop or tokens.mask[stop] & GAP == 0)
    for token in range(first + 1, stop):
        if tokens.mask[token] & GAP:
            return False
    return first < stop and free(scene, change.edit, spans)


@inline
def written(scene: Scene, site: Site, change: Change, spans: Uint64s) -> Int:
    """Compose what an edit writes, with a space where it is inserted; return as `compose` does."""
    code, kind, arena = scene.tables.rule_code, change.kind, scene.arena
    if kind == DELETE:
        return sound_at(scene, change.stop, site.stop)
    glued = word(code, word(code, change.edit + W_PIECES) + P_KIND) & GLUE
    if kind == AFTER and not glued and not append_byte(chars.SPACE, arena):
        return int64(-1)
    place = change.first if kind == REPLACE else int64(-1)
    sound = compose(scene, site, change.edit, spans, place, change.first if kind == BEFORE else change.stop)
    return int64(-1) if sound >= 0 and kind == BEFORE and not append_byte(chars.SPACE, arena) else sound


@inline
def put_text(scene: Scene, site: Site, kind: Int, composed: Int, first: Int, stop: Int, draft: Int32s, at: Int) -> None:
    """Write the edit that puts composed text in the place of tokens, or beside them."""
    tokens, form = scene.tokens, -2 - composed
    end = int64(tokens.end[stop - 1])
    if kind == BEFORE:
        put(draft, at, int64(tokens.start[first]), int64(tokens.start[first]), 2 * (first - site.first), form, 0)
    elif kind == AFTER:
        put(draft, at, end, end, 2 * (stop - site.first), form, 0)
    else:
        put(draft, at, int64(tokens.start[first]), end, 2 * (first - site.first) + 1, form, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))
    draft[at, SIZE] = int32(scene.arena.used[0] - composed)


@inline
def put_moved(scene: Scene, site: Site, change: Change, moved: Int, composed: Int, draft: Int32s, at: Int) -> Int:
    """Write an edit together with the word that gives or takes the capital of its sentence; return the next index."""
    if append_copy(scene, site, moved, moved + 1, int64(1 if change.kind == DELETE else INSIDE)) < 0:
        return int64(-1)
    capitalise(scene.arena.data, composed, composed + 1)
    put_text(scene, site, REPLACE, composed, change.first, moved + 1, draft, at)
    return at + 1


@inline
def put_change(scene: Scene, site: Site, change: Change, composed: Int, draft: Int32s, at: Int) -> Flag:
    """Write what an edit composed, or its deletion; say whether that changes anything."""
    tokens, first, stop = scene.tokens, change.first, change.stop
    if change.kind == DELETE:
        put_removal(scene, site, first, stop, draft, at)
        return True
    if change.kind == REPLACE:
        recase(scene, change.edit, composed, first)
        if same(scene, composed, int64(tokens.start[first]), int64(tokens.end[stop - 1])):
            return False
    put_text(scene, site, change.kind, composed, first, stop, draft, at)
    return True


@inline
def put_source(scene: Scene, change: Change, spans: Uint64s, draft: Int32s, at: Int) -> None:
    """Write where what an edit writes comes from, if it moves."""
    source = word(scene.tables.rule_code, change.edit + W_SOURCE)
    if source >= 0:
        draft[at, SOURCE] = scene.tokens.start[int64(spans[2 * (source & 255)])]
        draft[at, SOURCE_END] = scene.tokens.end[int64(spans[2 * (source >> 8) + 1]) - 1]


@inline
def write_edit(scene: Scene, site: Site, edit: Int, spans: Uint64s, draft: Int32s, at: Int) -> Int:
    """Write one edit of a rule; return the next index, `at` where there is nothing to do, -1 where it cannot be."""
    change, composed = change_of(scene, edit, spans), int64(scene.arena.used[0])
    deletes = change.kind == DELETE
    if deletes and change.first >= change.stop:
        return at
    moved = passes_capital(scene, site, change)
    if moved == -2 or not may(scene, site, change, spans):
        return int64(-1)
    sound = written(scene, site, change, spans)
    if sound < 0:
        return int64(-1)
    if moved >= 0:
        return put_moved(scene, site, change, moved, composed, draft, at)
    if not put_change(scene, site, change, composed, draft, at):
        return int64(-1)
    put_source(scene, change, spans, draft, at)
    if change.kind == AFTER:
        return at + 1
    return mend(scene, site, change.first, change.stop if deletes else change.first, sound, draft, at + 1)


@inline
def clash(draft: Int32s, begin: Int, end: Int) -> Flag:
    """Say whether two of a group's edits are about the same bytes."""
    for one in range(begin, end):
        for other in range(begin, one):
            if draft[one, CELL] == draft[other, CELL]:
                return True
            if draft[one, START] < draft[other, END] and draft[other, START] < draft[one, END]:
                return True
    return False


@inline
def rewrite(scene: Scene, site: Site, rule: Int, spans: Uint64s, draft: Int32s, at: Int) -> Int:
    """Draft all edits of a rule as one group; return the next index, `at` where one of them cannot be."""
    code, begin = scene.tables.rule_code, at
    for i in range(word(code, rule + R_COUNT)):
        at = write_edit(scene, site, word(code, rule + R_EDITS) + REWRITE_WORDS * i, spans, draft, at)
        if at < 0:
            return begin
    if clash(draft, begin, at):
        return begin
    if at > begin:
        low, high = 2 * (int64(spans[LOW]) - site.first) + 1, 2 * (int64(spans[HIGH]) - site.first)
        draft[begin, CLAIM] = min(int64(draft[begin, CLAIM]), low)
        draft[begin, CLAIM_END] = max(int64(draft[begin, CLAIM_END]), high)
    return at
