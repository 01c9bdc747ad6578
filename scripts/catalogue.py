#!/usr/bin/env python3
"""Write docs/operations.md from the catalogue: `python scripts/catalogue.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS
from augsvc.types import JsonObject

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"

FAMILIES = {
    "lexical": "Words in place of words.",
    "error": "Errors of grammar and spelling, with the types that ERRANT gives them: the label survives.",
    "meaning": "Another form of the same sentence: correct in, correct out, and the same meaning.",
    "noise": "What happens to text on its way: words lost, moved and mistyped.",
}

HEAD = """# Operations

What a pipeline may be made of. `augsvc ops` and `GET /ops` tell the same, with a JSON Schema for each. Every operation
takes `rate` (a share, or one [by epoch](pipelines.md#by-epoch)), `min_edits` and `max_edits`; one with variants takes
any of them unless `variant` names one. This page is written by `scripts/catalogue.py`.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_families(), *_presets()])


def _families() -> Iterator[str]:
    documents = [operation.document() for operation in OPERATIONS]
    for family, summary in FAMILIES.items():
        found = [document for document in documents if document["family"] == family]
        if found:
            yield f"## {family.capitalize()}\n\n{summary}\n"
            yield "| operation | ERRANT | what it does, by variants |\n|---|---|---|"
            yield from (_row(document) for document in found)
            yield ""


def _row(document: JsonObject) -> str:
    cells = (f"`{document['type']}`: {document['summary']}", " ".join(document["errant"]), _examples(document))
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |"


def _examples(document: JsonObject) -> str:
    examples = document["schema"]["properties"].get("variant", {}).get("x-examples", {})
    shown = [f"`{name}`: {example['before']} → {example['after']}" for name, example in examples.items()]
    return "<br>".join(shown) or f"{document['example']['before']} → {document['example']['after']}"


def _presets() -> Iterator[str]:
    yield "## Presets\n"
    yield "| preset | what it is for | source |\n|---|---|---|"
    for preset in PRESETS.values():
        yield f"| `{preset.name}` | {preset.summary} | {preset.source} |"
    yield ""


if __name__ == "__main__":
    main()
