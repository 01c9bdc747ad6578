"""The page at `/`: try a pipeline on a sentence."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from augsvc.service.state import NoParameters

router = APIRouter(include_in_schema=False, dependencies=[NoParameters])


@router.get("/")
async def page() -> HTMLResponse:
    """Answer the page."""
    return HTMLResponse(_page())


@cache
def _page() -> str:
    return files("augsvc.service").joinpath("page.html").read_text("utf-8")
