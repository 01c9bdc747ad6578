"""Write the golden outputs of every operation version that has none yet: `python tests/ops/write_golden.py`."""

from __future__ import annotations

import json
from pathlib import Path

import augsvc
from augsvc.ops import OPERATIONS
from augsvc.ops.spans import SpanOp

TEXTS = [
    "The quick brown fox jumped over a lazy dog, and nobody noticed.",
    "It isn't an easy question; she answered it quickly at 10:30.",
    "OUR NEW HOUSE IS BIG. See https://example.com/house for a picture!",
    "  Odd   spacing, “curly quotes”… and a naïve café — stay as they are.\n",
    "我们今天 went shopping 😀 with #friends and @bob.",
    "Of course they lost sight of the ice cream's price, and the devil's advocate took part in spite of it.",
    "",
]


def main() -> None:
    """Write each missing file beside this script."""
    for op in OPERATIONS:
        if issubclass(op, SpanOp):
            continue
        kind = op.model_fields["type"].default
        path = Path(__file__).parent / "golden" / f"{kind}.{op.version}.json"
        if path.exists():
            continue
        pipeline = {"ops": [{"type": kind, "rate": 0.5}]}
        outputs = [r.text for r in augsvc.augment(TEXTS, pipeline, seed=20, copies=3)]
        golden = {"pipeline": pipeline, "seed": 20, "texts": TEXTS, "outputs": outputs}
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
