from __future__ import annotations

import gzip
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pyarrow as pa
import pytest

import augsvc
from augsvc.client import Client, RemoteSource
from augsvc.errors import (
    BadRequest,
    CursorMismatch,
    InvalidCorpus,
    InvalidInput,
    InvalidPipeline,
    InvalidText,
    TransferError,
    UnknownCorpus,
    UnknownView,
    UnsupportedMedia,
)
from augsvc.order import Cursor, Lane
from augsvc.views import Workspace

ROWS = 403
LINES = b'{"text": "A calm day."}\n{"text": "A long night."}\n'
NDJSON = "application/x-ndjson"


def test_texts_come_back_as_in_process(client):
    texts = ["The tired dog walked home.", "", "A quick answer helps."]
    answer = client.augment(texts, seed=4, epoch=2, copies=2, ids=["a", "b", "c"])
    here = augsvc.augment(texts, seed=4, epoch=2, copies=2, ids=["a", "b", "c"])
    assert [(r["id"], r["copy"], r["text"]) for r in answer["results"]] == [(a.id, a.copy, a.text) for a in here]
    assert (answer["seed"], answer["epoch"]) == (4, 2)


def test_a_pipeline_may_be_a_model_a_mapping_or_a_name(client):
    given = {"ops": [{"type": "synonym", "rate": 0.5}]}
    answers = [client.augment(["A tired dog."], p, seed=1) for p in (given, augsvc.Pipeline.model_validate(given))]
    assert answers[0] == answers[1]
    assert answers[0]["pipeline"] != client.augment(["A tired dog."], "regularize", seed=1)["pipeline"]


def test_edits_offsets_and_spans_are_passed_on(client):
    text, spans = "Dogs 😀 sleep happily.", [[[0, 4, "NOUN"]]]
    answer = client.augment([text], {"ops": [{"type": "synonym", "rate": 1}]}, seed=1, spans=spans, offset_unit="utf8")
    (result,) = answer["results"]
    assert result["spans"] == [[0, 4, "NOUN"]]
    assert all(text.encode()[e["start"] : e["end"]].decode() == e["original"] for e in result["edits"])
    assert "edits" not in client.augment([text], seed=1, return_edits=False)["results"][0]


def test_the_catalogue_lists_operations_and_presets(client):
    assert "synonym" in [op["type"] for op in client.ops()]
    assert "regularize" in [preset["name"] for preset in client.pipelines()]


def test_a_file_is_registered_by_path_content_or_stream(client, tmp_path):
    path = tmp_path / "days.jsonl"
    path.write_bytes(LINES)
    by_path = client.put_corpus("days", path)
    by_content = client.put_corpus("days", LINES, media_type=NDJSON)
    with path.open("rb") as file:
        by_file = client.put_corpus("days", file, media_type=NDJSON)
    assert by_path["digest"] == by_content["digest"] == by_file["digest"]
    assert by_path["rows"] == client.corpus("days")["rows"] == client.corpus(by_path["digest"])["rows"] == 2
    assert "days" in [corpus["name"] for corpus in client.corpora()]
    client.delete_corpus("days")
    with pytest.raises(UnknownCorpus):
        client.corpus("days")


def test_a_pipe_is_streamed(client):
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(LINES)
    with os.fdopen(reader, "rb") as pipe:
        assert client.put_corpus("piped", pipe, media_type=NDJSON)["rows"] == 2


def test_an_open_file_is_sent_from_where_it_stands_again_after_a_failure(server, broken):
    file = io.BytesIO(b"not this" + LINES)
    file.seek(8)
    with Client([broken(b""), server.url]) as client:
        assert client.put_corpus("rest", file, media_type=NDJSON)["rows"] == 2


def test_options_of_an_upload_are_passed_on(client):
    lines = b'{"a": "one", "b": "two"}\n{"a": 3, "b": "four"}\n'
    told = client.put_corpus("mixed", lines, media_type=NDJSON, text_column="a", on_bad="skip")
    assert (told["rows"], told["text_column"]) == (1, "a")


