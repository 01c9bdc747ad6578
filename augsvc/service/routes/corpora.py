"""Corpora: upload, list, describe, delete."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from augsvc.corpus import Registered
from augsvc.errors import UnsupportedMedia
from augsvc.service.bodies import media_type
from augsvc.service.examples import UPLOAD_BODIES
from augsvc.service.openapi import described, file_body
from augsvc.service.schemas import CorporaResponse, CorpusResponse, UploadQuery, UploadResponse
from augsvc.service.state import Current, NoParameters, Service
from augsvc.types import JsonObject

router = APIRouter(prefix="/corpora", tags=["corpora"])

UPLOADS = tuple(UPLOAD_BODIES)
BUFFER_BYTES = 2**20
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
KNOWN: JsonObject = {"model": UploadResponse, "description": "The name existed"}

NewName = Annotated[str, Path(pattern=NAME_PATTERN, description="A name for the corpus.", examples=["reviews"])]
Name = Annotated[str, Path(description="A corpus's name or digest.", examples=["reviews"])]


@router.put(
    "/{name}",
    status_code=201,
    response_model=UploadResponse,
    **described("put_corpus", 413, 415, 429, answers={200: KNOWN}, requestBody=file_body(UPLOAD_BODIES)),
)
async def put_corpus(
    name: NewName, query: Annotated[UploadQuery, Query()], request: Request, service: Current
) -> Response:
    """Register the file that is the body: 201, or 200 where the name existed. Nothing is kept of a broken upload."""
    media = media_type(request)
    if media not in UPLOADS:
        raise UnsupportedMedia(f"A corpus comes as {' or '.join(UPLOADS)}, not as {media or 'an untyped body'}.")
    # A slot from the first byte on: to refuse a file after taking it in would be a waste.
    with service.transfers.taken(), service.workspace.store.temporary() as path:
        await _receive(request, path, service)
        declared = request.headers["content-type"]
        found = await service.transfers.step(_register, service, name, path, declared, query)
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
        async for chunk in request.stream():
            buffer += chunk
            if len(buffer) >= BUFFER_BYTES:
                await service.transfers.step(file.write, bytes(buffer))
                buffer.clear()
        file.write(buffer)


def _register(service: Service, name: str, path: FilePath, media: str, query: UploadQuery) -> Registered:
    with path.open("rb") as file:
        return service.workspace.corpora.put(name, file, media, text_column=query.text_column, on_bad=query.on_bad)
