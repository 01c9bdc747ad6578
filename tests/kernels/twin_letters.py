"""Plain-Python twin of augsvc.kernels.letters: a word misspelt at one of its places.

Places are counted in bytes of UTF-8, as the draws are; what is written at one is a string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .twin_rng import below

LEAST_LETTERS = 4
ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class Letters:
    """How a word is misspelt: by rows (letters, letters instead), or by one of the kinds that need none.

    `any_case`: a row holds for capitals, too.
    """

    kind: str
    rows: Sequence[tuple[str, str]] = ()
    any_case: bool = False

    def misspelt(self, word: str, random: int, is_word: Callable[[str], bool], *, first: bool) -> str | None:
        """Return a word with an error that makes no other word, None where there is no place for one."""
        if len(word) < LEAST_LETTERS:
            return None
        for turn, place in enumerate(places(word, random, first=first)):
            pick = (random + turn + 1) * 0x9E3779B1 % 2**32
            found = None if place is None else self.changed(word[:place], word[place:], pick)
            if found is not None and not is_word(found):
                return found
        return None

    def changed(self, head: str, tail: str, random: int) -> str | None:
        """Return what becomes of a word when its error stands where the tail begins."""
        if self.kind == "table":
            return self.replaced(head, tail, random)
        one, two, rest = tail[0], tail[1:2], tail[2:]
        if one not in ALPHABET or not is_plain(two):
            return None
        if self.kind == "dropped":
            return head + two + rest
        if self.kind == "doubled":
            beside = {head[-1:].lower(), two.lower()}
            return None if one.lower() in beside else head + one + one.lower() + two + rest
        if two not in ALPHABET or not is_plain(rest) or one.lower() == two.lower():
            return None
        return head + cased(two, one) + cased(one, two) + rest

    def replaced(self, head: str, tail: str, random: int) -> str | None:
        """Return the word with one of the rows whose letters the tail begins with, all alike."""
        written = lower(tail) if self.any_case else tail
        suiting = [(a, b) for a, b in self.rows if written.startswith(a) and is_plain(tail[len(a) :])]
        if not suiting:
            return None
        old, new = suiting[below(random, len(suiting))]
        if self.any_case and "A" <= tail[0] <= "Z":
            new = new[:1].upper() + new[1:]
        return head + new + tail[len(old) :]


def places(word: str, random: int, *, first: bool) -> Iterator[int | None]:
    """Yield all places from a drawn one on, None for those inside a letter; the first letter's only where it may go."""
    low, size = 0 if first else 1, len(word.encode())
    starts = {len(word[:place].encode()): place for place in range(len(word))}
    start = below(random, size - low)
    for turn in range(size - low):
        yield starts.get(low + (start + turn) % (size - low))


def is_plain(rest: str) -> bool:
    """Say whether no mark that belongs to the letter before begins here, nor any other letter beyond ASCII."""
    return not rest or rest[0].isascii()


def cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter.lower()


def lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
