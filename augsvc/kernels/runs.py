"""What a run of text between spaces and brackets is: a URL, an e-mail address, a number, code, or plain words.

Each run is read a bounded number of times, and look-ahead past it stops at the next character of the same sort, so
that the scan stays linear whatever the text.
"""

from __future__ import annotations

import numpy as np
from numpy import int64

from augsvc.kernels import chars
from augsvc.kernels.jit import inline
from augsvc.kernels.utf8 import char_class, code_point
from augsvc.kernels.words import wide_hyphen
from augsvc.types import Bools, Bytes, CharClass, Flag, Int, PackTables, TokenKind

WORD, NUMBER, URL, EMAIL, HASHTAG, MENTION, CODE, HTML, OTHER = (
    int(TokenKind[name]) for name in ("WORD", "NUMBER", "URL", "EMAIL", "HASHTAG", "MENTION", "CODE", "HTML", "OTHER")
)
DIGIT, SPACE, PUNCT = int(CharClass.DIGIT), int(CharClass.SPACE), int(CharClass.PUNCT)

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LETTER_BYTE = np.zeros(256, np.bool_)
LETTER_BYTE[[*_ALNUM[10:]]] = True
NAME_BYTE = np.zeros(256, np.bool_)
"""Letters, digits and the underscore, and every byte of a wider code point."""
NAME_BYTE[[*_ALNUM, *b"_", *range(128, 256)]] = True
RUN_BYTE = NAME_BYTE.copy()
"""What a run is made of, as far as bytes tell: see run_end."""
RUN_BYTE[[*b"#$%&'+-./:=@\\~"]] = True
PLAIN_BYTE = LETTER_BYTE.copy()
"""What makes no run special, wherever it stands behind the first letter."""
PLAIN_BYTE[[*b"'-"]] = True
URL_BYTE = np.ones(256, np.bool_)
URL_BYTE[[*range(33), *b'"<>`{}|', 127]] = False
TRAILING = np.zeros(256, np.bool_)
"""Marks that close a sentence rather than a URL or a number."""
TRAILING[[*b"!'),-.:;?]"]] = True
DOMAINS = tuple(
    int.from_bytes(d, "little") for d in b"com org net edu gov io co uk de fr eu ca au us ai dev app info".split()
)


@inline
def end_of(data: Bytes, i: Int, end: Int, table: Bools) -> Int:
    """Return the first position from `i` on whose byte is not in `table`."""
    while i < end and table[data[i]]:
        i += 1
    return i


