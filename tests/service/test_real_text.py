"""Real text through the whole service: one and the same bytes by every way, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest

import augsvc
from augsvc.wire import ARROW, decode_arrow

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def lines(shared_data: Path) -> list[str]:
    """2,000 lines of film reviews and addresses to the nation."""
    files = sorted(path for path in (shared_data / "text").rglob("*.txt"))
    found = [line for path in files for line in path.read_text("utf-8").splitlines()[:1_000]]
    return found[:2_000]


async def _table(client: httpx.AsyncClient, path: str) -> pa.Table:
    answer = await client.get(path, headers={"Accept": ARROW})
    return pa.concat_tables(decode_arrow(io.BytesIO(answer.content)))


async def test_stream_pages_lanes_and_posts_agree_on_real_text(serve: Any, lines: list[str]) -> None:
    async with serve() as client:
        content = "\n".join(lines).encode() + b"\n"
        await client.put("/corpora/real", content=content, headers={"Content-Type": "text/plain"})
        view = (await client.post("/views", json={"corpus": "real", "seed": 5, "shuffle": "none"})).json()["view_id"]
        whole = await _table(client, f"/views/{view}/stream?epoch=4")
        starts = range(0, len(lines), 300)
        pages = [await _table(client, f"/views/{view}/rows?epoch=4&start={start}&rows=300") for start in starts]
        lanes = [await _table(client, f"/views/{view}/stream?epoch=4&lane={rank}:1:3") for rank in range(3)]
        request = {"texts": lines, "seed": 5, "epoch": 4, "return_edits": False}
        posted = (await client.post("/augment", json=request, timeout=60)).json()["results"]
    assert whole.column("_position").to_pylist() == list(range(len(lines)))
    assert pa.concat_tables(pages) == whole
    assert pa.concat_tables(lanes).sort_by("_position").combine_chunks() == whole.combine_chunks()
    assert [result["text"] for result in posted] == whole.column("text").to_pylist()
    here = augsvc.augment(lines, seed=5, epoch=4)
    assert [one.text for one in here] == whole.column("text").to_pylist()


async def test_requests_at_the_same_time_do_not_disturb_each_other(client: httpx.AsyncClient, lines: list[str]) -> None:
    parts = [lines[start : start + 50] for start in range(0, 1_000, 50)]
    requests = [{"texts": part, "ids": list(range(50 * n, 50 * n + 50)), "seed": 5} for n, part in enumerate(parts)]
    answers = await asyncio.gather(*(client.post("/augment", json=request) for request in requests))
    found = [result for answer in answers for result in answer.json()["results"]]
    whole = await client.post("/augment", json={"texts": lines[:1_000], "seed": 5})
    assert found == whole.json()["results"]
