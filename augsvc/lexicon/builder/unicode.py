"""The Unicode tables of a pack: two-stage tables of scanner class and simple lower case.

Classes come from `unicodedata2`, whose version is recorded in the pack; lower case from `str.lower`, which Unicode's
stability policy fixes for assigned letters, and for newer ones from the name of their pair.
"""

from __future__ import annotations

import numpy as np
import unicodedata2  # type: ignore[import-not-found, unused-ignore]

from augsvc.types import Bytes, CharClass, Int32s, Uint16s

VERSION: str = unicodedata2.unidata_version
"""Version of the Unicode Character Database behind the tables."""

PAGE = 128

_CATEGORY = {
    "Lu": CharClass.UPPER,
    "Lt": CharClass.UPPER,
    "L": CharClass.LOWER,
    "M": CharClass.MARK,
    "N": CharClass.DIGIT,
    "Z": CharClass.SPACE,
    "P": CharClass.PUNCT,
    "S": CharClass.SYMBOL,
}
_CONTROL_SPACES = frozenset("\t\n\v\f\r\x85")  # White_Space although their category is Cc
_JOINERS = frozenset("\u200c\u200d\xad\u2060\ufeff")  # invisible, inside words
_UNSEGMENTED = ("CJK ", "IDEOGRAPHIC ", "HIRAGANA", "KATAKANA", "HALFWIDTH KAT", "THAI ", "LAO ", "KHMER ", "MYANMAR ")


def tables() -> tuple[Uint16s, Bytes, Int32s]:
    """Return (page u16[0x110000 / 128], class u8[P * 128], lower-case delta i32[P * 128]), equal pages stored once."""
    numbers: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    pages = []
    for start in range(0, 0x110000, PAGE):
        characters = [chr(point) for point in range(start, start + PAGE)]
        page = (tuple(map(char_class, characters)), tuple(map(fold_delta, characters)))
        pages.append(numbers.setdefault(page, len(numbers)))
    classes = np.array([classes for classes, _ in numbers], np.uint8)
    deltas = np.array([deltas for _, deltas in numbers], np.int32)
    return np.array(pages, np.uint16), classes.reshape(-1), deltas.reshape(-1)


def char_class(character: str) -> CharClass:
    """Return what a code point is to the scanner."""
    category = unicodedata2.category(character)
    if character in _JOINERS:
        return CharClass.MARK
    if character in _CONTROL_SPACES:
        return CharClass.SPACE
    if category in {"Lo", "Lm"} and unicodedata2.name(character, "").startswith(_UNSEGMENTED):
        return CharClass.UNSEGMENTED
    return _CATEGORY.get(category, _CATEGORY.get(category[0], CharClass.OTHER))


def fold_delta(character: str) -> int:
    """Return the distance to a letter's simple lower case, 0 where that takes another number of UTF-8 bytes."""
    if unicodedata2.category(character) not in {"Lu", "Lt"}:
        return 0
    lower = _lower(character)
    same_size = len(lower) == 1 and len(lower.encode()) == len(character.encode())
    return ord(lower) - ord(character) if same_size else 0


def _lower(character: str) -> str:
    """By `str.lower`; a letter newer than Python's tables by the name of its pair."""
    lower = character.lower()
    if lower != character:
        return lower
    name = unicodedata2.name(character).replace("CAPITAL LETTER", "SMALL LETTER", 1)
    try:
        return str(unicodedata2.lookup(name))
    except KeyError:
        return character
