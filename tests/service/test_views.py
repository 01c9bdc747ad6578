"""Views, pages, streams: the same rows whichever way they are asked for."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from augsvc.order import Lane
from augsvc.wire import ARROW, NDJSON, decode_arrow, decode_ndjson

pytestmark = pytest.mark.anyio

Rows = list[dict[str, Any]]


def _read(answer: httpx.Response) -> tuple[Rows, str | None]:
    """Rows of an answer and the cursor after them; the decoder checks count and checksum."""
    assert answer.status_code == 200, answer.text
    stream = io.BytesIO(answer.content)
    if answer.headers["content-type"] == ARROW:
        tables = decode_arrow(stream)
        rows = [row for table in tables for row in table.to_pylist()]
        end = tables.end
    else:
        lines = decode_ndjson(stream, ["text"])
        rows = [row for part in lines for row in part]
        end = lines.end
    assert end is not None
    assert end.rows == len(rows)
    return rows, end.next


async def _whole(client: httpx.AsyncClient, view: dict[str, Any], **parameters: Any) -> Rows:
    rows, cursor = _read(await client.get(f"/views/{view['view_id']}/stream", params=parameters))
    assert cursor is None
    return rows


async def test_a_view_is_made_once_and_described(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    assert view["rows"] == 1_000
    again = await client.post("/views", json=view["view"])
    described = await client.get(f"/views/{view['view_id']}")
    assert (again.status_code, again.json()) == (200, view)
    assert described.json() == view


async def test_a_new_view_is_created(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    answer = await client.post("/views", json={"corpus": view["view"]["corpus"], "seed": 8, "copies": 3})
    assert answer.status_code == 201
    assert (answer.json()["rows"], answer.json()["view"]["shuffle"]) == (1_500, "global")


async def test_a_stream_has_every_position_once(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    rows = await _whole(client, view)
    assert [row["_position"] for row in rows] == list(range(1_000))
    assert {(row["_row"], row["_copy"]) for row in rows} == {(row, copy) for row in range(500) for copy in range(2)}
    assert list(rows[0]) == ["_position", "_row", "_copy", "text", "label"]


async def test_a_streamed_row_is_what_a_posted_text_becomes(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    row = (await _whole(client, view, epoch=3, start=990))[0]
    text = f"A gripping story number {row['_row']}, told with an honest voice and good jokes."
    request = {"texts": [text], "seed": 7, "epoch": 3, "ids": [row["_row"]], "copies": 2}
    answer = await client.post("/augment", json=request)
    assert answer.json()["results"][row["_copy"]]["text"] == row["text"]


@pytest.mark.parametrize("media", [NDJSON, ARROW])
async def test_pages_joined_by_cursors_are_the_stream(
    client: httpx.AsyncClient, view: dict[str, Any], media: str
) -> None:
    rows: Rows = []
    cursor = f"v1.{view['view_id']}.1.0"
    while cursor:
        path = f"/views/{view['view_id']}/rows?cursor={cursor}&rows=170"
        answer = await client.get(path, headers={"Accept": media})
        part, after = _read(answer)
        assert int(answer.headers["content-length"]) > 0
        assert answer.headers.get("augsvc-next") == after
        rows, cursor = rows + part, after or ""
    assert rows == await _whole(client, view, epoch=1)


@pytest.mark.parametrize("world", [2, 3, 7])
async def test_lanes_partition_the_epoch(client: httpx.AsyncClient, view: dict[str, Any], world: int) -> None:
    whole = await _whole(client, view)
    lanes = [await _whole(client, view, lane=f"{4 * rank}:4:{4 * world}") for rank in range(world)]
    for rank, rows in enumerate(lanes):
        lane = Lane(4 * rank, 4, 4 * world)
        assert rows == [whole[g] for g in lane.positions(0, 1_000, 1_000)]
    assert sorted(row["_position"] for rows in lanes for row in rows) == list(range(1_000))


async def test_a_new_topology_goes_on_from_any_position(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    whole = await _whole(client, view)
    resumed = [await _whole(client, view, start=123, lane=f"{rank}:1:3:123") for rank in range(3)]
    merged = [rows[index] for index in range(293) for rows in resumed if index < len(rows)]
    assert merged == whole[123:]


async def test_a_page_past_the_end_is_empty(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    answer = await client.get(f"/views/{view['view_id']}/rows?start=5000")
    assert _read(answer) == ([], None)
    assert "augsvc-next" not in answer.headers


async def test_the_largest_page_is_taken(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    assert len(_read(await client.get(f"/views/{view['view_id']}/rows?rows=65536"))[0]) == 1_000


async def test_a_page_is_known_by_its_etag(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    path = f"/views/{view['view_id']}/rows?rows=10"
    page = await client.get(path)
    tag = page.headers["etag"]
    same = await client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    head = await client.head(path)
    assert page.headers["vary"] == "Accept, Accept-Encoding"
    assert "immutable" in page.headers["cache-control"]
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (head.content, head.headers["etag"]) == (b"", tag)
    assert head.headers["content-length"] == page.headers["content-length"]


@pytest.mark.parametrize("change", ["rows=11", "start=1", "epoch=1", "lane=0:1:2"])
async def test_another_page_has_another_etag(client: httpx.AsyncClient, view: dict[str, Any], change: str) -> None:
    path = f"/views/{view['view_id']}/rows"
    tags = {(await client.head(path, params=query)).headers["etag"] for query in ("", change)}
    tags.add((await client.head(path, headers={"Accept": ARROW})).headers["etag"])
    assert len(tags) == 3


async def test_originals_come_as_rows_or_as_a_column(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    request = {"corpus": view["view"]["corpus"], "seed": 7}
    made = [
        (await client.post("/views", json={**request, "include_original": how})).json() for how in ("rows", "column")
    ]
    rows, column = [await _read_arrow(client, one) for one in made]
    assert sorted(row["_copy"] for row in rows) == [-1] * 500 + [0] * 500
    originals = {row["_row"]: row["text"] for row in rows if row["_copy"] == -1}
    assert all(row["_original"] == originals[row["_row"]] for row in column)


async def _read_arrow(client: httpx.AsyncClient, view: dict[str, Any]) -> Rows:
    return _read(await client.get(f"/views/{view['view_id']}/stream", headers={"Accept": ARROW}))[0]


async def test_a_corpus_streams_without_a_view_being_made_first(
    client: httpx.AsyncClient, view: dict[str, Any]
) -> None:
    whole = await _whole(client, view)
    pipeline = quote(json.dumps(view["view"]["pipeline"]))
    for name in ("regularize", quote('"regularize"'), pipeline):
        answer = await client.get(f"/corpora/reviews/stream?seed=7&copies=2&pipeline={name}")
        assert _read(answer) == (whole, None)


async def test_on_the_stream_of_a_corpus_the_cursor_chooses_the_view(
    client: httpx.AsyncClient, view: dict[str, Any]
) -> None:
    answer = await client.get(f"/corpora/reviews/stream?cursor=v1.{view['view_id']}.0.900")
    assert _read(answer)[0] == (await _whole(client, view))[900:]


async def test_a_stream_ends_in_time_with_a_cursor_to_go_on_from(serve: Any) -> None:
    async with serve() as client:
        lines = b"".join(b"Good line number %d of a long file.\n" % n for n in range(10_000))
        await client.put("/corpora/long", content=lines, headers={"Content-Type": "text/plain"})
        query = "/corpora/long/stream?shuffle=none"
        rows, cursor = _read(await client.get(f"{query}&max_seconds=0.000001"))
        rest, end = _read(await client.get(query, params={"cursor": cursor}))
    assert len(rows) == 1_024
    assert end is None
    assert [row["_row"] for row in rows + rest] == list(range(10_000))


async def test_too_many_streams_are_refused_at_once(serve: Any) -> None:
    async with serve(max_transfers=1) as client:
        app = client._transport.app
        await client.put("/corpora/a", content=b"A good line.\n", headers={"Content-Type": "text/plain"})
        with app.state.service.transfers.taken():
            refused = await client.get("/corpora/a/stream")
        after = [await client.get("/corpora/a/stream") for _ in range(3)]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert [answer.status_code for answer in after] == [200] * 3


async def test_head_of_a_stream_gives_its_slot_back(serve: Any) -> None:
    async with serve(max_transfers=1) as client:
        await client.put("/corpora/a", content=b"A good line.\n", headers={"Content-Type": "text/plain"})
        answers = [await client.head("/corpora/a/stream") for _ in range(3)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 3


async def test_a_document_makes_a_view_known_to_a_server_that_has_the_corpus(
    client: httpx.AsyncClient, view: dict[str, Any], reviews: bytes, serve: Any
) -> None:
    async with serve() as other:
        path = f"/views/{view['view_id']}/rows?start=10&rows=20"
        without_corpus = await other.post("/views", json=view["view"])
        await other.put("/corpora/mine", content=reviews, headers={"Content-Type": "application/x-ndjson"})
        unknown = await other.get(path)
        made = await other.post("/views", json=view["view"])
        answer = await other.get(path)
    assert without_corpus.json()["code"] == "unknown_corpus"
    assert unknown.json()["code"] == "unknown_view"
    assert (made.status_code, made.json()) == (201, view)
    assert answer.content == (await client.get(path)).content


async def test_a_view_keeps_its_corpus_when_the_name_moves_or_goes(serve: Any) -> None:
    text = {"Content-Type": "text/plain"}
    async with serve() as client:
        digest = (await client.put("/corpora/a", content=b"A good line.\n" * 50, headers=text)).json()["digest"]
        view = (await client.post("/views", json={"corpus": "a"})).json()
        before = await client.get(f"/views/{view['view_id']}/rows")
        await client.put("/corpora/a", content=b"Another line.\n", headers=text)
        moved = await client.get("/corpora/a/stream")
        await client.delete("/corpora/a")
        after = await client.get(f"/views/{view['view_id']}/rows")
        by_digest = await client.get(f"/corpora/{digest}/stream")
    assert after.content == before.content == by_digest.content
    assert len(_read(moved)[0]) == 1


async def test_a_large_seed_may_come_as_a_string(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    seeds = [2**63 - 1, str(2**63 - 1)]
    made = [(await client.post("/views", json={"corpus": "reviews", "seed": seed})).json() for seed in seeds]
    streamed = await client.get(f"/corpora/reviews/stream?seed={2**63 - 1}")
    assert made[0] == made[1]
    assert made[0]["view"]["seed"] == str(2**63 - 1)
    assert _read(streamed)[0] == await _whole(client, made[0])
    assert made[0]["view_id"] != view["view_id"]


@pytest.mark.parametrize("shuffle", ["global", "block", "none"])
async def test_epochs_hold_the_same_rows_each_in_its_own_text(
    client: httpx.AsyncClient, view: dict[str, Any], shuffle: str
) -> None:
    request = {"corpus": view["view"]["corpus"], "seed": 7, "shuffle": shuffle}
    made = (await client.post("/views", json=request)).json()
    epochs = [await _whole(client, made, epoch=epoch) for epoch in range(2)]
    orders = [[row["_row"] for row in rows] for rows in epochs]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(500))
    assert (orders[0] == orders[1]) == (shuffle == "none")
    assert epochs[0] != epochs[1]
