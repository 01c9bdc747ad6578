"""Where a rewrite rule applies: patterns of words and tags around a drawn word, read from the pack.

A pattern is a row of elements, one of which the drawn word must suit; from there tokens are taken as far as they suit,
first to the right, then to the left, each element as many as it may: nothing is tried twice. The code of rules is that
of `augsvc.types` (RuleField and below), written by `augsvc.lexicon.builder.rules`.
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.draft import Scene, Site, hosts_clitic
from augsvc.kernels.features import opens
from augsvc.kernels.forms import first_reading
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.tag import tag_at
from augsvc.types import (
    GROUP_BITS,
    TAGS,
    Bytes,
    Element,
    ElementField,
    Flag,
    Int,
    Int64s,
    PackTables,
    RelationBits,
    RuleField,
    TokenColumns,
    TokenFlag,
    TokenKind,
    Uint64s,
)

WORD, NUMBER = int(TokenKind.WORD), int(TokenKind.NUMBER)
CLITIC, JOINED, TITLE, MIXED = (int(TokenFlag[name]) for name in ("CLITIC", "JOINED", "TITLE", "MIXED"))
NEEDED, MANY, GLUED, OPENS, NAMED, LOWER, CAPITAL, ONLY_WORD, TAGGED = (
    int(Element[name]) for name in ("NEEDED", "MANY", "GLUED", "OPENS", "NAMED", "LOWER", "TITLE", "WORD", "TAGGED")
)
E_TAGS, E_WORDS, E_WORD_COUNT, E_BANNED, E_BANNED_COUNT, E_BITS = (int(field) for field in ElementField)
ELEMENTS, LENGTH, ANCHOR = int(RuleField.ELEMENTS), int(RuleField.LENGTH), int(RuleField.ANCHOR)
ELEMENT_WORDS = len(ElementField)
RELATED, ANY_RELATED = int(Element.HYPERNYM), int(Element.HYPERNYM | Element.HYPONYM | Element.ANTONYM)
RELATION_KIND = int(RelationBits.KIND)
CD = uint64(1 << TAGS.index("CD"))
NAMES = uint64(1 << TAGS.index("NNP") | 1 << TAGS.index("NNPS"))
EVERY_TAG = uint64((1 << len(TAGS)) - 1)

OP_RULES, OP_COUNT, OP_TAGS, OP_FILTER, OP_MASK, OP_INDEX, OP_INDEXED, OP_SETS, OP_TAG_SETS = range(9)
"""An operation's entry in the code: its rules, how many, the tags of words that may be drawn, where a filter of hashes
begins that has a bit for each drawable word, with the mask of a bit's number; where an index of hashes is and how many
it has, each with the number of a set of rules in its lowest byte, and where these sets are, and those of tags."""

GROUP = (1 << GROUP_BITS) - 1
"""Where in an entry of the index the number of the set of rules is."""

MOST = 8
"""How many tokens an element takes at most."""

LOW, HIGH = 30, 31
"""Where `spans` holds the first token of a match and the one after its last."""


@inline
def word(code: Int64s, at: Int) -> Int:
    """Return a word of the code."""
    return int64(code[at])


@inline
def filtered(h: Int, op: Int, code: Int64s) -> Flag:
    """Say whether an operation's filter has a hash, or another with the same bit."""
    bit = int64(h >> uint64(40)) & word(code, op + OP_MASK)
    found = uint64(word(code, word(code, op + OP_FILTER) + (bit >> 6)))
    return bool(found >> uint64(bit & 63) & uint64(1))


@inline
def anchors(op: Int, tokens: TokenColumns, token: Int, tables: PackTables) -> Flag:
    """Say whether a token may be the drawn one of some rule of an operation."""
    if filtered(tokens.hash[token], op, tables.rule_code):
        return True
    wanted = uint64(word(tables.rule_code, op + OP_TAGS))
    unknown = CD if tokens.kind[token] == NUMBER else uint64(0)
    return bool(wanted == ~uint64(0) or possible_tags(tokens, token, unknown, tables) & wanted)


