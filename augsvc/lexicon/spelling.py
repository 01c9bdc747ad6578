"""Inflected forms of words that the pack lacks, by the regular spelling rules of English.

The rules: Quirk et al., A Comprehensive Grammar of the English Language, 1985, sections 3.5-3.10, 5.80 and 7.79.
"""

from __future__ import annotations

import re

from augsvc.types import Pos

_DOUBLING = re.compile(r"([^aeiou]|^qu|^)[aeiou][bcdfgklmnprstvz]$")
"""A single vowel letter and a single consonant letter at the end."""

_PREFIX = re.compile(r"(back|by|co|counter|cross|de|dis|down|fore|inter|mis|out|over|pre|re|under|un|up|with)(?=\w{2})")

_SYLLABLE = re.compile(r"[aeiouy]+")


def regular(word: str, pos: Pos) -> dict[str, str]:
    """Return the forms of one folded word by slot.

    Adverbs, adjectives of several syllables but for those of two in -y, and compounds are not compared.
    """
    if pos is Pos.NOUN:
        return {"NN": word, "NNS": _with_s(word)}
    if pos is Pos.VERB:
        past = _with_ed(word)
        return {"VB": word, "VBZ": _with_s(word), "VBD": past, "VBN": past, "VBG": _with_ing(word)}
    if pos is Pos.ADJ and _is_compared(word):
        stem = _with_ed(word)[:-1]
        return {"JJ": word, "JJR": f"{stem}r", "JJS": f"{stem}st"}
    return {"JJ" if pos is Pos.ADJ else "RB": word}


def without_prefix(verb: str) -> str | None:
    """Return the verb that a prefix may have been put before, whose forms it shares: rerun, run; None without one."""
    found = _PREFIX.match(verb)
    return verb[found.end() :] if found else None


def _with_s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if word.endswith("z"):
        return f"{_doubled(word)}es"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _with_ed(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ied"
    if word.endswith("e"):
        return f"{word}d"
    return f"{_doubled(word)}ed"


def _with_ing(word: str) -> str:
    if word.endswith("ie"):
        return f"{word[:-2]}ying"
    if re.search(r"[^eoy]e$", word) and _syllables(word[:-1]):
        return f"{word[:-1]}ing"
    return f"{_doubled(word)}ing"


def _doubled(word: str) -> str:
    """Return the word with its last consonant doubled where its only syllable is short: vlog, vlogg-."""
    if word.endswith("ic"):
        return f"{word}k"
    # Which syllable is stressed the spelling does not tell: words of several keep their consonant, but for -g (debug).
    short = _syllables(word) == 1 or word.endswith("g")
    return word + word[-1] if short and _DOUBLING.search(word) else word


def _is_compared(word: str) -> bool:
    if not re.fullmatch(r"\w+", word):
        return False
    return _syllables(word.removesuffix("e")) <= 1 or (_syllables(word) == 2 and bool(re.search("[^aeiou]y$", word)))


def _syllables(word: str) -> int:
    return len(_SYLLABLE.findall(word))
