"""For people, the page at `/`: try a pipeline on a sentence; for programs, `/openapi.json`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from augsvc.service.state import NoParameters

router = APIRouter(include_in_schema=False, dependencies=[NoParameters])


@router.get("/")
async def page() -> HTMLResponse:
    """Answer the page."""
    return HTMLResponse(_page())


@router.get("/openapi.json")
async def openapi_document(request: Request) -> JSONResponse:
    """Answer the OpenAPI document."""
    return JSONResponse(request.app.openapi())


@cache
def _page() -> str:
    return files("augsvc.service").joinpath("page.html").read_text("utf-8")
