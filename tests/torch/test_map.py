from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, DistributedSampler, Subset, WeightedRandomSampler

from augsvc import augment, views
from augsvc.errors import InvalidInput, UnknownCorpus
from augsvc.torch import AugmentedMap, AugmentedStream, augmented

ROWS = 403
NOTES = [{"text": f"Note {i}: the tired dog walked home and slept happily.", "label": i % 5} for i in range(ROWS)]

pytestmark = [
    pytest.mark.filterwarnings("ignore:This DataLoader will create"),
    # Python 3.12 and later warn of what the tests are about: processes forked beside the threads of libraries.
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
]


@pytest.fixture(params=["map", "wrapped"])
def rows(request, data):
    """The notes as either map-style data set, seed 1."""
    return AugmentedMap(data, "notes", seed=1, local=True) if request.param == "map" else augmented(NOTES, seed=1)


def expected(epoch):
    return [result.text for result in augment([note["text"] for note in NOTES], seed=1, epoch=epoch)]


def texts_of(batches):
    return [text for batch in batches for text in batch["text"]]


def test_a_row_is_what_augment_gives_for_its_index(rows):
    assert len(rows) == ROWS
    assert [row["text"] for row in rows] == expected(0)
    rows.set_epoch(7)
    assert [row["text"] for row in rows.__getitems__([5, 0, 5])] == [expected(7)[i] for i in (5, 0, 5)]
    assert rows[-1] == rows[ROWS - 1] == rows[np.int64(ROWS - 1)] == rows[torch.tensor(ROWS - 1)]
    assert rows[8]["label"] == 3


@pytest.mark.parametrize("index", [ROWS, -ROWS - 1])
def test_an_index_outside_is_refused(rows, index):
    with pytest.raises(IndexError, match="403 rows"):
        rows[index]


@pytest.mark.parametrize("index", [1.0, "1", None, slice(2)])
def test_an_index_is_an_integer(rows, index):
    with pytest.raises(InvalidInput, match="integer"):
        rows[index]


@pytest.mark.parametrize("epoch", ["1", 1.0, None, -1, 2**32])
def test_an_epoch_is_an_integer_in_range(rows, epoch):
    with pytest.raises(InvalidInput, match="epoch"):
        rows.set_epoch(epoch)


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_an_epoch_set_reaches_live_workers(rows, context):
    loader = DataLoader(
        rows, batch_size=50, num_workers=1, persistent_workers=True, multiprocessing_context=context, shuffle=False
    )
    for epoch in (0, 3, 1):
        rows.set_epoch(epoch)
        assert texts_of(loader) == expected(epoch)


@pytest.mark.parametrize("workers", [0, 3])
def test_distributed_samplers_share_the_rows(rows, workers):
    rows.set_epoch(2)
    texts = []
    for rank in range(3):
        sampler = DistributedSampler(rows, num_replicas=3, rank=rank, drop_last=False)
        sampler.set_epoch(2)
        texts += texts_of(DataLoader(rows, batch_size=16, sampler=sampler, num_workers=workers))
    # the sampler repeats a row to give every rank as many
    assert len(texts) == ROWS + 2
    assert set(texts) == set(expected(2))


def test_weights_and_subsets_mean_rows(rows):
    weights = [0.0] * ROWS
    weights[17] = 1.0
    drawn = DataLoader(rows, batch_size=4, sampler=WeightedRandomSampler(weights, 8))
    assert set(texts_of(drawn)) == {expected(0)[17]}
    assert Subset(rows, [3, 9])[1]["text"] == expected(0)[9]


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda rows: pickle.loads(pickle.dumps(rows))])
def test_a_copy_has_an_epoch_of_its_own(rows, duplicate):
    rows.set_epoch(1)
    rows[0]
    other = duplicate(rows)
    other.set_epoch(2)
    assert [rows[3]["text"], other[3]["text"]] == [expected(1)[3], expected(2)[3]]


def test_copies_of_a_row_stand_together(data):
    rows = AugmentedMap(data, "notes", seed=1, copies=3, include_original="rows", local=True)
    assert len(rows) == 4 * ROWS
    assert [(row["_position"], row["_row"], row["_copy"]) for row in rows.__getitems__([7, 4])] == [
        (7, 1, 2),
        (4, 1, -1),
    ]
    assert rows[4]["text"] == NOTES[1]["text"]


def test_in_the_order_of_a_stream_an_index_is_its_position(data):
    rows = AugmentedMap(data, "notes", seed=1, shuffle="global", local=True)
    stream = AugmentedStream(data, "notes", seed=1, batch_size=50, local=True)
    assert rows.view_id == stream.view_id
    assert [row["text"] for row in rows] == texts_of(stream)


def test_long_texts_take_more_answers_and_give_the_same_rows(data, monkeypatch):
    rows = AugmentedMap(data, "notes", seed=1, local=True)
    monkeypatch.setattr(views, "MAX_PAGE_BYTES", 1_000)
    assert [row["text"] for row in rows.__getitems__(range(100))] == expected(0)[:100]


def test_a_corpus_must_be_there(data):
    with pytest.raises(UnknownCorpus):
        AugmentedMap(data, "nothing", local=True)
