"""Which tokens stand side by side in phrases, as a filter that kernels/phrases.py asks about the tokens of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from augsvc.lexicon.index import hash_of, mixed
from augsvc.types import LINK_BITS, LONGEST_PHRASE, Uint64s

_TOKEN = re.compile(r"\S*\d\S*|(?:\w\.){2,}|'s\b|\w+(?:'(?!s\b)\w+)*|[^\w ]")
"""The tokens of a phrase as the scanner has them: marks and the genitive's ending alone, 1st-class and u.s. whole.

Contractions, which are in no phrase of WordNet, are not cut: a phrase with one is not found.
"""


def links(forms: Iterable[str]) -> Uint64s:
    """Return 2**LINK_BITS words, in which any two tokens that a phrase has side by side have three bits in one word.

    The top of their hash, which begins as that of the first token and takes that of the second, is the word's number;
    its lowest three times six bits are those of the bits. Phrases are the forms with spaces that have LONGEST_PHRASE
    tokens at most.
    """
    words = [0] * 2**LINK_BITS
    for tokens in (_TOKEN.findall(form) for form in forms if " " in form):
        if len(tokens) <= LONGEST_PHRASE:
            for one, other in pairwise(map(hash_of, tokens)):
                link = mixed(one, other)
                words[link >> 64 - LINK_BITS] |= _bit(link) | _bit(link >> 6) | _bit(link >> 12)
    return np.array(words, np.uint64)


def _bit(number: int) -> int:
    return 1 << (number & 63)
