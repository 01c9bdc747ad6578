"""One text, one key, one output: by whatever door, in whatever company, in whatever process."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import httpx
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augsvc
from augsvc.order import Lane
from augsvc.service.app import create_app
from augsvc.service.settings import Settings
from augsvc.views import Workspace

AUGSVC = Path(sys.executable).with_name("augsvc")
ROWS, SEED, EPOCH, COPIES = 400, 2**40 + 1, 3, 2
PIPELINE = {
    "passes": [
        [
            {"type": "synonym", "rate": {"by_epoch": [0.9, 0.0, 0.3]}, "senses": 2},
            {"type": "random_deletion", "rate": 0.1},
        ],
        [{"type": "sometimes", "p": {"by_epoch": [0, 0, 0, 0.8, 0]}, "ops": [{"type": "synonym", "rate": 0.1}]}],
    ],
    "protect": {"words": ["American"]},
}
OF_EPOCH = {
    "passes": [
        [{"type": "synonym", "rate": 0.3, "senses": 2}, {"type": "random_deletion", "rate": 0.1}],
        [{"type": "sometimes", "p": 0.8, "ops": [{"type": "synonym", "rate": 0.1}]}],
    ],
    "protect": {"words": ["American"]},
}
"""What the pipeline is in the epoch that is read."""


class Real:
    """Real texts, and the outputs, copies of a row together; too long to print."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.outputs = [r.text for r in augsvc.augment(texts, OF_EPOCH, seed=SEED, epoch=EPOCH, copies=COPIES)]


@pytest.fixture(scope="module")
def real(sentences: list[str]) -> Real:
    """Web sentences and speeches, none with a line break inside."""
    return Real(sentences[: ROWS // 2] + sentences[-ROWS // 2 :])


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(0, ROWS), max_size=12), threads=st.sampled_from([1, 2]))
def test_any_split_into_batches_on_any_threads(real: Real, cuts: list[int], threads: int) -> None:
    edges = [0, *sorted(cuts), ROWS]

    def part(edge: tuple[int, int]) -> list[str]:
        ids = list(range(*edge))
        batch = pa.array(real.texts[slice(*edge)], pa.string())
        return augsvc.augment_arrow(batch, PIPELINE, seed=SEED, epoch=EPOCH, copies=COPIES, ids=ids).to_pylist()

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(part, pairwise(edges))
    assert [text for part in parts for text in part] == real.outputs


@pytest.mark.parametrize("hash_seed", ["0", "123"])
def test_any_process_with_any_hash_seed(real: Real, hash_seed: str) -> None:
    code = (
        "import augsvc, json, sys; texts, pipeline, options = json.load(sys.stdin);"
        "json.dump([r.text for r in augsvc.augment(texts, pipeline, **options)], sys.stdout)"
    )
    request = json.dumps([real.texts, PIPELINE, {"seed": SEED, "epoch": EPOCH, "copies": COPIES}])
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", code], input=request, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == real.outputs


@pytest.mark.anyio
async def test_post(tmp_path: Path, real: Real) -> None:
    request = {"texts": real.texts, "pipeline": PIPELINE, "seed": SEED, "epoch": EPOCH, "copies": COPIES}
    transport = httpx.ASGITransport(create_app(Settings(data=tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        answer = (await client.post("/augment", json=request)).json()
    assert [result["text"] for result in answer["results"]] == real.outputs


@pytest.mark.parametrize("kind", ["txt", "jsonl"])
def test_the_command_line(tmp_path: Path, real: Real, kind: str) -> None:
    lines = (
        real.texts if kind == "txt" else [json.dumps({"text": text, "label": i}) for i, text in enumerate(real.texts)]
    )
    (tmp_path / f"in.{kind}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--seed", str(SEED), "--epoch", str(EPOCH), "--copies", str(COPIES), "--pipeline", json.dumps(PIPELINE)]
    command = [str(AUGSVC), "augment", f"in.{kind}", "-o", f"out.{kind}", *options]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    written = (tmp_path / f"out.{kind}").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert [line if kind == "txt" else json.loads(line)["text"] for line in written] == real.outputs


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, real: Real) -> Workspace:
    """A data directory with the texts as a corpus."""
    workspace = Workspace(tmp_path_factory.mktemp("data"))
    workspace.corpora.put("texts", io.BytesIO("\n".join(real.texts).encode()), "text/plain")
    return workspace


@settings(max_examples=12)
@given(st.integers(20, 300), st.sampled_from([1, 2, 3, 7]), st.sampled_from(["global", "block", "none"]))
def test_pages_and_lanes(workspace: Workspace, real: Real, rows: int, world: int, shuffle: str) -> None:
    request = {"corpus": "texts", "pipeline": PIPELINE, "seed": SEED, "copies": COPIES, "shuffle": shuffle}
    source = workspace.source(workspace.create_view(request)[0].view_id)
    found = []
    for rank in range(world):
        position: int | None = 0
        while position is not None:
            page = source.page(EPOCH, position, rows, Lane(rank, 1, world))
            found += page.table.to_pylist()
            position = page.next
    assert sorted(row["_position"] for row in found) == list(range(ROWS * COPIES))
    assert [row["text"] for row in sorted(found, key=lambda row: (row["_row"], row["_copy"]))] == real.outputs


def test_a_copy_is_independent_of_how_many_there_are(real: Real) -> None:
    assert [r.text for r in augsvc.augment(real.texts, PIPELINE, seed=SEED, epoch=EPOCH)] == real.outputs[::COPIES]
