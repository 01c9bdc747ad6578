"""Requests to paste into a shell: one for each call, in an order in which they work; the tests run them all."""

from __future__ import annotations

import json

from augsvc.formats import ARROW, CSV, NDJSON, PARQUET, TEXT
from augsvc.types import JsonObject

BASE = "http://localhost:8000"

AUGMENT_BODY: JsonObject = {
    "texts": ["The quick brown fox jumps over the lazy dog.", "It was an honest answer to a hard question."],
    "pipeline": {"ops": [{"type": "synonym", "rate": 0.3}]},
    "seed": 7,
    "copies": 2,
}
UPLOAD_ROWS = (
    '{"text": "A gripping story, well told.", "label": 1}',
    '{"text": "A dull and tiresome film.", "label": 0}',
)
UPLOAD_BODIES: dict[str, str | None] = {
    NDJSON: "".join(f"{row}\n" for row in UPLOAD_ROWS),
    CSV: 'text,label\n"A gripping story, well told.",1\nA dull and tiresome film.,0\n',
    TEXT: "A gripping story, well told.\nA dull and tiresome film.\n",
    PARQUET: None,
    ARROW: None,
}
VIEW_BODY: JsonObject = {"corpus": "reviews", "pipeline": "regularize", "seed": 7}
ROWS_BODY: JsonObject = {"epoch": 0, "positions": [1, 0, 1]}

_JSON = "-H 'Content-Type: application/json'"
_VIEW = f"VIEW=$(curl -s {BASE}/views {_JSON} -d '{json.dumps(VIEW_BODY)}' | grep -oE '[0-9a-f]{{32}}' | head -n 1)"

CURL: dict[str, str] = {
    "healthz": f"curl -s {BASE}/healthz",
    "readyz": f"curl -s {BASE}/readyz",
    "metrics": f"curl -s {BASE}/metrics",
    "ops": f"curl -s {BASE}/ops",
    "pipelines": f"curl -s {BASE}/pipelines",
    "augment": f"curl -s {BASE}/augment {_JSON} -d '{json.dumps(AUGMENT_BODY)}'",
    "put_corpus": f"printf '%s\\n' '{UPLOAD_ROWS[0]}' '{UPLOAD_ROWS[1]}' |\n"
    f"  curl -s -X PUT {BASE}/corpora/reviews -H 'Content-Type: application/x-ndjson' --data-binary @-",
    "corpora": f"curl -s {BASE}/corpora",
    "corpus": f"curl -s {BASE}/corpora/reviews",
    "corpus_stream": f"curl -sN '{BASE}/corpora/reviews/stream?pipeline=regularize&seed=7'",
    "put_view": f"curl -s {BASE}/views {_JSON} -d '{json.dumps(VIEW_BODY)}'",
    "view": f"{_VIEW}\ncurl -s {BASE}/views/$VIEW",
    "rows": f'{_VIEW}\ncurl -s "{BASE}/views/$VIEW/rows?epoch=0&start=0&rows=1000&lane=0:8:32"',
    "picked": f"{_VIEW}\ncurl -s {BASE}/views/$VIEW/rows {_JSON} -d '{json.dumps(ROWS_BODY)}'",
    "stream": f'{_VIEW}\ncurl -sN "{BASE}/views/$VIEW/stream?epoch=1"',
    "delete_corpus": f"curl -s -X DELETE {BASE}/corpora/reviews",
}
