"""Penn tags by an averaged perceptron over hashed features, worked out where somebody asks.

A token's tag depends on the words around it and on no other tag, so tagging one token gives what tagging all gives.
Words that may take but one tag, nearly half of all, have it without scoring.
"""

from __future__ import annotations

from numpy import int64, uint8, uint32, uint64

from augsvc.kernels.features import (
    FEATURES,
    Window,
    beyond,
    facts_of,
    feature_keys,
    opens,
    window_of,
)
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.machine import load64, trailing_zeros
from augsvc.kernels.scratch import scratch
from augsvc.types import TAGS, UNTAGGED, Bytes, Int, PackTables, TokenColumns, Uint32s, Uint64s

LANES = 16
"""Tags that are scored together; most words may take none but the first 16, those of nouns, verbs and adjectives."""

PLANES = -(-len(TAGS) // LANES)
"""Weights are laid out in planes of LANES tags, so that what is asked for most lies close together."""


@inline
def rows_of(tables: PackTables) -> Int:
    """Return how many rows of weights each plane has."""
    return int64(tables.feature_weight.shape[0] // (PLANES * LANES))


@inline
def find_rows(keys: Uint64s, tables: PackTables) -> None:
    """Replace the keys by the numbers of their rows of weights: the last row, whose weights are 0, for most.

    A key's bucket is two slots side by side. No branch asks what is found: the answers are as good as random.
    """
    mask, none = uint64(tables.feature_slot.shape[0] // 2 - 1), uint64(rows_of(tables) - 1)
    for k in range(FEATURES):
        bucket = (keys[k] & mask) << uint64(1)
        one, other = uint64(tables.feature_slot[bucket]), uint64(tables.feature_slot[bucket | uint64(1)])
        second = other & uint64(0xFFFF) if other >> uint64(16) == keys[k] >> uint64(48) else none
        keys[k] = one & uint64(0xFFFF) if one >> uint64(16) == keys[k] >> uint64(48) else second


@inline
def sum_weights(rows: Uint64s, plane: Int, totals: Uint64s, tables: PackTables) -> None:
    """Fill totals[4] with the sums of a plane's weights, four of 16 bits each.

    Lanes 0 to 7 are bytes of one word, so a word is added up as its even and its odd lanes: totals[0] and [1]; 8 to 15
    are totals[2] and [3]. FEATURES * 255 fits in 16 bits.
    """
    begin, pairs = plane * rows_of(tables) * LANES, uint64(0x00FF00FF00FF00FF)
    even, odd, even8, odd8 = uint64(0), uint64(0), uint64(0), uint64(0)
    for k in range(FEATURES):
        at = begin + int64(rows[k]) * LANES
        low, high = load64(tables.feature_weight, at), load64(tables.feature_weight, at + 8)
        even += low & pairs
        odd += low >> uint64(8) & pairs
        even8 += high & pairs
        odd8 += high >> uint64(8) & pairs
    totals[0], totals[1], totals[2], totals[3] = even, odd, even8, odd8


@inline
def best_tag(tags: Int, rows: Uint64s, tables: PackTables) -> Int:
    """Return the tag of the highest sum of weights among `tags`, a bit mask; the lowest number of equals."""
    totals = scratch()
    best: Int = int64(0)
    highest: Int = int64(-1)
    summed: Int = int64(-1)
    while tags != uint64(0):
        tag = trailing_zeros(tags)
        if tag // LANES != summed:
            summed = tag // LANES
            sum_weights(rows, summed, totals, tables)
        lanes = totals[uint64(tag & 8) >> uint64(2) | uint64(tag & 1)]
        total = int64(lanes >> uint64((tag & 6) << 3) & uint64(0xFFFF))
        if total > highest:
            best, highest = tag, total
        tags &= tags - uint64(1)
    return best


@inline
def only_tag(tags: Int) -> Int:
    """Return the tag of a bit mask of one, -1 for several."""
    return trailing_zeros(tags) if tags & (tags - uint64(1)) == uint64(0) else int64(-1)


@inline
def scored(data: Bytes, tokens: TokenColumns, token: Int, near: Window, tables: PackTables) -> Int:
    """Return the tag that suits a token's window best."""
    keys = scratch()
    feature_keys(data, int64(tokens.start[token]), int64(tokens.end[token]), near, keys)
    find_rows(keys, tables)
    return best_tag(near.own.tags, keys, tables)


@inline
def tag_at(data: Bytes, tokens: TokenColumns, token: Int, first: Int, stop: Int, tables: PackTables) -> Int:
    """Return the tag of a token of the row [first, stop); work it out, and write it, if nobody has."""
    if tokens.tag[token] != UNTAGGED:
        return int64(tokens.tag[token])
    own = facts_of(data, tokens, token, tables)
    tag = only_tag(own.tags)
    if tag < 0:
        tag = scored(data, tokens, token, window_of(data, tokens, token, own, first, stop, tables), tables)
    tokens.tag[token] = uint8(tag)
    return tag


@inline
def tag_row(data: Bytes, tokens: TokenColumns, first: Int, stop: Int, tables: PackTables) -> None:
    """Tag all tokens of a row, reading each only once."""
    left2, left = beyond(), beyond()
    own = facts_of(data, tokens, first, tables)
    right = facts_of(data, tokens, first + 1, tables) if first + 1 < stop else beyond()
    for token in range(first, stop):
        if opens(tokens, token, first):
            left2, left = beyond(), beyond()
        right2 = facts_of(data, tokens, token + 2, tables) if token + 2 < stop else beyond()
        tag = only_tag(own.tags)
        if tag < 0:
            ends = token + 1 >= stop or opens(tokens, token + 1, first)
            soon = ends or token + 2 >= stop or opens(tokens, token + 2, first)
            near = Window(left2, left, own, beyond() if ends else right, beyond() if soon else right2)
            tag = scored(data, tokens, token, near, tables)
        tokens.tag[token] = uint8(tag)
        left2, left, own, right = left, own, right, right2


@kernel
def tag(data: Bytes, tokens: TokenColumns, tables: PackTables) -> None:
    """Fill tokens.tag for every token of every row of a batch."""
    for row in range(tokens.first.shape[0] - 1):
        first, stop = tokens.first[row], tokens.first[row + 1]
        if stop > first:
            tag_row(data, tokens, first, stop, tables)


@kernel
def fill_features(keys: Uint64s, slots: Uint32s) -> None:
    """Fill `slots` (u32[2**k]), buckets of two, with {16 bits of key, 16 bits of row} for K < 2**16 features.

    A feature whose bucket is full is left out: the first come, the heaviest, are served. A free slot leads to row K,
    which must hold zeros: a key may look like the free slot's.
    """
    free = uint32(0xFFFF0000 | keys.shape[0])
    slots[:] = free
    mask = uint64(slots.shape[0] // 2 - 1)
    for row in range(keys.shape[0]):
        slot = (keys[row] & mask) << uint64(1)
        if slots[slot] != free:
            slot |= uint64(1)
        if slots[slot] == free:
            slots[slot] = uint32(keys[row] >> uint64(48)) << uint32(16) | uint32(row)
