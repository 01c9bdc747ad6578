"""Killed servers, cut connections, refusals: an epoch is the same bytes, or its reader gets a clear error."""

from __future__ import annotations

import asyncio
import threading
import zlib
from functools import partial

import httpx
import pyarrow as pa
import pytest
from starlette.responses import Response

from augsvc.client import AsyncClient, Client, RemoteSource, pages
from augsvc.client import asynchronous as asynchronous_module
from augsvc.client.transports import HttpClientTransport
from augsvc.errors import TransferError, Unavailable
from augsvc.order import Lane
from augsvc.service.app import create_app
from augsvc.service.settings import Settings
from augsvc.views import Workspace
from tests.client.proxy import Cutting

EVERYTHING = Lane()


@pytest.fixture
def cutting():
    """Makes proxies that cut connections off."""
    proxies = []

    def cutting(*arguments):
        proxies.append(Cutting(*arguments))
        return proxies[-1]

    yield cutting
    for proxy in proxies:
        proxy.close()


@pytest.fixture
def hasty(monkeypatch):
    """Clients do not pause between attempts."""
    monkeypatch.setattr("augsvc.client.client.sleep_using_event", lambda closed: lambda seconds: None)
    quick = partial(asynchronous_module.AsyncRetrying, sleep=lambda seconds: asyncio.sleep(0))
    monkeypatch.setattr(asynchronous_module, "AsyncRetrying", quick)


@pytest.fixture(scope="module")
def view(server):
    """A view of 20,150 rows."""
    with Client(server.url) as client:
        return client.create_view("notes", seed=2, copies=50)


@pytest.fixture(scope="module")
def epoch(server, view):
    """Its epoch 1, computed in process."""
    return Workspace(server.data).source(view.view_id).page(1, 0, 65_536, EVERYTHING).table


def joined(tables):
    return pa.concat_tables(tables).replace_schema_metadata(None).combine_chunks()


def test_a_replica_killed_in_mid_page_costs_nothing_where_another_lives(server, start, cutting, view, epoch):
    other = start(server.data)
    proxy = cutting(other.port, [60_000] * 9, other.kill)
    with Client([proxy.url, server.url]) as client:
        assert joined(client.stream(view.view_id, epoch=1)).equals(epoch.combine_chunks())
    assert other.process.poll() is not None


@pytest.mark.usefixtures("hasty")
def test_a_thousand_cut_connections_lose_no_row(server, cutting, view, epoch):
    cuts = [1 + zlib.crc32(b"%d" % number) % 5_000 for number in range(1_000)]
    proxy = cutting(server.port, cuts)
    with Client(proxy.url, retries=1_000) as client:
        assert joined(client.stream(view.view_id, epoch=1, rows=20)).equals(epoch.combine_chunks())
    assert cuts == []


@pytest.mark.usefixtures("hasty")
def test_a_hundred_cut_connections_lose_no_row_of_an_event_loop(server, cutting, view, epoch):
    cuts = [1 + zlib.crc32(b"%d" % number) % 30_000 for number in range(100)]
    proxy = cutting(server.port, cuts)

    async def read():
        async with AsyncClient(proxy.url, retries=1_000) as client:
            return [table async for table in client.stream(view.view_id, epoch=1, rows=100)]

    assert joined(asyncio.run(read())).equals(epoch.combine_chunks())
    assert cuts == []


@pytest.mark.usefixtures("hasty")
def test_connections_that_are_always_cut_end_in_a_clear_error(server, cutting, view):
    proxy = cutting(server.port, [700] * 50)
    with Client(proxy.url, retries=5) as client, pytest.raises(TransferError, match=f"{proxy.url}.* broke off"):
        client.page(view.view_id)


def test_a_server_restarted_during_an_epoch_is_waited_for(server, start, view, epoch):
    other = start(server.data)
    with Client(other.url, retries=1_000, deadline=120) as client:
        stream = client.stream(view.view_id, epoch=1, rows=500)
        tables = [next(stream)]
        other.kill()
        restarting = threading.Thread(target=start, args=(server.data, other.port))
        restarting.start()
        tables += stream
        restarting.join()
    assert joined(tables).equals(epoch.combine_chunks())


