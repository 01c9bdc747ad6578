"""Edits that are placed rather than fitted: words that are inserted, exchanged or masked."""

from __future__ import annotations

from numpy import int32, int64

from augsvc.kernels import chars
from augsvc.kernels.arena import append, append_byte, capitalise
from augsvc.kernels.compose import has_capital, leads, sound_at, stirred
from augsvc.kernels.draft import (
    SIZE,
    SOURCE,
    SOURCE_END,
    Scene,
    Site,
    Step,
    agree,
    hosts_clitic,
    put,
    sounds_vowel,
)
from augsvc.kernels.forms import form_flags, text_end, text_start
from augsvc.kernels.jit import inline
from augsvc.kernels.rewrite import REPLACE, clash, mend, put_text
from augsvc.kernels.rng import below
from augsvc.types import Flag, FormFlag, Guard, Int, Int32s, TokenColumns, TokenFlag, TokenKind

WORD, PUNCT = int(TokenKind.WORD), int(TokenKind.PUNCT)
JOINED, CLITIC, UPPER, MIXED = (int(TokenFlag[n]) for n in ("JOINED", "CLITIC", "UPPER", "MIXED"))
KIND, HARD, GAP, NAME = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP), int(FormFlag.NAME)


@inline
def is_own(tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a token is an unguarded word of its own, no part of another and no host of a clitic."""
    if tokens.kind[token] != WORD or tokens.mask[token] & (KIND | HARD) or tokens.flags[token] & (JOINED | CLITIC):
        return False
    return not hosts_clitic(tokens, token, stop)


@inline
def takes_after(tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether something may be inserted after a token: a word that nothing but a mark is written against."""
    if tokens.kind[token] != WORD or tokens.flags[token] & JOINED:
        return False
    if token + 1 == stop:
        return bool(tokens.mask[token] & HARD == 0)
    if tokens.mask[token + 1] & GAP:
        return False
    if tokens.start[token + 1] > tokens.end[token]:
        return True
    # a protected stretch may hold both
    return bool(tokens.kind[token + 1] == PUNCT and tokens.mask[token] & tokens.mask[token + 1] & HARD == 0)


@inline
def put_after(scene: Scene, site: Site, token: Int, composed: Int, draft: Int32s, at: Int) -> None:
    """Write the insertion of composed text after a token; it claims the gap alone."""
    end = int64(scene.tokens.end[token])
    put(draft, at, end, end, 2 * (token + 1 - site.first), -2 - composed, 0)
    draft[at, SIZE] = int32(scene.arena.used[0] - composed)


@inline
def fill_text(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Write one of a step's strings in the place of a drawn word, or after it; return the next index."""
    step, strings, arena = site.step, scene.strings, scene.arena
    place = step.text
    for _ in range(below(stirred(site.random, int64(1)), step.second)):
        place += 1 + int64(strings[place])
    composed = int64(arena.used[0])
    if step.first and not append_byte(chars.SPACE, arena):
        return at
    if not append(strings, place + 1, place + 1 + int64(strings[place]), arena):
        return at
    if step.first:
        put_after(scene, site, site.token, composed, draft, at)
    else:
        put_text(scene, site, REPLACE, composed, site.token, site.token + 1, draft, at)
    return at + 1


@inline
def place_after(scene: Scene, site: Site) -> Int:
    """Return a random token of the row after which something may be inserted, -1 for none."""
    count = site.stop - site.first
    start = below(stirred(site.random, int64(1)), count)
    for turn in range(count):
        token = site.first + (start + turn) % count
        if takes_after(scene.tokens, token, site.stop):
            return token
    return int64(-1)


@inline
def fill_insertion(scene: Scene, site: Site, form: Int, draft: Int32s, at: Int) -> Int:
    """Write the insertion of a form at a random place, an article before it agreeing; return the next index."""
    tokens, tables, arena = scene.tokens, scene.tables, scene.arena
    token, begin = place_after(scene, site), at
    if token < 0:
        return begin
    before = int64(tokens.form[token])
    if before >= 0 and (before == scene.articles.consonant or before == scene.articles.vowel):
        at = agree(scene, site.first, token, token, sounds_vowel(form, tables), draft, at)
        if at < 0:
            return begin
    composed = int64(arena.used[0])
    if not append_byte(chars.SPACE, arena):
        return begin
    if not append(tables.text_blob, text_start(form, tables), text_end(form, tables), arena):
        return begin
    if tokens.flags[token] & MIXED == UPPER:
        capitalise(arena.data, composed, int64(arena.used[0]))
    put_after(scene, site, token, composed, draft, at)
    return at + 1


@inline
def partner(scene: Scene, site: Site) -> Int:
    """Return another word of the row, by chance, that may change places with the drawn one, -1 for none."""
    tokens, count = scene.tokens, site.stop - site.first
    start = below(stirred(site.random, int64(1)), count)
    for turn in range(count):
        token = site.first + (start + turn) % count
        if is_own(tokens, token, site.stop) and tokens.hash[token] != tokens.hash[site.token]:
            return token
    return int64(-1)


@inline
def fill_swap(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Write the exchange of the drawn word for another, articles agreeing; return the next index.

    What comes to open a sentence gets its capital, which what goes loses unless it may be a name.
    """
    tokens, arena, begin, other = scene.tokens, scene.arena, at, partner(scene, site)
    for turn in range(2 if other >= 0 else 0):
        own, moved = (site.token, other) if turn == 0 else (other, site.token)
        composed = int64(arena.used[0])
        if not append(scene.data, int64(tokens.start[moved]), int64(tokens.end[moved]), arena):
            return begin
        named = has_capital(scene, moved) or form_flags(int64(tokens.form[moved]), scene.tables) & NAME != 0
        if leads(scene, moved) and not named and chars.UPPER_A <= arena.data[composed] <= chars.UPPER_Z:
            arena.data[composed] += chars.CASE
        if leads(scene, own):
            capitalise(arena.data, composed, composed + 1)
        put_text(scene, site, REPLACE, composed, own, own + 1, draft, at)
        draft[at, SOURCE], draft[at, SOURCE_END] = tokens.start[moved], tokens.end[moved]
        at = mend(scene, site, own, own, sound_at(scene, moved, site.stop), draft, at + 1)
        if at < 0:
            return begin
    return begin if clash(draft, begin, at) else at


@inline
def may_be_placed(step: Step, tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a string may be put after a token, or in its place."""
    return takes_after(tokens, token, stop) if step.first else is_own(tokens, token, stop)
