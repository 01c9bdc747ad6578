from __future__ import annotations

import contextlib
import json
import socket
import threading
import time

import pytest

from augsvc.client import Client
from augsvc.errors import AugsvcError, InvalidInput, InvalidText, NotFound, Overloaded, TransferError, Unavailable


def http(status: str, body: bytes = b"", **headers: str) -> bytes:
    """A raw answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that a client takes, which pass at once."""
    taken = []
    monkeypatch.setattr("augsvc.client.client.sleep_using_event", lambda closed: taken.append)
    return taken


OPS = http("200 OK", b'{"ops": []}')
FULL = http("429 Too Many Requests", json.dumps({"code": "overloaded", "detail": "Full."}).encode(), Retry_After="1")

FAILURES = {
    "hangs up": b"",
    "breaks off": OPS[:-4],
    "sends no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "is behind a proxy that finds nobody": http("502 Bad Gateway", b"<html>"),
    "drains": http("503 Service Unavailable", json.dumps({"code": "unavailable", "detail": "Bye."}).encode()),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_another_replica_answers_when_one(broken, failure):
    with Client([broken(failure), broken(OPS)]) as client:
        assert client.ops() == []


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_the_same_replica_is_asked_again_when_it(broken, failure):
    with Client(broken(failure, failure, OPS)) as client:
        assert client.ops() == []


def test_an_answer_settles_which_replica_is_asked_next(broken):
    first, second = broken(b""), broken(OPS, OPS, OPS)
    with Client([first, second]) as client:
        assert [client.ops() for _ in range(3)] == [[], [], []]


def test_retries_come_after_what_the_server_asks_for(broken, pauses):
    with Client(broken(FULL, OPS)) as client:
        client.ops()
    assert pauses[0] >= 1


@pytest.mark.parametrize(("date", "now"), [("Wed, 21 Oct 2015 07:28:09 GMT", "Wed, 21 Oct 2015 07:28:00 GMT")])
def test_a_date_in_retry_after_counts_by_the_servers_clock(broken, pauses, date, now):
    with Client(broken(http("503 Service Unavailable", Retry_After=date, Date=now), OPS)) as client:
        client.ops()
    assert 9 <= pauses[0] <= 9.25


@pytest.mark.parametrize("asked", ["Fri, 01 Jan 1999 00:00:00 GMT", "soon", "-1", "1.5"])
def test_a_retry_after_that_is_past_or_none_is_no_pause(broken, pauses, asked):
    with Client(broken(http("429 Too Many Requests", Retry_After=asked), OPS)) as client:
        client.ops()
    assert pauses[0] <= 0.25


def test_a_replica_that_has_not_failed_is_not_waited_for(broken, pauses):
    with Client([broken(FULL), broken(OPS)]) as client:
        client.ops()
    assert pauses[0] <= 0.25


def test_pauses_are_drawn_from_ranges_that_double(broken, pauses):
    with Client(broken(*[b""] * 9), retries=8) as client, pytest.raises(TransferError):
        client.ops()
    ceilings = [0.25, 0.5, 1, 2, 4, 8, 8, 8]
    assert len(pauses) == 8
    assert all(0 <= pause <= most for pause, most in zip(pauses, ceilings, strict=True))


def test_a_call_past_its_deadline_tells_the_last_failure(broken, pauses):
    with Client(broken(FULL, FULL), deadline=1.0) as client, pytest.raises(Unavailable, match=r"1 s.*Full") as caught:
        client.ops()
    assert pauses == []  # a pause of a second would lead beyond
    assert isinstance(caught.value.__cause__, Overloaded)


def test_an_answer_in_drops_ends_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Client(url, deadline=0.5) as client, pytest.raises(Unavailable, match=r"0\.5 s.*timed out"):
            client.ops()


def drip(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection, contextlib.suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.05)


def test_clients_spread_over_replicas(monkeypatch, broken):
    monkeypatch.undo()
    urls = [broken(*[OPS] * 40), broken(*[OPS] * 40)]
    asked = set()
    for _ in range(40):
        with Client(urls) as client, client._replicas.attempt() as url:
            asked.add(url)
    assert asked == set(urls)


@pytest.mark.parametrize("limits", [{"timeout": 0}, {"retries": -1}, {"deadline": 0}])
def test_limits_that_are_none_are_refused(limits):
    with pytest.raises(InvalidInput):
        Client("http://127.0.0.1:1", **limits)


def test_the_last_failure_is_told_once_the_retries_are_used_up(broken):
    with Client(broken(FULL, FULL), retries=1) as client, pytest.raises(Overloaded, match="Full") as caught:
        client.ops()
    assert caught.value.retry_after == 1


def test_an_answer_cut_short_is_no_answer(broken):
    with Client(broken(OPS[:-4]), retries=0) as client, pytest.raises(TransferError, match="broke off"):
        client.ops()


def test_nobody_there_is_told_in_a_sentence(broken):
    url = broken()
    with Client(url, retries=0) as client, pytest.raises(Unavailable, match=f"No answer from {url}"):
        client.ops()


def test_a_silence_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Client(url, timeout=0.2, retries=0) as client, pytest.raises(Unavailable, match="timed out"):
            client.ops()


def test_a_verdict_is_not_asked_for_again(broken):
    problem = {
        "code": "invalid_input",
        "detail": "No.",
        "request_id": "r1",
        "errors": [{"pointer": "/a", "detail": "Odd."}],
    }
    with Client(broken(http("422 Unprocessable", json.dumps(problem).encode()), OPS)) as client:
        with pytest.raises(InvalidInput) as caught:
            client.ops()
        assert caught.value.extra == {"request_id": "r1"}
        assert caught.value.faults == (("/a", "Odd."),)


def test_a_text_that_is_none_is_told_by_its_index(broken):
    problem = json.dumps({"code": "invalid_text", "detail": "Lone surrogate.", "index": 3}).encode()
    with Client(broken(http("400 Bad Request", problem))) as client, pytest.raises(InvalidText) as caught:
        client.augment(["a", "b", "c", "\ud800"])
    assert caught.value.index == 3


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (http("404 Not Found", b"<html>"), NotFound),
        (http("500 Internal Server Error", b"[]"), AugsvcError),
        (http("302 Found", Location="/elsewhere"), AugsvcError),
        (http("200 OK", b"<html>"), AugsvcError),
        (http("200 OK", b"[]"), AugsvcError),
    ],
)
def test_answers_of_other_servers_are_errors_too(broken, raw, kind):
    with Client(broken(raw)) as client, pytest.raises(AugsvcError) as caught:
        client.ops()
    assert type(caught.value) is kind


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host", "http://", [], None, 7, [None]])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InvalidInput):
        Client(url)


def test_a_client_that_was_never_used_closes():
    Client("http://127.0.0.1:1").close()
