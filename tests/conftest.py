"""What every test may use: the real corpora, where they are at hand."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# how long an example takes is a matter of the machine
settings.register_profile("augsvc", deadline=None)
settings.load_profile("augsvc")

# a shell ignores interruptions in what it begins in the background, and so would all that tests begin and interrupt
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public corpora: `AUGSVC_REAL_TEXT`, else shared/data beside the repository; skips, saying so, without."""
    path = Path(os.environ.get("AUGSVC_REAL_TEXT", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"real text not found at {path}: set AUGSVC_REAL_TEXT to run this test")
    return path


@pytest.fixture(scope="session")
def sentences(shared_data: Path) -> list[str]:
    """More than 10,000 real texts: web sentences as people wrote them, and paragraphs of speeches."""
    lines = (shared_data / "ud_ewt" / "en_ewt-ud-train.conllu").read_text(encoding="utf-8").splitlines()
    web = [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    speeches = (shared_data / "text" / "inaugural.txt").read_text(encoding="utf-8").splitlines()
    return web + speeches
