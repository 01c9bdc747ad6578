"""How an answer's form is asked for: codecs and content codings over HTTP, and what caches are told."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import zlib
from typing import Any

import httpx
import pytest

from augsvc.service import streaming
from augsvc.wire import ARROW, ARROW_LZ4, ARROW_ZSTD, EVENTS, NDJSON, decode_arrow
from tests.eventsource import EventSource

pytestmark = pytest.mark.anyio

FORMS = [
    *((media, "identity") for media in (NDJSON, EVENTS, ARROW, ARROW_LZ4, ARROW_ZSTD)),
    *((media, coding) for media in (NDJSON, EVENTS) for coding in ("gzip", "zstd")),
]


async def _raw(client: httpx.AsyncClient, path: str, media: str, coding: str) -> tuple[httpx.Response, bytes]:
    """An answer and its body as it came."""
    async with client.stream("GET", path, headers={"Accept": media, "Accept-Encoding": coding}) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize(("media", "coding"), FORMS)
async def test_an_answer_says_what_it_is(
    client: httpx.AsyncClient, view: dict[str, Any], media: str, coding: str
) -> None:
    for call in ("rows", "stream"):
        answer, _ = await _raw(client, f"/views/{view['view_id']}/{call}", media, coding)
        assert answer.status_code == 200
        assert answer.headers["content-type"].removesuffix("; charset=utf-8") == media
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.headers["vary"].startswith("Accept, Accept-Encoding")


async def test_each_form_of_a_page_has_a_tag_of_its_own_and_the_same_bytes_again(
    client: httpx.AsyncClient, view: dict[str, Any]
) -> None:
    path = f"/views/{view['view_id']}/rows?rows=300"
    first, second = [[await _raw(client, path, *form) for form in FORMS] for _ in range(2)]
    tags = [answer.headers["etag"] for answer, _ in first]
    assert len(set(tags)) == len(FORMS)
    assert [(tag, body) for tag, (_, body) in zip(tags, first, strict=True)] == [
        (answer.headers["etag"], body) for answer, body in second
    ]
    for (media, coding), tag in itertools.product(FORMS, tags):
        headers = {"Accept": media, "Accept-Encoding": coding, "If-None-Match": tag}
        answer = await client.get(path, headers=headers)
        assert (answer.status_code == 304) == (tags[FORMS.index((media, coding))] == tag)


async def test_gzip_holds_the_plain_answer(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    path = f"/views/{view['view_id']}/rows"
    (_, plain), (_, packed) = [await _raw(client, path, NDJSON, coding) for coding in ("identity", "gzip")]
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 3


async def test_rows_by_position_come_in_every_form(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    for media, coding in FORMS:
        headers = {"Accept": media, "Accept-Encoding": coding}
        answer = await client.post(f"/views/{view['view_id']}/rows", json={"positions": [5, 5, 1]}, headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize("include_original", ["rows", "column"])
async def test_originals_are_in_every_form_and_in_its_checksum(
    client: httpx.AsyncClient, view: dict[str, Any], include_original: str
) -> None:
    request = {"corpus": view["view"]["corpus"], "seed": 7, "include_original": include_original}
    made = (await client.post("/views", json=request)).json()
    rows, ends = [], []
    for media, coding in FORMS:
        headers = {"Accept": media, "Accept-Encoding": coding if coding == "gzip" else "identity"}
        answer = await client.get(f"/views/{made['view_id']}/rows?rows=90", headers=headers)
        found, end = _parsed(answer.content, media)
        rows.append(found)
        ends.append(end)
    assert all(found == rows[0] for found in rows)
    assert all(end == ends[0] for end in ends)
    assert ends[0]["checksum"] == _checksum(rows[0])
    assert {row["_copy"] for row in rows[0]} == ({-1, 0} if include_original == "rows" else {0})
    assert all(("_original" in row) == (include_original == "column") for row in rows[0])


def _parsed(body: bytes, media: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows and end frame of a body without coding."""
    if media.startswith(ARROW):
        tables = decode_arrow(io.BytesIO(body))
        rows = [row for table in tables for row in table.to_pylist()]
        assert tables.end
        return rows, tables.end.document()
    lines = [event.data for event in EventSource().feed(body)] if media == EVENTS else body.decode().splitlines()
    *rows, end = map(json.loads, lines)
    return rows, end["_end"]


def _checksum(rows: list[dict[str, Any]]) -> str:
    """As it is documented."""
    summed = b""
    for row in rows:
        texts = [row[name].encode() for name in ("text", "_original") if name in row]
        summed += row["_position"].to_bytes(8, "little")
        summed += b"".join(len(text).to_bytes(8, "little") + text for text in texts)
    return f"{zlib.crc32(summed):08x}"


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "text/html"}, {"Accept": f"{ARROW};codecs=brotli"}, {"Accept": ARROW, "Accept-Encoding": "*;q=0"}],
)
async def test_what_cannot_be_sent_is_refused(
    client: httpx.AsyncClient, view: dict[str, Any], headers: dict[str, str]
) -> None:
    for call in ("rows", "stream"):
        answer = await client.get(f"/views/{view['view_id']}/{call}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "path", ["/rows", "/rows?rows=7&lane=1:2:3", "/stream", "/stream?start=2000", "/rows?rows=0", ""]
)
@pytest.mark.parametrize("media", ["*/*", EVENTS, ARROW])
async def test_head_has_the_headers_of_get(
    client: httpx.AsyncClient, view: dict[str, Any], path: str, media: str
) -> None:
    given = {"Accept": media, "X-Request-ID": "same"}
    whole, head = [
        await client.request(method, f"/views/{view['view_id']}{path}", headers=given) for method in ("GET", "HEAD")
    ]
    assert (head.status_code, head.content, dict(head.headers)) == (whole.status_code, b"", dict(whole.headers))


async def test_head_of_a_stream_reads_no_row(
    client: httpx.AsyncClient, view: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(streaming, "Rows")
    for path in (f"/views/{view['view_id']}/stream", "/corpora/reviews/stream"):
        assert (await client.head(path)).status_code == 200
