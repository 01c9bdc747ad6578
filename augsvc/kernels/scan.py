"""From bytes to tokens, in one linear pass.

Most words are ASCII letters between spaces, and most marks stand alone: they take short paths, a word hashed while it
is read, eight bytes at a time. Everything else goes run by run (a run: what stands between spaces, brackets, quotes and
the like): a run that is a URL, an e-mail address, a number, code ... is one token; a plain one is cut into words,
clitics (Penn Treebank style: do|n't, dog|'s), punctuation and symbols.
"""

from __future__ import annotations

import numpy as np
from numpy import int64, uint8, uint64

from augsvc.kernels import chars
from augsvc.kernels.hashing import CASE_BITS, finish, first_bytes, hash_span, mix, word_at
from augsvc.kernels.jit import inline
from augsvc.kernels.machine import ones
from augsvc.kernels.match import prefetch_slot
from augsvc.kernels.runs import RUN_BYTE, classify
from augsvc.kernels.utf8 import char_class, code_point
from augsvc.kernels.words import case_flags, clitic, flags_of, is_letter, letters_in, word_end
from augsvc.types import HASH_SEED, Bytes, CharClass, Flag, Int, PackTables, TokenColumns, TokenFlag, TokenKind

WORD, PUNCT, SYMBOL, HTML, OTHER = (int(TokenKind[name]) for name in ("WORD", "PUNCT", "SYMBOL", "HTML", "OTHER"))
SPACE_CLASS, MARK, PUNCT_CLASS, UNSEGMENTED = (
    int(c) for c in (CharClass.SPACE, CharClass.MARK, CharClass.PUNCT, CharClass.UNSEGMENTED)
)
FIRST, TITLE, UPPER, CLITIC = (int(f) for f in (TokenFlag.FIRST, TokenFlag.TITLE, TokenFlag.UPPER, TokenFlag.CLITIC))

ENDS_WORD = np.zeros(256, np.bool_)
"""Bytes after which a run of ASCII letters needs no second look."""
ENDS_WORD[[*b' \t\n\r\f\v,;!?")]}']] = True

NO_MARK = 255
MARK_KIND = np.full(256, NO_MARK, np.uint8)
"""The kind of an ASCII mark that is a token by itself unless what follows makes it more."""
MARK_KIND[[*b"!\"#%&'()*,-./:;?@[\\]{}"]] = PUNCT
MARK_KIND[[*b"$+=>^|~"]] = SYMBOL


@inline
def emit(tokens: TokenColumns, at: Int, start: Int, end: Int, kind: Int, flags: Int) -> None:
    """Write one token; hash, form and mask are filled elsewhere."""
    tokens.start[at] = start
    tokens.end[at] = end
    tokens.kind[at] = uint8(kind)
    tokens.flags[at] = uint8(flags)


@inline
def ends_word(data: Bytes, i: Int, end: Int) -> Flag:
    """Say whether a run of ASCII letters that ends at `i` is a word, whatever follows."""
    if i == end or ENDS_WORD[data[i]]:
        return True
    return bool(data[i] == chars.DOT and (i + 1 == end or data[i + 1] <= chars.SPACE))


@inline
def plain_word(data: Bytes, i: Int, end: Int, tables: PackTables, tokens: TokenColumns, at: Int, first: Int) -> Int:
    """Try the short path at `i`: return the end of a word of ASCII letters that nothing touches, else `i` itself."""
    h: Int = uint64(HASH_SEED)
    capitals: Int = int64(0)
    count: Int = int64(8)
    j = i
    while count == 8:
        word = word_at(data, j)
        count = min(letters_in(word), end - j)
        if count == 0:
            break
        h = mix(h, first_bytes(word | uint64(CASE_BITS), count))
        capitals += ones(first_bytes(~word & uint64(CASE_BITS), count))
        j += count
    if j == i or not ends_word(data, j, end):
        return i
    emit(tokens, at, i, j, WORD, first | case_flags(j - i, capitals, data[i] & chars.CASE == 0))
    h = finish(h, j - i)
    tokens.hash[at] = h
    prefetch_slot(h, tables)
    return j


