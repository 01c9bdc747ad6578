"""The text that an edit of a rewrite rule writes, composed piece by piece: copied, inflected, mapped or misspelt words.

Words keep the capitals that they have wherever they stand, and lose those that the beginning of a sentence gave them.
"""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.arena import append, append_byte, capitalise, reserve
from augsvc.kernels.draft import Scene, Site, reading_of, sounds_vowel
from augsvc.kernels.forms import form_flags, text_end, text_start
from augsvc.kernels.jit import inline
from augsvc.kernels.letters import misspell
from augsvc.kernels.rng import below
from augsvc.kernels.rulecode import found_in, word
from augsvc.rulecode import COUNT_BITS, GLUE, TABLE_BIT, TEXT_BITS, WEIGHT_BITS, Piece, PieceField, RewriteField, Sound
from augsvc.types import NOTHING, TAGS, Arena, Flag, FormFlag, Int, PackTables, RelationBits, TokenFlag, Uint64s

FIRST, TITLE, MIXED = (int(TokenFlag[n]) for n in ("FIRST", "TITLE", "MIXED"))
CAPITAL = int(FormFlag.CAPITAL)
W_PIECES, W_COUNT, W_SALT = (int(RewriteField[n]) for n in ("PIECES", "COUNT", "SALT"))
P_KIND, P_ELEMENT, P_FIRST, P_SECOND = (int(field) for field in PieceField)
TEXT, COPY, INFLECT, MAP, ARTICLE, SET_CASE, RELATED, LETTERS = (int(kind) for kind in Piece)
CONSONANT, VOWEL, UNKNOWN, SAME = (int(sound) for sound in Sound)
PIECE_WORDS = len(PieceField)
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
def append_mapped(scene: Scene, site: Site, token: Int, table: Int, rows: Int, salt: Int) -> Int:
    """Append what a map gives for a token, one of several by weight; return its Sound, -1 where it has nothing."""
    code = scene.tables.rule_code
    found = found_in(table, scene.tokens.hash[token], code)
    if found < 0:
        return int64(-1)
    row = word(code, rows + found - (table >> TABLE_BIT))
    at, total = row >> COUNT_BITS, int64(0)
    for i in range(row & ((1 << COUNT_BITS) - 1)):
        total += weight_of(word(code, at + i))
    left = below(stirred(site.random, salt), total)
    while left >= weight_of(word(code, at)):
        left -= weight_of(word(code, at))
        at += 1
    alternative = word(code, at)
    return append_text(scene, alternative >> TEXT_BITS, alternative & ((1 << WEIGHT_BITS) - 1))


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
def append_changed(scene: Scene, site: Site, token: Int, kind: Int, x: Int, y: Int, salt: Int) -> Int:
    """Append what a piece of a kind, with two numbers that say how, makes of a word; return as `append_piece` does."""
    if kind == INFLECT or kind == RELATED:
        relation, random = (x, stirred(site.random, salt)) if kind == RELATED else (int64(-1), int64(0))
        return append_form(scene, inflected(scene, token, x, relation, random))
    if kind == LETTERS:
        return append_misspelt(scene, site, token, x, y, salt)
    return append_mapped(scene, site, token, x, y, salt)


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
    # of several words only the last is changed
    end = stop if whole else stop - 1
    sound: Int = int64(UNKNOWN)
    if first < end:
        sound = append_copy(scene, site, first, end, x if kind == SET_CASE else case)
    if whole or sound < 0:
        return sound
    gap = int64(scene.tokens.end[end - 1]) if first < end else int64(scene.tokens.start[end])
    if not append(scene.data, gap, int64(scene.tokens.start[end]), scene.arena):
        return int64(-1)
    last = append_changed(scene, site, end, kind, x, y, salt)
    return last if last < 0 or first == end else sound


@inline
def settle(arena: Arena, article: Int, sound: Int) -> Flag:
    """Make the "a" at a place of the composed text, if any, "an" before a vowel; say whether it could be told."""
    if article < 0:
        return True
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
def append_next(scene: Scene, site: Site, edit: Int, i: Int, spans: Uint64s, start: Int) -> Int:
    """Append piece i of an edit, no article, whose text takes the place of token `start`; return as `append_piece`."""
    code = scene.tables.rule_code
    piece = word(code, edit + W_PIECES) + PIECE_WORDS * i
    own = i == 0 and start >= 0 and int64(spans[2 * (word(code, piece + P_ELEMENT) & 255)]) == start
    return append_piece(scene, site, piece, spans, word(code, edit + W_SALT) + i, int64(KEPT if own else INSIDE))


@inline
def compose(scene: Scene, site: Site, edit: Int, spans: Uint64s, start: Int, after: Int) -> Int:
    """Append all that an edit writes; return its Sound, -1 where some of it cannot be written.

    `start` is the token that the text takes the place of, -1 for none, `after` the one that follows it.
    """
    code, arena = scene.tables.rule_code, scene.arena
    begun: Int = int64(UNKNOWN)
    article: Int = int64(-1)
    sound: Int = int64(UNKNOWN)
    for i in range(word(code, edit + W_COUNT)):
        kind = word(code, word(code, edit + W_PIECES) + PIECE_WORDS * i + P_KIND)
        if i > 0 and kind & GLUE == 0 and not append_byte(chars.SPACE, arena):
            return int64(-1)
        if kind & (GLUE - 1) == ARTICLE:
            # which it is shows when the next piece is there
            article = int64(arena.used[0])
            sound = int64(CONSONANT) if append_byte(chars.A, arena) else int64(-1)
        else:
            sound = append_next(scene, site, edit, i, spans, start)
            if sound < 0 or not settle(arena, article, sound):
                return int64(-1)
            article = int64(-1)
        begun = sound if i == 0 else begun
    return begun if settle(arena, article, sound_at(scene, after, site.stop)) else int64(-1)
