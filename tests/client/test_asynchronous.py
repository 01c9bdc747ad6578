from __future__ import annotations

import asyncio
import inspect
import io
import os

import httpx
import numpy as np
import pytest

from augsvc.client import AsyncClient, Client, Stall
from augsvc.errors import InvalidInput, InvalidPipeline, Overloaded, Unavailable, UnknownCorpus, UnknownView

NDJSON = "application/x-ndjson"
LINES = b'{"text": "A calm day."}\n{"text": "A long night."}\n'
METHODS = sorted(name for name in vars(Client) if not name.startswith("_") and name != "close")


def run(url, work, **options):
    """The result of a coroutine function of an AsyncClient."""

    async def connected():
        async with AsyncClient(url, **options) as client:
            return await work(client)

    return asyncio.run(connected())


@pytest.mark.parametrize("name", METHODS)
def test_both_clients_have_the_same_methods(name):
    ours, theirs = inspect.signature(getattr(Client, name)), inspect.signature(getattr(AsyncClient, name))
    assert ours.parameters.keys() == theirs.parameters.keys()
    assert inspect.getdoc(getattr(Client, name))
    assert next(iter(ours.parameters)) == "self"


CALLS = {
    "augment": lambda c, v: c.augment(["The tired dog walked home."], seed=4, copies=2),
    "ops": lambda c, v: c.ops(),
    "pipelines": lambda c, v: c.pipelines(),
    "corpora": lambda c, v: c.corpora(),
    "corpus": lambda c, v: c.corpus("notes"),
    "put_corpus": lambda c, v: c.put_corpus("again", LINES, media_type=NDJSON),
    "create_view": lambda c, v: c.create_view("notes", seed=5),
    "post_view": lambda c, v: c.post_view(v.document),
    "view": lambda c, v: c.view(v.view_id),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_event_loop_gets_the_same_answers(client, server, call):
    view = client.create_view("notes", seed=5)
    client.put_corpus("again", LINES, media_type=NDJSON)
    assert run(server.url, lambda there: call(there, view)) == call(client, view)


def test_an_event_loop_gets_the_same_rows(client, server):
    view = client.create_view("notes", seed=5)
    page = client.page(view.view_id, epoch=1, start=3, rows=50, lane="0:1:2:3")
    assert run(server.url, lambda c: c.page(view.view_id, epoch=1, start=3, rows=50, lane="0:1:2:3")) == page
    positions = np.array([17, 0, 17])
    assert run(server.url, lambda c: c.rows(view.view_id, positions)) == client.rows(view.view_id, positions)


def test_an_event_loop_streams_ahead(client, server):
    view, stall = client.create_view("notes", seed=5), Stall()

    async def read(there):
        cursor = f"v1.{view.view_id}.1.3"
        return [table async for table in there.stream(view.view_id, cursor=cursor, rows=60, stall=stall)]

    assert run(server.url, read) == list(client.stream(view.view_id, epoch=1, start=3, rows=60))
    assert 0 < stall.share <= 1


def test_a_reader_that_stops_leaves_no_task(client, server):
    view = client.create_view("notes", seed=5)

    async def read(there):
        async for _ in there.stream(view.view_id, rows=10):
            break
        await asyncio.sleep(0)
        await asyncio.sleep(0.2)
        return len(asyncio.all_tasks())

    assert run(server.url, read) == 1


def test_files_paths_and_pipes_are_sent_and_sent_again(server, broken, tmp_path):
    path = tmp_path / "days.jsonl"
    path.write_bytes(LINES)
    file = io.BytesIO(b"not this" + LINES)
    file.seek(8)
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(LINES)
    with os.fdopen(reader, "rb") as pipe:
        for data, urls in ((path, [broken(b""), server.url]), (file, [broken(b""), server.url]), (pipe, server.url)):
            told = run(urls, lambda c, data=data: c.put_corpus("sent", data, media_type=NDJSON))
            assert told["rows"] == 2
    assert run(server.url, lambda c: c.delete_corpus("sent")) is None


REFUSED = {
    "no preset": (InvalidPipeline, lambda c: c.augment(["a"], "nothing")),
    "no corpus": (UnknownCorpus, lambda c: c.corpus("nothing")),
    "no view": (UnknownView, lambda c: c.page("0" * 32)),
    "a text alone": (InvalidInput, lambda c: c.augment("abc")),
}


@pytest.mark.parametrize(("kind", "call"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_raises_the_same_errors(server, kind, call):
    with pytest.raises(kind):
        run(server.url, call)


def full(request):
    return httpx.Response(429, json={"code": "overloaded", "detail": "Full."}, headers={"Retry-After": "5"})


def test_retries_and_deadline_are_those_of_the_other_client():
    with pytest.raises(Overloaded):
        run("http://test", lambda c: c.ops(), transport=httpx.MockTransport(full), retries=0)
    with pytest.raises(Unavailable, match=r"deadline of 2 s.*Full"):
        run("http://test", lambda c: c.ops(), transport=httpx.MockTransport(full), deadline=2)


def test_a_silence_ends_at_the_deadline():
    async def silent(request):
        await asyncio.sleep(600)

    with pytest.raises(Unavailable, match=r"deadline of 0\.2 s.*timed out"):
        run("http://test", lambda c: c.ops(), transport=httpx.MockTransport(silent), deadline=0.2)


def test_a_closed_client_says_so():
    async def closed(client):
        await client.aclose()
        await client.ops()

    with pytest.raises(InvalidInput, match="closed"):
        run("http://test", closed)
    with pytest.raises(InvalidInput):
        AsyncClient(None)
