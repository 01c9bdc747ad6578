"""NDJSON as line readers see it."""

from __future__ import annotations

import json

import pyarrow as pa

from augsvc.wire import NDJSON, encode


def test_no_reader_of_lines_breaks_a_row() -> None:
    text = "one\u2028two\u2029three\x85four"
    table = pa.table({"_position": pa.array([0], pa.int64()), "text": [text]})
    sent = b"".join(encode([table], NDJSON, schema=table.schema, text_columns=["text"], next=lambda: None)).decode()
    assert len(sent.splitlines()) == 2
    assert json.loads(sent.splitlines()[0])["text"] == text
