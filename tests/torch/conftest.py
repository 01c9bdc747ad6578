from __future__ import annotations

import io
import json
from functools import partial

import pytest

from augsvc.torch import AugmentedStream
from augsvc.views import Workspace

ROWS = 403


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data directory with the corpus `notes`: 403 different sentences with labels."""
    root = tmp_path_factory.mktemp("data")
    rows = ({"text": f"Note {i}: the tired dog walked home and slept happily.", "label": i % 5} for i in range(ROWS))
    Workspace(root).corpora.put("notes", io.BytesIO("\n".join(map(json.dumps, rows)).encode()), "application/x-ndjson")
    return root


@pytest.fixture(scope="session")
def stream_of(data):
    """Makes streams over `notes` in this process, seed 1."""
    return partial(AugmentedStream, data, "notes", seed=1, local=True)
