"""Tables of English that are computed from the pack: how regular words would go, and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from augsvc.lexicon import Lexicon, wordlists
from augsvc.lexicon.spelling import regular
from augsvc.types import ZIPF_UNIT, Pos

Table = Callable[[Lexicon], Sequence[tuple[str, str, int]]]

Suffixes = Sequence[tuple[str, str]]

COMMON, OFTEN = 2.5, 4.0
"""Least frequencies, on the Zipf scale, of words that computed tables take in, and of the parts of compounds."""

SHORTEST_PART = 4
"""Fewest letters of a part of a compound: con temporary is none."""

COUNTABLE_GAP = 0.5
"""How much more frequent, on the Zipf scale, than its plural the singular of a countable noun is at most."""

RARE = 30
"""A noun that is used this many times less often than the verb of the same form is hardly one."""

ADJECTIVE_TO_NOUN: Suffixes = (
    ("ent", "ence"),
    ("ant", "ance"),
    ("ient", "iency"),
    ("", "ness"),
    ("y", "iness"),
    ("", "ity"),
    ("e", "ity"),
    ("able", "ability"),
    ("ible", "ibility"),
)
NOUN_TO_ADJECTIVE: Suffixes = (
    ("", "ful"),
    ("y", "iful"),
    ("", "ous"),
    ("e", "ous"),
    ("", "al"),
    ("e", "al"),
)
VERB_TO_NOUN: Suffixes = (
    ("", "ment"),
    ("", "ion"),
    ("e", "ion"),
    ("e", "ation"),
    ("", "ation"),
    ("de", "sion"),
    ("d", "sion"),
    ("", "ance"),
    ("y", "ication"),
    ("ive", "eption"),
    ("ish", "ition"),
)
"""Endings of words, and what stands in their place in words derived from them.

Source: Quirk et al., A Comprehensive Grammar of the English Language, 1985, appendix I."""


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
        # a lemma that is a plural already has no other
        if form and made and form not in (lemma, made) and lexicon.find(made) is None and (form, made) not in seen:
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


def countable(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns whose plural is about as frequent as they are, so that a bare singular is an error: dog."""
    return [(word, plural, 1) for word, plural in _plurals(lexicon) if _gap(lexicon, word, plural) <= COUNTABLE_GAP]


