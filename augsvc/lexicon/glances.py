"""What a glance at a token tells of the patterns of a program's operations: see kernels/glance.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from augsvc.rulecode import HASH_SHIFT, NUMBERED, SIDES, UNKNOWN, Glances, PageField, WordField
from augsvc.types import TAGS, Int64s, PackTables, Uint64s

NOTHING_SEEN = Glances(*np.zeros((3, 1), np.uint64))
"""Of a program without rules."""

ROOM = 8
"""Slots for each word, at least: most words are none of these, and see so in the first slot."""

CAPITAL = [TAGS.index("NNP"), TAGS.index("NNPS")]
EVERY_TAG = (1 << len(TAGS)) - 1


def glances_of(entries: Sequence[int], tables: PackTables) -> Glances:
    """Return what glances tell of the patterns of operations, by where their entries in the pack's code are."""
    if not entries:
        return NOTHING_SEEN
    pages = [page for entry in entries for page in pages_of(entry, tables.rule_code)]
    words = [_words(page, tables.rule_code) for page in pages]
    hashes, places = np.unique(np.concatenate([rows[:, WordField.HASH] for rows in words]), return_index=True)
    forms = np.concatenate([rows[:, WordField.FORM] for rows in words])[places].view(np.int64)
    # a word looks like others of its class until patterns name it
    classes = len(tables.class_tags)
    plain = np.where(forms >= 0, 2 * tables.form_class[forms].astype(np.int64), 2 * classes + UNKNOWN - 1 - forms)
    alike = np.stack([plain, plain + (forms >= 0)], axis=1).ravel()
    rows = []
    for page, own in zip(pages, words, strict=True):
        of_class = _by_class(page, tables)
        changed = of_class[alike].reshape(len(hashes), 2, SIDES)
        at = np.searchsorted(hashes, own[:, WordField.HASH])
        banned, named = (own[:, None, first : first + SIDES] for first in (WordField.BANNED, WordField.NAMED))
        changed[at] = changed[at] & ~banned | named
        rows += [of_class.ravel(), changed.ravel()]
    tags = _tags_by_class(tables)
    return Glances(np.concatenate(rows), np.concatenate([tags, tags[alike]]), _slots(hashes))


def pages_of(entry: int, code: Int64s) -> list[Int64s]:
    """Return the pages of an operation's entry."""
    return [code[entry + 1 :][len(PageField) * page :][: len(PageField)] for page in range(int(code[entry]))]


def _words(page: Int64s, code: Int64s) -> Uint64s:
    """Return a page's words, u64[W, WordField]."""
    size, place = WordField.BANNED + SIDES, int(page[PageField.WORDS])
    return code[place : place + size * int(page[PageField.WORD_COUNT])].view(np.uint64).reshape(-1, size)


def _by_class(page: Int64s, tables: PackTables) -> Uint64s:
    """Return a page's sets for each word class, without a capital and with one, and for UNKNOWN and so on."""
    place = int(page[PageField.TAGS])
    by_tag = tables.rule_code[place : place + SIDES * (len(TAGS) + 3)].view(np.uint64).reshape(-1, SIDES)
    small = np.zeros((len(tables.class_tags), SIDES), np.uint64)
    for tag, row in enumerate(by_tag[: len(TAGS)]):
        small |= np.where(tables.class_tags[:, None] >> np.uint64(tag) & np.uint64(1), row, np.uint64(0))
    capital = small | np.bitwise_or.reduce(by_tag[CAPITAL])
    return np.concatenate([np.stack([small, capital], axis=1).reshape(-1, SIDES), by_tag[len(TAGS) :]])


def _tags_by_class(tables: PackTables) -> Uint64s:
    names = np.uint64(sum(1 << tag for tag in CAPITAL))
    of_class = np.stack([tables.class_tags, tables.class_tags | names], axis=1).ravel()
    return np.concatenate([of_class, np.full(3, EVERY_TAG, np.uint64)])


def _slots(hashes: Uint64s) -> Uint64s:
    """Return a table of hashes, each with its number from 1, that is searched from h >> HASH_SHIFT & mask on."""
    mask = (1 << (ROOM * len(hashes)).bit_length()) - 1
    slots = np.zeros(mask + 1, np.uint64)
    entries = hashes >> np.uint64(NUMBERED) << np.uint64(NUMBERED) | np.arange(1, len(hashes) + 1, dtype=np.uint64)
    at = (hashes >> np.uint64(HASH_SHIFT)).astype(np.int64) & mask
    left = np.arange(len(hashes))
    while len(left):
        # the first of those that want one free slot has it; the others go on to the next
        free = left[slots[at[left]] == 0]
        places, first = np.unique(at[free], return_index=True)
        slots[places] = entries[free[first]]
        left = np.setdiff1d(left, free[first], assume_unique=True)
        at[left] = at[left] + 1 & mask
    return slots
