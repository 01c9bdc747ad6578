"""What the tagger sees of a token and of its neighbours, as 64-bit keys of its features."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import int64, uint64

from augsvc.kernels.jit import inline
from augsvc.types import SEEN, TAGS, Bytes, Flag, Int, PackTables, TokenColumns, TokenFlag, TokenKind, Uint64s

WORD, NUMBER, PUNCT, SYMBOL = (int(TokenKind[name]) for name in ("WORD", "NUMBER", "PUNCT", "SYMBOL"))
FIRST, CLITIC, MIXED = int(TokenFlag.FIRST), int(TokenFlag.CLITIC), int(TokenFlag.MIXED)

NNP, NNPS, NNS = (1 << TAGS.index(tag) for tag in ("NNP", "NNPS", "NNS"))
NAMEABLE = sum(1 << TAGS.index(tag) for tag in ("NN", "NNS", "JJ", "VBG", "VBN", "NNPS"))
"""Tags of words that names are made of: with a capital inside a sentence they may be part of one."""


FEATURES = 20
"""How many features a token has."""

READ = 24
"""How many bytes of a word its shape looks at: enough for any real word, and a bound for what is none."""

FOLDED = np.arange(256, dtype=np.uint8)
"""Bytes as affixes spell them: ASCII letters in lower case, digits as 0."""
FOLDED[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = [*b"abcdefghijklmnopqrstuvwxyz"]
FOLDED[[*b"0123456789"]] = ord("0")

INNER = np.zeros(256, np.uint8)
"""What a byte adds to the shape of an unknown word: 8 for a hyphen or point, 16 for a digit, 128 for a letter."""
INNER[[*b"-."]] = 8
INNER[[*b"0123456789"]] = 16
INNER[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = 128


class Facts(NamedTuple):
    """A token as its neighbours see it; all u64."""

    word: Int  # hash of the folded word where the tagger knows it, else one number for each kind
    lexical: Int  # the lexical class: which parts of speech and inflections dictionaries give the form
    shape: Int
    ending: Int  # the last three bytes
    tags: Int  # the tags it may take, as a bit mask


@inline
def affix(data: Bytes, start: Int, end: Int, size: Int) -> Int:
    """Return the last `size` bytes of a word, folded, as one number; 1 stands for each byte that it lacks."""
    packed: Int = uint64(0)
    for k in range(size):
        byte = uint64(FOLDED[data[end - 1 - k]]) if end - 1 - k >= start else uint64(1)
        packed = packed << uint64(8) | byte
    return packed


@inline
def prefix(data: Bytes, start: Int, end: Int, size: Int) -> Int:
    """Return the first `size` bytes of a word, folded, as one number; 1 stands for each byte that it lacks."""
    packed: Int = uint64(0)
    for k in range(size):
        byte = uint64(FOLDED[data[start + k]]) if start + k < end else uint64(1)
        packed = packed << uint64(8) | byte
    return packed


@inline
def shape_of(data: Bytes, tokens: TokenColumns, token: Int) -> Int:
    """Return the shape of a token, 0 ... 255: how a word is written, what kind of thing another token is.

    0-95 words: case (TokenFlag >> 4) + 4 first of its sentence + 8 hyphen or point + 16 digit, the last two of unknown
    words alone, + 32 clitic, + 64 one byte; 96-127 other kinds, numbers with letters apart; 128-255 marks, by hash.
    """
    kind = int64(tokens.kind[token])
    if kind == PUNCT or kind == SYMBOL:
        return int64(128) + int64((tokens.hash[token] * uint64(0x9E3779B97F4A7C15)) >> uint64(57))
    start, end = int64(tokens.start[token]), int64(tokens.end[token])
    inner: Int = int64(0)
    if kind != WORD or tokens.form[token] < 0:
        for i in range(start, min(end, start + READ)):
            inner |= int64(INNER[data[i]])
    if kind != WORD:
        return int64(96) + 2 * kind + (inner >> 7)
    flags = int64(tokens.flags[token])
    shape = (flags & MIXED) >> 4 | (flags & FIRST) << 2 | inner & 24
    if flags & CLITIC:
        return shape | 32
    return shape | 64 if end - start == 1 else shape


@inline
def allowed(tokens: TokenColumns, token: Int, shape: Int, tables: PackTables) -> Int:
    """Return the tags that a token may take, as a bit mask; a single one needs no scoring."""
    form = int64(tokens.form[token])
    if form < 0:
        return uint64(tables.shape_tags[shape])
    tags = uint64(tables.class_tags[tables.form_class[form]])
    if shape & 3:
        several = tags & (tags - uint64(1)) != 0
        inside = tokens.flags[token] & FIRST == 0
        if several or (inside and tags & uint64(NAMEABLE) != 0):
            tags |= uint64(NNP)
        if inside and tags & uint64(NNS) != 0:
            tags |= uint64(NNPS)
    return tags


@inline
def facts_of(data: Bytes, tokens: TokenColumns, token: Int, tables: PackTables) -> Facts:
    """Return what a token's neighbours see of it."""
    form, kind = int64(tokens.form[token]), int64(tokens.kind[token])
    shape = shape_of(data, tokens, token)
    word, lexical = uint64(1 + kind), uint64(0x7F00 + kind)
    if form >= 0:
        found = int64(tables.class_lexical[tables.form_class[form]])
        lexical = uint64(found & (SEEN - 1))
        word = uint64(tokens.hash[token]) if found & SEEN else word
    elif kind == PUNCT or kind == SYMBOL:
        word = uint64(tokens.hash[token])
    ending = affix(data, int64(tokens.start[token]), int64(tokens.end[token]), 3)
    return Facts(word, lexical, uint64(shape), ending, allowed(tokens, token, shape, tables))


