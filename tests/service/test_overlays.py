"""Synonyms of an operator's own: in answers, in views' identity, and refused before anything is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augsvc.errors import InvalidInput
from augsvc.service.server import run
from augsvc.service.settings import Settings

pytestmark = pytest.mark.anyio
REQUEST = {"texts": ["The parcels."], "pipeline": {"ops": [{"type": "synonym", "rate": 1}]}, "seed": 1}


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text("parcel\tnoun\tgizmo\t1000\n")
    return path


async def test_posted_texts_get_synonyms_of_the_overlay_and_another_fingerprint(
    serve: Callable[..., Any], overlay: Path
) -> None:
    async with serve(overlay=(overlay,)) as mine, serve() as plain:
        answers = [(await client.post("/augment", json=REQUEST)).json() for client in (mine, plain)]
    assert answers[0]["results"][0]["text"] == "The gizmos."
    assert answers[1]["results"][0]["text"] != "The gizmos."
    assert answers[0]["pipeline"] != answers[1]["pipeline"]


async def test_a_replica_without_the_overlay_refuses_its_views(
    serve: Callable[..., Any], overlay: Path, reviews: bytes
) -> None:
    async with serve(overlay=(overlay,)) as mine, serve() as plain:
        await mine.put("/corpora/reviews", content=reviews, headers={"Content-Type": "application/x-ndjson"})
        view = (await mine.post("/views", json={"corpus": "reviews"})).json()
        path = f"/views/{view['view_id']}/rows"
        assert (await mine.get(path)).status_code == 200
        refused = await plain.get(path)
        assert (await plain.post("/views", json={"corpus": "reviews"})).json()["view_id"] != view["view_id"]
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "view_superseded")
    assert "the overlays that it was made with" in problem["detail"]


def test_a_bad_overlay_is_refused_before_anything_is_served(overlay: Path, tmp_path: Path) -> None:
    overlay.write_text("parcel\tnoun\n")
    with pytest.raises(InvalidInput, match=r"mine\.tsv, line 1: "):
        run(Settings(data=tmp_path / "data", port=0, overlay=(overlay,)))
    with pytest.raises(InvalidInput, match="cannot be read"):
        run(Settings(data=tmp_path / "data", port=0, overlay=(tmp_path / "missing.tsv",)))
