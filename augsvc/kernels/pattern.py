"""Where a rewrite rule applies: patterns of words and tags around a drawn word, read from the pack.

A pattern is a row of elements, one of which the drawn word must suit; from there tokens are taken as far as they suit,
to the right and to the left, each element as many as it may: nothing is tried twice. The code of rules is that of
`augsvc.rulecode`, written by `augsvc.lexicon.builder.rules`.
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.draft import Scene, Site, hosts_negation, shouts
from augsvc.kernels.features import opens
from augsvc.kernels.forms import first_reading
from augsvc.kernels.glance import tags_at
from augsvc.kernels.jit import inline
from augsvc.kernels.rulecode import is_one_of, word
from augsvc.kernels.tag import tag_at
from augsvc.rulecode import NUMBER_BIT, Element, ElementField, PatternField
from augsvc.types import Bytes, Flag, Int, PackTables, RelationBits, TokenFlag, TokenKind, Uint64s

WORD = int(TokenKind.WORD)
CLITIC, JOINED, TITLE, MIXED = (int(TokenFlag[name]) for name in ("CLITIC", "JOINED", "TITLE", "MIXED"))
NEEDED, MANY, GLUED, OPENS, NAMED, LOWER, CAPITAL, ONLY_WORD, TAGGED = (
    int(Element[name]) for name in ("NEEDED", "MANY", "GLUED", "OPENS", "NAMED", "LOWER", "TITLE", "WORD", "TAGGED")
)
DRAWN, AGAIN, GLANCE, LEFT, AGAINST, APART = (
    int(Element[name]) for name in ("DRAWN", "AGAIN", "GLANCE", "LEFT", "AGAINST", "APART")
)
E_TAGS, E_WORDS, E_BANNED, E_BITS = (int(field) for field in ElementField)
ELEMENTS, LENGTH, FIRST_OPENS = int(PatternField.ELEMENTS), int(PatternField.LENGTH), int(PatternField.OPENS)
ELEMENT_WORDS = len(ElementField)
RELATED, ANY_RELATED = int(Element.HYPERNYM), int(Element.HYPERNYM | Element.HYPONYM | Element.ANTONYM)
SHAPED = ONLY_WORD | LOWER | CAPITAL | ANY_RELATED
RELATION_KIND = int(RelationBits.KIND)

MOST = 8
"""How many tokens an element takes at most."""

LOW, HIGH = 30, 31
"""Where `spans` holds the first token of a match and the one after its last."""


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
def is_shaped(scene: Scene, token: Int, bits: Int) -> Flag:
    """Say whether a token is of the kind, is written and has the relations that an element's bits ask for."""
    tokens, case = scene.tokens, int64(scene.tokens.flags[token]) & MIXED
    if bits & ONLY_WORD and tokens.kind[token] != WORD:
        return False
    if (bits & LOWER and (case or shouts(scene, token))) or (bits & CAPITAL and case != TITLE):
        return False
    return not bits & ANY_RELATED or has_related(int64(tokens.form[token]), bits, scene.tables)


@inline
def is_whole(scene: Scene, token: Int, stop: Int, bits: Int) -> Flag:
    """Say whether a token is no part of another, or such a part as an element of these bits takes."""
    flags = int64(scene.tokens.flags[token])
    if flags & CLITIC and bits & (NAMED | GLUED) == 0:
        return False
    return flags & JOINED == 0 or hosts_negation(scene, token, stop)


@inline
def is_meant(scene: Scene, site: Site, element: Int, token: Int, bits: Int) -> Flag:
    """Say whether a token is what an element of these bits asks for but for its tag."""
    code, h, form = scene.tables.rule_code, scene.tokens.hash[token], int64(scene.tokens.form[token])
    if bits & NAMED and not is_one_of(word(code, element + E_WORDS), form, h, code):
        return False
    if is_one_of(word(code, element + E_BANNED), form, h, code):
        return False
    return is_whole(scene, token, site.stop, bits) and (bits & SHAPED == 0 or is_shaped(scene, token, bits))


