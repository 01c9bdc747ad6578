"""Whether the server lives, whether it should be sent work, and how it does."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from augsvc.service.openapi import TEXT, described
from augsvc.service.schemas import StatusResponse
from augsvc.service.state import Current, NoParameters
from augsvc.types import JsonObject

SERIES: JsonObject = {
    "description": "The series, in Prometheus's text format, or in OpenMetrics where `Accept` asks for it",
    "content": {"text/plain": TEXT, "application/openmetrics-text": TEXT},
}

router = APIRouter(tags=["health"], dependencies=[NoParameters])


@router.get("/healthz", **described("healthz"))
async def healthz() -> StatusResponse:
    """Tell that the process answers."""
    return StatusResponse(status="ok")


@router.get("/readyz", **described("readyz", 503))
async def readyz(service: Current) -> StatusResponse:
    """Tell that kernels are compiled; before that 503, saying in `kernels` how far they are."""
    service.check_ready()
    return StatusResponse(status="ready")


@router.get("/metrics", response_class=Response, **described("metrics", answers={200: SERIES}))
def metrics(request: Request, service: Current) -> Response:
    """Tell requests, rows, seconds and stalls as series for Prometheus."""
    body, media_type = service.metrics.exposition(request.headers.get("accept", ""))
    return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
