"""Running English for benchmarks, from public corpora in `shared/data` beside the repository or `AUGSVC_REAL_TEXT`."""

from __future__ import annotations

import os
import sys
from itertools import cycle
from pathlib import Path

DATA = Path(os.environ.get("AUGSVC_REAL_TEXT", Path(__file__).parent.parent.parent / "shared" / "data"))


def corpora() -> Path:
    """Return the folder of the corpora, or leave saying that there is none."""
    if not DATA.is_dir():
        sys.exit(f"benchmarks need real text: set AUGSVC_REAL_TEXT ({DATA} is no directory)")
    return DATA


def documents(megabytes: int) -> list[str]:
    """Return paragraphs, reviews and web sentences, repeated until they hold so many MB of UTF-8."""
    corpora()
    found = [
        line for path in sorted((DATA / "text").glob("*.txt")) for line in path.read_text("utf-8").splitlines() if line
    ]
    for path in (DATA / "ud_ewt" / "en_ewt-ud-train.conllu", DATA / "ud_gum" / "en_gum-ud-train-ccby.conllu"):
        lines = path.read_text("utf-8").splitlines()
        found += [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    wanted, texts = megabytes * 1_000_000, []
    for text in cycle(found):
        if wanted <= 0:
            break
        texts.append(text)
        wanted -= len(text.encode())
    return texts
