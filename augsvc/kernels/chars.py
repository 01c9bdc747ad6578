"""Names for the ASCII bytes that kernels compare with; a letter stands for both its cases, after `byte | CASE`."""

from __future__ import annotations

TAB, NEWLINE, RETURN, SPACE = b"\t\n\r "
EXCLAMATION, HASH, DOLLAR, APOSTROPHE, OPENING, CLOSING = b"!#$'()"
COMMA, HYPHEN, DOT, SLASH, COLON = b",-./:"
LESS, EQUALS, GREATER, QUESTION, AT = b"<=>?@"
BACKSLASH, UNDERSCORE, BACKQUOTE, TILDE = b"\\_`~"
ZERO, NINE = b"09"
UPPER_A, UPPER_Z, A, Z = b"AZaz"
D, E, L, M, N, R, S, T, V, W = b"delmnrstvw"

CASE = 32
"""The bit that is set in lower-case letters alone."""
