from __future__ import annotations

import copy
import io
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch.distributed
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing._internal.distributed.fake_pg import FakeStore
from torch.utils.data import DataLoader
from torch.utils.data._utils.collate import default_convert

from augsvc import views
from augsvc.errors import BadRequest, CursorMismatch, InvalidInput, InvalidPipeline, UnknownCorpus
from augsvc.lexicon import Lexicon
from augsvc.pipeline import Pipeline
from augsvc.torch import AugmentedStream, Batch
from augsvc.views import Workspace

ROWS = 403
ROOT = Path(__file__).parents[2]


def rows_of(batches):
    """(position, text) of every row, in the order delivered."""
    return [row for batch in batches for row in zip(batch["_position"], batch["text"], strict=True)]


def test_the_plain_loop_gets_columns_of_whole_batches(stream_of):
    batches = list(DataLoader(stream_of(batch_size=50), batch_size=None))
    assert [len(batch["text"]) for batch in batches] == [50] * 8 + [3]
    assert list(batches[0]) == ["_position", "_row", "_copy", "text", "label"]
    assert all(isinstance(batch, dict) for batch in batches)
    assert sorted(row for batch in batches for row in batch["_row"]) == list(range(ROWS))
    assert all(label == row % 5 for batch in batches for label, row in zip(batch["label"], batch["_row"], strict=True))


