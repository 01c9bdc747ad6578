"""What patterns of rewrite rules may begin at a token, as far as a glance at it and its neighbours tells.

A glance at a token is a number: twice its word class, then those of UNKNOWN and so on, then twice that of a word that
patterns of the program name or do not take; one more with a capital. For each of them a program has rows of bits, the
patterns that may begin with such a token, have it before, and after (Glances of `augsvc.rulecode`). So all operations
share one look-up a token, all patterns of a page are looked at together, and what is drawn is seldom drawn in vain.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int32, int64, uint64

from augsvc.kernels.draft import Scene, Step
from augsvc.kernels.features import opens
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.rulecode import word
from augsvc.rulecode import HASH_SHIFT, NONE, NUMBERED, SIDES, UNKNOWN, UNKNOWN_NUMBER, Glances, PageField
from augsvc.types import Int, Int32s, Int64s, PackTables, TokenColumns, TokenFlag, TokenKind

NUMBER, MIXED = int(TokenKind.NUMBER), int(TokenFlag.MIXED)
OPENING, OPENED, VARIANTS = int(PageField.OPENING), int(PageField.OPENED), int(PageField.VARIANTS)
PAGE_WORDS = len(PageField)
ALL = 2**64 - 1


@inline
def word_number(h: Int, glances: Glances) -> Int:
    """Return the number of a word of the program's patterns, from 1, by its hash; 0 for another."""
    mask = int64(glances.slots.shape[0] - 1)
    slot = int64(h >> uint64(HASH_SHIFT)) & mask
    entry = glances.slots[uint64(slot)]
    # one branch, seldom taken: whether a word is one of these nobody can foretell
    while (entry != uint64(0)) & ((entry ^ h) >> uint64(NUMBERED) != uint64(0)):
        slot = (slot + 1) & mask
        entry = glances.slots[uint64(slot)]
    return int64(entry & uint64((1 << NUMBERED) - 1))


@inline
def glance(tokens: TokenColumns, token: Int, glances: Glances, tables: PackTables) -> Int:
    """Return what a glance at a token tells."""
    form, capital = int64(tokens.form[token]), int64(tokens.flags[token] & MIXED != 0)
    # no branch, and one place where the form is widened: LLVM 20 takes it for positive elsewhere once it is so in one
    known = 2 * int64(tables.form_class[max(form, int64(0))]) + capital
    classes = 2 * tables.class_tags.shape[0]
    other = classes + (UNKNOWN_NUMBER if tokens.kind[token] == NUMBER else UNKNOWN)
    named = classes + NONE + 1 + 2 * (word_number(tokens.hash[token], glances) - 1) + capital
    return int64(named if named > classes + NONE else known if form >= 0 else other)


@inline
def glance_at_row(scene: Scene, first: Int, stop: Int, seen: Int32s) -> None:
    """Fill seen[1:] with twice the glances at a row's tokens, one more for those that open a sentence."""
    for token in range(first, stop):
        number = glance(scene.tokens, token, scene.glances, scene.tables)
        seen[1 + token - first] = int32(2 * number + int64(opens(scene.tokens, token, first)))


@inline
def tags_at(seen: Int, glances: Glances) -> Int:
    """Return the tags that a token so seen may have, as bits."""
    return uint64(glances.tags[uint64(seen >> 1)])


class Page(NamedTuple):
    """A page of an operation's patterns, and where in a program's glances its rows begin."""

    wanted: Int  # those of the step's variants, as bits
    opening: Int
    opened: Int
    rows: Int
    none: Int  # the glance at no token


@inline
def of_variants(code: Int64s, sets: Int, variants: Int) -> Int:
    """Return a page's patterns of some variants; `sets` is where they are by variant."""
    wanted, left = uint64(0), uint64(variants)
    if left == uint64(ALL):
        return uint64(ALL)
    while left != uint64(0):
        wanted |= uint64(word(code, sets + trailing_zeros(left)))
        left &= left - uint64(1)
    return wanted


@inline
def page_of(scene: Scene, step: Step, number: Int) -> Page:
    """Return page `number` of a step's operation."""
    code, at = scene.tables.rule_code, step.first + 1 + PAGE_WORDS * number
    rows = step.text + SIDES * scene.glances.tags.shape[0] * number
    opening, opened = uint64(word(code, at + OPENING)), uint64(word(code, at + OPENED))
    wanted = of_variants(code, word(code, at + VARIANTS), step.second)
    return Page(wanted, opening, opened, rows, 2 * scene.tables.class_tags.shape[0] + NONE)


@inline
def begun(scene: Scene, page: Page, token: Int, first: Int, stop: Int, seen: Int32s) -> Int:
    """Return the patterns of a page that may begin at a token of a row, as bits."""
    rows, place = scene.glances.rows, token - first
    # what the array holds beyond the row is not looked at
    left, own, right = int64(seen[place]), int64(seen[place + 1]), int64(seen[place + 2])
    begins, ends = own & 1 != 0, token + 1 == stop or right & 1 != 0
    patterns = rows[uint64(page.rows + SIDES * (own >> 1))]
    before = rows[uint64(page.rows + SIDES * (page.none if begins else left >> 1) + 1)]
    after = rows[uint64(page.rows + SIDES * (page.none if ends else right >> 1) + 2)]
    opening = uint64(ALL) if begins else page.opening
    opened = uint64(ALL) if left & 1 else page.opened
    return uint64(patterns & before & after & page.wanted & opening & opened)


@inline
def find_begun(scene: Scene, step: Step, first: Int, stop: Int, seen: Int32s, sites: Int32s) -> Int:
    """Fill `sites` with the tokens of a row at which a pattern of a step may begin and return their number."""
    count = int64(0)
    for begin in range(first, stop, 64):
        found, end = uint64(0), min(begin + 64, stop)
        for number in range(word(scene.tables.rule_code, step.first)):
            page = page_of(scene, step, number)
            for token in range(begin, end):
                patterns = begun(scene, page, token, first, stop, seen)
                found |= uint64(patterns != uint64(0)) << uint64(token - begin)
        while found != uint64(0):
            sites[count] = int32(begin + trailing_zeros(found))
            found &= found - uint64(1)
            count += 1
    return count
