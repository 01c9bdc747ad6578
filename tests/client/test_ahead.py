from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from augsvc.client import Ahead, Client, Stall
from augsvc.client.ahead import AsyncAhead
from augsvc.errors import AugsvcError, InvalidInput


def alive():
    return [thread for thread in threading.enumerate() if thread.name == "augsvc-page"]


@pytest.mark.parametrize("in_flight", [1, 3, 20])
@pytest.mark.parametrize("count", [0, 1, 10])
def test_everything_comes_in_order(count, in_flight):
    assert list(Ahead(lambda n: n * n, range(count), in_flight=in_flight)) == [n * n for n in range(count)]


def test_a_few_calls_run_while_a_result_is_used():
    begun = [threading.Event() for _ in range(9)]
    with Ahead(lambda n: begun[n].set(), range(9), in_flight=3) as results:
        next(results)
        assert all(event.wait(10) for event in begun[:4])
        assert not any(event.is_set() for event in begun[4:])


def test_arguments_may_follow_from_results():
    sizes, seen = [], []

    def arguments():
        while len(sizes) < 6:
            sizes.append(len(seen))
            yield len(seen)

    list(Ahead(lambda n: n, arguments(), in_flight=2, seen=seen.append))
    assert sizes == [0, 0, 1, 2, 3, 4]


def test_an_error_is_raised_in_its_turn_and_ends_it():
    results = Ahead(lambda n: 6 // n, [3, 2, 0, 1])
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert list(results) == []
    assert not alive()


STOPS = {
    "it is closed": lambda results: results.close(),
    "its block ends": lambda results: results.__exit__(None, None, None),
    "it is forgotten": lambda results: None,
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_no_thread_is_left_when(stop):
    results = Ahead(lambda n: threading.Event().wait(0.05), range(99))
    next(results)
    assert alive()
    stop(results)
    del results
    assert not alive()


def test_a_call_that_hangs_keeps_neither_its_reader_nor_the_process():
    code = (
        "import time; from augsvc.client import Ahead\n"
        "results = Ahead(lambda n: n and time.sleep(600), range(3)); next(results)\n"
        "results.close(); print('closed')\n"
        "forgotten = Ahead(lambda n: n and time.sleep(600), range(3)); next(forgotten)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=120, capture_output=True, text=True)
    assert done.stdout == "closed\n"
    assert done.stderr == ""


def in_a_child(work):
    """The exit status of a forked process that ends with 0 if `work` is true."""
    child = os.fork()
    if not child:
        status = 1
        try:
            status = not work()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_child_makes_the_calls_itself():
    release = threading.Event()
    results = Ahead(lambda n: (n < 2 or release.wait(60)) and n, range(1, 6))
    assert next(results) == 1

    def rest():
        release.set()
        return list(results) == [2, 3, 4, 5]

    assert in_a_child(rest) == 0
    assert rest()


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_stream_of_a_server_goes_on_in_parent_and_child(client):
    view = client.create_view("notes", seed=5)
    whole = client.page(view.view_id).table
    tables = client.stream(view.view_id, rows=40)
    first = next(tables)

    def rest():
        return pa.concat_tables([first, *tables]).equals(whole)

    assert in_a_child(rest) == 0
    assert rest()


def test_closing_a_client_ends_what_waits_for_an_answer_or_for_another_attempt():
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(2) as pool:
        urls = [f"http://127.0.0.1:{silent.getsockname()[1]}", "http://127.0.0.1:9"]
        clients = [Client(url, retries=99) for url in urls]
        waiting = [pool.submit(client.ops) for client in clients]
        with silent.accept()[0] as connection:
            connection.recv(65_536)
            for client in clients:
                client.close()
            assert all(isinstance(call.exception(30), AugsvcError) for call in waiting)
        with pytest.raises(InvalidInput, match="closed"):
            clients[0].ops()


def test_the_stall_is_the_share_of_time_waited(monkeypatch):
    times = iter([10.0, 12.0, 17.0, 20.0])  # waits of 2 and 3 s, of 10 s in all
    monkeypatch.setattr("time.monotonic", lambda: next(times))
    stall = Stall()
    assert stall.share is None
    for _ in range(2):
        with stall.waiting():
            pass
    assert stall.share == 0.5


def test_a_reader_of_what_is_there_already_does_not_stall():
    results = Ahead(lambda n: n, range(100))
    for _ in results:
        threading.Event().wait(0.001)
    assert results.stall.share < 0.9


async def collected(reader):
    return [result async for result in reader]


async def squared(number):
    await asyncio.sleep(0)
    return number * number


@pytest.mark.parametrize("count", [0, 1, 10])
def test_everything_comes_in_order_from_tasks(count):
    async def read():
        return await collected(AsyncAhead(squared, range(count)))

    assert asyncio.run(read()) == [n * n for n in range(count)]


def test_tasks_are_cancelled_where_their_reader_stops():
    async def fetch(number):
        await asyncio.sleep(600 if number else 0)

    async def read():
        reader = AsyncAhead(fetch, range(9))
        await anext(reader)
        assert len(asyncio.all_tasks()) == 4
        await reader.aclose()
        assert len(asyncio.all_tasks()) == 1
        assert await collected(reader) == []

    asyncio.run(read())


def test_a_task_that_fails_ends_it():
    async def fetch(number):
        return 6 // number

    async def read():
        reader = AsyncAhead(fetch, [3, 0, 1])
        assert await anext(reader) == 2
        with pytest.raises(ZeroDivisionError):
            await anext(reader)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(read())
