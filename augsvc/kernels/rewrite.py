"""What a rewrite rule does where its pattern is found: edits whose text is composed of copied and inflected words.

A rule's edits are one group that keeps every token of its match. Capitals follow the sentence: what comes to stand
first gets the capital of what stood there, which loses it unless it is a name; an article before keeps agreeing.
"""

from __future__ import annotations

from numpy import int32, int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.draft import (
    CELL,
    CLAIM,
    CLAIM_END,
    END,
    SIZE,
    SOURCE,
    SOURCE_END,
    START,
    Scene,
    Site,
    agree,
    article_before,
    blank,
    put,
    reading_of,
    sounds_vowel,
)
from augsvc.kernels.forms import form_flags, text_end, text_start
from augsvc.kernels.jit import inline
from augsvc.kernels.letters import misspell
from augsvc.kernels.machine import trailing_zeros
from augsvc.kernels.memory import copy_bytes
from augsvc.kernels.pattern import (
    E_BITS,
    ELEMENT_WORDS,
    ELEMENTS,
    HIGH,
    LOW,
    NAMED,
    OP_COUNT,
    OP_RULES,
    holds,
    match,
    may_stand,
    rules_of,
    word,
)
from augsvc.kernels.rng import below
from augsvc.kernels.scratch import scratch
from augsvc.types import (
    COUNT_BITS,
    GLUE,
    NOTHING,
    ROW_BITS,
    TAGS,
    TEXT_BITS,
    WEIGHT_BITS,
    Arena,
    Bytes,
    Element,
    Flag,
    FormFlag,
    Guard,
    Int,
    Int32s,
    PackTables,
    Piece,
    PieceField,
    RelationBits,
    Rewrite,
    RewriteField,
    RuleField,
    Sound,
    TokenFlag,
    TokenKind,
    Uint64s,
)

FIRST, TITLE, UPPER, MIXED, CLITIC = (int(TokenFlag[n]) for n in ("FIRST", "TITLE", "UPPER", "MIXED", "CLITIC"))
WORD, PUNCT = int(TokenKind.WORD), int(TokenKind.PUNCT)
KIND, HARD, GAP = int(Guard.KIND), int(Guard.HARD), int(Guard.GAP)
FREE, CAPITAL = int(Element.FREE), int(FormFlag.CAPITAL)
R_EDITS, R_COUNT, R_VARIANT, R_WEIGHT, R_BEFORE, R_AFTER = (
    int(RuleField[name]) for name in ("EDITS", "COUNT", "VARIANT", "WEIGHT", "BEFORE", "AFTER")
)
W_KIND, W_FIRST, W_LAST, W_PIECES, W_COUNT, W_SOURCE, W_SALT = (int(field) for field in RewriteField)
P_KIND, P_ELEMENT, P_FIRST, P_SECOND = (int(field) for field in PieceField)
REPLACE, DELETE, BEFORE, AFTER = (int(kind) for kind in Rewrite)
TEXT, COPY, INFLECT, MAP, ARTICLE, SET_CASE, RELATED, LETTERS = (int(kind) for kind in Piece)
CONSONANT, VOWEL, UNKNOWN, SAME = (int(sound) for sound in Sound)
RULE_WORDS, REWRITE_WORDS, PIECE_WORDS = len(RuleField), len(RewriteField), len(PieceField)
NNP, NNPS = TAGS.index("NNP"), TAGS.index("NNPS")
SLOT_PART = (0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3)
SLOT_PLACE = (0, 1, 0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 2)
"""The part of speech of each inflection slot, and its place among those of an entry: see SLOTS."""
SLOTS_IN_ALL = len(SLOT_PART)
INSIDE, KEPT = 3, 4
RELATION_KIND, RELATION_WEIGHT = int(RelationBits.KIND), int(RelationBits.WEIGHT)
RELATION_ENTRY, WHOLE = (1 << RELATION_KIND) - 1, (1 << int(RelationBits.END) - RELATION_WEIGHT) - 1
VB, VBP = TAGS.index("VB"), TAGS.index("VBP")


@inline
def stirred(random: Int, number: Int) -> Int:
    """Return the `number`-th u32 that follows from a random one, by the finalizer of SplitMix64."""
    h = (uint64(random) + uint64(number) * uint64(0x9E3779B97F4A7C15)) * uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> uint64(29))) * uint64(0x94D049BB133111EB)
    return int64(h >> uint64(32))


