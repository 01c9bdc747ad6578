"""Tables of English that are computed from the pack: how regular words would go, and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from augsvc.lexicon import Lexicon
from augsvc.lexicon.spelling import regular
from augsvc.types import Pos

Table = Callable[[Lexicon], Sequence[tuple[str, str, int]]]

COMMON = 2.5
"""Least frequency, on the Zipf scale, of words that computed tables take in."""


def regular_plurals(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Irregular plurals and what a learner makes of them: children, childs."""
    return [*_regularised(lexicon, Pos.NOUN, "NNS")]


def regular_pasts(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Irregular past tenses and participles and what a learner makes of them: went, goed."""
    return [*_regularised(lexicon, Pos.VERB, "VBD"), *_regularised(lexicon, Pos.VERB, "VBN")]


def _regularised(lexicon: Lexicon, pos: Pos, slot: str) -> Iterator[tuple[str, str, int]]:
    seen = set[tuple[str, str]]()
    for lemma in lemmas_of(lexicon, pos):
        form, made = lexicon.inflect(lemma, slot), regular(lemma, pos).get(slot)
        if form and made and made != form and lexicon.find(made) is None and (form, made) not in seen:
            seen.add((form, made))
            yield form, made, 1


def adverbs(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives and the adverbs in -ly that are made of them: quick, quickly."""
    known = set(lemmas_of(lexicon, Pos.ADV))
    return [(word, made, 1) for word in lemmas_of(lexicon, Pos.ADJ) if (made := _with_ly(word)) in known]


def adjectives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adverbs in -ly and their adjectives: quickly, quick."""
    return [(made, word, weight) for word, made, weight in adverbs(lexicon)]


def _with_ly(word: str) -> str:
    if word.endswith("le") and word[-3:-2] not in "aeiou":
        return word[:-1] + "y"
    if word.endswith("ic"):
        return word + "ally"
    return (word[:-1] + "i" if word.endswith("y") and len(word) > 4 else word) + "ly"


def lemmas_of(lexicon: Lexicon, pos: Pos) -> list[str]:
    """Return the single common words that are lemmas of a part of speech, the most frequent first."""
    forms, parts = lexicon.tensors["entry.form"], lexicon.tensors["entry.pos"]
    found = sorted({int(form) for form in forms[parts == int(pos)]})
    texts = ((form, lexicon.text(form)) for form in found)
    return [text for form, text in texts if text.isalpha() and text.isascii() and lexicon.zipf(form) >= COMMON]


TABLES: Mapping[str, Table] = {table.__name__: table for table in (regular_plurals, regular_pasts, adverbs, adjectives)}
"""What `made name` in a set or map stands for."""
