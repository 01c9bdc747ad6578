"""Plain-Python twin of augsvc.kernels.features and tag: words as strings, features as dicts, weights by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from augsvc.types import TAGS, PackTables, TokenFlag, TokenKind

from .plain import Token

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
MARKS = {TokenKind.PUNCT, TokenKind.SYMBOL}
NNP, NNPS, NNS = (1 << TAGS.index(tag) for tag in ("NNP", "NNPS", "NNS"))
NAMEABLE = {TAGS.index(tag) for tag in ("NN", "NNS", "JJ", "VBG", "VBN", "NNPS")}


class Seen(NamedTuple):
    """What the tagger sees of a token."""

    word: int
    lexical: int
    shape: int
    ending: int
    tags: int


EDGE = Seen(99, 99, 99, 99, 99)


def bits(mask: int) -> list[int]:
    return [tag for tag in range(64) if mask >> tag & 1]


def folded(raw: bytes) -> bytes:
    return bytes(ord("0") if 48 <= byte <= 57 else byte for byte in raw.lower())


def last(raw: bytes, size: int) -> int:
    return int.from_bytes(folded(raw[-size:])[::-1].ljust(size, b"\1"), "big")


def start(raw: bytes, size: int) -> int:
    return int.from_bytes(folded(raw[:size]).ljust(size, b"\1"), "big")


def mix(template: int, a: int, b: int) -> int:
    h = (a ^ template * GOLDEN & MASK) * 0xBF58476D1CE4E5B9 & MASK
    h = ((h ^ h >> 29) + b) * 0x94D049BB133111EB & MASK
    return h ^ h >> 32


class Tagger:
    """The pack's tagger over plain dicts."""

    def __init__(self, tables: PackTables) -> None:
        self._tables = tables
        self._slots = tables.feature_slot.tolist()
        # planes of sixteen tags one after the other, each weight plus 128
        planes = np.split(tables.feature_weight.astype(np.int64) - 128, 4)
        self._weights = np.hstack([plane.reshape(-1, 16) for plane in planes]).tolist()

    def tags(self, raw: bytes, row: Sequence[Token]) -> list[int]:
        """Return the tags of a row's tokens, sentence by sentence."""
        cuts = [i for i, token in enumerate(row) if i == 0 or token.flags & TokenFlag.FIRST] or [0]
        found = []
        for begin, end in zip(cuts, [*cuts[1:], len(row)], strict=True):
            words = [raw[token.start : token.end] for token in row[begin:end]]
            seen = [self._seen(word, token) for word, token in zip(words, row[begin:end], strict=True)]
            padded = [EDGE, EDGE, *seen, EDGE, EDGE]
            found += [self._tag(word, padded[i : i + 5]) for i, word in enumerate(words)]
        return found

    def _seen(self, word: bytes, token: Token) -> Seen:
        shape = self.shape(word, token)
        key, lexical, tags = 1 + token.kind, 0x7F00 + token.kind, int(self._tables.shape_tags[shape])
        if token.form >= 0:
            number = int(self._tables.form_class[token.form])
            lexical = int(self._tables.class_lexical[number])
            key = token.hash if lexical >> 15 else key
            lexical &= 0x7FFF
            tags = self._capitalised(int(self._tables.class_tags[number]), shape, token.flags)
        elif token.kind in MARKS:
            key = token.hash
        return Seen(key, lexical, shape, last(word, 3), tags)

    @staticmethod
    def _capitalised(tags: int, shape: int, flags: int) -> int:
        if not shape & 3:
            return tags
        inside = not flags & TokenFlag.FIRST
        name = len(bits(tags)) > 1 or (inside and not NAMEABLE.isdisjoint(bits(tags)))
        tags |= NNP if name else 0
        return tags | NNPS if inside and tags & NNS else tags

    @staticmethod
    def shape(word: bytes, token: Token) -> int:
        """Return the number of a token's shape."""
        if token.kind in MARKS:
            return 128 + (token.hash * GOLDEN & MASK) // 2**57
        head = word[:24]
        letters = any(bytes([byte]).isalpha() for byte in head)
        if token.kind != TokenKind.WORD:
            return 96 + 2 * token.kind + letters
        shape = token.flags // 16 % 4 + 4 * (token.flags & TokenFlag.FIRST)
        if token.form < 0:
            shape += 8 * (b"-" in head or b"." in head) + 16 * any(48 <= byte <= 57 for byte in head)
        if token.flags & TokenFlag.CLITIC:
            return shape + 32
        return shape + 64 if len(word) == 1 else shape

    def _tag(self, word: bytes, near: Sequence[Seen]) -> int:
        possible = bits(near[2].tags)
        if len(possible) == 1:
            return possible[0]
        rows = [row for key in self._keys(word, near) for row in [self._row(key)] if row]
        return max(possible, key=lambda tag: (sum(row[tag] for row in rows), -tag))

    @staticmethod
    def _keys(word: bytes, near: Sequence[Seen]) -> list[int]:
        left2, left, own, right, right2 = near
        shapes = left.shape << 16 | own.shape << 8 | right.shape
        pairs = [
            (own.word, 0), (last(word, 2), 0), (last(word, 4), 0), (start(word, 3), 0), (own.shape, 0),
            (own.lexical, 0), (last(word, 1), own.shape), (left.word, 0), (right.word, 0), (left2.word, 0),
            (right2.word, 0), (left.ending, 0), (own.word, right.word), (right.lexical << 8 | right.shape, 0),
            (left.lexical << 8 | left.shape, own.shape), (shapes, 0), (right.tags, own.tags), (own.word, left.word),
            (left.tags ^ own.tags * GOLDEN & MASK, left2.tags), (own.lexical, left.word),
        ]  # fmt: skip
        return [mix(template, a, b) for template, (a, b) in enumerate(pairs)]

    def _row(self, key: int) -> list[int] | None:
        bucket = 2 * (key % (len(self._slots) // 2))
        found = [value & 0xFFFF for value in self._slots[bucket : bucket + 2] if value >> 16 == key >> 48]
        return self._weights[found[0]] if found else None
