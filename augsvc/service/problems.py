"""Errors as RFC 9457 problem details: one body for every failure, whichever layer noticed it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Match

from augsvc import wire
from augsvc.errors import AugsvcError, BadRequest, Fault, InvalidInput, InvalidPipeline, NotFound
from augsvc.types import JsonObject

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20
TOLD = 3
METHODS = ("GET", "POST", "PUT", "DELETE")


class MethodNotAllowedError(AugsvcError):
    """A path that exists, asked with a method it does not have."""

    status, code, title = 405, "method_not_allowed", "Method Not Allowed"


class ProblemFault(BaseModel):
    """One thing wrong with the request."""

    pointer: str = Field(description="RFC 6901 JSON pointer into the body, or the name of a parameter.")
    detail: str


class Problem(BaseModel):
    """Problem details of RFC 9457; further members say more about some codes."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Always `about:blank`: `code` tells more.")
    title: str = Field(description="The phrase of the status.")
    status: int
    detail: str = Field(description="One sentence for a person: what is wrong, and what to do.")
    code: str = Field(description="Stable name that programs may test.")
    request_id: str = Field(description="Also in the header `X-Request-ID` and in the server's log.")
    retryable: bool = Field(description="Whether the same request may succeed later.")
    errors: list[ProblemFault]


def document(error: AugsvcError, request_id: str) -> JsonObject:
    """The problem details of an error, as JSON."""
    return {
        **wire.problem(error),
        "request_id": request_id,
        "errors": [fault._asdict() for fault in error.faults],
        **error.extra,
    }


def response(error: AugsvcError, request_id: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that tells an error; errors with `retry_after` carry Retry-After in whole seconds."""
    # Without it a shared cache may keep a 404, and the view or corpus be there a moment later (RFC 9111, 4.2.2).
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    return JSONResponse(document(error, request_id), error.status, headers, MEDIA_TYPE)


async def handle(request: Request, error: Exception) -> JSONResponse:
    """Exception handler for everything the service expects to fail with."""
    problem = expected(error, request.url.path)
    headers = {"Allow": _allowed(request)} if problem.status == 405 else None
    return response(problem, request.state.request_id, headers)


def expected(error: Exception, path: str) -> AugsvcError:
    """The product's error for one of the framework's: routing errors and refused parameters."""
    match error:
        case AugsvcError():
            return error
        case RequestValidationError():
            return invalid("The request's parameters are not valid", parameter_faults(error.errors()))
        case HTTPException(status_code=404):
            return NotFound(f"There is nothing at {path}.")
        case HTTPException(status_code=405):
            return MethodNotAllowedError(
                f"{path} does not take this method; the header Allow lists those that it takes."
            )
    return BadRequest(str(getattr(error, "detail", error)))


def invalid(sentence: str, faults: Sequence[Fault]) -> InvalidInput:
    """The error whose detail is the sentence and, for those who read no further, its first faults."""
    first = "; ".join(": ".join(filter(None, (place, detail.removesuffix(".")))) for place, detail in faults[:TOLD])
    return InvalidInput(f"{sentence}: {first}.", faults=faults)


def parameter_faults(details: Iterable[ErrorDetails | Mapping[str, Any]]) -> list[Fault]:
    """Faults of query and path parameters, by the parameter's name."""
    return _merged([Fault(_parameter(detail["loc"]), _sentence(detail)) for detail in details])


def body_faults(details: Iterable[ErrorDetails], body: Any) -> list[Fault]:
    """Faults of a JSON body, by their pointer into it."""
    return _merged([Fault(pointer(detail["loc"], body, detail["type"]), _sentence(detail)) for detail in details])


@contextmanager
def naming(parameter: str) -> Iterator[None]:
    """Lets the error of a parameter that cannot be read name the parameter."""
    try:
        yield
    except BadRequest as error:
        raise BadRequest(error.detail, faults=[Fault(parameter, error.detail)]) from None


@contextmanager
def moved(place: str) -> Iterator[None]:
    """Lets a pipeline's faults point into the request that holds the pipeline at `place`."""
    try:
        yield
    except InvalidPipeline as error:
        faults = [Fault(place + fault.pointer, fault.detail) for fault in error.faults]
        raise InvalidPipeline(error.detail, faults=faults or [Fault(place, error.detail)]) from None


def _parameter(location: Sequence[int | str]) -> str:
    """The name of a parameter; of one that is a list the number of an item stands after it."""
    return str(next((step for step in reversed(location) if isinstance(step, str)), location[-1]))


def pointer(location: Sequence[int | str], body: Any, kind: str = "") -> str:
    """The RFC 6901 pointer of a pydantic location: steps that name a member of a union are left out.

    Only an error of the kind `missing` may end in a step that the body does not have.
    """
    steps: list[str] = []
    for index, step in enumerate(location):
        absent = kind == "missing" and index == len(location) - 1
        if isinstance(body, dict) and (step in body or absent):
            body = body.get(step)
        elif isinstance(body, list) and isinstance(step, int) and step < len(body):
            body = body[step]
        else:
            continue
        steps.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{step}" for step in steps)


def _allowed(request: Request) -> str:
    # The router's own header lists the methods of one route, where several may share the path.
    scopes = {method: {**request.scope, "method": method} for method in METHODS}
    routes = request.app.routes
    found = [name for name, scope in scopes.items() if any(route.matches(scope)[0] is Match.FULL for route in routes)]
    return ", ".join(["HEAD", *found] if "GET" in found else found)


def _sentence(detail: ErrorDetails | Mapping[str, Any]) -> str:
    if detail["type"] == "extra_forbidden":
        return "There is nothing of this name here."
    return str(detail["msg"]).removeprefix("Value error, ") + "."


def _merged(faults: Iterable[Fault]) -> list[Fault]:
    """One fault for each place, because a union complains once for each of its members; the first few of them."""
    merged: dict[str, str] = {}
    for place, detail in faults:
        known = merged.get(place)
        merged[place] = detail if known is None or detail in known else f"{known} Or: {detail}"
    return [Fault(*item) for item in list(merged.items())[:MAX_FAULTS]]
