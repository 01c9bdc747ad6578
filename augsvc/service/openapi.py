"""What OpenAPI says beyond what FastAPI derives: problems, bodies that routes read themselves, examples to paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from augsvc.pipeline import Pipeline
from augsvc.service import problems
from augsvc.service.examples import AUGMENT_BODY, CURL
from augsvc.service.schemas import AugmentRequest, AugmentResponse, RowsRequest
from augsvc.types import JsonObject
from augsvc.views import ViewRequest
from augsvc.wire import ARROW, EVENTS, NDJSON

REFERENCE = "#/components/schemas/{model}"
INJECTED: tuple[type[BaseModel], ...] = (
    AugmentRequest,
    AugmentResponse,
    Pipeline,
    RowsRequest,
    ViewRequest,
    problems.Problem,
)
ALWAYS = (422, 500)

BINARY: JsonObject = {"schema": {"type": "string", "format": "binary"}}
TEXT: JsonObject = {"schema": {"type": "string"}}
ROWS: JsonObject = {NDJSON: TEXT, EVENTS: TEXT, ARROW: BINARY}


def described(
    example: str, *statuses: int, answers: Mapping[int, JsonObject] | None = None, **extra: Any
) -> dict[str, Any]:
    """Arguments of a route's decorator: the problems it may answer and its example to paste.

    `answers` adds responses that FastAPI cannot derive, `extra` members of the operation.
    """
    return {
        "responses": {**(answers or {}), **_problems(statuses)},
        "openapi_extra": {"x-codeSamples": _samples(example), **extra},
    }


def reference(model: type[BaseModel]) -> JsonObject:
    """A JSON Schema that points at a model's component."""
    return {"$ref": REFERENCE.format(model=model.__name__)}


def json_body(model: type[BaseModel], example: JsonObject) -> JsonObject:
    """The `requestBody` of a call that parses its JSON itself."""
    return {"required": True, "content": {"application/json": {"schema": reference(model), "example": example}}}


def file_body(examples: Mapping[str, str | None], codings: Iterable[str]) -> JsonObject:
    """The `requestBody` of an upload: a file for each media type, binary ones without an example."""
    content = {media: BINARY | ({} if file is None else {"example": file}) for media, file in examples.items()}
    return {"required": True, "description": f"The file, in no coding or {', '.join(codings)}.", "content": content}


def rows_answer(description: str, **headers: str) -> JsonObject:
    """The answer of a call that sends rows, with what its headers mean."""
    described_headers = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    return {"description": description, "content": ROWS, "headers": described_headers}


def document(app: FastAPI) -> JsonObject:
    """The OpenAPI document, made once; `POST /augment` and the shared schemas are put in here."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = made.setdefault("components", {}).setdefault("schemas", {})
        modes = [(model, "serialization" if model is AugmentResponse else "validation") for model in INJECTED]
        _, injected = models_json_schema(modes, ref_template=REFERENCE)  # type: ignore[arg-type]
        components |= injected["$defs"]
        # The model takes any object, so that parsing it names the fault; the document says what is meant.
        anything = components["AugmentRequest"]["properties"]["pipeline"]
        anything["anyOf"] = [{"type": "string"}, reference(Pipeline)]
        made["paths"]["/augment"] = {"post": _augment()}
        app.openapi_schema = made
    return app.openapi_schema


def _augment() -> JsonObject:
    answer = {
        "description": "The augmented texts",
        "content": {"application/json": {"schema": reference(AugmentResponse)}, ARROW: BINARY},
    }
    return {
        "tags": ["augment"],
        "summary": "Augment Texts",
        "description": "Augment texts. The answer is a function of the texts, the pipeline, the seed, the epoch and "
        "the ids: the same request gives the same bytes on any server.",
        "operationId": "augment",
        "requestBody": json_body(AugmentRequest, AUGMENT_BODY),
        "responses": {
            "200": answer,
            **{str(code): body for code, body in _problems((400, 406, 413, 415, 429)).items()},
        },
        "x-codeSamples": _samples("augment"),
    }


def _problems(statuses: Sequence[int]) -> dict[int | str, JsonObject]:
    content = {problems.MEDIA_TYPE: {"schema": reference(problems.Problem)}}
    return {code: {"description": HTTPStatus(code).phrase, "content": content} for code in sorted({*statuses, *ALWAYS})}


def _samples(example: str) -> list[JsonObject]:
    return [{"lang": "Shell", "label": "curl", "source": CURL[example]}]