@pytest.mark.parametrize(
    ("kind", "name", "data", "media_type"),
    [
        (InvalidCorpus, "bad", b"{", NDJSON),
        (UnsupportedMedia, "bad", gzip.compress(LINES, mtime=0), "application/gzip"),
        (UnsupportedMedia, "bad", "notes.docx", None),
        (InvalidInput, "bad", LINES, None),
        (InvalidInput, "no name", LINES, NDJSON),
        (FileNotFoundError, "bad", "nowhere.jsonl", None),
    ],
)
def test_uploads_that_cannot_be_are_refused(client, kind, name, data, media_type):
    with pytest.raises(kind):
        client.put_corpus(name, data, media_type=media_type)


def test_pages_equal_those_computed_here(client, server):
    view = client.create_view("notes", seed=5, copies=2, include_original="column")
    here = Workspace(server.data).source(view.view_id)
    there = RemoteSource(client, view)
    assert (there.view_id, there.rows, there.text_columns) == (here.view_id, here.rows, here.text_columns)
    for place in ((0, 0, 100, Lane()), (3, 17, 50, Lane(1, 2, 7, 10)), (0, 800, 100, Lane()), (0, 10_000, 1, Lane())):
        mine, theirs = here.page(*place), there.page(*place)
        assert theirs.table.replace_schema_metadata(None).equals(mine.table)
        assert theirs.next == mine.next


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda positions: np.array(positions, np.uint16)])
def test_positions_in_any_order_equal_those_computed_here(client, server, kind):
    view = client.create_view("notes", seed=5, copies=2, include_original="column")
    here = Workspace(server.data).source(view.view_id)
    positions = np.array([17, 805, 0, 17])
    mine = here.pick(3, positions)
    assert client.rows(view.view_id, kind(positions.tolist()), 3).table.equals(mine.table)
    assert RemoteSource(client, view).pick(3, positions).table.equals(mine.table)
    assert client.rows(view.view_id, []).table.num_rows == 0


class Damaging(httpx.HTTPTransport):
    """A network that damages the first answer."""

    def __init__(self, damage):
        super().__init__()
        self._damages = [damage]

    def handle_request(self, request):
        answer = super().handle_request(request)
        body = answer.read()
        damaged = self._damages.pop()(body) if self._damages else body
        answer.close()
        return httpx.Response(answer.status_code, content=damaged)


