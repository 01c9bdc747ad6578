"""What ERRANT is told of a sentence: lemmas, relations of auxiliaries, apostrophes that it knows."""

from __future__ import annotations

import pytest
from errant_judge import document, lemma_of

from augsvc.lexicon import Lexicon

LEXICON = Lexicon.open()


@pytest.mark.parametrize(
    ("word", "tag", "lemma"),
    [
        ("threw", "VBN", "throw"),
        ("thrown", "VBN", "throw"),
        ("taked", "VBD", "take"),
        ("dogs", "NNS", "dog"),
        ("was", "VBD", "be"),
        ("he", "PRP", "he"),
    ],
)
def test_a_verb_has_its_lemma_in_whichever_of_its_forms_it_is_taken_for(word: str, tag: str, lemma: str) -> None:
    assert lemma_of(word, tag, LEXICON) == lemma


def test_apostrophes_are_straight_and_auxiliaries_belong_to_their_verbs() -> None:
    words, tags = ["He", "’s", "been", "waiting", "."], ["PRP", "VBZ", "VBN", "VBG", "."]
    found = document(words, ["PRON", "AUX", "AUX", "VERB", "PUNCT"], tags, LEXICON)
    assert found["words"] == ["He", "'s", "been", "waiting", "."]
    assert found["lemmas"][1:4] == ["be", "be", "wait"]
    assert found["deps"][1:3] == ["auxpass", "aux"]
    assert found["heads"][2] == 3