def _plurals(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    never = wordlists.words("uncountable") | wordlists.words("zero_plural") | wordlists.words("plural")
    for word in lemmas_of(lexicon, Pos.NOUN):
        plural = lexicon.inflect(word, "NNS")
        if plural and plural != word and word not in never:
            yield word, plural


def _gap(lexicon: Lexicon, word: str, other: str) -> float:
    one, two = lexicon.find(word), lexicon.find(other)
    return 9.0 if one is None or two is None else lexicon.zipf(one) - lexicon.zipf(two)


def uncountable_plurals(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns without a plural and the one that a learner gives them: information, informations."""
    made = ((word, regular(word, Pos.NOUN)["NNS"]) for word in sorted(wordlists.words("uncountable")))
    return [(word, plural, 1) for word, plural in made if not word.endswith("s") and not _common(lexicon, plural)]


def _common(lexicon: Lexicon, word: str) -> bool:
    form = lexicon.find(word)
    return form is not None and lexicon.zipf(form) >= COMMON


def participles(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Past participles that are no past tense: gone, went."""
    pasts = {past for verb in lemmas_of(lexicon, Pos.VERB) if (past := lexicon.inflect(verb, "VBD"))}
    found = ((lexicon.inflect(verb, "VBN"), verb) for verb in lemmas_of(lexicon, Pos.VERB))
    return [(form, verb, 1) for form, verb in found if form and form not in pasts and form != verb]


def unchanged_pasts(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Verbs whose past tense is their infinitive: put."""
    return [(verb, verb, 1) for verb in lemmas_of(lexicon, Pos.VERB) if lexicon.inflect(verb, "VBD") == verb]


def third_persons(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Verbs and their third person singular: go, goes."""
    forms = ((verb, lexicon.inflect(verb, "VBZ")) for verb in lemmas_of(lexicon, Pos.VERB))
    return [(verb, form, 1) for verb, form in forms if form]


def plural_alike(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Verbs whose third person singular is as well the plural of a noun that is no rare one: work, works."""
    return [(verb, form, 1) for verb, form, _ in third_persons(lexicon) if _reads_as_plural(lexicon, form)]


def _reads_as_plural(lexicon: Lexicon, form: str) -> bool:
    counts = {reading.slot: reading.tag_count for reading in reversed(lexicon.readings(form))}
    return "NNS" in counts and RARE * (counts["NNS"] + 1) > counts.get("VBZ", 0)


def bases(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Third persons singular and their verbs: goes, go."""
    return [(form, verb, weight) for verb, form, weight in third_persons(lexicon)]


def wrong_thirds(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Third persons whose spelling is not that of the infinitive and -s, and what is: tries, trys."""
    return [*_misspelt(lexicon, "VBZ", lambda verb: f"{verb}s")]


def wrong_gerunds(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Gerunds that are more than the infinitive and -ing, and what is no more: running, runing."""
    return [*_misspelt(lexicon, "VBG", lambda verb: f"{verb}ing")]


def _misspelt(lexicon: Lexicon, slot: str, rule: Callable[[str], str]) -> Iterator[tuple[str, str, int]]:
    for verb in lemmas_of(lexicon, Pos.VERB):
        form, made = lexicon.inflect(verb, slot), rule(verb)
        if form and made != form and lexicon.find(made) is None:
            yield form, made, 1


def nouns_of_adjectives(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Adjectives and the nouns that are made of them: important, importance."""
    return _derived(lexicon, Pos.ADJ, Pos.NOUN, ADJECTIVE_TO_NOUN)


def adjectives_of_nouns(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns and the adjectives that they are made of, or that are made of them: importance, important."""
    found = [(noun, adjective, 1) for adjective, noun, _ in nouns_of_adjectives(lexicon)]
    return found + _derived(lexicon, Pos.NOUN, Pos.ADJ, NOUN_TO_ADJECTIVE)


def nouns_of_verbs(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Verbs and the nouns that are made of them: educate, education."""
    return _derived(lexicon, Pos.VERB, Pos.NOUN, VERB_TO_NOUN)


def verbs_of_nouns(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Nouns and the verbs that they are made of: education, educate."""
    return [(noun, verb, 1) for verb, noun, _ in nouns_of_verbs(lexicon)]


def _derived(lexicon: Lexicon, pos: Pos, other: Pos, suffixes: Suffixes) -> list[tuple[str, str, int]]:
    """Return pairs of common words of two parts of speech, of which one is the other with another ending."""
    known, own = set(lemmas_of(lexicon, other)), set(lemmas_of(lexicon, pos))
    pairs = (
        (word, word[: -len(old)] + new if old else word + new)
        for word in own
        for old, new in suffixes
        if word.endswith(old)
    )
    return [(word, made, 1) for word, made in sorted(pairs) if len(word) > 3 and made in known and made not in own]


def compounds(lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """Words written together and their two parts, both common nouns: football, foot ball."""
    nouns = lemmas_of(lexicon, Pos.NOUN)
    common = {word for word in nouns if len(word) >= SHORTEST_PART and _often(lexicon, word)}
    cut = ((word, word[:at], word[at:]) for word in nouns for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1))
    found = [(word, f"{one} {two}", 1) for word, one, two in cut if one in common and two in common]
    return [*found, *((word, f"{one} {two}", 1) for word, one, two in wordlists.rows("written_together"))]


def _often(lexicon: Lexicon, word: str) -> bool:
    form = lexicon.find(word)
    return form is not None and lexicon.zipf(form) >= OFTEN


@cache
def lemmas_of(lexicon: Lexicon, pos: Pos, least: float = COMMON) -> Sequence[str]:
    """Return the single words of at least a frequency that are lemmas of a part of speech, the most frequent first."""
    forms, parts = lexicon.tensors["entry.form"], lexicon.tensors["entry.pos"]
    found = np.unique(forms[parts == int(pos)])
    texts = (lexicon.text(form) for form in found[lexicon.tables.form_zipf[found] >= least * ZIPF_UNIT].tolist())
    return [text for text in texts if text.isalpha() and text.isascii()]


TABLES: Mapping[str, Table] = {
    table.__name__: table
    for table in (
        regular_plurals,
        regular_pasts,
        adverbs,
        adjectives,
        countable,
        uncountable_plurals,
        participles,
        unchanged_pasts,
        third_persons,
        plural_alike,
        bases,
        wrong_thirds,
        wrong_gerunds,
        nouns_of_adjectives,
        adjectives_of_nouns,
        nouns_of_verbs,
        verbs_of_nouns,
        compounds,
    )
}
"""What `made name` in a set or map stands for."""
