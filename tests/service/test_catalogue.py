"""GET /ops and GET /pipelines: the catalogue as CONTRACT has it, good enough to build a pipeline from."""

from __future__ import annotations

import httpx
import pytest

from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS

pytestmark = pytest.mark.anyio


async def test_every_operation_is_listed_with_all_that_describes_it(client: httpx.AsyncClient) -> None:
    ops = (await client.get("/ops")).json()["ops"]
    fields = {"type", "version", "family", "errant", "languages", "summary", "example", "schema"}
    assert len(ops) == len(OPERATIONS)
    for op in ops:
        assert op.keys() == fields
        assert op["family"] in {"lexical", "error", "meaning", "noise"}
        assert op["example"].keys() == {"before", "after"}
        assert {"type", "rate", "min_edits", "max_edits"} <= op["schema"]["properties"].keys()


async def test_every_operation_works_by_its_type_alone(client: httpx.AsyncClient) -> None:
    for op in (await client.get("/ops")).json()["ops"]:
        request = {"texts": [op["example"]["before"]], "pipeline": {"ops": [{"type": op["type"]}]}, "seed": 0}
        assert (await client.post("/augment", json=request)).status_code == 200


async def test_a_preset_is_its_pipeline(client: httpx.AsyncClient) -> None:
    presets = (await client.get("/pipelines")).json()["pipelines"]
    assert [preset["name"] for preset in presets] == list(PRESETS)
    for preset in presets:
        assert preset.keys() == {"name", "summary", "source", "pipeline"}
        by_name, in_full = [
            (await client.post("/augment", json={"texts": ["A good dog."], "seed": 1, "pipeline": pipeline})).json()
            for pipeline in (preset["name"], preset["pipeline"])
        ]
        assert by_name == in_full