@inline
def reserve(arena: Arena, size: Int) -> Int:
    """Return where the next `size` bytes of composed text go, -1 where there is no room."""
    at = int64(arena.used[0])
    if at + size > arena.data.shape[0]:
        arena.used[1] = 1
        return int64(-1)
    arena.used[0] = at + size
    return at


@inline
def append(source: Bytes, start: Int, end: Int, arena: Arena) -> Flag:
    """Append source[start:end] to the composed text; say whether there was room."""
    at = reserve(arena, end - start)
    if at < 0:
        return False
    copy_bytes(source, start, arena.data, at, end - start)
    return True


@inline
def append_byte(byte: Int, arena: Arena) -> Flag:
    """Append one byte."""
    at = reserve(arena, int64(1))
    if at < 0:
        return False
    arena.data[at] = byte
    return True


@inline
def capitalise(data: Bytes, at: Int, end: Int) -> None:
    """Make the letters of data[at:end] capitals, those of ASCII."""
    for i in range(at, end):
        if chars.A <= data[i] <= chars.Z:
            data[i] -= chars.CASE


@inline
def has_capital(scene: Scene, token: Int) -> Flag:
    """Say whether a token is written with a capital wherever it stands, as the pronoun I is."""
    return bool(form_flags(int64(scene.tokens.form[token]), scene.tables) & CAPITAL)


@inline
def leads(scene: Scene, token: Int) -> Flag:
    """Say whether a token has a capital because it opens a sentence, or may have."""
    flags = int64(scene.tokens.flags[token])
    return bool(flags & FIRST and flags & MIXED == TITLE)


@inline
def is_name(scene: Scene, token: Int) -> Flag:
    """Say whether the first word of a sentence, an element that is TAGGED, keeps its capital where it goes."""
    tag = scene.tokens.tag[token]
    return bool(tag == NNP or tag == NNPS or has_capital(scene, token))


@inline
def related(entry: Int, kind: Int, random: Int, tables: PackTables) -> Int:
    """Return an entry related to another, drawn by weight, -1 for none: the word may mean something else."""
    if entry + 1 >= tables.relation_start.shape[0]:
        return int64(-1)
    left = below(random, WHOLE)
    for i in range(int64(tables.relation_start[entry]), int64(tables.relation_start[entry + 1])):
        relation = int64(tables.relation_word[i])
        if relation >> RELATION_KIND & 3 == kind:
            left -= relation >> RELATION_WEIGHT
            if left < 0:
                return relation & RELATION_ENTRY
    return int64(-1)


@inline
def inflected(scene: Scene, token: Int, slot: Int, relation: Int, random: Int) -> Int:
    """Return the form of a word, an element that is TAGGED, in an inflection slot; -1: it has none of its own kind.

    Where `relation` is not -1 it is the form of a word so related to it, in its own slot.
    """
    tables = scene.tables
    form = int64(scene.tokens.form[token])
    if form < 0:
        return int64(-1)
    tag = int64(scene.tokens.tag[token])
    own = VB if tag == VBP else tag
    if own >= SLOTS_IN_ALL or (relation < 0 and SLOT_PART[own] != SLOT_PART[slot]):
        return int64(-1)
    reading = reading_of(form, tag, tables)
    if reading < 0:
        return int64(-1)
    entry = int64(tables.reading_entry[reading])
    if relation >= 0:
        entry = int64(related(entry, relation, random, tables))
        if entry < 0:
            return int64(-1)
    found = int64(tables.entry_inflection[entry, SLOT_PLACE[own if relation >= 0 else slot]])
    return int64(-1) if found == NOTHING else found


@inline
def append_text(scene: Scene, start: Int, packed: Int) -> Int:
    """Append a text of the rules, its size and sound packed in one number; return the Sound, -1 without room."""
    if not append(scene.tables.rule_text, start, start + (packed & 255), scene.arena):
        return int64(-1)
    return packed >> 8


@inline
def weight_of(alternative: Int) -> Int:
    """Return how often an alternative of a map is taken."""
    return alternative >> WEIGHT_BITS & ((1 << TEXT_BITS - WEIGHT_BITS) - 1)


