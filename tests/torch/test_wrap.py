from __future__ import annotations

import datasets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc import Lexicon, augment, augment_tokens
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


def test_pairs_of_sentences_vary_each_by_itself():
    pairs = datasets.Dataset.from_dict({"premise": TEXTS, "hypothesis": [*TEXTS[:3], None], "label": [0, 1, 2, 3]})
    rows = augmented(pairs, text_column=["premise", "hypothesis"], seed=3)
    first, second = ([r.text for r in augment(TEXTS, seed=3, field=field)] for field in (0, 1))
    assert [row["premise"] for row in rows] == first
    assert [row["hypothesis"] for row in rows] == [*second[:3], None]
    assert first[:3] != second[:3]


NAMES = ["O", "B-PER", "I-PER"]
TOKENS = [["Ada", "Lovelace", "bought", "an", "old", "house", "."], ["The", "dog", "met", "Ada", "there", "."]]
TAGS = [[1, 2, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0]]
EVERY = {"ops": [{"type": "synonym", "rate": 1}]}


def test_tokens_and_their_tags_are_augmented_together():
    features = datasets.Features(
        {"tokens": datasets.List(datasets.Value("string")), "ner_tags": datasets.List(datasets.ClassLabel(names=NAMES))}
    )
    notes = datasets.Dataset.from_dict({"tokens": TOKENS, "ner_tags": TAGS}, features=features)
    rows = augmented(notes, EVERY, tokens_column="tokens", seed=1)
    expected = augment_tokens(TOKENS, EVERY, tags=TAGS, names=NAMES, seed=1)
    assert [(row["tokens"], row["ner_tags"]) for row in rows] == [(one.tokens, one.tags) for one in expected]
    assert [one.tokens for one in expected] != TOKENS
    # strings need no names, and tokens no tags
    named = [{"words": TOKENS[0], "tags": [NAMES[tag] for tag in TAGS[0]]}]
    tagged = augmented(named, EVERY, tokens_column="words", tags_column="tags", seed=1)[0]
    assert [NAMES.index(tag) for tag in tagged["tags"]] == expected[0].tags
    plain = augmented([{"words": TOKENS[0]}], EVERY, tokens_column="words", tags_column=None, seed=1)[0]
    assert plain == {"words": expected[0].tokens}


def test_another_column_of_a_value_for_each_token_is_refused():
    row = {"tokens": TOKENS[0], "ner_tags": ["O"] * 7, "pos_tags": [0] * 7}
    with pytest.raises(InvalidInput, match="'pos_tags' has a value for each token"):
        augmented([row], tokens_column="tokens")
    with pytest.raises(InvalidInput, match="no column 'ner_tags'"):
        augmented([{"tokens": ["a"]}], tokens_column="tokens")[0]
