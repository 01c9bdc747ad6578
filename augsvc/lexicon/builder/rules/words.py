"""What sets and maps of English rules are made from: words, inflected lemmas, lists, computed tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon, wordlists
from augsvc.lexicon.builder.rules.anchor import EVERY_TAG, Known
from augsvc.lexicon.builder.rules.forms import FORMS
from augsvc.lexicon.builder.rules.tables import TABLES
from augsvc.types import SLOTS

Triple = tuple[str, str, int]

SHARE_OF_MARK = 0.04
"""Share of running text of a mark, about."""


class EnglishWords:
    """Looks values up in a pack whose other columns are ready."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, Known] = {}
        self._forms_found: dict[str, int] = {}

    def set(self, value: str) -> frozenset[str]:
        """Return the words of `word lemma* ...`, where `*` stands for all inflections, of `file name`, or a map's."""
        first, _, rest = value.partition(" ")
        if first == "file":
            return wordlists.words(rest.strip())
        if first == "made":
            return _words_made(self._lexicon, rest.strip())
        if first == "back":
            return frozenset(word for word, _, _ in self.map(value))
        return frozenset(form for word in value.split() for form in self._forms(word.replace("_", " ")))

    def map(self, value: str) -> Sequence[Triple]:
        """Return the triples of `word:replacement[*weight] ...`, `file name`, `made name`, `both ...`, `back ...`."""
        first, _, rest = value.partition(" ")
        if first == "both":
            found = self.map(rest)
            return [*found, *((there, here, weight) for here, there, weight in found)]
        if first == "back":
            return [(there, here, weight) for here, there, weight in self.map(rest)]
        if first == "file":
            return [(row[0].lower(), text, 1) for row in wordlists.rows(rest.strip()) for text in row[1].split(",")]
        if first == "made":
            return self._made(rest.strip())
        return [self._pair(part) for part in value.split()]

    def known(self, word: str) -> Known:
        """Return how often a word is written, and the tags that it may have; marks have none of a word's."""
        if word not in self._known:
            self._known[word] = self._look_up(word)
        return self._known[word]

    def _look_up(self, word: str) -> Known:
        form = self._lexicon.find(word)
        if form is None:
            return Known(SHARE_OF_MARK, 0) if not word[:1].isalnum() else Known(0.0, EVERY_TAG)
        tables = self._lexicon.tables
        return Known(10 ** (self._lexicon.zipf(form) - 9), int(tables.class_tags[tables.form_class[form]]))

    def form(self, word: str) -> int:
        """Return the id of the form that a word is, -1 for none, -2 for a number that is none."""
        if word not in self._forms_found:
            form = self._lexicon.find(word)
            self._forms_found[word] = form if form is not None else -2 if any(map(str.isdigit, word)) else -1
        return self._forms_found[word]

    def letters(self, value: str) -> Sequence[tuple[str, str]]:
        """Return the pairs of `letters:others ...`, or of `file name`, whose second column has commas between."""
        first, _, rest = value.partition(" ")
        if first == "file":
            return [(row[0], other) for row in wordlists.rows(rest.strip()) for other in row[1].split(",")]
        return [(pair[0], pair[2]) for pair in (part.partition(":") for part in value.split())]

    def _made(self, name: str) -> Sequence[Triple]:
        return _made(self._lexicon, name)

    def _pair(self, part: str) -> Triple:
        word, colon, text = part.partition(":")
        text, _, weight = text.partition("*")
        if not colon:
            raise InvalidInput(f"{part!r} in a map is no word:replacement")
        return word.replace("_", " "), text.replace("_", " "), int(weight or 1)

    def _forms(self, word: str) -> Iterator[str]:
        if not word.endswith("*"):
            yield word
            return
        lemma = word[:-1]
        yield lemma
        for tag in (tag for tags in SLOTS.values() for tag in tags):
            form = self._lexicon.inflect(lemma, tag)
            if form:
                yield form


@cache
def _made(lexicon: Lexicon, name: str) -> Sequence[Triple]:
    tables = {**TABLES, **FORMS}
    if name not in tables:
        raise InvalidInput(f"there is no table {name!r}, only {', '.join(tables)}")
    return tables[name](lexicon)


@cache
def _words_made(lexicon: Lexicon, name: str) -> frozenset[str]:
    return frozenset(word for word, _, _ in _made(lexicon, name))