DAMAGES = {
    "empty": lambda body: b"",
    "cut in the middle": lambda body: body[: len(body) // 2],
    "cut before its end frame": lambda body: body[: body.rindex(b"augsvc:end") // 8 * 8 - 64],
    "changed in a letter": lambda body: body.replace(b"tired", b"tyred", 1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_page_is_noticed_and_fetched_again(client, server, damage):
    view = client.create_view("notes", seed=5)
    whole = client.page(view.view_id)
    with Client(server.url, transport=Damaging(damage), retries=0) as careful, pytest.raises(TransferError):
        careful.page(view.view_id)
    with Client(server.url, transport=Damaging(damage)) as patient:
        assert patient.page(view.view_id).table.equals(whole.table)


def test_threads_share_a_client(client):
    view = client.create_view("notes", seed=5)
    with ThreadPoolExecutor(4) as pool:
        tables = list(pool.map(lambda start: client.page(view.view_id, start=start, rows=20).table, range(0, ROWS, 20)))
    assert pa.concat_tables(tables).equals(pa.concat_tables(client.stream(view.view_id)))


def test_a_stream_is_an_epoch_in_verified_tables(client):
    view = client.create_view("notes", seed=5)
    tables = list(client.stream(view.view_id, epoch=1, start=3, rows=150, lane="0:1:2:3"))
    assert [table.num_rows for table in tables] == [150, 50]
    assert [g for table in tables for g in table["_position"].to_pylist()] == list(range(3, ROWS, 2))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_texts_keep_their_type_through_the_store_and_the_wire(client, server, kind):
    sink, table = pa.BufferOutputStream(), pa.table({"text": pa.array(["The tired dog walked home."] * 20, kind)})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    told = client.put_corpus("typed", sink.getvalue().to_pybytes(), media_type="application/vnd.apache.arrow.stream")
    assert told["columns"] == [{"name": "text", "type": str(kind)}]
    view = client.create_view("typed", seed=1, include_original="column")
    page, picked = client.page(view.view_id).table, client.rows(view.view_id, [3, 3]).table
    assert [page[name].type for name in ("text", "_original")] == [kind, kind]
    assert picked["text"].to_pylist() == [page["text"][3].as_py()] * 2
    lines = httpx.get(f"{server.url}/views/{view.view_id}/rows").text.splitlines()
    assert [json.loads(line)["text"] for line in lines[:-1]] == page["text"].to_pylist()


def test_a_cursor_stands_for_an_epoch_and_a_position(client):
    view = client.create_view("notes", seed=5)
    cursor = f"v1.{view.view_id}.3.17"
    assert client.page(view.view_id, cursor=cursor, rows=5) == client.page(view.view_id, epoch=3, start=17, rows=5)
    assert client.rows(view.view_id, [9, 1], cursor=cursor) == client.rows(view.view_id, [9, 1], 3)
    streams = [list(client.stream(view.view_id, **place)) for place in ({"cursor": cursor}, {"epoch": 3, "start": 17})]
    assert streams[0] == streams[1]
    assert client.page(view.view_id, cursor=Cursor.parse(cursor)).table["_position"][0].as_py() == 17


def test_a_replica_that_does_not_know_the_view_is_told_once(server, start, tmp_path, notes):
    other = start(tmp_path)
    with Client(server.url) as client, Client(other.url) as elsewhere:
        view = client.create_view("notes", seed=8)
        elsewhere.put_corpus("copied", notes, media_type=NDJSON)
        with pytest.raises(UnknownView):
            elsewhere.page(view.view_id)
        told = RemoteSource(elsewhere, view).page(0, 0, 100, Lane()).table
        assert told.equals(RemoteSource(client, view).page(0, 0, 100, Lane()).table)
        other_view = client.create_view("notes", seed=9)
        picked = RemoteSource(elsewhere, other_view).pick(0, np.array([5, 2])).table
        assert picked.equals(RemoteSource(client, other_view).pick(0, np.array([5, 2])).table)


REFUSED = {
    "no preset": (InvalidPipeline, lambda c: c.augment(["a"], "nothing")),
    "no operation": (InvalidPipeline, lambda c: c.create_view("notes", {"ops": [{"type": "nothing"}]})),
    "no text": (InvalidText, lambda c: c.augment(["a", "\ud800"])),
    "no copies": (InvalidInput, lambda c: c.augment(["a"], copies=0)),
    "a view of no copies": (InvalidInput, lambda c: c.create_view("notes", copies=0)),
    "no corpus": (UnknownCorpus, lambda c: c.create_view("nothing")),
    "no view": (UnknownView, lambda c: c.page("0" * 32)),
    "a position past the end": (InvalidInput, lambda c: c.rows(c.create_view("notes").view_id, [0, ROWS])),
    "a page too large": (InvalidInput, lambda c: c.page(c.create_view("notes").view_id, rows=65_537)),
}


@pytest.mark.parametrize(("kind", "call"), REFUSED.values(), ids=REFUSED)
def test_what_the_service_refuses_raises_its_own_error(client, kind, call):
    with pytest.raises(kind) as caught:
        call(client)
    assert type(caught.value) is kind
    assert caught.value.extra["request_id"]


UNSENT = {
    "a text alone": (InvalidInput, lambda c: c.augment("abc")),
    "bytes alone": (InvalidInput, lambda c: c.augment(b"abc")),
    "nothing for texts": (InvalidInput, lambda c: c.augment(None)),
    "texts of bytes": (InvalidInput, lambda c: c.augment([b"abc"])),
    "a number for a pipeline": (InvalidPipeline, lambda c: c.augment(["a"], 5)),
    "bytes for a pipeline": (InvalidPipeline, lambda c: c.create_view("notes", b"regularize")),
    "the folder of corpora": (InvalidInput, lambda c: c.corpus(".")),
    "the folder above": (InvalidInput, lambda c: c.corpus("..")),
    "no name to remove": (InvalidInput, lambda c: c.delete_corpus("")),
    "a number for a name": (InvalidInput, lambda c: c.put_corpus(7, LINES, media_type=NDJSON)),
    "another route": (InvalidInput, lambda c: c.page("../corpora")),
    "a stream of another route": (InvalidInput, lambda c: next(c.stream("../corpora"))),
    "no view": (InvalidInput, lambda c: c.page(None)),
    "no lane": (BadRequest, lambda c: c.page("0" * 32, lane="1:2")),
    "no cursor": (BadRequest, lambda c: c.page("0" * 32, cursor="v1.x")),
    "a cursor of another view": (CursorMismatch, lambda c: c.rows("0" * 32, [0], cursor=f"v1.{'1' * 32}.0.0")),
    "a cursor and an epoch": (InvalidInput, lambda c: c.rows("0" * 32, [0], 1, cursor=f"v1.{'0' * 32}.1.0")),
    "a cursor and a start": (InvalidInput, lambda c: c.page("0" * 32, start=1, cursor=f"v1.{'0' * 32}.1.0")),
    "a stream from two places": (
        InvalidInput,
        lambda c: next(c.stream("0" * 32, epoch=1, cursor=f"v1.{'0' * 32}.1.0")),
    ),
    "rows of another route": (InvalidInput, lambda c: c.rows("../corpora", [0])),
    "positions between others": (InvalidInput, lambda c: c.rows("0" * 32, [0.5])),
    "a position alone": (InvalidInput, lambda c: c.rows("0" * 32, 5)),
    "positions in rows": (InvalidInput, lambda c: c.rows("0" * 32, [[1, 2], [3, 4]])),
    "positions of two lengths": (InvalidInput, lambda c: c.rows("0" * 32, [[1], [3, 4]])),
    "truths for positions": (InvalidInput, lambda c: c.rows("0" * 32, [True])),
}


@pytest.mark.parametrize(("kind", "call"), UNSENT.values(), ids=UNSENT)
def test_what_no_request_can_carry_is_never_sent(kind, call):
    with Client("http://127.0.0.1:9", retries=0) as client, pytest.raises(kind) as caught:
        call(client)
    assert type(caught.value) is kind


def test_pairs_of_sentences_are_read_and_summed_in_all_their_columns(client):
    pairs = b"".join(b'{"b": "A tired dog number %d.", "n": %d, "a": "The big dog ran."}\n' % (i, i) for i in range(40))
    told = client.put_corpus("pairs", pairs, media_type=NDJSON, text_column=["a", "b"])
    assert told["text_column"] == ["a", "b"]
    assert client.corpus("pairs")["text_column"] == ["a", "b"]
    view = client.create_view("pairs", {"ops": [{"type": "synonym", "rate": 1}]}, seed=3, shuffle="none")
    source = RemoteSource(client, view)
    assert source.text_columns == ("a", "b")
    table = source.page(0, 0, 100, Lane()).table
    for field, name in enumerate(source.text_columns):
        texts = ["The big dog ran."] * 40 if name == "a" else [f"A tired dog number {i}." for i in range(40)]
        expected = augsvc.augment(texts, {"ops": [{"type": "synonym", "rate": 1}]}, seed=3, field=field)
        assert table.column(name).to_pylist() == [one.text for one in expected]