@inline
def append_mapped(scene: Scene, site: Site, token: Int, begin: Int, packed: Int, salt: Int) -> Int:
    """Append what a map gives for a token, one of several by weight; return its Sound, -1 where it has nothing."""
    code = scene.tables.rule_code
    place = holds(scene.tokens.hash[token], begin, packed & ((1 << ROW_BITS) - 1), code)
    if place < 0:
        return int64(-1)
    row = word(code, (packed >> ROW_BITS) + place)
    at, total = row >> COUNT_BITS, int64(0)
    for i in range(row & ((1 << COUNT_BITS) - 1)):
        total += weight_of(word(code, at + i))
    left = below(stirred(site.random, salt), total)
    while left >= weight_of(word(code, at)):
        left -= weight_of(word(code, at))
        at += 1
    found = word(code, at)
    return append_text(scene, found >> TEXT_BITS, found & ((1 << WEIGHT_BITS) - 1))


@inline
def sound_at(scene: Scene, token: Int, stop: Int) -> Int:
    """Return how a token sounds at its beginning."""
    form = int64(scene.tokens.form[token]) if token < stop else int64(-1)
    return UNKNOWN if form < 0 else int64(sounds_vowel(form, scene.tables))


@inline
def append_form(scene: Scene, form: Int) -> Int:
    """Append a form; return its Sound, -1 where there is none."""
    tables = scene.tables
    if form < 0 or not append(tables.text_blob, text_start(form, tables), text_end(form, tables), scene.arena):
        return int64(-1)
    return int64(sounds_vowel(form, tables))


@inline
def append_copy(scene: Scene, site: Site, first: Int, stop: Int, case: Int) -> Int:
    """Append tokens as they stand; return the Sound, -1 without room.

    case: 0 first letter small, 1 capital, 2 all capital, INSIDE as the first word of a sentence is written inside one,
    KEPT as it is.
    """
    tokens, arena = scene.tokens, scene.arena
    at = arena.used[0]
    if not append(scene.data, int64(tokens.start[first]), int64(tokens.end[stop - 1]), arena):
        return int64(-1)
    if case == 1 or case == 2:
        capitalise(arena.data, at, arena.used[0] if case == 2 else at + 1)
    lower = case == 0 or (case == INSIDE and leads(scene, first) and not is_name(scene, first))
    if lower and chars.UPPER_A <= arena.data[at] <= chars.UPPER_Z:
        arena.data[at] += chars.CASE
    return sound_at(scene, first, site.stop)


@inline
def append_misspelt(scene: Scene, site: Site, token: Int, kind: Int, table: Int, salt: Int) -> Int:
    """Append a token misspelt, its Sound that of the token; return that, -1 where it cannot be.

    A step's third number tells how: bit 0 for the first letter too, beyond it how many letters more than one.
    """
    tokens, arena, third = scene.tokens, scene.arena, site.step.third
    composed, first = int64(arena.used[0]), bool(third & 1)
    if not append(scene.data, int64(tokens.start[token]), int64(tokens.end[token]), arena):
        return int64(-1)
    done: Flag = False
    for turn in range(1 + (third >> 1)):
        random = stirred(site.random, salt + 8 * turn)
        done = misspell(arena, composed, kind, table, first, random, scene.tables) or done
    return int64(SAME) if done else int64(-1)


@inline
def append_piece(scene: Scene, site: Site, piece: Int, spans: Uint64s, salt: Int, case: Int) -> Int:
    """Append one piece; return its Sound, -1 where it cannot be written. `case` is that of a copy."""
    code = scene.tables.rule_code
    kind, e = word(code, piece + P_KIND) & (GLUE - 1), word(code, piece + P_ELEMENT)
    x, y = word(code, piece + P_FIRST), word(code, piece + P_SECOND)
    if kind == TEXT:
        return append_text(scene, x, y)
    first, stop = int64(spans[2 * (e & 255)]), int64(spans[2 * (e >> 8) + 1])
    if first >= stop:
        return int64(-1)
    whole = kind == COPY or kind == SET_CASE
    sound: Int = int64(UNKNOWN)
    if whole or first < stop - 1:
        # of several words only the last is changed
        end = stop if whole else stop - 1
        sound = append_copy(scene, site, first, end, x if kind == SET_CASE else case)
        if whole or sound < 0:
            return sound
        if not append(scene.data, int64(scene.tokens.end[stop - 2]), int64(scene.tokens.start[stop - 1]), scene.arena):
            return int64(-1)
    if kind == INFLECT or kind == RELATED:
        relation, random = (x, stirred(site.random, salt)) if kind == RELATED else (int64(-1), int64(0))
        last = append_form(scene, inflected(scene, stop - 1, x, relation, random))
    elif kind == LETTERS:
        last = append_misspelt(scene, site, stop - 1, x, y, salt)
    else:
        last = append_mapped(scene, site, stop - 1, x, y, salt)
    return last if last < 0 or first == stop - 1 else sound


