"""Sets of English forms that are computed from the pack: plurals that are nothing else, spellings, comparatives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from augsvc.lexicon import Lexicon, wordlists
from augsvc.lexicon.builder.rules.tables import Table, lemmas_of
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.types import SLOTS, Pos


def spellings(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Words in British and in American spelling: those of the list, and what -ise and -ize make of verbs."""
    listed = [(british, american, 1) for british, american in wordlists.rows("spellings")]
    verbs = [text for text in lemmas_of(lexicon, Pos.VERB, least=1.5) if re.fullmatch(r"[a-z]{3,}ize", text)]
    stems = [verb[:-2] for verb in verbs if verb not in wordlists.words("only_ize")]
    made = ((stem + "s" + ending, stem + "z" + ending, 1) for stem in stems for ending in IZE_ENDINGS)
    return [*listed, *made]


def vowel_spellings(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Those of them that begin with a vowel sound: organise."""
    found = {word for row in spellings(lexicon) for word in row[:2] if begins_with_vowel_sound(word)}
    return [(word, word, 1) for word in sorted(found)]


IZE_ENDINGS = ("e", "es", "ed", "ing", "er", "ers", "ation", "ations", "able")


def gerunds(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Words that can only be the -ing form of a verb, or an adjective made of it."""
    return [(form, form, 1) for form in sorted(_forms(lexicon, "VBG") - _forms(lexicon, "VB"))]


def past_participles(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Past participles, whatever else they may be."""
    return [(form, form, 1) for form in sorted(_forms(lexicon, "VBN"))]


def pasts(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Past tenses that are no infinitives."""
    return [(form, form, 1) for form in sorted(_forms(lexicon, "VBD") - _forms(lexicon, "VB"))]


def perfects(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Past participles that are nothing else, so that a form of have before them makes a tense."""
    others = _forms(lexicon, "VB") | _texts(lexicon, Pos.ADJ) | _texts(lexicon, Pos.NOUN)
    return [(form, form, 1) for form in sorted(_forms(lexicon, "VBN") - others)]


def infinitives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Infinitives that are no past form of any verb, nor an adverb or a preposition."""
    others = (
        _forms(lexicon, "VBN") | _forms(lexicon, "VBD") | _texts(lexicon, Pos.ADV) | wordlists.words("prepositions")
    )
    return [(form, form, 1) for form in sorted(_forms(lexicon, "VB") - others | {"like"})]


def adverbials(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """All that may be an adverb."""
    return [(form, form, 1) for form in sorted(_texts(lexicon, Pos.ADV))]


def only_plurals(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Plurals of nouns that are nothing else, not even a form of a verb."""
    return [row for row in plurals(lexicon) if row[0] not in _forms(lexicon, "VBZ")]


def nouns(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns in both numbers, whatever else they may be, but an adverb."""
    return [(form, form, 1) for form in sorted(_nouns(lexicon) - _texts(lexicon, Pos.ADV))]


def phrasal(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns of which fixed phrases are made, of course and take place: those in adverbs and verbs of several words."""
    whole = [phrase.split() for phrase in _phrases(lexicon, Pos.ADV)]
    after = [phrase.split()[1:] for phrase in _phrases(lexicon, Pos.VERB)]
    found = {word for words in (*whole, *after) for word in words}
    return [(word, word, 1) for word in sorted(found & _nouns(lexicon))]


def _phrases(lexicon: Lexicon, pos: Pos) -> list[str]:
    forms, parts = lexicon.tensors["entry.form"], lexicon.tensors["entry.pos"]
    texts = (lexicon.text(form) for form in np.unique(forms[parts == int(pos)]).tolist())
    return [text for text in texts if " " in text]


def only_nouns(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns in both numbers that are nothing else, not even a form of a verb."""
    others = _verbal(lexicon) | _texts(lexicon, Pos.ADJ) | _texts(lexicon, Pos.ADV) | wordlists.words("function")
    return [(form, form, 1) for form in sorted(_nouns(lexicon) - others)]


def qualities(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives that are no nouns."""
    found = frozenset(lemmas_of(lexicon, Pos.ADJ)) - _nouns(lexicon)
    return [(word, word, 1) for word in sorted(found)]


def only_adjectives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives that are no nouns, adverbs or forms of verbs."""
    others = _verbal(lexicon) | _texts(lexicon, Pos.NOUN) | _texts(lexicon, Pos.ADV)
    return [(word, word, 1) for word in sorted(_texts(lexicon, Pos.ADJ) - others)]


def plurals(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Plurals of nouns that are no singular."""
    return [(form, form, 1) for form in sorted(_forms(lexicon, "NNS") - _texts(lexicon, Pos.NOUN))]


def persons(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns for persons, in both numbers."""
    return [*_in_both_numbers(lexicon, "persons")]


def perhaps_persons(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns that may be for persons, in both numbers."""
    return [*persons(lexicon), *_in_both_numbers(lexicon, "persons_too")]


def _in_both_numbers(lexicon: Lexicon, name: str) -> Iterator[tuple[str, str, int]]:
    for noun in sorted(wordlists.words(name)):
        yield from ((form, form, 1) for form in {noun, lexicon.inflect(noun, "NNS") or noun})


def comparatives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives that are compared in both ways and their comparatives: quiet, quieter."""
    return [*_compared(lexicon, "JJR")]


def superlatives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives that are compared in both ways and their superlatives: quiet, quietest."""
    return [*_compared(lexicon, "JJS")]


def _compared(lexicon: Lexicon, slot: str) -> Iterator[tuple[str, str, int]]:
    for word in sorted(wordlists.words("two_ways")):
        form = lexicon.inflect(word, slot)
        if form:
            yield word, form, 1


@cache
def _forms(lexicon: Lexicon, slot: str) -> frozenset[str]:
    """Return the forms of the common lemmas in an inflection slot."""
    pos = next(pos for pos, slots in SLOTS.items() if slot in slots)
    found = (lexicon.inflect(lemma, slot) for lemma in lemmas_of(lexicon, pos))
    return frozenset(form for form in found if form)


def _nouns(lexicon: Lexicon) -> frozenset[str]:
    return _forms(lexicon, "NN") | _forms(lexicon, "NNS")


def _verbal(lexicon: Lexicon) -> frozenset[str]:
    return frozenset[str]().union(*(_forms(lexicon, slot) for slot in SLOTS[Pos.VERB]))


def _texts(lexicon: Lexicon, pos: Pos) -> frozenset[str]:
    """Return the single words that are lemmas of a part of speech, common or not."""
    return frozenset(lemmas_of(lexicon, pos, 0))


FORMS: Mapping[str, Table] = {
    table.__name__: table
    for table in (
        spellings,
        vowel_spellings,
        pasts,
        gerunds,
        past_participles,
        perfects,
        infinitives,
        adverbials,
        plurals,
        only_plurals,
        nouns,
        only_nouns,
        phrasal,
        qualities,
        only_adjectives,
        comparatives,
        superlatives,
        persons,
        perhaps_persons,
    )
}
"""More of what `made name` in a set or map stands for."""