class Counting(HttpClientTransport):
    """Keeps the requests."""

    def __init__(self):
        super().__init__()
        self.requests = []

    def handle_request(self, request):
        self.requests.append(request)
        return super().handle_request(request)


def test_a_slow_reader_has_no_more_than_a_few_pages_waiting(server, view, epoch):
    transport = Counting()
    with Client(server.url, transport=transport) as client, pages(RemoteSource(client, view), 1, rows=512) as reader:
        tables = []
        for taken, page in enumerate(reader, 1):
            tables.append(page.table)
            assert len(transport.requests) <= taken + 3
        assert len(tables) == len(transport.requests) == -(-len(epoch) // 512)
    assert joined(tables).equals(epoch.combine_chunks())


def test_the_share_of_time_spent_waiting_is_told_with_each_page(server, view):
    transport = Counting()
    with Client(server.url, transport=transport) as client:
        list(client.stream(view.view_id, epoch=1, rows=1_000))
    told = [request.headers.get("Augsvc-Stall") for request in transport.requests if "/rows" in request.url.path]
    assert told[:3] == [None] * 3  # asked for before anything had come
    assert all(0 <= float(share) <= 1 for share in told[3:])


class Instead(HttpClientTransport):
    """Answers another question than the one asked."""

    def __init__(self, was, is_now):
        super().__init__()
        self._was, self._is_now = was, is_now

    def handle_request(self, request):
        url = httpx.URL(str(request.url).replace(self._was, self._is_now))
        return super().handle_request(httpx.Request(request.method, url, headers=request.headers))


@pytest.mark.parametrize("change", [("start=64", "start=128"), ("epoch=1", "epoch=2"), ("rows=64", "rows=63")])
def test_a_page_of_another_place_is_refused(server, view, change):
    refused = pytest.raises(TransferError, match=r"other positions|another view or place")
    with Client(server.url, transport=Instead(*change), retries=0) as client, refused:
        client.page(view.view_id, epoch=1, start=64, rows=64)


def test_a_page_of_another_view_is_refused(server, client, view):
    other = client.create_view("notes", seed=3, copies=50)
    transport = Instead(view.view_id, other.view_id)
    refused = pytest.raises(TransferError, match=other.view_id)
    with Client(server.url, transport=transport, retries=0) as misled, refused:
        misled.page(view.view_id, rows=64)


class Refusing:
    """An application that answers each request twice with a refusal before it passes it on."""

    def __init__(self, app, status, retry_after):
        self._app, self._refusal, self.count = app, (status, retry_after), 0

    async def __call__(self, scope, receive, send):
        self.count += 1
        if self.count % 3:
            status, retry_after = self._refusal
            await Response(b"<html>", status, {"Retry-After": retry_after})(scope, receive, send)
        else:
            await self._app(scope, receive, send)


REFUSALS = [(429, "1"), (503, "0"), (503, "Wed, 21 Oct 2015 07:28:00 GMT"), (502, "1"), (504, "soon")]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("status", "retry_after"), REFUSALS)
def test_refusals_that_pass_cost_nothing(tmp_path, notes, status, retry_after):
    app = Refusing(create_app(Settings(data=tmp_path)), status, retry_after)

    async def read():
        # Of requests under way at once the same one may be refused again and again.
        async with AsyncClient("http://test", transport=httpx.ASGITransport(app), retries=100) as client:
            await client.put_corpus("notes", notes, media_type="application/x-ndjson")
            view = await client.create_view("notes", seed=2)
            return view, [table async for table in client.stream(view.view_id, rows=50)]

    view, tables = asyncio.run(read())
    assert app.count >= 3 * (3 + len(tables))
    here = Workspace(tmp_path).source(view.view_id).page(0, 0, 1_000, EVERYTHING)
    assert joined(tables).equals(here.table.combine_chunks())


@pytest.mark.usefixtures("hasty")
def test_refusals_that_do_not_pass_end_in_the_last_one():
    app = Refusing(None, 503, "1")

    async def ask():
        async with AsyncClient("http://test", transport=httpx.ASGITransport(app), retries=1) as client:
            await client.ops()

    with pytest.raises(Unavailable, match="503"):
        asyncio.run(ask())