@inline
def compose(scene: Scene, site: Site, edit: Int, spans: Uint64s, start: Int, after: Int) -> Int:
    """Append all that an edit writes; return its Sound, -1 where some of it cannot be written.

    `start` is the token that the text takes the place of, -1 for none, `after` the one that follows it.
    """
    code, arena = scene.tables.rule_code, scene.arena
    pieces, count = word(code, edit + W_PIECES), word(code, edit + W_COUNT)
    begun: Int = int64(UNKNOWN)
    article: Int = int64(-1)
    for i in range(count):
        piece = pieces + PIECE_WORDS * i
        if i > 0 and word(code, piece + P_KIND) & GLUE == 0 and not append_byte(chars.SPACE, arena):
            return int64(-1)
        if word(code, piece + P_KIND) & (GLUE - 1) == ARTICLE:
            # which it is shows when the next piece is there
            article = arena.used[0]
            if not append_byte(chars.A, arena):
                return int64(-1)
            begun = int64(CONSONANT) if i == 0 else begun
            continue
        element = word(code, piece + P_ELEMENT)
        own = i == 0 and start >= 0 and int64(spans[2 * (element & 255)]) == start
        sound = append_piece(scene, site, piece, spans, word(code, edit + W_SALT) + i, int64(KEPT if own else INSIDE))
        if sound < 0:
            return int64(-1)
        if article >= 0:
            if not settle(arena, article, sound):
                return int64(-1)
            article = int64(-1)
        begun = sound if i == 0 else begun
    if article >= 0 and not settle(arena, article, sound_at(scene, after, site.stop)):
        return int64(-1)
    return begun


@inline
def settle(arena: Arena, article: Int, sound: Int) -> Flag:
    """Make the "a" at a place of the composed text "an" before a vowel; say whether it could be told."""
    if sound == UNKNOWN or sound == SAME:
        return False
    if sound == VOWEL:
        if reserve(arena, int64(1)) < 0:
            return False
        for i in range(arena.used[0] - 1, article + 1, -1):
            arena.data[i] = arena.data[i - 1]
        arena.data[article + 1] = chars.N
    return True


@inline
def free(scene: Scene, rule: Int, spans: Uint64s, first: Int, last: Int) -> Flag:
    """Say whether the tokens of elements first ... last may be edited.

    What a rule names it may edit whatever kind of word it is; what it finds by its tag alone obeys the kinds.
    """
    code, tokens = scene.tables.rule_code, scene.tokens
    for e in range(first, last + 1):
        bits = word(code, word(code, rule + ELEMENTS) + ELEMENT_WORDS * e + E_BITS)
        guarded = HARD if bits & (NAMED | FREE) else HARD | KIND
        for token in range(int64(spans[2 * e]), int64(spans[2 * e + 1])):
            if tokens.mask[token] & guarded:
                return False
    return True


@inline
def same(scene: Scene, at: Int, start: Int, end: Int) -> Flag:
    """Say whether the composed text from `at` on is data[start:end]."""
    arena = scene.arena
    if arena.used[0] - at != end - start:
        return False
    for i in range(end - start):
        if arena.data[at + i] != scene.data[start + i]:
            return False
    return True


@inline
def recase(scene: Scene, edit: Int, composed: Int, token: Int) -> None:
    """Write composed text with the capitals of the token whose place it takes; pieces that set case keep theirs."""
    arena, code = scene.arena, scene.tables.rule_code
    if word(code, word(code, edit + W_PIECES) + P_KIND) & (GLUE - 1) == SET_CASE:
        return
    flags = int64(scene.tokens.flags[token])
    if flags & MIXED == UPPER:
        capitalise(arena.data, composed, arena.used[0])
    elif flags & MIXED == TITLE and (flags & FIRST or not has_capital(scene, token)):
        capitalise(arena.data, composed, min(composed + 1, arena.used[0]))


@inline
def mend(scene: Scene, site: Site, token: Int, neighbour: Int, sound: Int, draft: Int32s, at: Int) -> Int:
    """Draft the repair of an article before a token where something that begins with `sound` comes to stand.

    Return the next index, -1 where the article would be wrong and may not change.
    """
    article = article_before(scene, token, site.first)
    if article < 0 or sound == SAME:
        return at
    if sound == UNKNOWN:
        return int64(-1)
    end = agree(scene, site.first, article, neighbour, sound == VOWEL, draft, at)
    if end >= at:
        # nor may anything come between them
        draft[at - 1, CLAIM] = min(int32(draft[at - 1, CLAIM]), int32(2 * (article - site.first) + 1))
    return end


