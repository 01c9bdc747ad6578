"""The OpenAPI document: complete, true (schemathesis), and every example in it works when pasted."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from augsvc.service.examples import BASE, CURL

CALLS = {
    ("/augment", "post"), ("/ops", "get"), ("/pipelines", "get"), ("/healthz", "get"), ("/readyz", "get"),
    ("/metrics", "get"),
    ("/corpora", "get"), ("/corpora/{name}", "put"), ("/corpora/{name}", "get"), ("/corpora/{name}", "delete"),
    ("/corpora/{name}/stream", "get"), ("/views", "post"), ("/views/{view_id}", "get"),
    ("/views/{view_id}/rows", "get"), ("/views/{view_id}/rows", "post"), ("/views/{view_id}/stream", "get"),
}  # fmt: skip


@pytest.fixture(scope="session")
def document(app: FastAPI) -> dict[str, Any]:
    """The document, as it is sent."""
    return json.loads(json.dumps(app.openapi()))  # type: ignore[no-any-return]


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, one) for path, item in document["paths"].items() for method, one in item.items()]


def test_every_call_is_documented_and_no_other(document: dict[str, Any]) -> None:
    assert {(path, method) for path, method, _ in _operations(document)} == CALLS


def test_every_call_parameter_and_refusal_is_described(document: dict[str, Any]) -> None:
    for path, method, one in _operations(document):
        assert one["description"], (path, method)
        assert one["x-codeSamples"][0]["source"].startswith(("curl", "VIEW", "printf"))
        assert all(parameter.get("description") for parameter in one.get("parameters", [])), (path, method)
        for status, answer in one["responses"].items():
            if int(status) >= 400:
                assert answer["content"].keys() == {"application/problem+json"}, (path, method, status)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [one["operationId"] for _, _, one in _operations(document)]
    assert len(ids) == len(set(ids))


@pytest.mark.anyio
async def test_the_document_is_served(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    assert (await client.get("/openapi.json")).json() == document


@pytest.mark.anyio
async def test_every_body_in_the_document_works_in_the_order_upload_view(serve: Any, document: dict[str, Any]) -> None:
    upload, view = document["paths"]["/corpora/{name}"]["put"], document["paths"]["/views"]["post"]
    (name,) = (parameter["schema"]["examples"][0] for parameter in upload["parameters"] if parameter["in"] == "path")
    request = view["requestBody"]["content"]["application/json"]["example"]
    bodies = upload["requestBody"]["content"].items()
    examples = {media: body["example"] for media, body in bodies if "example" in body}
    assert set(examples) == {"application/x-ndjson", "text/csv", "text/plain"}
    for media, example in examples.items():
        async with serve() as client:
            sent = await client.put(f"/corpora/{name}", content=example, headers={"Content-Type": media})
            made = await client.post("/views", json=request)
        assert (sent.status_code, sent.json()["rows"], made.json()["rows"]) in [(201, 2, 2), (200, 2, 2)], media


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are curl commands, and curl is not installed")
def test_every_documented_example_works_when_pasted(server: Any, tmp_path: Path) -> None:
    server.wait("/readyz")
    for name, command in CURL.items():
        pasted = command.replace(BASE, server.url)
        done = subprocess.run(["bash", "-c", pasted], cwd=tmp_path, capture_output=True, check=True, timeout=60)
        if name == "metrics":
            assert b"augsvc_ready 1.0" in done.stdout
            continue
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert bool(lines) == (name != "delete_corpus"), (name, done.stdout)
        assert not any("status" in line and "detail" in line for line in lines), (name, done.stdout)


@pytest.fixture(scope="session")
def promised(server: Any) -> Any:
    """What a real server's document promises."""
    server.wait("/readyz")
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


@pytest.mark.parametrize(("path", "method"), sorted(CALLS))
def test_the_service_keeps_what_the_document_promises(promised: Any, server: Any, path: str, method: str) -> None:
    # Schemas cannot say which names exist, so a refusal of well-formed data is no fault.
    @given(promised[path][method].as_strategy())
    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        case.call_and_validate(base_url=server.url, excluded_checks=[positive_data_acceptance])

    check()
