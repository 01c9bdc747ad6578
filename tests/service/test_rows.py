"""Any positions of an epoch, in any order."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest

from augsvc.wire import ARROW, NDJSON, decode_arrow, decode_ndjson

pytestmark = pytest.mark.anyio


def _read(answer: httpx.Response) -> list[dict[str, Any]]:
    """Rows of a whole answer, which says that nothing follows."""
    assert answer.status_code == 200, answer.text
    stream = io.BytesIO(answer.content)
    pieces: Any = decode_arrow(stream) if answer.headers["content-type"] == ARROW else decode_ndjson(stream, ["text"])
    rows = [row for piece in pieces for row in (piece if isinstance(piece, list) else piece.to_pylist())]
    assert (pieces.end.rows, pieces.end.next) == (len(rows), None)
    return rows


@pytest.mark.parametrize("media", [NDJSON, ARROW])
@pytest.mark.parametrize("positions", [[], [0], [999, 3, 3, 0, 512, 3], list(range(999, -1, -1))])
async def test_positions_come_in_the_order_asked_for(
    client: httpx.AsyncClient, view: dict[str, Any], media: str, positions: list[int]
) -> None:
    path, headers = f"/views/{view['view_id']}/rows", {"Accept": media}
    whole = _read(await client.get(f"{path}?epoch=3", headers=headers))
    answer = await client.post(path, json={"epoch": 3, "positions": positions}, headers=headers)
    assert _read(answer) == [whole[g] for g in positions]
    assert (answer.headers["content-type"], "augsvc-next" in answer.headers) == (media, False)


async def test_as_many_positions_as_documented_are_taken(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    path = f"/views/{view['view_id']}/rows"
    answer = await client.post(path, json={"positions": [7] * 65_536}, headers={"Accept": ARROW})
    refused = await client.post(path, json={"positions": [7] * 65_537})
    assert {row["_position"] for row in _read(answer)} == {7}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/positions")


async def test_a_cursor_chooses_the_epoch_its_position_aside(client: httpx.AsyncClient, view: dict[str, Any]) -> None:
    path, positions = f"/views/{view['view_id']}/rows", [999, 3, 3]
    expected = _read(await client.post(path, json={"epoch": 3, "positions": positions}))
    answer = await client.post(path, params={"cursor": f"v1.{view['view_id']}.3.500"}, json={"positions": positions})
    assert _read(answer) == expected


@pytest.mark.parametrize(
    ("query", "body", "status", "pointers"),
    [
        ("cursor=v1.{view}.3.0", {"epoch": 0}, 422, ["/epoch"]),
        ("cursor=v1.{view}.3.0", {"epoch": 3}, 422, ["/epoch"]),
        ("cursor=v1.00000000000000000000000000000000.3.0", {}, 412, []),
        ("cursor=v1.x", {}, 400, ["cursor"]),
        ("epoch=3", {}, 422, ["epoch"]),
        ("start=3", {}, 422, ["start"]),
    ],
)
async def test_an_epoch_is_named_once_by_the_body_or_a_cursor_of_the_view(
    client: httpx.AsyncClient, view: dict[str, Any], query: str, body: dict[str, Any], status: int, pointers: list[str]
) -> None:
    path = f"/views/{view['view_id']}/rows?{query.format(view=view['view_id'])}"
    answer = await client.post(path, json={"positions": [0], **body})
    assert answer.status_code == status, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"positions": [0, 1_000, 5, 2**63 - 1]}, ["/positions/1", "/positions/3"]),
        ({"positions": [0, -1]}, ["/positions/1"]),
        ({"positions": [2**63]}, ["/positions/0"]),
        ({"positions": ["1"]}, ["/positions/0"]),
        ({"positions": [1.5, True]}, ["/positions/0", "/positions/1"]),
        ({"positions": 1}, ["/positions"]),
        ({"epoch": 2**32, "positions": []}, ["/epoch"]),
        ({"epoch": 0}, ["/positions"]),
        ({"positions": [], "start": 0}, ["/start"]),
    ],
)
async def test_what_is_no_position_is_pointed_at(
    client: httpx.AsyncClient, view: dict[str, Any], body: dict[str, Any], pointers: list[str]
) -> None:
    answer = await client.post(f"/views/{view['view_id']}/rows", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
