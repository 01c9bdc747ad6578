"""What can be asked for: the operations and the presets."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter

from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS
from augsvc.service.openapi import described
from augsvc.service.schemas import OperationsResponse, PipelinesResponse
from augsvc.service.state import NoParameters

router = APIRouter(tags=["catalogue"], dependencies=[NoParameters])


@router.get("/ops", **described("ops"))
async def list_operations() -> OperationsResponse:
    """List the operations, each with its JSON Schema and an example."""
    return _operations()


@router.get("/pipelines", **described("pipelines"))
async def list_pipelines() -> PipelinesResponse:
    """List the presets, each with the pipeline it stands for."""
    return _presets()


@cache
def _operations() -> OperationsResponse:
    return OperationsResponse.model_validate({"ops": [operation.document() for operation in OPERATIONS]})


@cache
def _presets() -> PipelinesResponse:
    return PipelinesResponse.model_validate({"pipelines": [preset.document() for preset in PRESETS.values()]})
