"""From a batch of texts to its tokens in one call: scanned, looked up in the lexicon, guarded by kind, and counted."""

from __future__ import annotations

from numpy import int32, int64, uint8

from augsvc.kernels.forms import form_flags
from augsvc.kernels.guard import kind_mask
from augsvc.kernels.jit import inline, kernel
from augsvc.kernels.match import find, prefetch_key
from augsvc.kernels.scan import scan_row
from augsvc.types import UNTAGGED, Bytes, FormFlag, Int, Int32s, Int64s, PackTables, TokenColumns, TokenFlag, TokenKind

WORD, CLITIC, NAME = int(TokenKind.WORD), int(TokenFlag.CLITIC), int(FormFlag.NAME)


@inline
def look_up(data: Bytes, tables: PackTables, tokens: TokenColumns, first: Int, stop: Int, kinds: Int) -> Int:
    """Fill the forms, masks and tags of a row's tokens; return how many words there are, clitics apart."""
    words = int64(0)
    for token in range(first, stop):
        prefetch_key(tokens.hash[token], tables)
    for token in range(first, stop):
        form: Int = int64(-1)
        facts: Int = int64(0)
        if tokens.kind[token] == WORD:
            form = find(data, int64(tokens.start[token]), int64(tokens.end[token]), tokens.hash[token], tables)
            # a capital at the beginning of a sentence marks a name where the word is no other
            facts = form_flags(form, tables) if form >= 0 else NAME
            words += int64(tokens.flags[token] & CLITIC == 0)
        tokens.form[token] = int32(form)
        tokens.mask[token] = uint8(kind_mask(tokens, token, first, stop, facts, kinds))
        tokens.tag[token] = uint8(UNTAGGED)
    return words


@kernel
def read(data: Bytes, offsets: Int64s, tables: PackTables, kinds: Int, tokens: TokenColumns, words: Int32s) -> Int:
    """Read R rows of UTF-8 (data[offsets[r]:offsets[r + 1]]) into all columns of `tokens` and return their number.

    `tokens` must have room for one token a byte; a mask holds KIND for the `kinds` (bits: see guard) and FIT. words [R]
    receives the number of words of each row, clitics apart.
    """
    count: Int = int64(0)
    tokens.first[0] = 0
    for row in range(offsets.shape[0] - 1):
        first = count
        count = scan_row(data, offsets[row], offsets[row + 1], tables, tokens, count)
        tokens.first[row + 1] = count
        # while the tokens of the row are in the nearest cache
        words[row] = int32(look_up(data, tables, tokens, first, count, kinds))
    return count
