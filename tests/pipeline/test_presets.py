"""Presets do what they are called after, on real text."""

from __future__ import annotations

from collections import Counter

import pytest

import augsvc
from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS

FAMILIES = {operation.model_fields["type"].default: operation.family for operation in OPERATIONS}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_some_texts_and_reads_back_from_its_document(name: str, sentences: list[str]) -> None:
    texts = sentences[:300]
    found = augsvc.augment(texts, name, seed=3)
    assert found == augsvc.augment(texts, PRESETS[name].pipeline.document(), seed=3)
    assert sum(result.text != text for result, text in zip(found, texts, strict=True)) > 20


def test_gentle_is_made_of_operations_that_keep_the_meaning(sentences: list[str]) -> None:
    edits = [edit for result in augsvc.augment(sentences[:2000], "gentle", seed=1) for edit in result.edits]
    assert {FAMILIES[edit.op] for edit in edits if edit.op != "article"} == {"meaning"}


def test_learners_err_in_two_sentences_of_three_and_in_punctuation_most(sentences: list[str]) -> None:
    """Within what 2,000 sentences of other kinds allow; `benchmarks/learner.py` has the figures."""
    texts = [text for text in sentences if len(text.split()) >= 5][:2000]
    found = augsvc.augment(texts, "learner-errors", seed=2)
    kinds = Counter(edit.op for result in found for edit in result.edits if edit.op != "article")
    assert 0.25 < sum(not result.edits for result in found) / len(found) < 0.45
    # synonyms stand for words that were chosen wrongly
    assert {kind for kind, _ in kinds.most_common(2)} == {"punctuation", "synonym"}
    assert {"determiner", "preposition", "spelling", "orthography", "noun_number", "verb_form"} <= set(kinds)
