"""Corpora: upload, list, describe, delete."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from augsvc.corpus import Registered
from augsvc.errors import BadRequest
from augsvc.formats import CODINGS, codec_of, readable
from augsvc.service.examples import UPLOAD_BODIES
from augsvc.service.openapi import described, file_body
from augsvc.service.schemas import CorporaResponse, CorpusResponse, UploadQuery, UploadResponse
from augsvc.service.state import Current, NoParameters, Service
from augsvc.types import JsonObject

router = APIRouter(prefix="/corpora", tags=["corpora"])

BUFFER_BYTES = 2**20
SILENCE_SECONDS = 60.0
"""An upload of which nothing comes for so long gives its slot back."""
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
KNOWN: JsonObject = {"model": UploadResponse, "description": "The name existed"}

NewName = Annotated[str, Path(pattern=NAME_PATTERN, description="A name for the corpus.", examples=["reviews"])]
Name = Annotated[str, Path(description="A corpus's name or digest.", examples=["reviews"])]


@router.put(
    "/{name}",
    status_code=201,
    response_model=UploadResponse,
    **described(
        "put_corpus", 400, 413, 415, 429, 503, answers={200: KNOWN}, requestBody=file_body(UPLOAD_BODIES, CODINGS)
    ),
)
async def put_corpus(
    name: NewName, query: Annotated[UploadQuery, Query()], request: Request, service: Current
) -> Response:
    """Register the file that is the body: 201, or 200 where the name existed. Nothing is kept of a broken upload.

    With `Content-Encoding: gzip` or `zstd` the file is compressed; its limit of size is that of what it holds.
    """
    read = partial(
        service.workspace.corpora.put,
        media_type=readable(request.headers.get("content-type", "")),
        codec=codec_of(request.headers.get("content-encoding", "")),
        max_bytes=service.settings.max_corpus_bytes,
        text_column=query.text_column,
        on_bad=query.on_bad,
    )
    # A slot from the first byte on: to refuse a file after taking it in would be a waste.
    with service.transfers.taken(), service.workspace.store.temporary() as path:
        await _receive(request, path, service)
        found = await service.transfers.step(_register, service, read, name, path)
    return JSONResponse(found.document(), 201 if found.created else 200)


@router.get("", response_model=CorporaResponse, dependencies=[NoParameters], **described("corpora", 429))
async def list_corpora(service: Current) -> Response:
    """List the corpora that have a name."""
    infos = await service.work.run(service.workspace.corpora.list)
    return JSONResponse({"corpora": [info.document() for info in infos]})


@router.get("/{name}", response_model=CorpusResponse, dependencies=[NoParameters], **described("corpus", 404, 429))
async def describe_corpus(name: Name, service: Current) -> Response:
    """Describe a corpus by its name or digest."""
    info = await service.work.run(service.workspace.corpora.describe, name)
    return JSONResponse(info.document())


@router.delete("/{name}", status_code=204, dependencies=[NoParameters], **described("delete_corpus", 404, 429))
async def delete_corpus(name: Name, service: Current) -> Response:
    """Remove the name. Views made from the corpus go on."""
    await service.work.run(service.workspace.corpora.delete, name)
    return Response(status_code=204)


async def _receive(request: Request, path: FilePath, service: Service) -> None:
    """The body into a file, in constant memory."""
    buffer = bytearray()
    with path.open("xb") as file:
        chunks = request.stream()
        while (chunk := await _next(chunks)) is not None:
            buffer += chunk
            if len(buffer) >= BUFFER_BYTES:
                await service.transfers.step(file.write, bytes(buffer))
                buffer.clear()
        file.write(buffer)


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            return await anext(chunks, None)
    except TimeoutError:
        raise BadRequest(f"Nothing of the file came for {SILENCE_SECONDS:g} seconds: send it again.") from None


def _register(service: Service, read: Callable[[str, BinaryIO], Registered], name: str, path: FilePath) -> Registered:
    with service.metrics.stages("ingest"), path.open("rb") as file:
        found = read(name, file)
    service.metrics.uploaded(path.stat().st_size, found.rows, found.skipped)
    return found
