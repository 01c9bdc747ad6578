"""Whether the server lives, and whether it should be sent work."""

from __future__ import annotations

from fastapi import APIRouter

from augsvc.service.openapi import described
from augsvc.service.schemas import StatusResponse
from augsvc.service.state import Current, NoParameters

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
