"""What operations propose, against the twin and on sentences worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.batch import empty_edits
from augsvc.kernels.propose import Articles, propose_deletions, propose_synonyms
from augsvc.types import PackTables

from . import texts as soups
from .plain import Edit, draws_for, edits_of, scan, tokens_of
from .texts import QUICK
from .twin_propose import Group, Row, Words

MASKS = st.lists(st.sampled_from([0, 0, 0, 1, 2, 4, 6]), max_size=30)


def proposed(
    texts: list[str], tables: PackTables, words: Words, *, senses: int | None, masks: list[int], source: list[int]
) -> tuple[list[list[Group]], list[list[Group]]]:
    """Return the groups of each output row by kernel and by twin: synonyms of so many senses, or None: deletions."""
    batch, draws = scan(texts, tables, masks), draws_for(source, operation=9)
    columns, group_rows = empty_edits(2 * batch.count * len(source)), np.empty(len(source) + 1, np.int32)
    articles = Articles(words.ids["a"], words.ids["an"])
    if senses is None:
        count = propose_deletions(batch.texts.data, batch.columns, tables, draws, articles, columns, group_rows)
    else:
        count = propose_synonyms(batch.columns, tables, draws, articles, senses, columns, group_rows)
    tokens, data = tokens_of(batch.columns), batch.texts.data.tobytes()
    twins = []
    for number, row in enumerate(source):
        twin = Row(number, data, tokens[row], (2 * number, 2 * number + 1), 9, words)
        groups = [twin.deletion(t) if senses is None else twin.synonym(t, senses) for t in range(len(tokens[row]))]
        twins.append([group for group in groups if group])
    return grouped(edits_of(columns, int(count)), group_rows.tolist()), twins


def grouped(edits: list[Edit], group_rows: list[int]) -> list[list[Group]]:
    """Cut edits into groups and rows, checking that both are numbered as they come."""
    assert [edit.group for edit in edits] == sorted(edit.group for edit in edits)
    groups = [[e._replace(group=-1) for e in edits if e.group == number] for number in range(group_rows[-1])]
    assert sum(map(len, groups)) == len(edits)
    return [groups[start:stop] for start, stop in pairwise(group_rows)]


@pytest.fixture(scope="module")
def words(mini: PackTables) -> Words:
    return Words(mini)


@given(texts=st.lists(soups.sentences, min_size=1, max_size=3), masks=MASKS, senses=st.integers(1, 3), data=st.data())
@QUICK
def test_synonyms_are_those_of_the_twin(
    texts: list[str], masks: list[int], senses: int, data: st.DataObject, mini: PackTables, words: Words
) -> None:
    source = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=4).map(sorted))
    kernel, twin = proposed(texts, mini, words, senses=senses, masks=masks, source=source)
    assert kernel == twin


@given(texts=st.lists(soups.sentences | soups.texts, min_size=1, max_size=3), masks=MASKS, data=st.data())
@QUICK
def test_deletions_are_those_of_the_twin(
    texts: list[str], masks: list[int], data: st.DataObject, mini: PackTables, words: Words
) -> None:
    source = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=4).map(sorted))
    kernel, twin = proposed(texts, mini, words, senses=None, masks=masks, source=source)
    assert kernel == twin


@pytest.mark.parametrize("senses", [None, 1, 255])
def test_real_sentences_get_the_proposals_of_the_twin(
    senses: int | None, sentences: list[str], tables: PackTables
) -> None:
    texts = sentences[:400]
    source = [*range(len(texts))]
    kernel, twin = proposed(texts, tables, Words(tables), senses=senses, masks=[], source=source)
    assert kernel == twin
    assert sum(map(len, kernel)) > 1000


Propose = Callable[[str, int | None], set[str]]


@pytest.fixture(scope="module")
def outcomes(mini: PackTables, words: Words) -> Propose:
    """Return what each group alone makes of a text, over many keys: `senses` for synonyms, None for deletions."""

    def propose(text: str, senses: int | None) -> set[str]:
        kernel, _ = proposed([text], mini, words, senses=senses, masks=[], source=[0] * 60)
        return {applied(text, group, [*words.ids]) for groups in kernel for group in groups}

    return propose


def applied(text: str, group: Group, forms: list[str]) -> str:
    for edit in reversed(group):
        form = forms[edit.form] if edit.form >= 0 else ""
        text = text[: edit.start] + {0: form, 16: form.capitalize(), 32: form.upper()}[edit.case] + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("text", "senses", "becomes"),
    [
        ("the dog", 1, {"the hound"}),
        ("the dog", 2, {"the hound", "the animal"}),
        ("a dog", 2, {"a hound", "an animal"}),
        ("an animal", 1, {"a beast", "a creature"}),
        ("A DOG", 2, {"A HOUND", "AN ANIMAL"}),
        ("A dog", 2, {"A hound", "An animal"}),
        ("An old", 1, {"An aged"}),
        ("a  dog", 2, {"a  hound", "an  animal"}),
        ("a 'dog'", 2, {"a 'hound'", "a 'animal'"}),
        ("Friend", 1, {"Ally", "Soul mate"}),
        ("dog's", 1, {"hound's"}),
        ("top-dog dog/friend", 1, set()),
        ("idle aged", 255, set()),
    ],
)
def test_a_synonym_keeps_case_and_mends_its_article(
    text: str, senses: int, becomes: set[str], outcomes: Propose
) -> None:
    assert outcomes(text, senses) == becomes


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("big dog", {"dog", "big"}),
        ("big, dog", {", dog", "big,"}),
        ("big", {""}),
        ("  big", {"  "}),
        ("big\ndog", {"\ndog", "big\n"}),
        ("(big)", {"()"}),
        ("dog's friend", {"dog's"}),
        ("an old dog", {"old dog", "a dog", "an old"}),
        ("An old DOG", {"old DOG", "A DOG", "An old"}),
        ("A BIG ANIMAL", {"BIG ANIMAL", "AN ANIMAL", "A BIG"}),
        ("a big", {"big"}),
        ("a big, dog", {"big, dog", "a big,"}),
        ("a big zzz", {"big zzz", "a big"}),
        ("well-big", set()),
    ],
)
def test_a_deletion_takes_one_gap_and_leaves_articles_right(text: str, becomes: set[str], outcomes: Propose) -> None:
    assert outcomes(text, None) == becomes
