"""POST /augment: CONTRACT's answer, equal to the engine in process, and one problem for each misuse."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pyarrow as pa
import pytest

import augsvc

pytestmark = pytest.mark.anyio

TEXTS = [
    "The quick brown fox jumps over the lazy dog near an old house.",
    "",
    "Naïve café owners 😀 sell good coffee to honest people.",
    "Nothing was found; big dogs ran home.",
]
HALF = {"ops": [{"type": "synonym", "rate": 0.5}]}


async def _augment(client: httpx.AsyncClient, **request: Any) -> dict[str, Any]:
    answer = await client.post("/augment", json={"texts": TEXTS, "pipeline": HALF, "seed": 7, **request})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_the_answer_is_that_of_the_engine_in_process(client: httpx.AsyncClient) -> None:
    answer = await _augment(client, copies=3, ids=[5, 6, 7, 8], epoch=2)
    here = augsvc.augment(TEXTS, HALF, seed=7, epoch=2, copies=3, ids=[5, 6, 7, 8])
    assert [(one["id"], one["copy"], one["text"]) for one in answer["results"]] == [
        (one.id, one.copy, one.text) for one in here
    ]
    assert (answer["seed"], answer["epoch"]) == (7, 2)


async def test_a_rate_by_epoch_is_that_of_the_requests_epoch(client: httpx.AsyncClient) -> None:
    pipeline = {"ops": [{"type": "synonym", "rate": {"by_epoch": [0, 0.5]}}]}
    first, *later = [await _augment(client, pipeline=pipeline, epoch=epoch) for epoch in (0, 1, 9)]
    assert [result["text"] for result in first["results"]] == TEXTS
    for epoch, answer in zip((1, 9), later, strict=True):
        assert answer["results"] == (await _augment(client, epoch=epoch))["results"]
        assert answer["pipeline"] == first["pipeline"]
    pipeline["ops"][0]["rate"]["by_epoch"][1] = 1.5
    refused = await client.post("/augment", json={"texts": TEXTS, "pipeline": pipeline})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/pipeline/ops/0/rate/by_epoch/1"]


@pytest.mark.parametrize("unit", ["codepoint", "utf8", "utf16"])
async def test_replaying_the_edits_gives_the_text_in_every_unit(client: httpx.AsyncClient, unit: str) -> None:
    coding, width = {"codepoint": ("utf-32-le", 4), "utf8": ("utf-8", 1), "utf16": ("utf-16-le", 2)}[unit]
    answer = await _augment(client, offset_unit=unit, copies=4)
    for index, result in enumerate(answer["results"]):
        raw, at, parts = TEXTS[index // 4].encode(coding), 0, b""
        for edit in result["edits"]:
            assert raw[edit["start"] * width : edit["end"] * width].decode(coding) == edit["original"]
            parts += raw[at : edit["start"] * width] + edit["replacement"].encode(coding)
            at = edit["end"] * width
        assert (parts + raw[at:]).decode(coding) == result["text"]
    assert any(result["edits"] for result in answer["results"])


async def test_edits_have_the_fields_of_the_contract(client: httpx.AsyncClient) -> None:
    edits = (await _augment(client))["results"][0]["edits"]
    names = "op ops group start end original replacement result_start result_end source"
    assert list(edits[0]) == names.split()
    assert (edits[0]["op"], edits[0]["ops"], edits[0]["source"]) == ("synonym", ["synonym"], None)


async def test_an_omitted_seed_is_drawn_and_told(client: httpx.AsyncClient) -> None:
    drawn = await _augment(client, seed=None)
    again = await _augment(client, seed=drawn["seed"])
    assert 0 <= drawn["seed"] < 2**53
    assert again == drawn


async def test_ids_not_positions_decide_and_are_echoed(client: httpx.AsyncClient) -> None:
    whole = await _augment(client, ids=["a", "b", "c", "d"])
    one = await _augment(client, texts=TEXTS[2:3], ids=["c"])
    assert one["results"] == whole["results"][2:3]
    assert [result["id"] for result in whole["results"]] == ["a", "b", "c", "d"]


async def test_slices_of_a_large_request_do_not_show(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await _augment(client, copies=5, spans=[[[0, 3]], [], [], [[0, 7, "X"]]])
    monkeypatch.setattr("augsvc.service.augmenting.SLICE_BYTES", 1)
    assert await _augment(client, copies=5, spans=[[[0, 3]], [], [], [[0, 7, "X"]]]) == whole


async def test_a_thousand_texts_and_64_copies_are_taken(client: httpx.AsyncClient) -> None:
    answer = await _augment(client, texts=["A good dog."] * 1_000, copies=64, return_edits=False)
    assert len(answer["results"]) == 64_000
    assert answer["results"][-1].keys() == {"id", "copy", "text", "spans"}


async def test_spans_come_back_in_their_order_with_their_labels(client: httpx.AsyncClient) -> None:
    spans: list[list[list[Any]]] = [[[40, 43, "X"], [0, 3]], [], [], []]
    answer = await _augment(client, spans=spans, pipeline={**HALF, "protect": {"spans": "follow"}})
    (last, first), text = answer["results"][0]["spans"], answer["results"][0]["text"]
    assert last[2] == "X"
    assert text[first[0] : first[1]] == "The"


async def test_no_texts_give_no_results(client: httpx.AsyncClient) -> None:
    assert (await _augment(client, texts=[]))["results"] == []


async def test_arrow_has_the_same_columns(client: httpx.AsyncClient) -> None:
    request = {"texts": TEXTS, "pipeline": HALF, "seed": 7, "copies": 2, "ids": ["a", "b", "c", "d"]}
    request["spans"] = [[[0, 3, "X"]], [], [], []]
    plain = (await client.post("/augment", json=request)).json()
    headers = {"Accept": "application/vnd.apache.arrow.stream"}
    answer = await client.post("/augment", json=request, headers=headers)
    table = pa.ipc.open_stream(answer.content).read_all()
    assert answer.headers["content-type"] == headers["Accept"]
    assert table.schema.metadata[b"augsvc:pipeline"].decode() == plain["pipeline"]
    rows = table.to_pylist()
    for row in rows:
        row["spans"] = [[value for value in span.values() if value is not None] for span in row["spans"]]
    assert rows == plain["results"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"texts": ["a", None]}, "/texts/1"),
        ({"texts": "a"}, "/texts"),
        ({"colour": 1}, "/colour"),
        ({"seed": -1}, "/seed"),
        ({"seed": 2**63}, "/seed"),
        ({"seed": "7"}, "/seed"),
        ({"copies": 0}, "/copies"),
        ({"epoch": 2**32}, "/epoch"),
        ({"ids": [1]}, "/ids"),
        ({"ids": [1, "a", 2, 3]}, "/ids"),
        ({"ids": [1, 2, 3, True]}, "/ids/3"),
        ({"ids": [1, 2, 3, -4]}, "/ids/3"),
        ({"spans": [[]]}, "/spans"),
        ({"spans": [[], [], [], [[0, 1000]]]}, "/spans/3/0"),
        ({"spans": [[[3]], [], [], []]}, "/spans/0/0"),
        ({"offset_unit": "byte"}, "/offset_unit"),
        ({"pipeline": "nonesuch"}, "/pipeline"),
        ({"pipeline": {"ops": [{"type": "nonesuch"}]}}, "/pipeline/ops/0"),
        ({"pipeline": {"ops": [{"type": "synonym", "rate": 2}]}}, "/pipeline/ops/0/rate"),
        ({"pipeline": {"ops": [{"type": "synonym", "speed": 2}]}}, "/pipeline/ops/0/speed"),
    ],
)
async def test_a_fault_is_shown_by_its_pointer(client: httpx.AsyncClient, change: dict[str, Any], pointer: str) -> None:
    answer = await client.post("/augment", json={"texts": TEXTS, **change})
    assert answer.status_code == 422, answer.text
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


@pytest.mark.parametrize("span", [[{"start": 0, "end": 1}], [[-1, 2]], [[0, 1, 2]], [[0, 1, "X", "Y"]], [3]])
async def test_a_span_that_is_none_is_one_fault_at_its_place(client: httpx.AsyncClient, span: list[Any]) -> None:
    problem = (await client.post("/augment", json={"texts": ["A good dog."], "spans": [span]})).json()
    (fault,) = problem["errors"]
    assert fault["pointer"] == "/spans/0/0"
    assert fault["detail"].startswith("A span is [start, end] or [start, end, label]")
    assert f"/spans/0/0: {fault['detail']}" in problem["detail"]


async def test_a_missing_field_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/augment", json={})
    assert answer.json()["errors"] == [{"pointer": "/texts", "detail": "Field required."}]


@pytest.mark.parametrize(
    "body", [b'{"texts": ["a", "\\ud800"]}', b'{"texts": ["a", "x\\udc00y"]}', b'{"texts": ["a", "\xff\xfe"]}']
)
async def test_text_that_is_no_unicode_is_told_by_its_index(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/augment", content=body)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["index"]) == ("invalid_text", 1)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'{"texts": ["a"], "pipeline": "\\ud800"}', b"\xff\xfe", b'{"texts": [NaN,]}']
)
async def test_a_body_that_is_no_json_is_a_bad_request(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/augment", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_valid_surrogate_pair_is_a_character(client: httpx.AsyncClient) -> None:
    answer = await client.post("/augment", content=b'{"texts": ["\\ud83d\\ude00"]}')
    assert answer.json()["results"][0]["text"] == "😀"


async def test_an_answer_too_large_to_hold_is_refused_before_it_is_made(serve: Any) -> None:
    async with serve(max_answer_characters=100, max_body_bytes=1_000) as client:
        asked = await client.post("/augment", json={"texts": ["a" * 50], "copies": 3})
        sent = await client.post("/augment", content=json.dumps({"texts": ["a" * 2_000]}))
    assert [answer.json()["code"] for answer in (asked, sent)] == ["too_large"] * 2