@pytest.mark.parametrize("world", [1, 2, 3, 7])
def test_ranks_share_one_global_order_without_loss_or_double(stream_of, world):
    ranks = [rows_of(stream_of(batch_size=8, rank=r, world_size=world, drop_last=False)) for r in range(world)]
    assert sorted(row for rank in ranks for row in rank) == rows_of(stream_of(batch_size=64))
    assert all(position % (8 * world) // 8 == r for r, rank in enumerate(ranks) for position, _ in rank)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([1, 2, 3, 7]), st.integers(1, 40), st.sampled_from([1, 2, 3, 7]), st.integers(1, 40), st.data())
def test_a_saved_place_goes_on_in_any_topology(stream_of, world, size, other_world, other_size, data):
    whole = rows_of(stream_of(batch_size=100))
    steps = data.draw(st.integers(0, (ROWS - 1) // (size * world)))
    ranks = [stream_of(batch_size=size, rank=r, world_size=world, drop_last=False) for r in range(world)]
    before = [row for rank in ranks for _, batch in zip(range(steps), rank, strict=False) for row in rows_of([batch])]
    state = ranks[0].state_dict()
    after = []
    for rank in range(other_world):
        resumed = stream_of(batch_size=other_size, rank=rank, world_size=other_world, drop_last=False)
        resumed.load_state_dict(json.loads(json.dumps(state)))
        after += rows_of(resumed)
    assert sorted(before + after) == whole


def test_the_state_is_small_and_the_same_on_every_rank(stream_of):
    ranks = [stream_of(batch_size=8, rank=rank, world_size=3) for rank in range(3)]
    for batches in zip(*ranks, strict=True):
        state = batches[0].state
        assert [batch.state for batch in batches] == [rank.state_dict() for rank in ranks] == [state] * 3
        assert len(json.dumps(state)) < 200
    assert state == {"v": 1, "view_id": ranks[0].view_id, "epoch": 1, "position": 0}


def test_a_short_last_step_is_dropped_on_all_ranks_alike(stream_of):
    ranks = [stream_of(batch_size=30, rank=rank, world_size=2) for rank in range(2)]
    assert [len(list(rank)) for rank in ranks] == [len(rank) for rank in ranks] == [6, 6]
    assert len(list(stream_of(batch_size=30))) == 14
    assert len(list(stream_of(batch_size=30, drop_last=True))) == 13


def test_an_epoch_without_a_step_is_refused(stream_of):
    with pytest.raises(InvalidInput, match="less than one step"):
        iter(stream_of(batch_size=404, drop_last=True))


def test_unequal_ranks_read_their_lanes(stream_of):
    large, small = stream_of(batch_size=24, lane="0:24:32"), stream_of(batch_size=8, lane="24:8:32")
    assert len(large) == len(small) == ROWS // 32
    rows = sorted(rows_of(large) + rows_of(small))
    assert rows == rows_of(stream_of(batch_size=32, drop_last=True))


def test_after_a_break_the_next_loop_goes_on(stream_of):
    stream = stream_of(batch_size=20)
    whole = rows_of(stream_of(batch_size=20))
    batches = [batch for _, batch in zip(range(5), stream, strict=False)]
    assert (stream.state_dict(), len(stream)) == (batches[-1].state, 16)
    assert rows_of(stream) == whole[100:]


def test_the_epoch_advances_by_itself_and_every_epoch_differs(stream_of):
    stream = stream_of(batch_size=20)
    first, second = rows_of(stream), rows_of(stream)
    assert stream.state_dict()["epoch"] == 2
    assert first != second
    stream.set_epoch(1)
    assert rows_of(stream) == second
    stream.set_epoch(0)
    assert rows_of(stream) == first


def test_setting_the_epoch_it_stands_in_keeps_the_place(stream_of):
    stream = stream_of(batch_size=20)
    stream.load_state_dict({"v": 1, "view_id": stream.view_id, "epoch": 3, "position": 60})
    stream.set_epoch(3)
    assert stream.state_dict()["position"] == 60
    assert len(stream) == 18
    stream.set_epoch(4)
    assert stream.state_dict()["position"] == 0
    assert len(stream) == 21


def test_an_epoch_set_in_mid_pass_begins_with_the_next_loop(stream_of):
    stream = stream_of(batch_size=200)
    positions = []
    for batch in stream:
        positions += batch["_position"]
        stream.set_epoch(9)
    assert positions == list(range(ROWS))
    assert stream.state_dict()["epoch"] == 9


def test_the_length_holds_during_a_pass(stream_of):
    stream = stream_of(batch_size=100)
    assert [len(stream) for _ in stream] == [5] * 5
    assert len(stream) == 5


def test_a_resume_with_less_than_a_step_left_goes_on_to_the_next_epoch(stream_of):
    stream = stream_of(batch_size=50, rank=0, world_size=2)
    stream.load_state_dict({"v": 1, "view_id": stream.view_id, "epoch": 0, "position": 350})
    assert (len(stream), list(stream)) == (0, [])
    assert stream.state_dict()["epoch"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"epoch": None},
        {"position": "7"},
        {"position": -1},
        {"position": 404},
        {"epoch": 2**32},
        {"origin": 9},
        {"batch_size": 8},
    ],
)
def test_a_state_that_is_none_is_refused(stream_of, change):
    stream = stream_of(batch_size=8)
    with pytest.raises(InvalidInput):
        stream.load_state_dict(stream.state_dict() | change)


@pytest.mark.parametrize("state", [None, "state", [], 7])
def test_what_is_no_mapping_is_no_state(stream_of, state):
    with pytest.raises(InvalidInput, match="no state"):
        stream_of(batch_size=8).load_state_dict(state)


@pytest.mark.parametrize("epoch", ["1", 1.0, None, -1])
def test_an_epoch_is_an_integer_from_zero_on(stream_of, epoch):
    with pytest.raises(InvalidInput, match="epoch"):
        stream_of(batch_size=8).set_epoch(epoch)


def test_the_state_of_another_view_is_refused(stream_of):
    state = stream_of(batch_size=8, copies=2).state_dict()
    with pytest.raises(CursorMismatch, match="not of"):
        stream_of(batch_size=8).load_state_dict(state)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (InvalidInput, {"rank": 0}),
        (InvalidInput, {"rank": 0, "world_size": 2, "lane": "0:8:16"}),
        (InvalidInput, {"format": "pandas"}),
        (InvalidInput, {"batch_size": "8"}),
        (InvalidInput, {"batch_size": 8.0}),
        (InvalidInput, {"rank": "0", "world_size": 2}),
        (InvalidPipeline, {"pipeline": 5}),
        (InvalidPipeline, {"pipeline": b"regularize"}),
        (InvalidInput, {"copies": 0}),
        (BadRequest, {"lane": "8"}),
        (BadRequest, {"lane": 8}),
        (UnknownCorpus, {"corpus": "nothing"}),
    ],
)
def test_arguments_that_make_no_sense_are_refused(data, kind, options):
    with pytest.raises(kind):
        AugmentedStream(data, **{"corpus": "notes", "batch_size": 8, "local": True} | options)