@inline
def put_removal(scene: Scene, site: Site, first: Int, stop: Int, draft: Int32s, at: Int) -> None:
    """Write the edit that deletes tokens with the gap before them, else, if it is a word, with the gap after."""
    tokens, data = scene.tokens, scene.data
    start, end = int64(tokens.start[first]), int64(tokens.end[stop - 1])
    before = int64(tokens.end[first - 1]) if first > site.first else start
    after = int64(tokens.start[stop]) if stop < site.stop else end
    cell = 2 * (first - site.first)
    own = tokens.kind[first] == WORD and tokens.flags[first] & CLITIC == 0
    if tokens.mask[first] & GAP == 0 and blank(data, before, start):
        put(draft, at, before, end, cell, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))
    elif own and after > end and tokens.mask[stop] & GAP == 0 and blank(data, end, after):
        put(draft, at, start, after, cell + 1, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first) + 1)
    else:
        put(draft, at, start, end, cell + 1, -1, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))


@inline
def passes_capital(scene: Scene, site: Site, kind: Int, first: Int, stop: Int) -> Int:
    """Return the word that is written anew because a sentence begins otherwise: -1 for none, -2 where it may not be.

    That is the word before which something is inserted, or the one after what is deleted.
    """
    tokens = scene.tokens
    if kind != BEFORE and kind != DELETE:
        return int64(-1)
    if not leads(scene, first):
        return int64(-1)
    token = first if kind == BEFORE else stop
    if token >= site.stop or tokens.kind[token] != WORD:
        return int64(-1)
    return int64(-2) if tokens.mask[token] & HARD or tokens.flags[token] & CLITIC else token


@inline
def may(scene: Scene, site: Site, rule: Int, edit: Int, spans: Uint64s, first: Int, stop: Int) -> Flag:
    """Say whether an edit's words, or the gap that it writes to, may be edited."""
    code, tokens = scene.tables.rule_code, scene.tokens
    kind = word(code, edit + W_KIND)
    if kind == BEFORE:
        return bool(tokens.mask[first] & GAP == 0)
    if kind == AFTER:
        return bool(stop >= site.stop or tokens.mask[stop] & GAP == 0)
    return first < stop and free(scene, rule, spans, word(code, edit + W_FIRST), word(code, edit + W_LAST))


@inline
def put_text(scene: Scene, site: Site, kind: Int, composed: Int, first: Int, stop: Int, draft: Int32s, at: Int) -> None:
    """Write the edit that puts composed text in the place of tokens, or beside them."""
    tokens, form = scene.tokens, -2 - composed
    end = int64(tokens.end[stop - 1])
    if kind == BEFORE:
        put(draft, at, int64(tokens.start[first]), int64(tokens.start[first]), 2 * (first - site.first), form, 0)
    elif kind == AFTER:
        put(draft, at, end, end, 2 * (stop - site.first), form, 0)
    else:
        put(draft, at, int64(tokens.start[first]), end, 2 * (first - site.first) + 1, form, 0)
        draft[at, CLAIM_END] = int32(2 * (stop - site.first))
    draft[at, SIZE] = int32(scene.arena.used[0] - composed)