@inline
def possible_tags(tokens: TokenColumns, token: Int, unknown: Int, tables: PackTables) -> Int:
    """Return the tags that a token may have, as bits; `unknown` for one that the pack has not."""
    form = int64(tokens.form[token])
    # no branch, and one place where the form is widened: LLVM 20 takes it for positive elsewhere once it is so in one
    tags = uint64(tables.class_tags[tables.form_class[max(form, int64(0))]])
    names = NAMES if tokens.flags[token] & MIXED else uint64(0)
    return tags | names if form >= 0 else unknown


@inline
def may_stand(tokens: TokenColumns, token: Int, first: Int, stop: Int, tables: PackTables) -> Int:
    """Return the tags that a token beside a drawn word may have, as bits; bit 63 alone where there is none."""
    if token < first or token >= stop:
        return uint64(1 << 63)
    return possible_tags(tokens, token, EVERY_TAG, tables)


@inline
def rules_of(op: Int, tokens: TokenColumns, token: Int, number: Int, tables: PackTables) -> Int:
    """Return the rules 64 number ... 64 number + 63 of an operation that a drawn word may begin, as bits."""
    code = tables.rule_code
    width = (word(code, op + OP_COUNT) + 63) >> 6
    found = uint64(0)
    begin, high = word(code, op + OP_INDEX), word(code, op + OP_INDEXED)
    low: Int = int64(0)
    h = tokens.hash[token] & ~uint64(GROUP)
    if not filtered(tokens.hash[token], op, code):
        low = high
    while low < high:
        middle = (low + high) >> 1
        if uint64(word(code, begin + middle)) < h:
            low = middle + 1
        else:
            high = middle
    if low < word(code, op + OP_INDEXED):
        entry = uint64(word(code, begin + low))
        if entry & ~uint64(GROUP) == h:
            found |= uint64(word(code, word(code, op + OP_SETS) + width * int64(entry & uint64(GROUP)) + number))
    wanted = uint64(word(code, op + OP_TAGS))
    # a word that the pack has not may have any tag
    tags = wanted & possible_tags(tokens, token, EVERY_TAG, tables)
    while tags != uint64(0):
        found |= uint64(word(code, word(code, op + OP_TAG_SETS) + width * trailing_zeros(tags) + number))
        tags &= tags - uint64(1)
    return found


@inline
def holds(h: Int, begin: Int, count: Int, code: Int64s) -> Int:
    """Return the place of a hash among `count` words of the code in order, -1 where it is not."""
    low, high = int64(0), int64(count)
    while low < high:
        middle = (low + high) >> 1
        if uint64(word(code, begin + middle)) < h:
            low = middle + 1
        else:
            high = middle
    return low if low < count and uint64(word(code, begin + low)) == h else int64(-1)


@inline
def one_line(data: Bytes, start: Int, end: Int) -> Flag:
    """Say whether data[start:end] is blank, or empty, and ends no line."""
    for i in range(start, end):
        if data[i] != chars.SPACE and data[i] != chars.TAB:
            return False
    return True


@inline
def has_related(form: Int, bits: Int, tables: PackTables) -> Flag:
    """Say whether a form has a reading with a relation that an element's bits name."""
    if form < 0:
        return False
    for reading in range(first_reading(form, tables), first_reading(form + 1, tables)):
        entry = int64(tables.reading_entry[reading])
        if entry + 1 < tables.relation_start.shape[0]:
            for i in range(int64(tables.relation_start[entry]), int64(tables.relation_start[entry + 1])):
                if RELATED << (int64(tables.relation_word[i]) >> RELATION_KIND & 3) & bits:
                    return True
    return False


