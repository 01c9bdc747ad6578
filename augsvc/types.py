"""Names that several rooms share: array shapes and the small enumerations of the lexicon pack and the token stream."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Int8s: TypeAlias = npt.NDArray[np.int8]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Uint16s: TypeAlias = npt.NDArray[np.uint16]
Uint32s: TypeAlias = npt.NDArray[np.uint32]
Uint64s: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Int: TypeAlias = "int | np.integer[Any]"
"""An integer in a kernel: Python's and NumPy's are one to numba."""
Flag: TypeAlias = "bool | np.bool_"
JsonObject: TypeAlias = dict[str, Any]

MAX_ROW = 2**63 - 1
"""Largest value of a key's row, seed or position: they are unsigned 63-bit integers."""

MAX_FIELD = 2**32 - 1
"""Largest number of a text column: it is 32 bits of the counter of each draw."""

MAX_EPOCH = 2**32 - 1
"""Largest epoch: it is 32 bits of the key."""

INTEGER = "(?:0|[1-9][0-9]*)"
"""Pattern of an integer in text, in its one spelling: no sign, zeros, spaces or digits of other scripts."""

STALL = "Augsvc-Stall"
"""Header of a page's request: the share of its time that the reader has waited for data."""

ZIPF_UNIT = 32
"""Steps of the pack's `form.zipf` in one unit of the Zipf scale: log10 of occurrences per billion words."""

COMMON_SENSES = 12
COMMON_ZIPF = 3.0
"""What synonyms are taken from by default, the most frequent senses and words; the pack's `form.mass` is of these."""

NOTHING = 0xFFFFFFFF
"""Marks an absent id in the pack's u32 columns."""


HASH_SEED, HASH_FACTOR, HASH_LAST_FACTOR = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""Constants of the hash of folded text, those of splitmix64; see kernels/hashing.py."""

PRINT_BITS, ID_BITS = 12, 20
"""A slot of the pack's index: the top bits of a form's hash over its id."""

LONGEST_PHRASE = 4
"""Words of a phrase that is looked for in text; the flags of forms that say where it may begin are as many less one."""

KEY_BYTES = 16
"""Forms up to this long are compared as two words; see `form_key` of PackTables."""


class CharClass(IntEnum):
    """What a code point is to the scanner; one byte per code point in the pack's Unicode tables."""

    OTHER = 0
    LOWER = 1  # a letter that is not upper case: Ll, Lm, Lo
    UPPER = 2  # Lu, Lt
    MARK = 3  # combining marks: Mn, Mc, Me, and what joins unseen: U+00AD, U+200C, U+200D, U+2060, U+FEFF
    DIGIT = 4  # Nd, Nl, No
    SPACE = 5  # White_Space of the Unicode Character Database
    PUNCT = 6  # P*
    SYMBOL = 7  # S*
    UNSEGMENTED = 8  # letters of scripts written without spaces: Han, Kana, Thai, Lao, Khmer, Myanmar


class TokenKind(IntEnum):
    """What a token is; the names, lower-cased, are those that `protect.kinds` takes."""

    WORD = 0
    NUMBER = 1  # any token with a digit
    PUNCT = 2
    SYMBOL = 3
    URL = 4
    EMAIL = 5
    HASHTAG = 6
    MENTION = 7
    CODE = 8
    HTML = 9
    OTHER = 10  # text of scripts written without spaces, and whatever is none of the above


class FormFlag(IntFlag):
    """Facts about a form, in the pack's `form.flags`."""

    FUNCTION = 1  # closed class: determiners, pronouns, prepositions, conjunctions, auxiliaries, numerals, clitics
    NEGATION = 2  # not, n't, never, no, nothing, hardly, without, cannot ...
    BLOCKED = 4  # slurs and obscenities: never proposed
    VOWEL = 8  # begins with a vowel sound: takes "an"
    NAME = 16  # also, or only, a proper noun or a first name
    PHRASE = 32  # several words
    ATTESTED = 64  # seen in the sense-tagged corpus
    REPLACEABLE = 128  # some reading of it has candidates
    CAPITAL = 256  # written with a capital wherever it stands: I
    LEADS_TWO = 512  # first of some phrase of two words that is a form, too
    LEADS_THREE = 1024  # ... of three
    LEADS_FOUR = 2048
    FOLLOWS = 4096  # in some phrase of up to four words, after the first


