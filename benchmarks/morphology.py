"""Which Penn tags of inflected words a form can bear, by sources that are read here and not from the pack.

A form can bear a tag if any of four says so: UniMorph's table of verbs, LemmInflect's dictionary (never its guesses),
WordNet's exception lists and detachment rules (morphy(7WN)), or two or more uses in a treebank's gold tags.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import lemminflect

UNIMORPH = {"V;3;SG;PRS": "VBZ", "V;PST": "VBD", "V;V.PTCP;PST": "VBN", "V;V.PTCP;PRS": "VBG"}
WORDNET_POS = {"N": "noun", "V": "verb", "J": "adj", "R": "adv"}
LEMMINFLECT_POS = {"N": "NOUN", "V": "VERB", "J": "ADJ", "R": "ADV"}
INFLECTED = ("NNS", "VBZ", "VBD", "VBN", "VBG", "JJR", "JJS", "RBR", "RBS")
DEGREES = {"R": ("more", "less"), "S": ("most", "least")}

_PLURAL = (("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"))
DETACHMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "NNS": (*_PLURAL, ("ies", "y")),
    "VBZ": (("s", ""), ("ies", "y"), ("es", "e"), ("es", "")),
    "VBD": (("ed", "e"), ("ed", "")),
    "VBN": (("ed", "e"), ("ed", "")),
    "VBG": (("ing", "e"), ("ing", "")),
    "JJR": (("er", ""), ("er", "e")),
    "JJS": (("est", ""), ("est", "e")),
    "RBR": (("er", ""), ("er", "e")),
    "RBS": (("est", ""), ("est", "e")),
}
"""WordNet's rules of detachment, by the tag that each ending marks."""

PAST = ("VBD", "VBN")
EXCEPTION_ENDINGS = {"VBZ": "s", "VBG": "ing", "JJR": "r", "JJS": "st", "RBR": "r", "RBS": "st"}
"""What tells the tag of a form in an exception list apart, where the list of its part of speech has several."""

PREPOSITIONS = frozenset(("of", "in", "on", "at", "to", "for", "by", "with", "from", "de", "la", "up", "and"))


class Morphology:
    """The four sources, read once.

    `tagged` are (form, tag) pairs of gold tokens.
    """

    def __init__(self, unimorph: Path, wordnet: Path, tagged: Iterable[tuple[str, str]]) -> None:
        self.verbs = frozenset(_unimorph(unimorph))
        self.lemmas = {pos: _lemmas(wordnet / f"index.{pos}") for pos in WORDNET_POS.values()}
        self.exceptions = {pos: _exceptions(wordnet / f"{pos}.exc") for pos in WORDNET_POS.values()}
        counts = Counter((form.lower(), tag) for form, tag in tagged if tag in INFLECTED)
        self.irregular = frozenset(
            (lemma, tag)
            for tag in INFLECTED
            for form, lemmas in self.exceptions[WORDNET_POS[tag[0]]].items()
            for lemma in lemmas - {form}
            if self._marked(form, tag)
        )
        self.seen = frozenset(pair for pair, count in counts.items() if count > 1)

    def fits(self, replacement: str, tag: str) -> bool:
        """Whether a replacement of one or more words, at its head, can stand where `tag` is asked for."""
        words = replacement.lower().split()
        if tag in ("JJR", "JJS", "RBR", "RBS"):
            marked = len(words) > 1 and words[0] in DEGREES[tag[-1]]
            return marked or any(self.bears(word, tag) for word in words)
        head = _head(words, tag)
        parts = head.split("-")
        # "sister-in-laws" is regular, and wrong
        whole = tag != "NNS" or PREPOSITIONS.isdisjoint(parts)
        return (whole and self.bears(head, tag)) or (len(parts) > 1 and self.bears(_head(parts, tag), tag))

    def bears(self, form: str, tag: str) -> bool:
        """Whether a single form, in lower case, can bear an inflected tag."""
        return (
            (form, tag) in self.seen
            or (form, tag) in self.verbs
            or form in _dictionary(form, tag)
            or self._by_wordnet(form, tag)
        )

    def _by_wordnet(self, form: str, tag: str) -> bool:
        pos = WORDNET_POS[tag[0]]
        if self.exceptions[pos].get(form, {form}) != {form} and self._marked(form, tag):
            return True
        stems = (form[: -len(ending)] + stem for ending, stem in DETACHMENTS[tag] if form.endswith(ending))
        # "buyed" and "childs" are regular, and wrong; where both will do ("cactuses") the other sources say so
        return any(stem in self.lemmas[pos] and (stem, tag) not in self.irregular for stem in stems if len(stem) > 1)

    def _marked(self, form: str, tag: str) -> bool:
        """Whether a form of an exception list, which names no tags, is of this one."""
        if tag in PAST:
            # a list of verbs does not tell "ran" from "run": UniMorph does, where it knows the form
            known = [past for past in PAST if (form, past) in self.verbs]
            return tag in known if known else not form.endswith(("s", "ing"))
        return form.endswith(EXCEPTION_ENDINGS.get(tag, ""))


@cache
def _dictionary(form: str, tag: str) -> frozenset[str]:
    pos = LEMMINFLECT_POS[tag[0]]
    found: set[str] = set()
    for lemma in lemminflect.getAllLemmas(form, upos=pos).get(pos, ()):
        first, *others = lemminflect.getAllInflections(lemma, upos=pos).get(tag, ("",))
        # the dictionary gives the bare noun as a second plural of every noun that can be uncountable
        found |= {first, *(other for other in others if tag != "NNS" or other != lemma)}
    return frozenset(found)


def _head(words: list[str], tag: str) -> str:
    if tag != "NNS":
        return words[0]
    end = next((place for place, word in enumerate(words) if place and word in PREPOSITIONS), len(words))
    return words[end - 1]


def _unimorph(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        _, form, features = line.split("\t") if line else ("", "", "")
        if features in UNIMORPH:
            yield form.lower(), UNIMORPH[features]


def _lemmas(path: Path) -> frozenset[str]:
    lines = path.read_text("utf-8").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines if not line.startswith(" "))


def _exceptions(path: Path) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in path.read_text("utf-8").splitlines():
        form, *lemmas = line.split()
        found[form] |= set(lemmas)
    return dict(found)
