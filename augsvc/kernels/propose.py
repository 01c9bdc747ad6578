"""What a drawn word becomes: the kinds of edit that operations are made of, worked out one word at a time.

A kind says which words it fits at a glance (`fits`), and only for a word that was drawn is the rest worked out
(`fill`): its tag, its replacement, what else must change with it. It may still decline, and another word is drawn.
"""

from __future__ import annotations

from numpy import int32, int64

from augsvc.kernels.draft import (
    CLAIM,
    CLAIM_END,
    Scene,
    Site,
    Step,
    agree,
    article_before,
    put,
    reading_of,
    sounds_vowel,
)
from augsvc.kernels.forms import first_reading, form_mass
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import prefetch
from augsvc.kernels.phrases import in_phrase
from augsvc.kernels.place import fill_insertion, fill_swap, fill_text, is_own, may_be_placed
from augsvc.kernels.rewrite import put_removal
from augsvc.kernels.rng import below
from augsvc.kernels.rules import fill_rules
from augsvc.kernels.tag import tag_at
from augsvc.types import (
    COMMON_SENSES,
    COMMON_ZIPF,
    ZIPF_UNIT,
    Action,
    CandidateBits,
    Flag,
    Guard,
    Int,
    Int32s,
    PackTables,
    Register,
    TokenColumns,
    TokenFlag,
)

MIXED = int(TokenFlag.MIXED)
KIND, HARD, FIT = int(Guard.KIND), int(Guard.HARD), int(Guard.FIT)
SYNONYM, DELETION, RULES, INSERTION, TEXT = (
    int(Action[n]) for n in ("SYNONYM", "DELETION", "RULES", "INSERTION", "TEXT")
)
USER = int(Register.USER)
ZIPF, SENSE, REGISTER, WEIGHT = (int(CandidateBits[n]) for n in ("ZIPF", "SENSE", "REGISTER", "WEIGHT"))
FORM_MASK = (1 << ZIPF) - 1
COMMON = int(COMMON_ZIPF * ZIPF_UNIT)
WHOLE = 2**16 - 1
"""What the weights of a reading's candidates sum to where each of its senses has synonyms."""


@inline
def allowed_weight(candidate: Int, step: Step) -> Int:
    """Return the weight of a candidate's u64, 0 where its frequency or register is not allowed, a user's apart."""
    register = candidate >> REGISTER & 255
    allowed = candidate >> ZIPF & 255 >= step.second and register & ~step.third == 0
    return candidate >> WEIGHT if allowed or register & USER else int64(0)


@inline
def may_take(form: Int, site: Site, tables: PackTables) -> Flag:
    """Say whether some reading of a form may take the site's random number, so that it matters which is meant."""
    step = site.step
    common = step.first <= COMMON_SENSES and step.second >= COMMON and step.third == 0
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
        if candidate >> SENSE & 255 >= step.first:
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
        if candidate >> SENSE & 255 >= site.step.first:
            break
        left -= allowed_weight(candidate, site.step)
        if left < 0:
            return candidate & FORM_MASK
    return int64(-1)


@inline
def fill_synonym(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Write the replacement of a word by a synonym in its inflection, with its article; return the next index.

    An insertion writes the synonym elsewhere, beside the word.
    """
    tokens, tables, token = scene.tokens, scene.tables, site.token
    if not may_take(int64(tokens.form[token]), site, tables):
        return at
    if in_phrase(scene.data, tokens, token, site.first, site.stop, tables):
        return at
    prefetch_candidates(int64(tokens.form[token]), tables)
    # a tag costs more than all else here, so it is asked for last
    tag = tag_at(scene.data, tokens, token, site.first, site.stop, tables)
    reading = reading_of(int64(tokens.form[token]), tag, tables)
    form = candidate_of(reading, site, tables) if reading >= 0 else int64(-1)
    if form < 0:
        return at
    if site.step.action == INSERTION:
        return fill_insertion(scene, site, form, draft, at)
    cell = 2 * (token - site.first) + 1
    reach, begin = cell, at
    article = article_before(scene, token, site.first)
    if article >= 0:
        at = agree(scene, site.first, article, token, sounds_vowel(form, tables), draft, at)
        if at < 0:
            return begin
        # the article must not change, nor anything come between, whether it needed repair or not
        reach = 2 * (article - site.first) + 1
    put(draft, at, tokens.start[token], tokens.end[token], cell, form, tokens.flags[token] & MIXED)
    draft[at, CLAIM] = int32(reach)
    return at + 1


@inline
def fill_deletion(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Write the deletion of a word, an article before it agreeing with the word after; return the next index.

    Where an article would be left before something whose sound is not known, the word stays.
    """
    tokens, token, begin = scene.tokens, site.token, at
    article = article_before(scene, token, site.first)
    if article >= 0:
        after = int64(tokens.form[token + 1]) if article == token - 1 and token + 1 < site.stop else int64(-1)
        if after < 0:
            return begin
        at = agree(scene, site.first, article, token + 1, sounds_vowel(after, scene.tables), draft, at)
        if at < 0:
            return begin
    put_removal(scene, site, token, token + 1, draft, at)
    if article >= 0:
        # the agreement holds only while the article and the word after stay as they are
        cell = 2 * (token - site.first)
        draft[at, CLAIM], draft[at, CLAIM_END] = int32(cell - 1), int32(cell + 4)
    return at + 1


@inline
def fits(step: Step, tokens: TokenColumns, token: Int, stop: Int) -> Flag:
    """Say whether a step may be tried on a token, as far as a glance tells; for RULES see kernels/glance.py."""
    if step.action == SYNONYM or step.action == INSERTION:
        return bool(int64(tokens.mask[token]) & (FIT | KIND | HARD) == FIT)
    if step.action == TEXT:
        return may_be_placed(step, tokens, token, stop)
    return is_own(tokens, token, stop)


@inline
def fill(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Write the edits of a drawn word as one group from index `at` on; return the next index, `at` if it declines."""
    action = site.step.action
    if action == SYNONYM or action == INSERTION:
        return fill_synonym(scene, site, draft, at)
    if action == DELETION:
        return fill_deletion(scene, site, draft, at)
    if action == RULES:
        return fill_rules(scene, site, draft, at)
    return fill_text(scene, site, draft, at) if action == TEXT else fill_swap(scene, site, draft, at)
