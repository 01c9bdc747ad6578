"""Misspellings: a few letters of a word become others, and never another word."""

from __future__ import annotations

from numpy import int64, uint64

from augsvc.kernels import chars
from augsvc.kernels.hashing import first_bytes, folded, hash_span, word_at
from augsvc.kernels.jit import inline
from augsvc.kernels.match import find
from augsvc.kernels.rng import below
from augsvc.rulecode import Letters
from augsvc.types import Arena, Bytes, Flag, Int, Int64s, PackTables

TABLE, TRANSPOSED, DOUBLED, DROPPED = (int(kind) for kind in Letters)

LEAST_LETTERS = 4
"""Shorter words are left alone."""

ROW_WORDS, ANY_CASE = 3, 1 << 16
"""A row of a table: what is written, what instead, each up to eight bytes in a word, and their sizes with a bit."""


@inline
def letter(byte: Int) -> Flag:
    """Say whether a byte is a letter of ASCII."""
    return chars.A <= (byte | chars.CASE) <= chars.Z


@inline
def letters_of(data: Bytes, at: Int, end: Int) -> Int:
    """Return how many code points data[at:end] has."""
    count = int64(0)
    for i in range(at, end):
        count += int64(data[i] & 0xC0 != 0x80)
    return count


@inline
def ends_plain(data: Bytes, end: Int, stop: Int) -> Flag:
    """Say whether letters that end here lie inside the word that ends at `stop`, and no mark belongs to the last."""
    return end <= stop and (end == stop or data[end] < 0x80)


@inline
def suits(data: Bytes, at: Int, stop: Int, row: Int, code: Int64s) -> Flag:
    """Say whether what a row of a table is about is written at a place."""
    sizes, size = int64(code[row + 2]), int64(code[row + 2]) & 255
    if not ends_plain(data, at + size, stop):
        return False
    found = first_bytes(word_at(data, at), size)
    return bool((folded(found) if sizes & ANY_CASE else found) == uint64(code[row]))


@inline
def row_at(data: Bytes, at: Int, stop: Int, table: Int, random: Int, code: Int64s) -> Int:
    """Return one of the rows of a table that suit a place, -1 for none."""
    rows, several = int64(code[table]), int64(0)
    for i in range(rows):
        several += int64(suits(data, at, stop, table + 1 + ROW_WORDS * i, code))
    left = below(random, several)
    for i in range(rows if several else 0):
        row = table + 1 + ROW_WORDS * i
        if suits(data, at, stop, row, code):
            if left == 0:
                return row
            left -= 1
    return int64(-1)


@inline
def transposed(data: Bytes, at: Int, stop: Int) -> tuple[Int, Int, Int]:
    """Return the change of a letter and the next for each other; see `change`."""
    one = int64(data[at])
    two = int64(data[at + 1]) if at + 1 < stop else int64(0)
    if not (letter(two) and ends_plain(data, at + 2, stop)) or (one ^ two) | chars.CASE == chars.CASE:
        return int64(0), uint64(0), int64(0)
    # capitals stay in their places
    case = (one ^ two) & chars.CASE
    return int64(2), uint64(two ^ case) | uint64(one ^ case) << uint64(8), int64(2)


@inline
def doubled(data: Bytes, at: Int, low: Int, stop: Int) -> tuple[Int, Int, Int]:
    """Return the change of a letter that stands alone for two of it; see `change`."""
    one = int64(data[at])
    two = int64(data[at + 1]) if at + 1 < stop else int64(0)
    before = int64(data[at - 1]) if at > low else int64(0)
    if one | chars.CASE == two | chars.CASE or one | chars.CASE == before | chars.CASE:
        return int64(0), uint64(0), int64(0)
    return int64(1), uint64(one) | uint64(one | chars.CASE) << uint64(8), int64(2)


@inline
def change(data: Bytes, at: Int, low: Int, stop: Int, kind: Int, row: Int, code: Int64s) -> tuple[Int, Int, Int]:
    """Return (how many bytes at a place go, what comes as a word of bytes, how many these are); the first 0: none."""
    if kind == TABLE:
        if row < 0:
            return int64(0), uint64(0), int64(0)
        one = int64(data[at])
        sizes, new = int64(code[row + 2]), uint64(code[row + 1])
        capital = sizes & ANY_CASE and chars.UPPER_A <= one <= chars.UPPER_Z
        return sizes & 255, new & ~uint64(chars.CASE) if capital else new, sizes >> 8 & 255
    if kind == TRANSPOSED:
        return transposed(data, at, stop)
    if kind == DROPPED:
        return int64(1), uint64(0), int64(0)
    return doubled(data, at, low, stop)


@inline
def patch(arena: Arena, at: Int, size: Int, new: Int, width: Int) -> None:
    """Put the `width` bytes of a word in the place of `size` bytes of the composed text."""
    data, end = arena.data, int64(arena.used[0])
    if width > size:
        for i in range(end - 1, at + size - 1, -1):
            data[i + width - size] = data[i]
    else:
        for i in range(at + size, end):
            data[i + width - size] = data[i]
    for i in range(width):
        data[at + i] = new >> uint64(8 * i) & uint64(255)
    arena.used[0] = end + width - size


@inline
def is_word(arena: Arena, at: Int, tables: PackTables) -> Flag:
    """Say whether the composed text from `at` on is a form of the pack."""
    end = int64(arena.used[0])
    return find(arena.data, at, end, hash_span(arena.data, at, end, tables), tables) >= 0


@inline
def misspell(arena: Arena, begin: Int, kind: Int, table: Int, first: Flag, random: Int, tables: PackTables) -> Flag:
    """Misspell the word that is composed from `begin` on, at a random place or the next one where it can be.

    kind: Letters; `table` is where in the code of rules its rows are; `first`: the first letter may change, too. Say
    whether it could.
    """
    code, data, end = tables.rule_code, arena.data, int64(arena.used[0])
    if letters_of(data, begin, end) < LEAST_LETTERS:
        return False
    if end + 8 > data.shape[0]:
        arena.used[1] = 1
        return False
    low = begin if first else begin + 1
    places = end - low
    start = below(random, places)
    for turn in range(places):
        at = low + (start + turn) % places
        if kind != TABLE and not (letter(int64(data[at])) and ends_plain(data, at + 1, end)):
            continue
        # another draw for each place
        pick = (uint64(random) + uint64(turn + 1)) * uint64(0x9E3779B1) & uint64(0xFFFFFFFF)
        row = row_at(data, at, end, table, pick, code) if kind == TABLE else int64(-1)
        size, new, width = change(data, at, begin, end, kind, row, code)
        if size == 0:
            continue
        old = first_bytes(word_at(data, at), size)
        patch(arena, at, size, new, width)
        if not is_word(arena, begin, tables):
            return True
        patch(arena, at, width, old, size)
    return False
