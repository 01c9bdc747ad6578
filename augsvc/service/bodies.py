"""Request bodies: JSON into models, with a fault's place or a bad text's index where it is not valid."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from augsvc.errors import AugsvcError, BadRequest, InvalidText, UnsupportedMedia
from augsvc.service import problems

Model = TypeVar("Model", bound=BaseModel)


def refuse_coding(request: Request) -> None:
    """Raises UnsupportedMedia for a compressed body."""
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        raise UnsupportedMedia(f"A body in the content coding {coding} is not understood; send it uncompressed.")


async def read_json(request: Request) -> bytes:
    """The bytes of a JSON body. Raises UnsupportedMedia where Content-Type says that it is something else."""
    refuse_coding(request)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in ("", "application/json"):
        raise UnsupportedMedia(f"This call takes application/json, not {media}.")
    return await request.body()


def parse(model: type[Model], body: bytes) -> Model:
    """The model that a JSON body describes. Raises BadRequest, InvalidText or InvalidInput."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _explained(error, body) from None


def _explained(error: ValidationError, body: bytes) -> AugsvcError:
    details = error.errors(include_url=False, include_context=False)
    if details[0]["type"] == "json_invalid":
        return _unreadable(details[0]["msg"], body)
    return problems.invalid("The request's body is not valid", problems.body_faults(details, json.loads(body)))


def _unreadable(reason: str, body: bytes) -> AugsvcError:
    """Tells a text that is no Unicode from JSON that is none: Python's parser keeps lone surrogates, pydantic's not."""
    try:
        # Escapes of lone surrogates and bytes that are no UTF-8 both come out as surrogates.
        document = json.loads(body.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return BadRequest(f"The body is not JSON. {reason}.")
    texts = document.get("texts") if isinstance(document, dict) else None
    for index, text in enumerate(texts if isinstance(texts, list) else []):
        if not _is_unicode(text):
            return InvalidText(
                f"Text {index} is not valid Unicode: it holds a lone surrogate or invalid UTF-8.", index=index
            )
    return BadRequest(f"The body cannot be read. {reason}.")


def _is_unicode(text: Any) -> bool:
    try:
        str(text).encode()
    except UnicodeEncodeError:
        return False
    return True