@inline
def run_end(data: Bytes, i: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of the run at `i`: spaces and punctuation outside ASCII end it too, hyphens apart."""
    while i < end and RUN_BYTE[data[i]]:
        if data[i] < 128:
            i += 1
            continue
        point, size = code_point(data, i, end)
        found = char_class(point, tables)
        if found == SPACE or (found == PUNCT and not wide_hyphen(data, i, end)):
            break
        i += size
    return i


@inline
def plain_end(data: Bytes, i: Int, end: Int) -> Int:
    """Return the end of the run at `i` where a glance tells that it is plain, as don't or well-known., else `i`."""
    if not LETTER_BYTE[data[i]]:
        return i
    stop = end_of(data, i, end, PLAIN_BYTE)
    if stop < end and data[stop] == chars.DOT:
        stop += 1
    return i if stop < end and (RUN_BYTE[data[stop]] or data[stop] == chars.OPENING) else stop


@inline
def trim(data: Bytes, i: Int, stop: Int) -> Int:
    """Return `stop` less the closing marks before it, never below i + 1."""
    while stop > i + 1 and TRAILING[data[stop - 1]]:
        stop -= 1
    return stop


@inline
def tag_end(data: Bytes, i: Int, end: Int) -> Int:
    """Return the end of the HTML tag, comment or declaration at `i`, 0 where there is none."""
    byte = data[i + 1] if i + 1 < end else 0
    if not (LETTER_BYTE[byte] or byte == chars.SLASH or byte == chars.EXCLAMATION):
        return int64(0)
    j = i + 1
    while j < end and data[j] != chars.GREATER and data[j] != chars.LESS:
        j += 1
    return j + 1 if j < end and data[j] == chars.GREATER else int64(0)


@inline
def quoted_end(data: Bytes, i: Int, end: Int) -> Int:
    """Return the end of the `code span` in backquotes at `i`, on one line, 0 where there is none."""
    j = i + 1
    while j < end and data[j] != chars.BACKQUOTE and data[j] != chars.NEWLINE:
        j += 1
    return j + 1 if j < end and data[j] == chars.BACKQUOTE and j > i + 1 else int64(0)


@inline
def is_domain(data: Bytes, i: Int, stop: Int) -> Flag:
    """Say whether data[i:stop] is a top-level domain in common use."""
    if stop - i > 4 or stop - i < 2:
        return False
    packed = int64(0)
    for j in range(stop - i):
        packed |= (int64(data[i + j]) | chars.CASE) << 8 * j
    for domain in DOMAINS:
        if packed == domain:
            return True
    return False


@inline
def dotted(data: Bytes, i: Int, stop: Int) -> Int:
    """Return URL for a bare host name, OTHER for e.g. or U.S. or file.txt, WORD where no dot joins two names."""
    found: Int = int64(WORD)
    host: Flag = False
    for j in range(i + 1, stop - 1):
        if data[j] == chars.DOT and NAME_BYTE[data[j - 1]] and LETTER_BYTE[data[j + 1]]:
            found = int64(OTHER)
            host = host or is_domain(data, j + 1, end_of(data, j + 1, stop, LETTER_BYTE))
    return int64(URL) if host else found


@inline
def opens_code(data: Bytes, i: Int, stop: Int) -> Flag:
    """Say whether a run begins as code does: $name, --flag, /a/path, ~/path."""
    head = data[i]
    second = int64(data[i + 1]) if i + 1 < stop else int64(0)
    third = int64(data[i + 2]) if i + 2 < stop else int64(0)
    flag: Flag = second == chars.HYPHEN and LETTER_BYTE[third]
    if head != chars.HYPHEN:
        flag = ((head == chars.DOLLAR or head == chars.SLASH) and LETTER_BYTE[second]) or (
            head == chars.TILDE and second == chars.SLASH
        )
    return flag


@inline
def is_code(data: Bytes, i: Int, stop: Int) -> Flag:
    r"""Say whether a run reads as code: by its head, or as snake_case, a::b, key=value or C:\path."""
    if opens_code(data, i, stop):
        return True
    for j in range(i, stop):
        byte = data[j]
        if byte == chars.UNDERSCORE:
            return True
        if i < j < stop - 1 and (
            byte == chars.BACKSLASH or byte == chars.EQUALS or (byte == chars.COLON and data[j + 1] == chars.COLON)
        ):
            return True
    return False


@inline
def find_byte(data: Bytes, i: Int, stop: Int, byte: Int) -> Int:
    """Return the first position of `byte` in data[i:stop], or `stop`."""
    while i < stop and data[i] != byte:
        i += 1
    return i


@inline
def url_end(data: Bytes, i: Int, stop: Int, end: Int) -> Int:
    """Return the end of the URL at `i` (scheme://... or www....) whose run ends at `stop`, 0 where there is none."""
    j = i
    while j + 2 < stop and not (data[j] == chars.COLON and data[j + 1] == chars.SLASH and data[j + 2] == chars.SLASH):
        j += 1
    scheme = j > i and j + 2 < stop and NAME_BYTE[data[j - 1]]
    www = (
        i + 4 < stop
        and data[i + 3] == chars.DOT
        and data[i] | chars.CASE == chars.W
        and data[i + 1] | chars.CASE == chars.W
        and data[i + 2] | chars.CASE == chars.W
    )
    if not (scheme or www):
        return int64(0)
    return trim(data, i, end_of(data, stop, end, URL_BYTE))


@inline
def has_digit(data: Bytes, i: Int, stop: Int, tables: PackTables) -> Flag:
    """Say whether a digit of any script stands in data[i:stop]."""
    while i < stop:
        point, size = code_point(data, i, stop)
        if char_class(point, tables) == DIGIT:
            return True
        i += size
    return False


@inline
def number_end(data: Bytes, stop: Int, end: Int, tables: PackTables) -> Int:
    """Return the end of a number whose first run ends at `stop`: 10,000 goes on after its commas."""
    while (
        stop + 1 < end
        and data[stop] == chars.COMMA
        and chars.ZERO <= data[stop - 1] <= chars.NINE
        and chars.ZERO <= data[stop + 1] <= chars.NINE
    ):
        stop = run_end(data, stop + 1, end, tables)
    return stop


@inline
def tagged(data: Bytes, i: Int, end: Int) -> tuple[Int, Int]:
    """Return (end, kind) of the @mention or #hashtag at `i`, kind WORD for a bare mark."""
    j = end_of(data, i + 1, end, NAME_BYTE)
    if j == i + 1:
        return j, int64(WORD)
    return j, int64(MENTION) if data[i] == chars.AT else int64(HASHTAG)


@inline
def address(data: Bytes, i: Int, stop: Int) -> Flag:
    """Say whether data[i:stop] is an e-mail address: name@host.domain."""
    at = find_byte(data, i, stop, chars.AT)
    return i < at and find_byte(data, at + 2, stop, chars.DOT) < stop - 1


@inline
def bracketed(data: Bytes, i: Int, end: Int) -> tuple[Int, Int]:
    """Return (end, kind) of the HTML tag or `code span` at `i`, kind WORD where there is none."""
    byte = data[i]
    stop = (
        tag_end(data, i, end)
        if byte == chars.LESS
        else quoted_end(data, i, end)
        if byte == chars.BACKQUOTE
        else int64(0)
    )
    if stop > 0:
        return stop, int64(HTML) if byte == chars.LESS else int64(CODE)
    return i + 1, int64(WORD)


@inline
def classify_run(data: Bytes, i: Int, run: Int, end: Int, tables: PackTables) -> tuple[Int, Int]:
    """Return (end, kind) of the run data[i:run], less the marks that close it."""
    stop = trim(data, i, run)
    if address(data, i, stop):
        return stop, int64(EMAIL)
    if is_code(data, i, stop):
        return stop, int64(CODE)
    kind = dotted(data, i, stop)
    if kind == URL and find_byte(data, i, stop, chars.SLASH) < stop:
        return trim(data, i, end_of(data, run, end, URL_BYTE)), kind
    if kind == OTHER and stop < run and data[stop] == chars.DOT:
        # the last point belongs to e.g. and U.S. as much as the others
        return stop + 1, kind
    if kind != WORD:
        return stop, kind
    if has_digit(data, i, stop, tables):
        return trim(data, i, number_end(data, stop, end, tables)), int64(NUMBER)
    return run, int64(WORD)


@inline
def classify(data: Bytes, i: Int, end: Int, tables: PackTables) -> tuple[Int, Int]:
    """Return (end, kind) of what starts at `i`; kind WORD means plain text up to that end."""
    if not RUN_BYTE[data[i]]:
        return bracketed(data, i, end)
    if data[i] == chars.AT or data[i] == chars.HASH:
        return tagged(data, i, end)
    plain = plain_end(data, i, end)
    if plain > i:
        return plain, int64(WORD)
    run = run_end(data, i, end, tables)
    if run == i:
        return i + code_point(data, i, end)[1], int64(WORD)
    stop = url_end(data, i, run, end)
    if stop > 0:
        return stop, int64(URL)
    if run + 1 < end and data[run] == chars.OPENING and data[run + 1] == chars.CLOSING and NAME_BYTE[data[run - 1]]:
        return run + 2, int64(CODE)
    return classify_run(data, i, run, end, tables)