class Register(IntFlag):
    """Where a word is at home, of one of its senses, in the pack's `candidate.register`; none: anywhere."""

    INFORMAL = 1  # slang, colloquialisms, vulgar and baby talk
    DATED = 2  # archaisms and obsolete words
    FORMAL = 4  # literary and formal words
    REGIONAL = 8  # of one country or dialect
    FOREIGN = 16  # loan words and phrases
    FIGURATIVE = 32  # metaphors, ironies and other tropes
    USER = 128  # from a user's overlay: exempt from every option


class Pos(IntEnum):
    """Parts of speech of WordNet, as `entry.pos` holds them."""

    NOUN = 0
    VERB = 1
    ADJ = 2
    ADV = 3


SLOTS: dict[Pos, tuple[str, ...]] = {
    Pos.NOUN: ("NN", "NNS"),
    Pos.VERB: ("VB", "VBZ", "VBD", "VBN", "VBG"),
    Pos.ADJ: ("JJ", "JJR", "JJS"),
    Pos.ADV: ("RB", "RBR", "RBS"),
}
"""Inflection slots of each part of speech by Penn Treebank tag; a slot's number is its index here (at most five)."""


class CandidateBits(IntEnum):
    """Where each field of a candidate begins in its u64; it ends where the next begins."""

    FORM = 0
    ZIPF = 20  # frequency of the form, as in `form.zipf`
    SENSE = 28  # rank of the sense it comes from, from 0
    REGISTER = 36  # Register
    WEIGHT = 44  # 1 ... 65535
    END = 60


class Relation(IntEnum):
    """How a word of the pack's `relation.word` is related to the entry's."""

    HYPERNYM = 0  # a more general word
    HYPONYM = 1  # a more special one
    ANTONYM = 2


class RelationBits(IntEnum):
    """Where each field of a relation begins in its u32; it ends where the next begins."""

    ENTRY = 0
    KIND = 18  # Relation
    WEIGHT = 20  # 1 ... 4095
    END = 32


class PackTables(NamedTuple):
    """The columns of a lexicon pack that kernels read, in one bundle (all read-only views of the mapped file)."""

    text_blob: Bytes
    form_offset: Uint32s
    form_key: Uint64s  # [F, 2] the form's UTF-8 as two little-endian words, zeros for one of more than 16 bytes
    form_flags: Uint16s
    form_zipf: Bytes
    form_mass: Bytes  # [F] what the common candidates of a reading weigh at most, in units of 256, less one
    form_reading: Uint32s
    reading_entry: Uint32s
    reading_head: Uint32s
    candidate_word: Uint64s
    entry_inflection: Uint32s  # [E, 5] the forms of an entry by SLOTS, NOTHING where it has none
    relation_start: Uint32s  # [M + 1] the first relation of each of the first M entries
    relation_word: Uint32s  # another entry, Relation and weight, as RelationBits has them
    rule_code: Int64s  # rewrite rules; see kernels/pattern.py
    rule_text: Bytes  # what rules write
    index_slot: Uint32s
    unicode_page: Uint16s
    unicode_class: Bytes
    unicode_fold: Int32s
    form_class: Uint16s  # [F] the form's word class
    class_lexical: Uint16s  # [C] lexical class, and features.SEEN
    class_tags: Uint64s  # [C] the tags that words of the class may take, as bits by their number in TAGS
    shape_tags: Uint64s  # [256] the same for words that are not in the pack, by shape
    feature_slot: Uint32s  # [2**k] 16 bits of a feature's key over the number of its row of weights
    feature_weight: Bytes  # [PLANES * K * LANES] the weights of features by kernels/tag.py, plus 128