def test_a_data_directory_must_exist_and_be_meant(tmp_path):
    with pytest.raises(InvalidInput, match="no directory"):
        AugmentedStream(tmp_path / "typo", "notes", batch_size=8, local=True)
    with pytest.raises(InvalidInput, match="local=True"):
        AugmentedStream(tmp_path, "notes", batch_size=8)
    assert not list(tmp_path.iterdir())


def test_numpy_columns_are_writable_and_become_tensors(stream_of):
    stream = stream_of(batch_size=10, format="numpy")
    batch = next(iter(stream))
    assert all(column.flags.writeable for column in batch.values())
    assert batch["_row"].dtype == np.int64
    assert batch["text"].dtype == object
    loaded = next(iter(DataLoader(stream_of(batch_size=10, format="numpy"), batch_size=None)))
    assert isinstance(loaded["label"], torch.Tensor)
    assert loaded.state == batch.state


@pytest.mark.parametrize("kind", [pa.timestamp("us", "UTC"), pa.date32(), pa.date64(), pa.duration("ms")])
def test_times_stay_arrays_where_a_loader_makes_tensors(kind):
    column = array_of([0, None], kind)
    assert default_convert({"column": column})["column"] is column
    assert pickle.loads(pickle.dumps(column)).dtype == column.dtype
    assert column.dtype.kind in "mM"


def test_a_batch_moves_to_a_device_with_its_state(stream_of):
    batch = next(iter(DataLoader(stream_of(batch_size=10, format="numpy"), batch_size=None)))
    moved = batch.to("meta")
    assert moved["label"].device.type == "meta"
    assert batch["label"].device.type == "cpu"
    assert (moved["text"].tolist(), moved.state) == (batch["text"].tolist(), batch.state)


def array_of(values, kind):
    [batch] = Batch.cut(pa.table({"column": pa.array(values, kind)}), "numpy", len(values), [{}])
    return batch["column"]


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([2**53 + 1, None], pa.int64(), object),
        ([2**53 + 1, 0], pa.int64(), np.int64),
        ([None], pa.int64(), object),
        ([True, None], pa.bool_(), object),
        (["a", None], pa.string(), object),
        ([{"n": 2**53 + 1}, {"n": None}, None], pa.struct({"n": pa.int64()}), object),
        ([np.datetime64("2026-01-01", "us"), np.datetime64("NaT", "us")], pa.timestamp("us"), "M8[us]"),
    ],
)
def test_numpy_columns_with_nulls_lose_no_digit(values, kind, dtype):
    array = array_of(values, kind)
    assert (array.dtype, array.flags.writeable) == (dtype, True)
    assert [str(value) for value in array] == [str(value) for value in values]


@pytest.mark.parametrize("kind", [pa.list_(pa.int64()), pa.large_list(pa.int64()), pa.list_(pa.int64(), 2)])
def test_lists_in_numpy_columns_are_writable_arrays_without_loss(kind):
    whole, holed, missing = array_of([[1, 2], [2**53 + 1, None], None], kind)
    assert (whole.dtype, holed.tolist(), missing) == (np.int64, [2**53 + 1, None], None)
    assert whole.flags.writeable
    assert holed.flags.writeable
    assert [row.shape for row in array_of([[1, 2], [3, 4]], kind)] == [(2,), (2,)]


def test_times_of_day_in_nanoseconds_lose_none_of_them():
    array = array_of([1, None, 86_399_999_999_999], pa.time64("ns"))
    assert (array.dtype, array.flags.writeable) == ("m8[ns]", True)
    assert array.tolist() == [1, None, 86_399_999_999_999]
    assert array_of([[1]], pa.list_(pa.time64("ns")))[0].dtype == "m8[ns]"


def test_a_column_of_floats_has_nan_for_null():
    array = array_of([0.5, None], pa.float32())
    assert array.dtype == np.float32
    assert np.isnan(array[1])