@inline
def suits(scene: Scene, site: Site, element: Int, token: Int, to_write: Flag) -> Flag:
    """Say whether a token is what an element asks for; its tag is asked for last, and always where it is `to_write`."""
    tokens, code = scene.tokens, scene.tables.rule_code
    bits, flags = word(code, element + E_BITS), int64(tokens.flags[token])
    if flags & CLITIC and bits & (NAMED | GLUED) == 0:
        return False
    if flags & JOINED and not hosts_clitic(tokens, token, site.stop):
        return False
    if bits & ONLY_WORD and tokens.kind[token] != WORD:
        return False
    if (bits & LOWER and flags & MIXED) or (bits & CAPITAL and flags & MIXED != TITLE):
        return False
    h = tokens.hash[token]
    if bits & NAMED and holds(h, word(code, element + E_WORDS), word(code, element + E_WORD_COUNT), code) < 0:
        return False
    if holds(h, word(code, element + E_BANNED), word(code, element + E_BANNED_COUNT), code) >= 0:
        return False
    if bits & ANY_RELATED and not has_related(int64(tokens.form[token]), bits, scene.tables):
        return False
    wanted = uint64(word(code, element + E_TAGS))
    possible = possible_tags(tokens, token, EVERY_TAG, scene.tables)
    if possible & wanted == uint64(0):
        return False
    # most words may have tags enough, or too few: the tag costs more than all else here
    if possible & ~wanted == uint64(0) and not (bits & TAGGED and to_write):
        return True
    tag = tag_at(scene.data, tokens, token, site.first, site.stop, scene.tables)
    return bool(wanted >> uint64(tag) & uint64(1))


@inline
def adjoins(scene: Scene, site: Site, token: Int, bits: Int) -> Flag:
    """Say whether a token follows the one before as an element of these bits asks; 0 bits: somehow in its sentence."""
    tokens = scene.tokens
    start, before = int64(tokens.start[token]), int64(tokens.end[token - 1])
    if bits & GLUED and start != before:
        return False
    if opens(tokens, token, site.first) != (bits & OPENS != 0):
        return False
    return one_line(scene.data, before, start)


@inline
def match(scene: Scene, site: Site, rule: Int, spans: Uint64s, to_write: Flag) -> Flag:
    """Say whether a rule's pattern is found around the site; element e is then spans[2 e] ... spans[2 e + 1] - 1.

    Elements that are TAGGED have their tags where the rule is about `to_write`.
    """
    code = scene.tables.rule_code
    elements, length, anchor = word(code, rule + ELEMENTS), word(code, rule + LENGTH), word(code, rule + ANCHOR)
    low, high = site.token, site.token
    for step in range(length):
        right = step < length - anchor
        e = anchor + step if right else length - 1 - step
        element = elements + ELEMENT_WORDS * e
        bits = word(code, element + E_BITS)
        beside = bits if right else word(code, element + ELEMENT_WORDS + E_BITS)
        count: Int = int64(0)
        most = MOST if bits & MANY else 1
        start, stop = high, low
        while count < most:
            token = high if right else low - 1
            if token < site.first or token >= site.stop:
                break
            # the drawn word itself has nothing to adjoin, unless it must open a sentence
            if step == 0 and count == 0:
                if bits & OPENS and not opens(scene.tokens, token, site.first):
                    break
            elif not adjoins(scene, site, token if right else low, beside if count == 0 else int64(0)):
                break
            if not suits(scene, site, element, token, to_write):
                break
            high += int64(right)
            low -= int64(not right)
            count += 1
        if count == 0 and bits & NEEDED:
            return False
        spans[2 * e] = uint64(start if right else low)
        spans[2 * e + 1] = uint64(high if right else stop)
    spans[LOW], spans[HIGH] = uint64(low), uint64(high)
    # to the left, each step looked at the gap after its tokens: the one before the first is left
    return bool(word(code, elements + E_BITS) & OPENS == 0 or opens(scene.tokens, low, site.first))
