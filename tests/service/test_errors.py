"""Every refusal is a problem: the right status and code, all members, nothing of the inside."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

Refusal = tuple[str, str, dict[str, Any], int, str]

MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "retryable", "errors"}
NOBODY = "0" * 32
TEXTS = b'{"texts": []}'

REFUSALS: list[Refusal] = [
    ("GET", "/nothing", {}, 404, "not_found"),
    ("GET", "/ops/", {}, 404, "not_found"),
    ("GET", "/augment", {}, 405, "method_not_allowed"),
    ("POST", "/ops", {}, 405, "method_not_allowed"),
    ("PATCH", "/corpora/a", {}, 405, "method_not_allowed"),
    ("POST", "/augment", {"content": b"{"}, 400, "bad_request"),
    ("POST", "/augment", {"content": b'{"texts": ["\\ud800"]}'}, 400, "invalid_text"),
    ("POST", "/augment", {"json": {"texts": [1]}}, 422, "invalid_input"),
    ("POST", "/augment", {"json": {"texts": [], "pipeline": "x"}}, 422, "invalid_pipeline"),
    ("POST", "/augment", {"content": TEXTS, "headers": {"Content-Type": "text/plain"}}, 415, "unsupported_media_type"),
    ("POST", "/augment", {"content": TEXTS, "headers": {"Content-Encoding": "br"}}, 415, "unsupported_media_type"),
    ("POST", "/augment", {"content": TEXTS, "headers": {"Accept": "text/html"}}, 406, "not_acceptable"),
    ("POST", "/views", {"json": {"corpus": "nobody"}}, 404, "unknown_corpus"),
    ("POST", "/views", {"json": {"corpus": "reviews", "pipeline": "x"}}, 422, "invalid_pipeline"),
    ("POST", "/views", {"json": {"corpus": "reviews", "versions": {"scanner": 0}}}, 422, "invalid_input"),
    ("POST", "/views", {"json": {"corpus": "reviews", "colour": 1}}, 422, "invalid_input"),
    ("POST", "/views", {"content": b"nonsense"}, 400, "bad_request"),
    ("GET", f"/views/{NOBODY}", {}, 404, "unknown_view"),
    ("GET", "/views/nobody/rows", {}, 404, "unknown_view"),
    ("GET", f"/views/{NOBODY}/stream", {}, 404, "unknown_view"),
    ("POST", f"/views/{NOBODY}/rows", {"json": {"positions": [0]}}, 404, "unknown_view"),
    ("POST", f"/views/{NOBODY}/rows", {"content": b"nonsense"}, 404, "unknown_view"),
    ("GET", "/corpora/nobody/stream", {}, 404, "unknown_corpus"),
    ("GET", "/corpora/reviews/stream?pipeline=x", {}, 422, "invalid_pipeline"),
    ("GET", "/corpora/reviews/stream?pipeline={", {}, 422, "invalid_pipeline"),
    ("GET", "/corpora/reviews/stream?cursor=v1.x", {}, 400, "bad_request"),
    ("PUT", "/corpora/a", {"content": b"x", "headers": {"Content-Type": "image/png"}}, 415, "unsupported_media_type"),
    ("PUT", "/corpora/a", {"content": b"", "headers": {"Content-Type": "text/plain"}}, 422, "invalid_corpus"),
]

PAGE_REFUSALS = [
    ("cursor=v1.00000000000000000000000000000000.0.0", 412, "cursor_mismatch"),
    ("cursor=nonsense", 400, "bad_request"),
    ("lane=nonsense", 400, "bad_request"),
    ("lane=0:3:2", 400, "bad_request"),
    ("lane=0:1:2:100&start=99", 422, "invalid_input"),
    ("rows=0", 422, "invalid_input"),
    ("rows=65537", 422, "invalid_input"),
    ("start=-1", 422, "invalid_input"),
    ("epoch=4294967296", 422, "invalid_input"),
    ("epoch=one", 422, "invalid_input"),
    ("epoch=%2B5", 422, "invalid_input"),
    ("start=007", 422, "invalid_input"),
    ("start=-0", 422, "invalid_input"),
    ("rows=00", 422, "invalid_input"),
    ("lane=00:1:2", 400, "bad_request"),
    ("start=%205", 422, "invalid_input"),
    ("start=5.0", 422, "invalid_input"),
    ("rows=1_0", 422, "invalid_input"),
    ("rows=5&rows=5", 422, "invalid_input"),
    ("rows=%D9%A3", 422, "invalid_input"),
    ("page=1", 422, "invalid_input"),
]

CALLS = [
    "/",
    "/ops",
    "/pipelines",
    "/corpora",
    "/corpora/a",
    f"/views/{NOBODY}",
    "/healthz",
    "/readyz",
    "/openapi.json",
]
OTHER_CALLS = [
    *[("POST", "/augment"), ("POST", "/views"), ("PUT", "/corpora/a"), ("DELETE", "/corpora/a")],
    *[
        ("POST", f"/views/{NOBODY}/rows"),
        ("GET", f"/views/{NOBODY}/rows"),
        ("GET", f"/views/{NOBODY}/stream"),
        ("GET", "/corpora/a/stream"),
    ],
]


def _check(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem.keys() >= MEMBERS
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"].rstrip().endswith((".", "'", ")")) or len(problem["detail"]) > 10
    assert "Traceback" not in answer.text
    return problem


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.usefixtures("view")
async def test_a_refusal_is_a_problem(client: httpx.AsyncClient, refusal: Refusal) -> None:
    method, path, options, status, code = refusal
    _check(await client.request(method, path, **options), status, code)


@pytest.mark.parametrize(("query", "status", "code"), PAGE_REFUSALS)
async def test_a_place_that_is_none_is_a_problem(
    client: httpx.AsyncClient, view: dict[str, Any], query: str, status: int, code: str
) -> None:
    problem = _check(await client.get(f"/views/{view['view_id']}/rows?{query}"), status, code)
    if status != 412:
        assert problem["errors"][0]["pointer"] in query


@pytest.mark.parametrize(
    "seconds", ["1_0", "%201", "05", "inf", "nan", "0x1", "0", "-1", "3601", "1e9", "1.", "%D9%A3", ""]
)
async def test_a_time_that_is_none_is_a_problem(client: httpx.AsyncClient, view: dict[str, Any], seconds: str) -> None:
    for path in (f"/views/{view['view_id']}/stream", "/corpora/reviews/stream"):
        problem = _check(await client.get(f"{path}?max_seconds={seconds}"), 422, "invalid_input")
        assert [fault["pointer"] for fault in problem["errors"]] == ["max_seconds"]


@pytest.mark.parametrize("seconds", ["1", "0.5", "3600", "1e2", "5.0"])
async def test_a_time_is_a_decimal_number(client: httpx.AsyncClient, view: dict[str, Any], seconds: str) -> None:
    assert (await client.head(f"/views/{view['view_id']}/stream?max_seconds={seconds}")).status_code == 200


async def test_a_superseded_view_tells_its_versions_those_here_and_the_release_to_pin(
    client: httpx.AsyncClient, view: dict[str, Any], app: FastAPI
) -> None:
    versions = view["view"]["versions"]
    old = view["view"] | {"versions": versions | {"ops": {"synonym": 0}}, "release": "0.0.9"}
    app.state.service.workspace.store.put_document("views", "e" * 32, old)
    for answer in (await client.get(f"/views/{'e' * 32}/rows"), await client.get(f"/views/{'e' * 32}/stream")):
        problem = _check(answer, 409, "view_superseded")
        assert "made with synonym 0;" in problem["detail"]
        assert "pin augsvc==0.0.9" in problem["detail"]
        assert problem["view_versions"]["ops"] == {"synonym": 0}
        assert (problem["versions"], problem["release"]) == (versions, "0.0.9")


async def test_a_document_of_other_versions_is_superseded_and_one_of_none_is_pointed_at(
    client: httpx.AsyncClient, view: dict[str, Any]
) -> None:
    for change, status, code in (({"scanner": 99}, 409, "view_superseded"), ({"scanner": "99"}, 422, "invalid_input")):
        document = view["view"] | {"versions": view["view"]["versions"] | change}
        problem = _check(await client.post("/views", json=document), status, code)
        assert [fault["pointer"] for fault in problem["errors"]] == (["/versions/scanner"] if status == 422 else [])


@pytest.mark.parametrize("path", CALLS)
async def test_unknown_parameters_are_refused_by_name(client: httpx.AsyncClient, path: str) -> None:
    problem = _check(await client.get(f"{path}?colour=red"), 422, "invalid_input")
    assert problem["errors"] == [{"pointer": "colour", "detail": "There is nothing of this name here."}]


@pytest.mark.parametrize(("method", "path"), OTHER_CALLS)
async def test_unknown_parameters_of_other_calls_too(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"{path}?colour=red", headers={"Content-Type": "text/plain"})
    assert _check(answer, 422, "invalid_input")["errors"][0]["pointer"] == "colour"


async def test_the_cursor_of_a_corpus_stream_is_named_where_it_is_none(client: httpx.AsyncClient) -> None:
    problem = _check(await client.get("/corpora/reviews/stream?cursor=v1.x"), 400, "bad_request")
    assert [fault["pointer"] for fault in problem["errors"]] == ["cursor"]


@pytest.mark.parametrize("field", ["pipeline", "seed", "copies", "include_original", "shuffle"])
async def test_a_view_is_named_once_by_a_cursor_or_by_its_fields(
    client: httpx.AsyncClient, view: dict[str, Any], field: str
) -> None:
    default = {"pipeline": "regularize", "seed": 0, "copies": 1, "include_original": "false", "shuffle": "global"}
    query = {"cursor": f"v1.{view['view_id']}.0.990", field: default[field]}
    problem = _check(await client.get("/corpora/reviews/stream", params=query), 422, "invalid_input")
    assert [fault["pointer"] for fault in problem["errors"]] == [field]
    last = {"Last-Event-ID": query.pop("cursor")}
    assert (await client.get("/corpora/reviews/stream", params=query, headers=last)).status_code == 200


@pytest.mark.parametrize("original", [0, 0.0, 1, None, "false", True, []])
async def test_only_false_says_without_originals(
    client: httpx.AsyncClient, view: dict[str, Any], original: Any
) -> None:
    body = {"corpus": "reviews", "include_original": original}
    problem = _check(await client.post("/views", json=body), 422, "invalid_input")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/include_original"]


@pytest.mark.parametrize("seed", ["007", "+1", " 1", "1_0", "-1", "", "1.0", "٣", "9" * 5_000])
async def test_a_seed_in_a_string_is_decimal_digits(client: httpx.AsyncClient, view: dict[str, Any], seed: str) -> None:
    problem = _check(await client.post("/views", json={"corpus": "reviews", "seed": seed}), 422, "invalid_input")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/seed"]


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/augment", {"texts": ["a", 1]}, "/texts/1: Input should be a valid string."),
        ("/augment", [], "The request's body is not valid: Input should be an object."),
        ("/augment", {"texts": [], "ids": [1]}, "/ids: 1 given for 0 texts."),
        ("/augment?seed=1", {"texts": []}, "seed: There is nothing of this name here."),
        ("/views", {"corpus": "a", "copies": 0, "epoch": 1}, "; /epoch: There is nothing of this name here."),
        ("/views", {"corpus": "a", "pipeline": 3}, "/pipeline: Input should be a valid string."),
    ],
)
async def test_the_sentence_of_a_refusal_tells_the_first_faults(
    client: httpx.AsyncClient, path: str, body: Any, told: str
) -> None:
    assert told in _check(await client.post(path, json=body), 422, "invalid_input")["detail"]


async def test_the_sentence_tells_the_first_bad_parameter_too(client: httpx.AsyncClient) -> None:
    problem = _check(await client.get(f"/views/{NOBODY}/rows?rows=0"), 422, "invalid_input")
    assert "rows: Input should be greater than or equal to 1." in problem["detail"]


@pytest.mark.parametrize("pipeline", [3, [1], None, True])
async def test_a_pipeline_of_the_wrong_type_is_one_fault(client: httpx.AsyncClient, pipeline: Any) -> None:
    for path, body in (("/augment", {"texts": []}), ("/views", {"corpus": "reviews"})):
        problem = _check(await client.post(path, json={**body, "pipeline": pipeline}), 422, "invalid_input")
        assert [fault["pointer"] for fault in problem["errors"]] == ["/pipeline"]


async def test_a_method_that_is_none_is_told_those_that_are(client: httpx.AsyncClient) -> None:
    assert (await client.get("/augment")).headers["allow"] == "POST"
    assert (await client.patch("/corpora/a")).headers["allow"] == "HEAD, GET, PUT, DELETE"
    assert (await client.delete("/views")).headers["allow"] == "POST"


async def test_work_beyond_the_slots_is_refused_at_once(serve: Any) -> None:
    async with serve(concurrency=1) as client:
        with client._transport.app.state.service.work.taken():
            answer = await client.post("/augment", json={"texts": ["A good dog."]})
        after = await client.post("/augment", json={"texts": ["A good dog."]})
    assert _check(answer, 429, "overloaded")["retryable"] is True
    assert answer.headers["retry-after"] == "1"
    assert after.status_code == 200


async def test_a_failure_inside_is_a_problem_without_its_cause(serve: Any, tmp_path: Any) -> None:
    async with serve() as client:
        (tmp_path / "tags").write_text("not a directory")
        answer = await client.get("/corpora/films")
    assert "not a directory" not in answer.text.lower()
    _check(answer, 500, "internal_error")
