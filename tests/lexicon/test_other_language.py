"""A language is data: a handful of French, put into a pack by the same functions, runs through the same kernels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import augsvc
from augsvc.errors import InvalidPipeline
from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder.build import no_rules
from augsvc.lexicon.builder.candidates import Proposer
from augsvc.lexicon.builder.columns import entry_columns, form_columns, order_forms, reading_columns, sense_columns
from augsvc.lexicon.builder.entries import Entry
from augsvc.lexicon.builder.frequencies import Frequencies
from augsvc.lexicon.builder.rules import rule_columns
from augsvc.lexicon.builder.rules.anchor import EVERY_TAG, Known
from augsvc.lexicon.builder.tagger import blank
from augsvc.types import FormFlag, Pos

ENTRIES = [
    Entry("chat", Pos.NOUN, (), {"NN": ("chat",), "NNS": ("chats",)}),
    Entry("cheval", Pos.NOUN, (), {"NN": ("cheval",), "NNS": ("chevaux",)}),
    Entry("voir", Pos.VERB, (), {"VB": ("voir",), "VBD": ("vit",)}),
    Entry("noir", Pos.ADJ, (), {"JJ": ("noir",)}),
]
OTHERS = {"le", "un", "les", "des", "il", "elle", "et"}

RULES = """
set articles = le un
map plural = le:les un:des

[determiner.missing]
{ le|un } JJ* NN ->
[determiner.replacement]
{ <articles> } NN -> ~plural

[word_order]
{ NN JJ } -> $2 $1

[numeral]
"""
NUMERALS = [f"q{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]
"""Words of as many patterns as two pages have."""
RULES += "\n".join(f"{{ {word} }} -> {word}s" for word in NUMERALS)


class PlainWords:
    """Sets and maps that are all there is."""

    def set(self, value: str) -> frozenset[str]:
        return frozenset(value.split())

    def known(self, word: str) -> Known:
        return Known(0.01, EVERY_TAG if word else 0)

    def form(self, word: str) -> int:
        return -1

    def letters(self, value: str) -> Sequence[tuple[str, str]]:
        raise AssertionError(value)

    def map(self, value: str) -> Sequence[tuple[str, str, int]]:
        pairs = (pair.split(":") for pair in value.split())
        return [(word, text, 1) for word, text in pairs]


@pytest.fixture(scope="module")
def french() -> Lexicon:
    forms = order_forms(ENTRIES, OTHERS, Frequencies({}))
    proposer = Proposer([], {}, frozenset(), lambda _: 0)
    tensors = {
        **form_columns(forms, [FormFlag(0)] * len(forms.texts)),
        **reading_columns(forms, ENTRIES, proposer),
        **entry_columns(forms, ENTRIES),
        **sense_columns(ENTRIES, []),
        **no_rules(),
        "relation.start": np.zeros(1, np.uint32),
        "relation.word": np.zeros(0, np.uint32),
    }
    return Lexicon(
        Path("fr"),
        {"digest": "f" * 64, "language": "fr"},
        tensors | blank(tensors) | rule_columns([RULES], PlainWords()),
    )


@pytest.mark.parametrize(
    ("before", "settings", "after"),
    [
        ("Il vit un chat.", {"type": "determiner", "variant": "missing"}, "Il vit chat."),
        ("Le cheval vit.", {"type": "determiner", "variant": "missing"}, "Cheval vit."),
        ("Il vit le cheval", {"type": "determiner", "variant": "replacement"}, "Il vit les cheval"),
        ("Un chat noir.", {"type": "word_order"}, "Un noir chat."),
    ],
)
def test_rules_of_another_language_need_another_pack_alone(
    before: str, settings: dict[str, object], after: str, french: Lexicon
) -> None:
    pipeline = {"ops": [{"rate": 1, **settings}]}
    assert augsvc.augment([before], pipeline, seed=0, lexicon=french)[0].text == after


def test_an_operation_may_have_more_patterns_than_a_page(french: Lexicon) -> None:
    text = " ".join(NUMERALS)
    changed = augsvc.augment([text], {"ops": [{"type": "numeral", "rate": 1}]}, seed=0, lexicon=french)[0].text
    assert changed.split() == [f"{word}s" for word in NUMERALS]


def test_what_a_language_lacks_is_refused_and_named(french: Lexicon) -> None:
    with pytest.raises(InvalidPipeline, match="language fr has no rules for determiner, variant unnecessary"):
        augsvc.augment(["Il vit."], {"ops": [{"type": "determiner", "variant": "unnecessary"}]}, seed=0, lexicon=french)