@inline
def lone_mark(data: Bytes, i: Int, end: Int, tokens: TokenColumns, at: Int) -> Int:
    """Try the short path at `i`: return the end of an ASCII mark that is a token by itself, else `i` itself."""
    kind = int64(MARK_KIND[data[i]])
    # a combining mark may follow any mark; a run may begin with some
    if kind == NO_MARK or (i + 1 < end and (data[i + 1] >= 0x80 or (RUN_BYTE[data[i]] and RUN_BYTE[data[i + 1]]))):
        return i
    emit(tokens, at, i, i + 1, kind, 0)
    tokens.hash[at] = finish(mix(uint64(HASH_SEED), uint64(data[i])), 1)
    return i + 1


@inline
def symbol_end(data: Bytes, i: Int, size: Int, point: Int, kind: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of a punctuation mark or symbol at `i` with its combining marks, or of unsegmented script."""
    unsegmented = kind == UNSEGMENTED
    i += size
    while i < end and data[i] >= 0x80:
        point, size = code_point(data, i, end)
        found = char_class(point, tables)
        if found != MARK and not (unsegmented and found == UNSEGMENTED):
            break
        i += size
    return i


@inline
def split_plain(data: Bytes, i: Int, begin: Int, end: Int, tables: PackTables, hosted: Flag) -> tuple[Int, Int, Int]:
    """Return (end, kind, flags) of the token that starts at `i` in plain text; kind -1 for a space."""
    point, size = code_point(data, i, end)
    found = char_class(point, tables)
    if hosted:
        stop = clitic(data, i, end, tables)
        if stop > 0:
            return stop, WORD, CLITIC
    if is_letter(found):
        stop = word_end(data, i, end, tables)
        return stop, WORD, flags_of(data, i, stop, begin, end, tables)
    if found == SPACE_CLASS:
        return i + size, int64(-1), int64(0)
    stop = symbol_end(data, i, size, point, found, end, tables)
    if found == UNSEGMENTED:
        return stop, OTHER, int64(0)
    return stop, (PUNCT if found == PUNCT_CLASS else SYMBOL), int64(0)


@inline
def ends_sentence(data: Bytes, i: Int, end: Int) -> Flag:
    """Say whether the mark at `i` ends a sentence: . ! ? or an ellipsis."""
    byte = data[i]
    return (
        byte == chars.DOT
        or byte == chars.EXCLAMATION
        or byte == chars.QUESTION
        or (byte == 0xE2 and i + 2 < end and data[i + 1] == 0x80 and data[i + 2] == 0xA6)
    )


@inline
def hosts(tokens: TokenColumns, at: Int, i: Int, begin: Int) -> Flag:
    """Say whether token at - 1 ends at `i`, in this row, and may carry a clitic."""
    if i == begin or at == 0 or tokens.end[at - 1] != i:
        return False
    return bool(tokens.kind[at - 1] != PUNCT and tokens.kind[at - 1] != SYMBOL)


@inline
def scan_row(data: Bytes, begin: Int, end: Int, tables: PackTables, tokens: TokenColumns, at: Int) -> Int:
    """Write the tokens of data[begin:end] from index `at` on; return the index after the last."""
    i, first, plain = begin, int64(FIRST), begin
    while i < end:
        byte = int64(data[i])
        if byte == chars.SPACE or chars.TAB <= byte <= chars.RETURN:
            first = int64(FIRST) if byte == chars.NEWLINE else first
            i += 1
            continue
        if i >= plain:
            stop = plain_word(data, i, end, tables, tokens, at, first)
            if stop > i:
                i, first, at = stop, int64(0), at + 1
                continue
            stop = lone_mark(data, i, end, tokens, at)
            if stop > i:
                i, first, at = stop, int64(FIRST) if ends_sentence(data, i, end) else first, at + 1
                continue
            stop, kind = classify(data, i, end, tables)
            if kind != WORD:
                emit(tokens, at, i, stop, kind, 0)
                tokens.hash[at] = hash_span(data, i, stop, tables)
                # a tag may stand before the first word of a sentence
                i, first, at = stop, first if kind == HTML else int64(0), at + 1
                continue
            plain = stop
        stop, kind, flags = split_plain(data, i, begin, end, tables, hosts(tokens, at, i, begin))
        if kind >= 0:
            word = kind == WORD
            emit(tokens, at, i, stop, kind, flags | first if word else flags)
            tokens.hash[at] = hash_span(data, i, stop, tables)
            first = int64(0) if word or kind == OTHER else int64(FIRST) if ends_sentence(data, i, end) else first
            at += 1
        i = stop
    return at