@inline
def write_edit(scene: Scene, site: Site, rule: Int, edit: Int, spans: Uint64s, draft: Int32s, at: Int) -> Int:
    """Write one edit of a rule; return the next index, `at` where there is nothing to do, -1 where it cannot be."""
    code, arena, tokens = scene.tables.rule_code, scene.arena, scene.tokens
    kind, composed = word(code, edit + W_KIND), arena.used[0]
    first, stop = int64(spans[2 * word(code, edit + W_FIRST)]), int64(spans[2 * word(code, edit + W_LAST) + 1])
    if kind == DELETE and first >= stop:
        return at
    if not may(scene, site, rule, edit, spans, first, stop):
        return int64(-1)
    moved = passes_capital(scene, site, kind, first, stop)
    if moved == -2:
        return int64(-1)
    glued = word(code, word(code, edit + W_PIECES) + P_KIND) & GLUE
    if kind == AFTER and not glued and not append_byte(chars.SPACE, arena):
        return int64(-1)
    sound: Int = sound_at(scene, stop, site.stop)
    if kind != DELETE:
        sound = compose(
            scene, site, edit, spans, first if kind == REPLACE else int64(-1), first if kind == BEFORE else stop
        )
        if sound < 0 or (kind == BEFORE and not append_byte(chars.SPACE, arena)):
            return int64(-1)
    if moved >= 0:
        if append_copy(scene, site, moved, moved + 1, int64(1 if kind == DELETE else INSIDE)) < 0:
            return int64(-1)
        capitalise(arena.data, composed, composed + 1)
        put_text(scene, site, REPLACE, composed, first, moved + 1, draft, at)
        return at + 1
    if kind == DELETE:
        put_removal(scene, site, first, stop, draft, at)
    else:
        if kind == REPLACE:
            recase(scene, edit, composed, first)
            if same(scene, composed, int64(tokens.start[first]), int64(tokens.end[stop - 1])):
                return int64(-1)
        put_text(scene, site, kind, composed, first, stop, draft, at)
    source = word(code, edit + W_SOURCE)
    if source >= 0:
        draft[at, SOURCE] = tokens.start[int64(spans[2 * (source & 255)])]
        draft[at, SOURCE_END] = tokens.end[int64(spans[2 * (source >> 8) + 1]) - 1]
    if kind == AFTER:
        return at + 1
    return mend(scene, site, first, stop if kind == DELETE else first, sound, draft, at + 1)


@inline
def clash(draft: Int32s, begin: Int, end: Int) -> Flag:
    """Say whether two of a group's edits are about the same bytes."""
    for one in range(begin, end):
        for other in range(begin, one):
            if draft[one, CELL] == draft[other, CELL]:
                return True
            if draft[one, START] < draft[other, END] and draft[other, START] < draft[one, END]:
                return True
    return False


@inline
def rewrite(scene: Scene, site: Site, rule: Int, spans: Uint64s, draft: Int32s, at: Int) -> Int:
    """Draft all edits of a rule as one group; return the next index, `at` where one of them cannot be."""
    code, begin = scene.tables.rule_code, at
    for i in range(word(code, rule + R_COUNT)):
        at = write_edit(scene, site, rule, word(code, rule + R_EDITS) + REWRITE_WORDS * i, spans, draft, at)
        if at < 0:
            return begin
    if clash(draft, begin, at):
        return begin
    if at > begin:
        low, high = 2 * (int64(spans[LOW]) - site.first) + 1, 2 * (int64(spans[HIGH]) - site.first)
        draft[begin, CLAIM] = min(int64(draft[begin, CLAIM]), low)
        draft[begin, CLAIM_END] = max(int64(draft[begin, CLAIM_END]), high)
    return at


@inline
def fill_rules(scene: Scene, site: Site, draft: Int32s, at: Int) -> Int:
    """Draft what one of an operation's rules makes of a drawn word, drawn by weight among those that fit."""
    code, spans = scene.tables.rule_code, scratch()
    op, variants = site.step.first, uint64(site.step.second)
    words, total = (word(code, op + OP_COUNT) + 63) >> 6, int64(0)
    chosen: Int = int64(-1)
    before = may_stand(scene.tokens, site.token - 1, site.first, site.stop, scene.tables)
    after = may_stand(scene.tokens, site.token + 1, site.first, site.stop, scene.tables)
    for number in range(words + 1):
        again = number == words
        if again and chosen < 0:
            return at
        # once more for the one that was drawn, whose match has been written over
        left = uint64(1) if again else rules_of(op, scene.tokens, site.token, number, scene.tables)
        while left != uint64(0):
            i = 64 * number + trailing_zeros(left)
            left &= left - uint64(1)
            rule = chosen if again else word(code, op + OP_RULES) + RULE_WORDS * i
            wanted = variants >> uint64(word(code, rule + R_VARIANT)) & uint64(1) != uint64(0)
            near = again or (
                uint64(word(code, rule + R_BEFORE)) & before and uint64(word(code, rule + R_AFTER)) & after
            )
            # the last of all that may be drawn, where none was before, is matched but once
            last = again or (chosen < 0 and left == uint64(0) and number == words - 1)
            if not (wanted and near and match(scene, site, rule, spans, last)):
                continue
            if last:
                return rewrite(scene, site, rule, spans, draft, at)
            total += word(code, rule + R_WEIGHT)
            if below(stirred(site.random, i), total) < word(code, rule + R_WEIGHT):
                chosen = rule
    return at
