"""What can be asked for: the operations and the presets."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter

from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS
from augsvc.service.openapi import described
from augsvc.service.schemas import BeforeAfter, OperationModel, OperationsResponse, PipelinesResponse, PresetModel
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
    return OperationsResponse(ops=[_operation(kind) for kind in OPERATIONS])


def _operation(kind: Any) -> OperationModel:
    return OperationModel(
        type=kind.model_fields["type"].default,
        version=kind.version,
        family=kind.family,
        errant=list(kind.errant),
        languages=list(kind.languages),
        summary=kind.summary(),
        example=BeforeAfter(before=kind.example[0], after=kind.example[1]),
        schema=kind.model_json_schema(),
    )


@cache
def _presets() -> PipelinesResponse:
    return PipelinesResponse(
        pipelines=[
            PresetModel(
                name=preset.name, summary=preset.summary, source=preset.source, pipeline=preset.pipeline.document()
            )
            for preset in PRESETS.values()
        ]
    )
