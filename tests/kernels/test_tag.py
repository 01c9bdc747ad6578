"""The tagger against its plain twin: the same tags whatever the text, whoever asks, and in whatever batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.kernels.tag import fill_features, tag
from augsvc.types import TAGS, UNTAGGED, PackTables

from . import compiled
from .plain import scan, tokens_of
from .texts import QUICK, batches
from .twin_tag import Tagger


@pytest.fixture(scope="session")
def tagger(tables: PackTables) -> Tagger:
    return Tagger(tables)


def tags_of(texts: list[str], tables: PackTables) -> list[list[int]]:
    batch = scan(texts, tables)
    tag(batch.texts.data, batch.columns, tables)
    return [[token.tag for token in row] for row in tokens_of(batch.columns)]


def expected(texts: list[str], tables: PackTables, tagger: Tagger) -> list[list[int]]:
    batch = scan(texts, tables)
    return [tagger.tags(batch.texts.data.tobytes(), row) for row in tokens_of(batch.columns)]


@given(texts=batches)
@QUICK
def test_any_text_has_the_tags_that_the_twin_gives(texts: list[str], tables: PackTables, tagger: Tagger) -> None:
    assert tags_of(texts, tables) == expected(texts, tables, tagger)


def test_real_sentences_have_the_tags_that_the_twin_gives(
    sentences: list[str], tables: PackTables, tagger: Tagger
) -> None:
    assert tags_of(sentences, tables) == expected(sentences, tables, tagger)


@given(texts=batches, data=st.data())
@QUICK
def test_a_token_asked_for_alone_has_the_tag_it_has_among_all(
    texts: list[str], data: st.DataObject, tables: PackTables
) -> None:
    batch = scan(texts, tables)
    chosen = data.draw(st.lists(st.booleans(), min_size=batch.count, max_size=batch.count))
    wanted = np.array(chosen, np.uint8)
    compiled.tag_wanted(batch.texts.data, batch.columns, wanted, tables)
    everything = [found for row in tags_of(texts, tables) for found in row]
    assert batch.columns.tag.tolist() == [
        found if asked else UNTAGGED for found, asked in zip(everything, chosen, strict=True)
    ]


def test_real_words_asked_for_alone_have_the_tags_they_have_among_all(sentences: list[str], tables: PackTables) -> None:
    batch = scan(sentences, tables)
    wanted = (np.arange(batch.count) % 7 == 3).astype(np.uint8)
    compiled.tag_wanted(batch.texts.data, batch.columns, wanted, tables)
    everything = np.array([found for row in tags_of(sentences, tables) for found in row])
    assert (batch.columns.tag[wanted == 1] == everything[wanted == 1]).all()
    assert (batch.columns.tag[wanted == 0] == UNTAGGED).all()


def test_a_tag_that_is_there_already_stands(tables: PackTables) -> None:
    batch = scan(["the dogs"], tables)
    batch.columns.tag[:] = TAGS.index("UH")
    compiled.tag_wanted(batch.texts.data, batch.columns, np.ones(batch.count, np.uint8), tables)
    assert batch.columns.tag.tolist() == [TAGS.index("UH")] * 2


@given(rows=st.lists(batches.map(" ".join), min_size=1, max_size=4))
@QUICK
def test_the_tags_of_a_row_do_not_depend_on_its_neighbours(rows: list[str], tables: PackTables) -> None:
    assert tags_of(rows, tables) == [tags_of([row], tables)[0] for row in rows]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("The dogs ran to the old house.", "DT NNS VBD IN DT JJ NN ."),
        ("I have left the house.", "PRP VBP VBN DT NN ."),
        ("They didn't record the record.", "PRP VBD RB VB DT NN ."),
        ("Mary's 3 cats", "NNP POS CD NNS"),
    ],
)
def test_context_tells_the_uses_of_a_word_apart(text: str, tags: str, tables: PackTables) -> None:
    (found,) = tags_of([text], tables)
    assert " ".join(TAGS[number] for number in found) == tags


@pytest.mark.parametrize("piece", ["a", "é", "x-", "Dog ", "can ", ". A", "1", "'s "])
def test_a_megabyte_of_one_thing_is_tagged_in_linear_time(piece: str, tables: PackTables) -> None:
    """A tagger that read more of a word, or of its row, than a bounded part would run for minutes."""
    (found,) = tags_of([piece * (1_000_000 // len(piece))], tables)
    assert UNTAGGED not in found


@given(keys=st.lists(st.integers(1, 2**64 - 1), max_size=40, unique=True))
@QUICK
def test_the_table_of_features_holds_the_first_two_of_each_bucket(keys: list[int]) -> None:
    slots = np.zeros(32, np.uint32)
    fill_features(np.array(keys, np.uint64), slots)
    free = 0xFFFF0000 | len(keys)
    for bucket in range(16):
        rows = [row for row, key in enumerate(keys) if key % 16 == bucket][:2]
        expected = [(keys[row] >> 48) << 16 | row for row in rows]
        assert slots[2 * bucket : 2 * bucket + 2].tolist() == [*expected, free, free][:2]
