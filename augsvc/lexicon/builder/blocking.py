"""Words that are never proposed: slurs and obscenities, by hand-written lists and by WordNet's usage domains."""

from __future__ import annotations

import re
from collections.abc import Iterable

from augsvc.lexicon.builder.entries import Entry
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.lexicon.wordlists import words

OFFENSIVE = frozenset({"disparagement", "ethnic_slur", "obscenity"})
"""Usage domains whose words offend."""

UNSAFE = OFFENSIVE | words("unsafe_usage")
"""Usage domains of senses that give no candidates: they offend, are brands, or have a grammar of their own."""


_VULGAR = re.compile(
    r"""fuck | shit(?!ta|ak) | cunt | bitch | nigg(?!ar|l) | faggot | whor(?!l) | slut(?!h) | wank(?!el) | twat(?!t)
      | bollock | arsehol | asshol | masturbat | pornogr | dildo | orgas[mt] | fellat | cunniling | sodom | testic
      | prostitut | incestu | rapist | pedophil | paedophil""",
    re.VERBOSE,
)
"""Parts that make any word vulgar."""


def is_safe(word: Word) -> bool:
    """Say whether a word, in this sense, may be replaced or proposed as far as its domains go."""
    return not word.domains & UNSAFE


def is_decent(synset: Synset) -> bool:
    """Say whether a synset is free of listed words: the milder company of an obscenity means the same."""
    return words("blocked").isdisjoint(word.lemma for word in synset.words)


def blocked_forms(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the forms that are never proposed.

    Blocked are listed words, whether they always offend (blocked.txt) or may (crude.txt), those of two public lists
    (profane.txt, filtered.txt) that the entries have, what holds a vulgar part, entries that offend in their most
    frequent sense, all their inflected forms, and every phrase that has one of these among its words. An offensive
    minor sense (a queen, a frog) blocks that sense alone.
    """
    known = list(entries)
    spelt = {form for entry in known for forms in entry.forms.values() for form in forms}
    public = words("profane") | words("filtered")
    listed = words("blocked") | words("crude") | public & spelt
    offenders = [entry for entry in known if entry.lemma in listed or _offends(entry)]
    forms = listed | {form for entry in offenders for forms in entry.forms.values() for form in forms}
    return forms | {form for form in spelt if _VULGAR.search(form) or not forms.isdisjoint(re.split("[ -]", form))}


def _offends(entry: Entry) -> bool:
    return bool(entry.senses[0].word.domains & OFFENSIVE)