TAGS: tuple[str, ...] = (
    *(tag for tags in SLOTS.values() for tag in tags),
    *("VBP", "NNP", "NNPS", "MD", "DT", "PDT", "WDT", "PRP", "PRP$", "WP", "WP$", "EX", "IN", "TO", "RP", "CC", "CD"),
    *("WRB", "POS", "UH", "FW", "SYM", "LS", "AFX", "ADD", "GW", "NFP", "HYPH"),
    *(".", ",", ":", "``", "''", "-LRB-", "-RRB-", "$"),
)
"""Part-of-speech tags of the Penn Treebank as the Universal Dependencies treebanks of English use them; a tag's number
is its index here, and the slots of `SLOTS` come first, in their order.

Sources: Santorini, "Part-of-speech tagging guidelines for the Penn Treebank Project", 1990; the additions ADD, AFX, GW,
HYPH and NFP: Bies et al., English Web Treebank, 2012."""

SEEN = 1 << 15
"""Bit of the pack's `class.lexical`: the treebanks have the word often enough to know it by itself."""

UNTAGGED = 255
"""Marks a token whose tag has not been worked out."""


class Articles(NamedTuple):
    """The form ids of the indefinite article before consonants and before vowels; -1 in a language without."""

    consonant: Int
    vowel: Int


class TokenFlag(IntFlag):
    """How a token stands in its text; one byte per token."""

    FIRST = 1  # the first word of a sentence
    JOINED = 2  # part of a compound such as well-known or and/or, or the host of n't
    CLITIC = 4  # 's, 're, n't ...: written onto the token before
    WIDE = 8  # holds a code point outside ASCII
    TITLE = 16  # first letter upper case, the others lower
    UPPER = 32  # several letters, all upper case; with TITLE: mixed case
    MIXED = 48


class TokenColumns(NamedTuple):
    """Tokens as arrays: T tokens over R rows. Offsets are bytes of the batch's data."""

    first: Int64s  # [R + 1] the first token of each row
    start: Int32s  # [T]
    end: Int32s  # [T]
    kind: Bytes  # [T] TokenKind
    flags: Bytes  # [T] TokenFlag
    hash: Uint64s  # [T] hash of the folded text, see kernels/hashing.py
    form: Int32s  # [T] id of the form in the pack, -1 where unknown
    mask: Bytes  # [T] Guard, FIT included
    tag: Bytes  # [T] number of the tag in TAGS, UNTAGGED until someone asks for it


class Guard(IntFlag):
    """Why a token may not be edited, and what it is fit for."""

    KIND = 1  # by its kind: a repair of `a` and `an` may still touch it
    HARD = 2  # by a protected word, pattern or span: nothing may touch it
    GAP = 4  # the gap before the token overlaps a protected pattern or span: nothing may happen there
    FIT = 8  # a word of its own, not guarded by its kind, whose form is REPLACEABLE


class EditField(IntEnum):
    """Columns of edits, int32[E, EDIT_FIELDS]: those of an output row stand together, in the order of the text."""

    START = 0  # byte range of the batch's data that is replaced
    END = 1
    FORM = 2  # the form written instead, -1 for nothing, -2 - i for text that was composed: its first byte is i
    CASE = 3  # TITLE or UPPER: how the form is written; else as it stands in the pack
    REPAIR = 4  # 1 for an article that agrees with its group's edit
    GROUP = 5  # edits of a row with one number happen together
    STEP = 6  # which operation of the pass
    SIZE = 7  # bytes of composed text
    SOURCE = 8  # byte range of the batch's data that moved here, -1 where nothing did
    SOURCE_END = 9
    CELL = 10  # of drafts alone: where the edit stands, and the cells that it keeps to its group
    CLAIM = 11
    CLAIM_END = 12


EDIT_FIELDS, DRAFT_FIELDS = int(EditField.CELL), len(EditField)


class Arena(NamedTuple):
    """Text that was composed for edits."""

    data: Bytes
    used: Int64s  # [2] bytes that hold text, and 1 where there was too little room


class Action(IntEnum):
    """Kinds of edit that operations are made of."""

    SYNONYM = 0  # a word by a candidate of its reading
    DELETION = 1  # a word by nothing
    RULES = 2  # what the pack's rewrite rules say
    INSERTION = 3  # a candidate of a word's reading, somewhere in the text
    TEXT = 4  # one of the operation's own strings, after a word or in its place
    SWAP = 5  # a word by another of the text, and that by this


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