def test_without_pytorch_the_import_tells_what_to_install():
    code = "import sys; sys.modules['torch'] = None; import augsvc.torch"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.endswith("ModuleNotFoundError: augsvc.torch needs PyTorch: pip install 'augsvc[torch]'\n")


def test_arrow_columns_keep_their_types_and_travel_without_their_page(stream_of):
    batch = next(iter(stream_of(batch_size=10, format="arrow")))
    assert batch["text"].type == pa.string()
    assert batch["text"].to_pylist() == next(iter(stream_of(batch_size=10)))["text"]
    assert len(pickle.dumps(batch["text"])) < 2_000


def test_originals_come_as_a_column_or_as_rows(stream_of):
    batch = next(iter(stream_of(batch_size=100, include_original="column")))
    assert any(text != original for text, original in zip(batch["text"], batch["_original"], strict=True))
    copies = [copy for batch in stream_of(batch_size=100, copies=2, include_original="rows") for copy in batch["_copy"]]
    assert sorted(copies) == [-1] * ROWS + [0] * ROWS + [1] * ROWS


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda stream: pickle.loads(pickle.dumps(stream))])
def test_a_copy_is_a_stream_of_its_own(stream_of, duplicate):
    stream = stream_of(batch_size=100)
    next(iter(stream))
    other = duplicate(stream)
    assert rows_of(other) == rows_of(stream_of(batch_size=100))[100:]
    assert (other.state_dict()["epoch"], stream.state_dict()["epoch"]) == (1, 0)


def test_ranks_of_torch_distributed_are_picked_up(stream_of):
    torch.distributed.init_process_group("fake", store=FakeStore(), rank=1, world_size=3)
    try:
        stream = stream_of(batch_size=8)
    finally:
        torch.distributed.destroy_process_group()
    assert [batch["_position"][0] for batch in stream] == list(range(8, ROWS - 16, 24))


def test_a_pipeline_may_be_a_model_a_mapping_or_a_name(stream_of):
    given = {"ops": [{"type": "synonym", "rate": 0.5}]}
    model, mapping = (stream_of(pipeline=p, batch_size=8) for p in (Pipeline.model_validate(given), given))
    assert model.view_id == mapping.view_id != stream_of(batch_size=8).view_id


def test_a_name_is_resolved_once(data):
    corpora = Workspace(data).corpora
    corpora.put("moving", io.BytesIO(b"one\ntwo\n"), "text/plain")
    stream = AugmentedStream(data, "moving", batch_size=8, local=True)
    corpora.put("moving", io.BytesIO(b"three\n"), "text/plain")
    assert (stream.rows, len(rows_of(stream))) == (2, 2)
    assert AugmentedStream(data, "moving", batch_size=8, local=True).rows == 1


def test_long_texts_take_more_pages_and_give_the_same_batches(stream_of, monkeypatch):
    whole = [batch["text"] for batch in stream_of(batch_size=50)]
    monkeypatch.setattr(views, "MAX_PAGE_BYTES", 1_000)
    assert [batch["text"] for batch in stream_of(batch_size=50)] == whole


def test_a_local_stream_takes_a_lexicon_along_to_other_processes(stream_of, tmp_path):
    (tmp_path / "mine.tsv").write_text("dog\tnoun\tdoggo\t1000\n")
    lexicon = Lexicon.open(overlay=tmp_path / "mine.tsv")
    stream = stream_of(pipeline={"ops": [{"type": "synonym", "rate": 1}]}, batch_size=100, lexicon=lexicon)
    (tmp_path / "mine.tsv").unlink()
    copied = pickle.loads(pickle.dumps(stream))
    texts = [text for batch in copied for text in batch["text"]]
    assert texts == [text for batch in stream for text in batch["text"]]
    assert sum("doggo" in text for text in texts) > ROWS / 2


def test_a_server_is_given_no_lexicon():
    with pytest.raises(InvalidInput, match="--overlay"):
        AugmentedStream("http://127.0.0.1:9", "notes", batch_size=8, lexicon=Lexicon.open())
