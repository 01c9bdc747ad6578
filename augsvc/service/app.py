"""The application: routes, middleware and error handling put together around one `Service`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from augsvc import __version__
from augsvc.errors import AugsvcError
from augsvc.service import openapi, problems
from augsvc.service.envelope import Envelope
from augsvc.service.head import Head
from augsvc.service.limits import BodyLimit
from augsvc.service.metrics import Measured
from augsvc.service.routes import catalogue, corpora, health, page, views
from augsvc.service.routes.augment import augment_texts
from augsvc.service.settings import Settings
from augsvc.service.state import NoneRepeated, Service

DESCRIPTION = (
    "Augmented text as a pure function of text, pipeline and key. Post texts, or upload a corpus and read its views."
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """An ASGI application over the data directory of the settings; its lifespan compiles kernels in the background."""
    settings = settings or Settings()
    app = FastAPI(
        title="augsvc",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[NoneRepeated],
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service = Service(settings)
    app.add_route("/augment", augment_texts, methods=["POST"])
    for module in (catalogue, corpora, views, health, page):
        app.include_router(module.router)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    for expected in (AugsvcError, HTTPException, RequestValidationError):
        app.add_exception_handler(expected, problems.handle)
    # The last added is the outermost: every answer, the limits' too, gets its id and HEAD loses its body.
    app.add_middleware(BodyLimit, body_bytes=settings.max_body_bytes, corpus_bytes=settings.max_corpus_bytes)
    app.add_middleware(Measured, metrics=service.metrics)
    app.add_middleware(Head)
    app.add_middleware(Envelope)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    service.warmth.start()
    yield
    service.drain()
    service.close()
