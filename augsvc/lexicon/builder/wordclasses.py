"""Word classes: what dictionaries and treebanks say of a form before its context does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from augsvc.lexicon.tensors import Array
from augsvc.types import SEEN, TAGS, FormFlag

Counts: TypeAlias = Mapping[int, Counter[int]]
"""Form, or whatever else -> how often it had each tag."""

OPEN = (
    *("NN", "NNS", "VB", "VBZ", "VBD", "VBN", "VBG", "VBP", "JJ", "JJR", "JJS", "RB", "RBR"),
    *("NNP", "NNPS", "UH", "FW", "CD", "IN", "GW"),
)
"""Tags that a word nobody has seen may take."""

TWINS = (("VB", "VBP"), ("VBP", "VB"), ("VBD", "VBN"), ("VBN", "VBD"))
"""A verb form seen as one of a pair may be the other."""

NAME_BIT, FUNCTION_BIT, FIRST_READING = 13, 14, 16
"""Where a lexical class holds whether a form is a name or a function word, and its first reading's tag plus one."""

FIXED_COUNT, FIXED_SHARE = 10, 0.998
"""From so many occurrences on, a word that had one tag in this share of them has it without scoring."""
SURE_COUNT, RARE_SHARE = 20, 0.004
"""From so many on, a word takes only tags that it was seen with, and none seen in a smaller share than this."""


class Lexical(NamedTuple):
    """The lexical classes of a pack: each form's, and each one's bits."""

    of_form: list[int]
    bits: list[int]


def mask_of(tags: Iterable[str]) -> int:
    """Return tags as bits by their numbers."""
    return sum(1 << TAGS.index(tag) for tag in tags)


def reading_tags(tensors: Mapping[str, Array]) -> list[int]:
    """Return the number in TAGS of each reading's slot."""
    tags: list[int] = (tensors["reading.head"][:-1] & 255).tolist()
    return tags


def lexical_classes(tensors: Mapping[str, Array]) -> Lexical:
    """Sort forms by the slots they fill, their most frequent reading, and whether they are names or function words."""
    tags, offsets = reading_tags(tensors), tensors["form.reading"].tolist()
    numbers: dict[int, int] = {}
    of_form = []
    for flags, start, stop in zip(tensors["form.flags"].tolist(), offsets[:-1], offsets[1:], strict=True):
        bits = sum(1 << tag for tag in set(tags[start:stop]))
        bits |= bool(flags & FormFlag.NAME) << NAME_BIT | bool(flags & FormFlag.FUNCTION) << FUNCTION_BIT
        bits |= (tags[start] + 1) << FIRST_READING if stop > start else 0
        of_form.append(numbers.setdefault(bits, len(numbers)))
    return Lexical(of_form, list(numbers))


def word_classes(lexical: Lexical, counts: Counts) -> dict[str, Array]:
    """Return the columns of word classes: lexical class, whether the treebanks have the word twice, tags it may take.

    `counts` are the tags of each form in the treebanks.
    """
    usual = _usual_tags(lexical, counts)
    numbers: dict[tuple[int, int], int] = {}
    of_form = []
    for form, lexical_class in enumerate(lexical.of_form):
        seen = counts.get(form, Counter())
        tags = usual[lexical_class] if not seen else _tags(seen, usual[lexical_class], lexical.bits[lexical_class])
        row = lexical_class | (SEEN if seen.total() > 1 else 0), tags
        of_form.append(numbers.setdefault(row, len(numbers)))
    return {
        "form.class": np.array(of_form, np.uint16),
        "class.lexical": np.array([row for row, _ in numbers], np.uint16),
        "class.tags": np.array([tags for _, tags in numbers], np.uint64),
    }


def shape_tags(counts: Counts) -> Array:
    """Return the tags that words outside the pack may take, u64[256] by shape, from those of rare words and marks."""
    found = np.full(256, mask_of(OPEN), np.uint64)
    for shape, seen in counts.items():
        total = seen.total()
        if _fixed(seen):
            found[shape] = 1 << seen.most_common(1)[0][0]
            continue
        tags = sum(1 << tag for tag, count in seen.items() if count >= max(1, 0.003 * total))
        # marks are few and all seen; words are not
        found[shape] = tags if shape >= 128 or total >= 200 else tags | mask_of(OPEN)
    return found


def _fixed(seen: Counter[int]) -> bool:
    return seen.total() >= FIXED_COUNT and max(seen.values()) >= FIXED_SHARE * seen.total()


def _tags(seen: Counter[int], usual: int, bits: int) -> int:
    """Return the tags that a word seen in the treebanks may take."""
    if _fixed(seen):
        return 1 << seen.most_common(1)[0][0]
    tags = sum(1 << tag for tag, count in seen.items() if count >= RARE_SHARE * seen.total())
    if seen.total() < SURE_COUNT:
        return tags | usual
    for one, other in TWINS:
        filled = bits >> TAGS.index("VB" if other == "VBP" else other) & 1
        if tags & mask_of([one]) and filled:
            tags |= mask_of([other])
    return tags


def _usual_tags(lexical: Lexical, counts: Counts) -> list[int]:
    """Return the tags of each lexical class: its slots, and what words of it were seen with."""
    seen: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for form, tags in counts.items():
        for tag, count in tags.items():
            seen[lexical.of_form[form]][tag] += min(count, 3)
    return [_usual(bits, seen[number]) for number, bits in enumerate(lexical.bits)]


def _usual(bits: int, seen: Counter[int]) -> int:
    tags = bits & (1 << NAME_BIT) - 1
    if tags & mask_of(["VB"]):
        tags |= mask_of(["VBP"])
    if bits >> NAME_BIT & 1:
        tags |= mask_of(["NNP"])
    tags |= sum(1 << tag for tag, count in seen.items() if count > 1 and count >= 0.01 * seen.total())
    return tags or mask_of(OPEN)


def untrained(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the columns of a pack without a treebank: each word has the tag of its first reading, else NN."""
    tags, offsets = reading_tags(tensors), tensors["form.reading"].tolist()
    first = [tags[start] if stop > start else 0 for start, stop in pairwise(offsets)]
    return {
        "form.class": np.array(first, np.uint16),
        "class.lexical": np.zeros(len(TAGS), np.uint16),
        "class.tags": np.array([1 << tag for tag in range(len(TAGS))], np.uint64),
        "shape.tags": np.ones(256, np.uint64),
    }


def count_tags(keys: Sequence[int], tags: Sequence[int]) -> defaultdict[int, Counter[int]]:
    """Count the tags of each key, side by side."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for key, tag in zip(keys, tags, strict=True):
        found[key][tag] += 1
    return found
