"""One pass shares its tokens, several see each other's text; blocks and conflicts never show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

import augsvc
from augsvc.batch import Keys, TextBatch
from augsvc.inprocess import default_lexicon
from augsvc.pipeline import augment, parse, run, workspace

BOTH = [{"type": "synonym", "rate": 0.5}, {"type": "random_deletion", "rate": 0.5}]


def outputs(texts: list[str], pipeline: object, seed: int = 1) -> list[str]:
    return [result.text for result in augsvc.augment(texts, pipeline, seed=seed)]


def test_adding_an_operation_changes_no_draw_of_the_others(sentences: list[str]) -> None:
    alone = augsvc.augment(sentences[:300], {"ops": BOTH[:1]}, seed=1)
    both = augsvc.augment(sentences[:300], {"ops": BOTH}, seed=1)
    for a, b in zip(alone, both, strict=True):
        synonyms = {(e.start, e.replacement) for e in b.edits if e.op in {"synonym", "article"}}
        assert {(e.start, e.replacement) for e in a.edits if e.op == "synonym"} <= synonyms


def test_of_conflicting_groups_the_earlier_operations_stands() -> None:
    results = augsvc.augment(
        ["They purchased it."] * 50, {"ops": [{"type": o["type"], "rate": 1} for o in BOTH]}, seed=1
    )
    assert {result.text for result in results} == {"They bought it."}


def test_a_deletion_does_not_leave_a_wrong_article_beside_a_synonym() -> None:
    text = "a nice picture, an old house and an honest mistake in a huge garden"
    ops = [{"type": op["type"], "rate": 1, "max_edits": 2} for op in BOTH]
    found = augsvc.augment([text], {"ops": ops}, seed=1, copies=300)
    lexicon = default_lexicon()
    for words in (result.text.replace(",", "").split() for result in found):
        for article, word in pairwise(words):
            assert article not in {"a", "an"} or (article == "an") == bool(lexicon.flags(lexicon.form_id(word)) & 8)


@pytest.mark.parametrize("pipeline", [{"ops": BOTH}, {"passes": [BOTH, BOTH[:1]]}])
def test_the_size_of_blocks_does_not_matter(
    pipeline: object, sentences: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = outputs(sentences[:500], pipeline)
    monkeypatch.setattr(run, "BLOCK_BYTES", 700)
    assert outputs(sentences[:500], pipeline) == whole


@pytest.mark.parametrize("pipeline", [{"ops": BOTH}, {"passes": [BOTH, BOTH[:1]]}])
def test_a_workspace_leaks_nothing_from_text_to_text(pipeline: object, sentences: list[str]) -> None:
    texts = [*sentences[:60], "", " ".join(sentences[:400]), "They purchased it.", "", *sentences[-5:]]
    fresh = []
    for number, text in enumerate(texts):
        workspace._free.clear()
        fresh += augsvc.augment([text], pipeline, seed=1, ids=[number], copies=2)
    used = [*augsvc.augment(texts, pipeline, seed=1, copies=2)]
    back = [
        r for n in reversed(range(len(texts))) for r in augsvc.augment([texts[n]], pipeline, seed=1, ids=[n], copies=2)
    ]
    assert used == fresh == sorted(back, key=lambda result: (result.id, result.copy))


@pytest.mark.parametrize("pipeline", [{"ops": BOTH}, {"passes": [BOTH, BOTH[:1]]}])
def test_threads_with_texts_of_any_length_do_not_meet(pipeline: object, sentences: list[str]) -> None:
    texts = [text for n in range(40) for text in (sentences[n], " ".join(sentences[n : n + 150]))]
    alone = augsvc.augment(texts, pipeline, seed=1)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda n: augsvc.augment([texts[n]], pipeline, seed=1, ids=[n])[0], range(len(texts)))
    assert [*found] == alone


def test_no_large_workspace_is_kept(sentences: list[str]) -> None:
    workspace._free.clear()
    augsvc.augment([" ".join(sentences) * 2], {"ops": BOTH[:1]}, seed=1)
    assert not workspace._free
    augsvc.augment([" ".join(sentences[:50])], {"ops": BOTH[:1]}, seed=1, copies=2000)
    augsvc.augment(sentences[:1], {"ops": BOTH[:1]}, seed=1)
    ((space,),) = workspace._free
    assert space.edits <= workspace.KEPT_EDITS


def test_a_very_long_row_is_as_any_other(sentences: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["They purchased it.", "\n".join(sentences)[:200_000], "", "They purchased it."]
    column = pa.array(texts)
    whole = augsvc.augment_arrow(column, {"ops": BOTH}, seed=1, copies=2).to_pylist()
    assert [result.text for result in augsvc.augment(texts, {"ops": BOTH}, seed=1, copies=2)] == whole
    monkeypatch.setattr(run, "BLOCK_BYTES", 1)
    assert augsvc.augment_arrow(column, {"ops": BOTH}, seed=1, copies=2).to_pylist() == whole
    assert whole[2] != whole[3] != texts[1]


def test_a_word_that_a_pass_wrote_may_be_replaced_again() -> None:
    chain = {"passes": [[{"type": "synonym", "rate": 1}]] * 2}
    first = {result.text for result in augsvc.augment(["It was big."], {"ops": chain["passes"][0]}, seed=1, copies=40)}
    assert {result.text for result in augsvc.augment(["It was big."], chain, seed=1, copies=40)} - first


def test_a_second_pass_sees_what_the_first_left() -> None:
    chain = {"passes": [[{"type": "synonym", "rate": 1}], [{"type": "random_deletion", "rate": 1, "max_edits": 1}]]}
    result = augsvc.augment(["They purchased it."], chain, seed=0)[0]
    assert result.text == "They it."
    assert [(e.ops, e.original, e.replacement, e.group) for e in result.edits] == [
        (["synonym", "random_deletion"], " purchased", "", 0)
    ]


def test_what_was_protected_stays_so_in_every_pass(sentences: list[str]) -> None:
    chain = {"passes": [[{"type": "synonym", "rate": 0.3}], [{"type": "random_deletion", "rate": 1}]]}
    for text in outputs(["The big house is not at https://example.com/a with Peter."] * 20, chain):
        assert text.startswith("The ")
        assert text.endswith("is not at https://example.com/a with Peter.")


def test_what_a_pass_wrote_is_unprotected() -> None:
    protect = {"words": ["bought"]}
    chain = {"passes": [[{"type": "synonym", "rate": 1}], [{"type": "random_deletion", "rate": 1}]], "protect": protect}
    assert outputs(["They purchased it. They bought it."], chain) == ["They it. They bought it."]


def test_what_a_later_pass_puts_back_is_no_edit() -> None:
    chain = {"passes": [[{"type": "synonym", "rate": 1}], [{"type": "synonym", "rate": 1}]]}
    for result in augsvc.augment(["They said it was large."] * 50, chain, seed=1):
        assert all(edit.original != edit.replacement for edit in result.edits)
        assert bool(result.edits) == (result.text != "They said it was large.")


def test_a_batch_of_nothing_gives_nothing() -> None:
    empty = TextBatch.from_strings([])
    out = augment(empty, parse("regularize"), default_lexicon(), Keys.of_copies(0, 0, np.zeros(0, np.int64), 3))
    assert out.to_strings() == []