class Window(NamedTuple):
    """A token's facts and those of two neighbours on each side; beyond the sentence's ends stands BEYOND."""

    left2: Facts
    left: Facts
    own: Facts
    right: Facts
    right2: Facts


@inline
def beyond() -> Facts:
    """Return the facts that stand for what is outside the sentence."""
    edge = uint64(99)
    return Facts(edge, edge, edge, edge, edge)


@inline
def opens(tokens: TokenColumns, token: Int, first: Int) -> Flag:
    """Say whether a sentence begins at a token: at its row's first, and at the first word of each further one."""
    return bool(token == first or tokens.flags[token] & FIRST != 0)


@inline
def mix(template: Int, a: Int, b: Int) -> Int:
    """Return the key of a feature: a template's number and its two values, by the finalizer of SplitMix64."""
    h = (a ^ (uint64(template) * uint64(0x9E3779B97F4A7C15))) * uint64(0xBF58476D1CE4E5B9)
    h = ((h ^ (h >> uint64(29))) + b) * uint64(0x94D049BB133111EB)
    return h ^ (h >> uint64(32))


@inline
def written(facts: Facts) -> Int:
    """Return lexical class and shape as one number."""
    return facts.lexical << uint64(8) | facts.shape


@inline
def window_of(
    data: Bytes, tokens: TokenColumns, token: Int, own: Facts, first: Int, stop: Int, tables: PackTables
) -> Window:
    """Return what the tagger sees around a token of the row [first, stop), and of it: nothing beyond its sentence."""
    begins = opens(tokens, token, first)
    second = begins or opens(tokens, token - 1, first)
    ends = token + 1 >= stop or opens(tokens, token + 1, first)
    soon = ends or token + 2 >= stop or opens(tokens, token + 2, first)
    return Window(
        beyond() if second else facts_of(data, tokens, token - 2, tables),
        beyond() if begins else facts_of(data, tokens, token - 1, tables),
        own,
        beyond() if ends else facts_of(data, tokens, token + 1, tables),
        beyond() if soon else facts_of(data, tokens, token + 2, tables),
    )


@inline
def feature_keys(data: Bytes, start: Int, end: Int, near: Window, keys: Uint64s) -> None:
    """Write the keys of the FEATURES features of the word data[start:end].

    The templates are those of Ratnaparkhi's tagger (1996) and Collins's (2002), with lexical classes and with the tags
    that neighbours may take in place of those they were given: that loses nothing, and a token's tag depends on no
    other's.
    """
    none, spread = uint64(0), uint64(0x9E3779B97F4A7C15)
    left2, left, own, right, right2 = near
    keys[0] = mix(0, own.word, none)
    keys[1] = mix(1, own.ending >> uint64(8), none)
    keys[2] = mix(2, affix(data, start, end, 4), none)
    keys[3] = mix(3, prefix(data, start, end, 3), none)
    keys[4] = mix(4, own.shape, none)
    keys[5] = mix(5, own.lexical, none)
    keys[6] = mix(6, own.ending >> uint64(16), own.shape)
    keys[7] = mix(7, left.word, none)
    keys[8] = mix(8, right.word, none)
    keys[9] = mix(9, left2.word, none)
    keys[10] = mix(10, right2.word, none)
    keys[11] = mix(11, left.ending, none)
    keys[12] = mix(12, own.word, right.word)
    keys[13] = mix(13, written(right), none)
    keys[14] = mix(14, written(left), own.shape)
    keys[15] = mix(15, left.shape << uint64(16) | own.shape << uint64(8) | right.shape, none)
    keys[16] = mix(16, right.tags, own.tags)
    keys[17] = mix(17, own.word, left.word)
    keys[18] = mix(18, left.tags ^ own.tags * spread, left2.tags)
    keys[19] = mix(19, own.lexical, left.word)