@inline
def suits(scene: Scene, site: Site, element: Int, token: Int) -> Flag:
    """Say whether a token is what an element asks for; its tag is asked for last, and always where it is TAGGED."""
    code, bits = scene.tables.rule_code, word(scene.tables.rule_code, element + E_BITS)
    if bits & AGAIN == 0 and not is_meant(scene, site, element, token, bits):
        return False
    wanted = uint64(word(code, element + E_TAGS))
    possible = tags_at(int64(site.seen[1 + token - site.first]), scene.glances)
    if possible & wanted == uint64(0):
        return False
    # most words may have tags enough, or too few: the tag costs more than all else here
    if bits & GLANCE or (possible & ~wanted == uint64(0) and not bits & TAGGED):
        return True
    tag = tag_at(scene.data, scene.tokens, token, site.first, site.stop, scene.tables)
    return bool(wanted >> uint64(tag) & uint64(1))


@inline
def adjoins(scene: Scene, site: Site, token: Int, bits: Int) -> Flag:
    """Say whether a token follows the one before as an element of these bits asks; 0 bits: somehow in its sentence."""
    tokens = scene.tokens
    start, before = int64(tokens.start[token]), int64(tokens.end[token - 1])
    if bits & AGAINST and start != before:
        return False
    if opens(tokens, token, site.first) != (bits & APART != 0):
        return False
    return one_line(scene.data, before, start)


@inline
def is_placed(scene: Scene, site: Site, token: Int, right: Int, bits: Int, first: Flag) -> Flag:
    """Say whether a token stands where an element of these bits may take it, as the `first` or a further one.

    `right` is the token to the right of the gap between it and what was found.
    """
    if token < site.first or token >= site.stop:
        return False
    # the drawn word itself has nothing to adjoin, unless it must open a sentence
    if first and bits & DRAWN:
        return bits & OPENS == 0 or opens(scene.tokens, token, site.first)
    return adjoins(scene, site, right, bits if first else int64(0))


@inline
def taken(scene: Scene, site: Site, element: Int, low: Int, high: Int) -> Int:
    """Return how many tokens an element takes beside those found, [low, high)."""
    bits = word(scene.tables.rule_code, element + E_BITS)
    most, left = MOST if bits & MANY else 1, bits & LEFT != 0
    count: Int = int64(0)
    while count < most:
        token = low - 1 - count if left else high + count
        if bits & AGAIN:
            token = site.token
        if not is_placed(scene, site, token, token + 1 if left else token, bits, count == 0):
            break
        if not suits(scene, site, element, token):
            break
        count += 1
    return count


@inline
def match(scene: Scene, site: Site, pattern: Int, spans: Uint64s) -> Flag:
    """Say whether a pattern is found around the site; element e is then spans[2 e] ... spans[2 e + 1] - 1.

    Elements that are TAGGED have their tags.
    """
    code = scene.tables.rule_code
    element = word(code, pattern + ELEMENTS)
    end = element + ELEMENT_WORDS * word(code, pattern + LENGTH)
    low: Int = site.token
    high: Int = site.token
    while element < end:
        bits, count = word(code, element + E_BITS), taken(scene, site, element, low, high)
        if count == 0 and bits & NEEDED:
            return False
        e = bits >> NUMBER_BIT
        if bits & LEFT:
            spans[2 * e], spans[2 * e + 1] = uint64(low - count), uint64(low)
            low -= count
        elif bits & AGAIN == 0:
            spans[2 * e], spans[2 * e + 1] = uint64(high), uint64(high + count)
            high += count
        element += ELEMENT_WORDS
    spans[LOW], spans[HIGH] = uint64(low), uint64(high)
    # to the left, each step looked at the gap after its tokens: the one before the first is left
    return bool(word(code, pattern + FIRST_OPENS) == 0 or opens(scene.tokens, low, site.first))
