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
LABELLED = [
    "Ada Lovelace met Bob Stone in an old house near a Paris street and New York City.",
    "We gave a Dane Vitamin A Rome had made, and an Ohio firm took it to the Nile.",
    "  Émile Zola's   house, in the U.S., is a Paris house: it isn't Mr. Bob Stone's.\n",
]
SPANS = [
    [[0, 12, "PER"], [17, 26, "PER"], [50, 55, "LOC"], [67, 80, "LOC"]],
    [[10, 14, "PER"], [15, 24, "SUB"], [25, 29, "LOC"], [48, 52, "LOC"], [68, 76, "LOC"]],
    [[2, 12, "PER"], [31, 35, "LOC"], [42, 47, "LOC"], [64, 77, "PER"]],
]
SETTINGS: dict[str, dict[str, object]] = {
    "mention_replacement": {
        "mentions": {"PER": ["Grace Hopper", "an Italian"], "LOC": ["Oslo", "the Rhine", "Basel"], "SUB": ["iron"]}
    },
    "label_wise_replacement": {
        "words": {"B-PER": {"Ida": 2, "Grace": 1}, "I-PER": {"Hopper": 1}, "B-LOC": {"Oslo": 3, "Basel": 1}}
    },
    "shuffle_within_segments": {"rate": 1},
}


def main() -> None:
    """Write each missing file beside this script."""
    for op in OPERATIONS:
        kind, labelled = op.model_fields["type"].default, issubclass(op, SpanOp)
        path = Path(__file__).parent / "golden" / f"{kind}.{op.version}.json"
        if path.exists():
            continue
        pipeline = {"ops": [{"type": kind, "rate": 0.5} | SETTINGS.get(kind, {})]}
        golden = {"pipeline": pipeline, "seed": 20, "texts": LABELLED if labelled else TEXTS}
        spans = SPANS if labelled else None
        results = augsvc.augment(golden["texts"], pipeline, seed=20, copies=3, spans=spans)
        golden |= {"spans": spans} if labelled else {}
        golden["outputs"] = [result.text for result in results]
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
