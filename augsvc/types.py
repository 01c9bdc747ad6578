"""Names that several rooms share: array shapes and the small enumerations of the lexicon pack and the token stream."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Bytes: TypeAlias = "npt.NDArray[np.uint8]"
Int8s: TypeAlias = "npt.NDArray[np.int8]"
Int32s: TypeAlias = "npt.NDArray[np.int32]"
Int64s: TypeAlias = "npt.NDArray[np.int64]"
Uint16s: TypeAlias = "npt.NDArray[np.uint16]"
Uint32s: TypeAlias = "npt.NDArray[np.uint32]"
Uint64s: TypeAlias = "npt.NDArray[np.uint64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"
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
"""Tokens of a phrase that is looked for in text."""

LINK_BITS = 15
"""The pack's `phrase.link` has 2 to this power of words: a seventh of their bits are set."""

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
    phrase_link: Uint64s  # [2**LINK_BITS] a filter of what phrases have side by side; see kernels/phrases.py
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
