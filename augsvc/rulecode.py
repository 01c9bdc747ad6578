"""The code of rewrite rules, as the lexicon's builder writes it into a pack and the kernels read it."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

from augsvc.types import Uint64s


class PageField(IntEnum):
    """Up to 64 patterns of an operation in the pack's `rule.code`: an operation's entry is how many pages it has, then
    these words of each. Sets of patterns are bits by their numbers.
    """

    PATTERNS = 0  # where they are
    TAGS = 1  # where the sets by tag are, and by UNKNOWN and so on: see SIDES
    WORDS = 2  # where what words change about these sets is, in the order of their hashes: WordField
    WORD_COUNT = 3
    OPENING = 4  # the patterns that may begin with a word that opens no sentence
    OPENED = 5  # those before whose drawn word may stand one that opens none
    VARIANTS = 6  # where the patterns of each variant are


SIDES = 3
"""How many sets a tag has: the patterns that may begin with such a token, that may have it before, and after."""

UNKNOWN, UNKNOWN_NUMBER, NONE = range(3)
"""What a token may be at a glance beside the tags of its class: not in the pack, such a number, or not there."""


class WordField(IntEnum):
    """A word that patterns of a page name, or do not take: eight words."""

    HASH = 0
    FORM = 1  # -1 where the pack has it not, -2 for a number that it has not
    NAMED = 2  # the patterns that name it: SIDES sets
    BANNED = 5  # the patterns that do not take it whatever its tag: SIDES sets


class Glances(NamedTuple):
    """What glances at tokens tell of the patterns of a program's pages; G kinds of glance, see kernels/glance.py."""

    rows: Uint64s  # [SIDES * G * pages] the sets of each page, page by page
    tags: Uint64s  # [G] the tags that a token may have, as bits
    slots: Uint64s  # [2**k] words of the patterns by hash, each with a number from 1 in its NUMBERED lowest bits


NUMBERED, HASH_SHIFT = 20, 40
"""A hash h is searched in Glances.slots from slot h >> HASH_SHIFT on, modulo their number."""


class PatternField(IntEnum):
    """A pattern: five words."""

    ELEMENTS = 0  # where its elements are, in the order in which they are looked for
    LENGTH = 1  # how many
    RULES = 2  # where its rules begin
    COUNT = 3  # how many they are
    OPENS = 4  # 1 where its first token opens a sentence


class RuleField(IntEnum):
    """What a rule makes of its pattern: four words."""

    EDITS = 0  # where its edits begin
    COUNT = 1  # how many they are
    VARIANT = 2  # number of the variant that it belongs to
    WEIGHT = 3  # how often it is taken beside other rules that fit


class ElementField(IntEnum):
    """An element of a pattern: four words."""

    TAGS = 0  # the tags that it takes, as bits; -1 for any
    WORDS = 1  # the table of its words' hashes
    BANNED = 2  # the same for words that it does not take
    BITS = 3  # Element, and its number from NUMBER_BIT on


class Element(IntFlag):
    """What an element of a pattern asks beside words and tags, and where it is looked for."""

    NEEDED = 1  # at least one token
    MANY = 2  # as many tokens as suit it
    GLUED = 4  # written against the token before
    OPENS = 8  # begins a sentence
    FREE = 16  # may be edited although its kind is protected
    NAMED = 32  # takes only its words
    LOWER = 64  # without capitals
    TITLE = 128  # with a capital, the other letters small
    WORD = 256  # a word, not a mark or a number
    HYPERNYM = 512  # has a related word: by Relation, from this bit on
    HYPONYM = 1024
    ANTONYM = 2048
    TAGGED = 4096  # its tag will be asked for when the rule writes
    DRAWN = 8192  # it takes the drawn word
    AGAIN = 16384  # the drawn word was looked at before, but for its tag
    GLANCE = 32768  # its tag is asked for later
    LEFT = 65536  # left of what was found
    AGAINST = 131072  # nothing may stand between it and what was found
    APART = 262144  # of the two the one on the right begins a sentence


NUMBER_BIT = 24
"""Where in an element's bits its number begins."""

TABLE_BIT = 32
"""Where in the word that names a table of hashes its place begins, over how many slots it has.

A hash h is searched from slot (h >> 32) * slots >> 32 on, and after the last from the first; an empty slot is 0. Where
the slots are BY_FORM, so many words as the first one says have a bit for each form of the pack."""

BY_FORM = (1 << TABLE_BIT) - 1


class RewriteField(IntEnum):
    """An edit of a rule: eight words."""

    KIND = 0  # Rewrite
    FIRST = 1  # the elements that it is about, the last one included
    LAST = 2
    PIECES = 3  # where what it writes begins
    COUNT = 4
    SOURCE = 5  # the element that moves here, -1
    SALT = 6  # tells its draws from those of the rule's other edits
    FREE = 7  # the elements that may be edited although their kind is protected, as bits


class Rewrite(IntEnum):
    """Kinds of a rule's edits."""

    REPLACE = 0
    DELETE = 1
    BEFORE = 2  # insert before the first element
    AFTER = 3  # insert after the last


class PieceField(IntEnum):
    """A piece of what an edit writes: four words."""

    KIND = 0  # Piece, and GLUE where no space stands before it
    ELEMENT = 1
    FIRST = 2  # what the kind reads
    SECOND = 3


class Piece(IntEnum):
    """Kinds of pieces."""

    TEXT = 0  # rule.text from FIRST on, SECOND & 255 bytes, SECOND >> 8 as Sound
    COPY = 1  # the element as it stands
    INFLECT = 2  # its last word in the slot FIRST
    MAP = 3  # its last word by the map whose words are the table FIRST, and whose rows, one a slot, are at SECOND
    ARTICLE = 4  # a or an
    CASE = 5  # the element with its first letter small (0) or capital (1), or all capital (2)
    RELATED = 6  # its last word by a word that is related to it as FIRST says, in the same inflection
    LETTERS = 7  # its last word misspelt as FIRST says, by the table at SECOND


class Letters(IntEnum):
    """How a word is misspelt."""

    TABLE = 0  # letters by others, from a table
    TRANSPOSED = 1  # two letters that stand side by side, exchanged
    DOUBLED = 2
    DROPPED = 3


GLUE = 256
"""Bit of a piece's kind: no space before it."""


COUNT_BITS = 8
"""Bits of a map's row that say how many alternatives there are."""

TEXT_BITS, WEIGHT_BITS = 40, 16
"""Where in an alternative the place of its text begins, and its weight; its size and sound come first."""


class Sound(IntEnum):
    """How a text begins, for the article before it."""

    CONSONANT = 0
    VOWEL = 1
    UNKNOWN = 2
    SAME = 3  # as the word that it takes the place of
