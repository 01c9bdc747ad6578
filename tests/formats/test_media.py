"""Which files are read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from augsvc.errors import UnsupportedMedia
from augsvc.formats import NDJSON, TEXT, media_type_of, read_batches


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.jsonl", NDJSON),
        ("dir.txt/a.NDJSON", NDJSON),
        ("a.b.txt", TEXT),
        ("a.csv", "text/csv"),
        ("a.parquet", "application/vnd.apache.parquet"),
        ("a.arrow", "application/vnd.apache.arrow.stream"),
        ("a.csv.gz", "text/csv"),
        ("a.JSONL.ZST", NDJSON),
    ],
)
def test_a_name_tells_the_format(name: str, media_type: str) -> None:
    assert media_type_of(name) == media_type
    assert media_type_of(Path("/x") / name) == media_type


@pytest.mark.parametrize("name", ["a", "a.doc", ".txt/a", "a.jsonl.zip", "a.gz", "a.gz.gz"])
def test_a_name_that_tells_nothing_is_refused_with_the_endings_that_do(name: str) -> None:
    with pytest.raises(UnsupportedMedia, match=r"\.jsonl"):
        media_type_of(name)


@pytest.mark.parametrize("media_type", ["text/plain", "Text/Plain; Charset=UTF-8", 'text/plain;charset="utf-8"'])
def test_a_media_type_may_have_a_charset(media_type: str) -> None:
    assert next(iter(read_batches(io.BytesIO(b"a"), media_type))).to_pylist() == [{"text": "a"}]


@pytest.mark.parametrize("media_type", ["", "application/json", "text/html", "text/plain; charset=latin-1"])
def test_other_media_types_are_refused(media_type: str) -> None:
    with pytest.raises(UnsupportedMedia):
        read_batches(io.BytesIO(b"a"), media_type)
