from __future__ import annotations

import datasets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc import Lexicon, augment
from augsvc.errors import InvalidInput, InvalidPipeline, InvalidText
from augsvc.torch import augmented

TEXTS = ["The quick brown fox jumps over a lazy dog.", "", "A small dog ran home.", "It was an old house."]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3), max_size=9), st.integers(0, 2**32 - 1), st.integers(0, 2**63 - 1))
def test_rows_are_a_pure_function_of_index_epoch_and_seed(indices, epoch, seed):
    rows = augmented([{"text": text} for text in TEXTS], seed=seed)
    rows.set_epoch(epoch)
    whole = [result.text for result in augment(TEXTS, seed=seed, epoch=epoch)]
    assert rows.__getitems__(indices) == [{"text": whole[index]} for index in indices]


def test_a_hugging_face_data_set_keeps_its_columns():
    notes = datasets.Dataset.from_dict({"review": [*TEXTS, None], "label": [0, 1, 0, 1, 0]})
    rows = augmented(notes, text_column="review", seed=3)
    whole = [result.text for result in augment(TEXTS, seed=3)]
    assert [row["review"] for row in rows] == [*whole, None]
    assert [row["label"] for row in rows] == notes["label"][:]
    assert rows.column_names == ["review", "label"]
    assert notes["review"][:4] == TEXTS
    # the key's row is the index of what is wrapped
    assert (
        augmented(notes.select([2, 0]), text_column="review", seed=3)[1]["review"]
        == augment(TEXTS[:1], seed=3, ids=[1])[0].text
    )


def test_a_batch_is_read_at_once_where_the_data_set_can():
    class Counting:
        asked = ()

        def __len__(self):
            return 4

        def __getitem__(self, index):
            raise AssertionError("one by one")

        def __getitems__(self, indices):
            self.asked += (list(indices),)
            return [{"text": TEXTS[index]} for index in indices]

    notes = Counting()
    augmented(notes).__getitems__([-1, 2])
    assert notes.asked == ([3, 2],)


def test_a_lexicon_of_ones_own_is_used(tmp_path):
    (tmp_path / "mine.tsv").write_text("dog\tnoun\tdoggo\t1000\n")
    lexicon = Lexicon.open(overlay=tmp_path / "mine.tsv")
    rows = augmented([{"text": TEXTS[2]}] * 30, {"ops": [{"type": "synonym", "rate": 1}]}, lexicon=lexicon)
    assert any("doggo" in row["text"] for row in rows)


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        ({"content": "A dog."}, InvalidInput, "no column 'text' but the columns content"),
        ("A dog.", InvalidInput, "a str"),
        ({"text": 7}, InvalidText, "text 1 is int"),
        ({"text": b"A dog."}, InvalidText, "text 1 is bytes"),
        ({"text": "\ud800"}, InvalidText, "text 1 holds a lone surrogate"),
    ],
)
def test_a_row_without_a_text_is_named(row, error, message):
    with pytest.raises(error, match=message):
        augmented([{"text": "A dog."}, row])[1]


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        (InvalidPipeline, {"pipeline": "nothing"}),
        (InvalidPipeline, {"pipeline": {"ops": [{"type": "nothing"}]}}),
        (InvalidInput, {"seed": -1}),
        (InvalidInput, {"seed": "1"}),
    ],
)
def test_arguments_are_checked_at_once(error, arguments):
    with pytest.raises(error):
        augmented([{"text": "A dog."}], **arguments)


def test_what_has_no_index_is_refused():
    streamed = datasets.Dataset.from_dict({"text": TEXTS}).to_iterable_dataset()
    with pytest.raises(InvalidInput, match="AugmentedStream"):
        augmented(streamed)
