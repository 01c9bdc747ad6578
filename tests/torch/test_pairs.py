"""Texts before and after augmentation, delivered together: what losses on pairs are made of."""

from __future__ import annotations

import datasets
import numpy as np
import pytest
from torch.utils.data import DataLoader

from augsvc import augment
from augsvc.errors import InvalidInput
from augsvc.torch import AugmentedMap, AugmentedStream, augmented

ROWS = 403
NOTES = [{"text": f"Note {i}: the tired dog walked home and slept happily.", "label": i % 5} for i in range(ROWS)]
TEXTS = [note["text"] for note in NOTES]
PIPELINE = {"ops": [{"type": "synonym", "rate": {"by_epoch": [0, 0.3]}}]}


def pairs(epoch):
    """What every door gives: (row, original, augmented)."""
    found = augment(TEXTS, PIPELINE, seed=1, epoch=epoch)
    return [(row, before, one.text) for row, (before, one) in enumerate(zip(TEXTS, found, strict=True))]


def told(batch):
    return list(zip(batch["_row"], batch["_original"], batch["text"], strict=True))


def stream_of(data, **options):
    return AugmentedStream(data, "notes", PIPELINE, seed=1, include_original="column", local=True, **options)


@pytest.mark.parametrize("form", ["list", "numpy", "arrow"])
def test_a_stream_gives_both_in_every_epoch_and_form(data, form):
    stream = stream_of(data, batch_size=50, format=form)
    for epoch in range(3):
        batches = [{name: list(values) for name, values in batch.items()} for batch in stream]
        if form == "arrow":
            batches = [{name: [value.as_py() for value in values] for name, values in b.items()} for b in batches]
        assert sorted(pair for batch in batches for pair in told(batch)) == pairs(epoch)
    assert any(before != after for _, before, after in pairs(1))
    assert all(before == after for _, before, after in pairs(0))


def test_a_stream_goes_on_with_the_next_pairs_in_mid_epoch(data):
    stream = stream_of(data, batch_size=32)
    stream.set_epoch(1)
    first = [batch for batch, _ in zip(stream, range(5), strict=False)]
    resumed = stream_of(data, batch_size=32)
    resumed.load_state_dict(first[-1].state)
    assert sorted(pair for batch in [*first, *resumed] for pair in told(batch)) == pairs(1)


@pytest.mark.filterwarnings("ignore:This DataLoader will create", "ignore:.*use of fork:DeprecationWarning")
def test_workers_give_both(data):
    loader = DataLoader(stream_of(data, batch_size=32, format="numpy"), batch_size=None, num_workers=2)
    assert sorted(pair for batch in loader for pair in told(batch)) == pairs(0)


def test_a_map_gives_both(data):
    rows = AugmentedMap(data, "notes", PIPELINE, seed=1, include_original="column", local=True)
    rows.set_epoch(2)
    assert [(row["_row"], row["_original"], row["text"]) for row in rows] == pairs(2)


@pytest.mark.parametrize("wrap", [list, datasets.Dataset.from_list], ids=["list", "Dataset"])
def test_a_wrapped_data_set_gives_both(wrap):
    rows = augmented(wrap(NOTES), PIPELINE, seed=1, include_original="column")
    rows.set_epoch(1)
    found = [
        row for batch in DataLoader(rows, batch_size=100) for row in np.transpose([batch["_original"], batch["text"]])
    ]
    assert [tuple(row) for row in found] == [pair[1:] for pair in pairs(1)]
    assert list(rows[7]) == ["text", "label", "_original"]
    assert rows[7]["label"] == 2
    assert rows.column_names == (None if wrap is list else ["text", "label", "_original"])


def test_a_missing_text_is_missing_in_both():
    assert augmented([{"text": None}], include_original="column")[0] == {"text": None, "_original": None}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"include_original": "rows"}, "keeps its length"),
        ({"include_original": True}, "not True"),
        ({"include_original": "column", "text_column": ["premise", "hypothesis"]}, "holds one text"),
        ({"include_original": "column", "tokens_column": "tokens"}, "holds one text"),
    ],
)
def test_what_holds_no_original_is_refused(options, message):
    with pytest.raises(InvalidInput, match=message):
        augmented([{"text": "A dog."}], **options)


def test_a_column_of_that_name_is_not_written_over():
    rows = augmented([{"text": "A dog.", "_original": "mine"}], include_original="column")
    with pytest.raises(InvalidInput, match="rename it"):
        rows[0]
