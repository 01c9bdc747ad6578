"""What phrases begin with, as a filter that kernels/phrases.py asks about the tokens of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

import numpy as np

from augsvc.lexicon.index import hash_of, mixed
from augsvc.types import LONGEST_PHRASE, PREFIX_BITS, Uint64s

_TOKEN = re.compile(r"\S*\d\S*|(?:\w\.){2,}|'s\b|\w+(?:'(?!s\b)\w+)*|[^\w ]")
"""The tokens of a phrase as the scanner has them: marks and the genitive's ending alone, 1st-class and u.s. whole.

Contractions, which are in no phrase of WordNet, are not cut: a phrase with one is not found.
"""


def prefixes(forms: Iterable[str]) -> Uint64s:
    """Return 2**PREFIX_BITS words, in which any two tokens or more that begin a phrase have three bits in one word.

    The top of their hash is the word's number, its lowest three times six bits are those of the bits. It begins as the
    hash of the first token and takes those of the others one by one. Phrases are the forms with spaces that have
    LONGEST_PHRASE tokens at most.
    """
    words = [0] * 2**PREFIX_BITS
    for tokens in (_TOKEN.findall(form) for form in forms if " " in form):
        if len(tokens) <= LONGEST_PHRASE:
            _, *hashes = accumulate(map(hash_of, tokens), mixed)
            for prefix in hashes:
                words[prefix >> 64 - PREFIX_BITS] |= _bit(prefix) | _bit(prefix >> 6) | _bit(prefix >> 12)
    return np.array(words, np.uint64)


def _bit(number: int) -> int:
    return 1 << (number & 63)
