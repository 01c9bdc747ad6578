"""Verdicts on single edits: right form, right article, a name, common use, profanity.

None asks the pack. `a` and `an` are judged by CMUdict's first phoneme, frequency by wordfreq, inflection by
`morphology`, profanity by public block lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from difference import TOKEN, Edit, is_article
from morphology import INFLECTED
from treebank import Sentence

FLOOR = 3.0
"""Common use: at least this Zipf frequency, one occurrence in a million words (van Heuven et al. 2014)."""

ARTICLE_BEFORE = re.compile(r"(?<![\w'’.-])(an?)[\s\"'“‘(\[]+$", re.IGNORECASE)
VOWELS = frozenset(("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"))
SPELT_WITH_VOWEL = frozenset("aefhilmnorsx")
"""Letters whose names begin with a vowel sound: an MP, an X-ray."""


class Verdict(NamedTuple):
    """What one judge says of one edit."""

    judge: str
    edit: Edit
    wrong: bool


@dataclass(frozen=True)
class Sources:
    """What the judges know.

    `fits` tells whether a replacement can bear a Penn tag; `onsets` the first phonemes of a word in lower case; `zipf`
    the Zipf frequency of a word; `seen` are the words of running text; `profane` the block lists.
    """

    fits: Callable[[str, str], bool]
    onsets: Mapping[str, frozenset[str]]
    zipf: Callable[[str], float]
    seen: frozenset[str]
    profane: Sequence[frozenset[str]] = field(default_factory=tuple)


def verdicts(sentence: Sentence, edits: Sequence[Edit], sources: Sources) -> Iterator[Verdict]:
    """Yield what every judge with an opinion says of every edit; an article's repair is no edit of its own."""
    repairs = {edit.start: edit for edit in edits if is_article(edit.original) and is_article(edit.replacement)}
    for edit in edits:
        if edit.start in repairs:
            continue
        yield from _in_place(sentence, edit, repairs, sources)
        yield from _of_words(edit, sources)


def _in_place(sentence: Sentence, edit: Edit, repairs: Mapping[int, Edit], sources: Sources) -> Iterator[Verdict]:
    tag = sentence.tag(edit.start, edit.end)
    if tag in INFLECTED:
        yield Verdict("inflection", edit, not sources.fits(edit.replacement, str(tag)))
    article = _article(sentence.text, edit, repairs)
    if article and words_of(edit.replacement):
        yield Verdict("article", edit, wrong_article(article, edit.replacement, sources.onsets))
    names = {"NNP", "NNPS"}.intersection(sentence.tags(edit.start, edit.end))
    yield Verdict("name", edit, bool(names))


def _of_words(edit: Edit, sources: Sources) -> Iterator[Verdict]:
    words = words_of(edit.replacement)
    yield Verdict("rare", edit, any(sources.zipf(word) < FLOOR for word in words))
    yield Verdict("unseen", edit, any(word not in sources.seen for word in words))
    # what people wrote themselves is no fault of the edit
    added = phrases_of(edit.replacement) - phrases_of(edit.original)
    listed = [bool(added & terms) for terms in sources.profane]
    yield Verdict("profane", edit, any(listed))
    yield Verdict("profane by all", edit, bool(listed) and all(listed))


def wrong_article(article: str, following: str, onsets: Mapping[str, frozenset[str]]) -> bool:
    """Whether no pronunciation of the following word goes with `a` or `an`."""
    return (article.lower() == "an") not in vowel_onsets(following, onsets)


def vowel_onsets(text: str, onsets: Mapping[str, frozenset[str]]) -> set[bool]:
    """Return whether the text begins with a vowel sound: both answers where that differs or nobody can tell."""
    word = TOKEN.findall(text)[0]
    known = onsets.get(word.lower())
    if known:
        return {phoneme in VOWELS for phoneme in known}
    if word.isupper():
        return {word[0].lower() in SPELT_WITH_VOWEL}
    # letters do not tell "one" from "only", nor "hour" from "house": nobody is called wrong for these
    if not word[0].isascii() or not word[0].isalpha() or word.lower().startswith(("eu", "u", "h", "y", "one")):
        return {True, False}
    return {word[0].lower() in "aeio"}


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without marks and numbers."""
    return [token.lower() for token in TOKEN.findall(text) if token.isalpha()]


def phrases_of(text: str) -> frozenset[str]:
    """Return every run of words of the text in lower case, each joined by single spaces."""
    words = words_of(text)
    ends = range(1, len(words) + 1)
    return frozenset(" ".join(words[start:end]) for end in ends for start in range(end))


def _article(text: str, edit: Edit, repairs: Mapping[int, Edit]) -> str | None:
    """Return the article that stands before the edit's replacement, or None."""
    found = ARTICLE_BEFORE.search(text, 0, edit.start)
    if found is None:
        return None
    repair = repairs.get(found.start(1))
    return repair.replacement if repair else found[1]
