"""Corpora over HTTP: upload, list, describe, delete; nothing half-registered."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

import augsvc
from augsvc.service.app import create_app
from augsvc.service.routes import corpora as routes
from augsvc.service.settings import Settings

pytestmark = pytest.mark.anyio

NDJSON = {"Content-Type": "application/x-ndjson"}
TEXT = {"Content-Type": "text/plain"}
ROWS = b'{"text": "A good film.", "label": 1}\n{"text": "A bad film.", "label": 0}\n'


async def test_an_upload_is_described_as_the_contract_says(serve: Any) -> None:
    async with serve() as client:
        answer = await client.put("/corpora/films", content=ROWS, headers=NDJSON)
        listed = (await client.get("/corpora")).json()
        described = (await client.get("/corpora/films")).json()
    assert answer.status_code == 201
    document = answer.json()
    columns = [{"name": "text", "type": "string"}, {"name": "label", "type": "int64"}]
    assert document.pop("skipped") == 0
    assert len(document["digest"]) == 64
    assert document == {
        "name": "films", "digest": document["digest"], "rows": 2, "columns": columns, "text_column": "text"
    }  # fmt: skip
    assert listed == {"corpora": [document]}
    assert described == document


async def test_the_same_bytes_again_change_nothing_and_others_move_the_name(serve: Any) -> None:
    async with serve() as client:
        first = await client.put("/corpora/films", content=ROWS, headers=NDJSON)
        again = await client.put("/corpora/films", content=ROWS, headers=NDJSON)
        other = await client.put("/corpora/films", content=b"One film.\nAnother.\n", headers=TEXT)
        before = await client.get(f"/corpora/{first.json()['digest']}")
    assert (again.status_code, again.json()["digest"]) == (200, first.json()["digest"])
    assert "previous" not in again.json()
    assert (other.status_code, other.json()["previous"]) == (200, first.json()["digest"])
    assert before.json()["rows"] == 2


async def test_a_deleted_name_is_unknown(serve: Any) -> None:
    async with serve() as client:
        await client.put("/corpora/films", content=ROWS, headers=NDJSON)
        deleted = [(await client.delete("/corpora/films")) for _ in range(2)]
        gone = await client.get("/corpora/films")
    assert [answer.status_code for answer in deleted] == [204, 404]
    assert "content-type" not in deleted[0].headers
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown_corpus")


async def test_parameters_choose_the_column_and_what_becomes_of_bad_rows(serve: Any) -> None:
    rows = b'{"title": "A film", "body": "It is good."}\n{"title": "No body"}\n'
    async with serve() as client:
        failed = await client.put("/corpora/films?text_column=body", content=rows, headers=NDJSON)
        empty = await client.get("/corpora")
        skipped = await client.put("/corpora/films?text_column=body&on_bad=skip", content=rows, headers=NDJSON)
    assert (failed.status_code, failed.json()["code"]) == (422, "invalid_corpus")
    assert empty.json() == {"corpora": []}
    assert (skipped.json()["text_column"], skipped.json()["rows"], skipped.json()["skipped"]) == ("body", 1, 1)


@pytest.mark.parametrize("media", ["application/pdf", "application/json", "", "text/html; charset=utf-8"])
async def test_other_media_types_are_refused(client: httpx.AsyncClient, media: str) -> None:
    answer = await client.put("/corpora/films", content=ROWS, headers={"Content-Type": media})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media", ["text/plain", "application/x-ndjson"])
async def test_a_charset_other_than_utf_8_is_refused(serve: Any, media: str) -> None:
    async with serve() as client:
        answers = [
            await client.put("/corpora/films", content=ROWS, headers={"Content-Type": f"{media}; charset={charset}"})
            for charset in ("utf-16le", "latin-1", "UTF-8")
        ]
    assert [answer.status_code for answer in answers] == [415, 415, 201]


@pytest.mark.parametrize("headers", [TEXT, NDJSON])
async def test_a_column_without_a_name_is_no_text_column(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.put("/corpora/films?text_column=", content=ROWS, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "text_column")


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, zstd"])
async def test_other_content_codings_are_refused_naming_those_that_are_read(
    client: httpx.AsyncClient, coding: str
) -> None:
    answer = await client.put("/corpora/films", content=ROWS, headers={**NDJSON, "Content-Encoding": coding})
    assert answer.status_code == 415
    assert "gzip or zstd" in answer.json()["detail"]


@pytest.mark.parametrize("name", [".hidden", "a b", "é", "a" * 129, "0" * 64])
async def test_a_name_that_is_none_is_refused(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.put(f"/corpora/{name}", content=ROWS, headers=NDJSON)
    assert answer.status_code == 422


async def test_a_file_too_large_is_refused_while_it_arrives(serve: Any, tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b"A line.\n" * 100

    async with serve(max_corpus_bytes=10_000) as client:
        answer = await client.put("/corpora/films", content=endless(), headers=TEXT)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert (await client.get("/corpora")).json() == {"corpora": []}
    assert _files(tmp_path) == []


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


async def test_a_client_that_goes_away_half_way_leaves_nothing(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    messages: list[Message] = [{"type": "http.disconnect"}, {"type": "http.request", "body": ROWS, "more_body": True}]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/corpora/films", "query_string": b"", "root_path": ""}
    await app({**scope, "headers": [(b"content-type", b"text/plain")]}, receive, send)
    assert sent == []
    assert _files(tmp_path) == []


async def test_an_upload_in_small_pieces_is_the_file(serve: Any) -> None:
    lines = b"".join(b"Line number %d of a long file.\n" % n for n in range(100_000))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(lines), 30_001):
            yield lines[start : start + 30_001]

    async with serve() as client:
        whole = await client.put("/corpora/whole", content=lines, headers=TEXT)
        parts = await client.put("/corpora/parts", content=pieces(), headers=TEXT)
    assert whole.json()["rows"] == 100_000
    assert parts.json()["digest"] == whole.json()["digest"]
    assert whole.json()["digest"] != hashlib.sha256(lines).hexdigest()


async def test_a_silent_upload_gives_its_slot_back(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"one line\n"
        await asyncio.sleep(30)

    monkeypatch.setattr(routes, "SILENCE_SECONDS", 0.05)
    answer = await client.put("/corpora/silent", content=half(), headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert (await client.get("/corpora/silent")).status_code == 404


async def test_no_cache_keeps_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/views/{'0' * 32}/rows")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


PAIRS = b"""{"premise": "The big dog ran home.", "hypothesis": "The big dog ran home.", "label": 0}
{"premise": "She bought a small car.", "hypothesis": "She bought a small car.", "label": 1}
"""
EVERY = {"ops": [{"type": "synonym", "rate": 1}]}


async def test_pairs_of_sentences_are_text_columns_of_one_corpus(serve: Any) -> None:
    async with serve() as client:
        where = "/corpora/pairs?text_column=premise&text_column=hypothesis"
        answer = await client.put(where, content=PAIRS, headers=NDJSON)
        view = {"corpus": "pairs", "pipeline": EVERY, "seed": 5, "copies": 2, "shuffle": "none"}
        made = (await client.post("/views", json=view)).json()
        lines = (await client.get(f"/views/{made['view_id']}/rows")).text.splitlines()
        refused = await client.post("/views", json=view | {"include_original": "column"})
        missing = await client.put(where, content=b'{"premise": "a"}', headers=NDJSON)
        plain = await client.put(where, content=b"a", headers=TEXT)
    assert answer.json()["text_column"] == ["premise", "hypothesis"]
    *rows, end = [json.loads(line) for line in lines]
    sums = b""
    for name, field in (("premise", 0), ("hypothesis", 1)):
        texts = [json.loads(line)[name] for line in PAIRS.splitlines()]
        expected = augsvc.augment(texts, EVERY, seed=5, copies=2, field=field)
        assert [row[name] for row in rows] == [one.text for one in expected]
    for row in rows:
        sums += row["_position"].to_bytes(8, "little")
        for text in (row["premise"].encode(), row["hypothesis"].encode()):
            sums += len(text).to_bytes(8, "little") + text
    assert end["_end"]["checksum"] == format(zlib.crc32(sums), "08x")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/include_original")
    assert (missing.status_code, "hypothesis" in missing.text) == (422, True)
    assert (plain.status_code, "single column" in plain.text) == (422, True)
