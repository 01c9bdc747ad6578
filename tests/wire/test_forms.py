"""Every media type in every content coding: the same rows, the same end, the same bytes again."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc.wire import (
    ARROW,
    ARROW_LZ4,
    ARROW_ZSTD,
    CODINGS,
    EVENTS,
    NDJSON,
    ROW_TYPES,
    compress,
    decode_arrow,
    decode_ndjson,
    encode,
    json_values,
)
from tests.eventsource import EventSource

VIEW = "v1.0123456789abcdef0123456789abcdef.7"
TYPES = pytest.mark.parametrize("media_type", ROW_TYPES)
EVERY_CODING = pytest.mark.parametrize("coding", CODINGS)
SCHEMA = pa.schema(
    [
        ("_position", pa.int64()),
        ("text", pa.string()),
        ("raw", pa.binary()),
        ("when", pa.timestamp("us", "UTC")),
        ("score", pa.float64()),
        ("_original", pa.string()),
    ]
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\r\n", "data: x\n\n", "\x00"]
)
rows = st.fixed_dictionaries(
    {
        "_position": st.integers(0, 2**53),
        "text": texts,
        "raw": st.none() | st.binary(max_size=4),
        "when": st.none() | st.integers(0, 2**40),
        "score": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "_original": texts,
    }
)
tables = st.lists(st.lists(rows, max_size=5).map(lambda part: pa.Table.from_pylist(part, SCHEMA)), max_size=4)


def chunks_of(tables: Any, media_type: str, following: str | None = None) -> Iterator[bytes]:
    return encode(
        tables,
        media_type,
        schema=SCHEMA,
        text_columns=["text"],
        next=lambda: following,
        stem=f"{VIEW}.",
        start=3,
    )


def plain(body: bytes, coding: str) -> bytes:
    """The text of what has come so far of a body."""
    if coding == "gzip":
        return zlib.decompressobj(wbits=31).decompress(body)
    if coding == "zstd":
        return _unzstd(body)
    return body


def _unzstd(body: bytes) -> bytes:
    found, stream = b"", pa.CompressedInputStream(pa.BufferReader(body), "zstd")
    try:
        while part := stream.read(1):
            found += part
    except OSError:  # the frame has no end yet
        pass
    return found


def read(body: bytes, media_type: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows in their JSON form, and the end frame."""
    if media_type.startswith(ARROW):
        found = decode_arrow(io.BytesIO(body))
        columns = [{name: json_values(table[name].combine_chunks()) for name in SCHEMA.names} for table in found]
        listed = [dict(zip(part, row, strict=True)) for part in columns for row in zip(*part.values(), strict=True)]
        assert found.end
        return listed, found.end.document()
    if media_type == EVENTS:
        body = b"".join(event.data.encode() + b"\n" for event in EventSource().feed(body))
    lines = decode_ndjson(io.BytesIO(body), ["text"])
    listed = [row for part in lines for row in part]
    assert lines.end
    return listed, lines.end.document()


@EVERY_CODING
@TYPES
@given(sent=tables)
@settings(max_examples=20)
def test_every_form_has_the_rows_and_the_end_of_plain_ndjson(media_type: str, coding: str, sent: Any) -> None:
    body = b"".join(compress(chunks_of(sent, media_type), coding))
    assert read(plain(body, coding), media_type) == read(b"".join(chunks_of(sent, NDJSON)), NDJSON)


@EVERY_CODING
@TYPES
@given(sent=tables)
@settings(max_examples=20)
def test_the_same_rows_are_the_same_bytes(media_type: str, coding: str, sent: Any) -> None:
    first, second = (list(compress(chunks_of(sent, media_type), coding)) for _ in range(2))
    assert first == second


@EVERY_CODING
@pytest.mark.parametrize("media_type", [NDJSON, EVENTS])
@given(sent=tables)
@settings(max_examples=20)
def test_what_has_come_can_be_read_though_more_is_to_come(media_type: str, coding: str, sent: Any) -> None:
    arrived = text = b""
    whole = list(chunks_of(sent, media_type))
    for chunk, compressed in zip(whole, compress(whole, coding), strict=False):
        arrived, text = arrived + compressed, text + chunk
        assert plain(arrived, coding) == text


@EVERY_CODING
def test_a_failure_leaves_the_coding_without_its_end_after_the_problem(coding: str) -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"_error":{}}\n'
        raise RuntimeError

    sent: list[bytes] = []
    with pytest.raises(RuntimeError):
        sent.extend(compress(broken(), coding))
    assert plain(b"".join(sent), coding) == b'{"_error":{}}\n'
    assert coding != "gzip" or not _is_whole(b"".join(sent))


def _is_whole(body: bytes) -> bool:
    reader = zlib.decompressobj(wbits=31)
    reader.decompress(body)
    return reader.eof


def test_a_gzip_header_has_no_time() -> None:
    assert b"".join(compress([b"x"], "gzip"))[4:8] == bytes(4)


@given(tables, st.sampled_from([None, f"{VIEW}.9"]))
def test_an_event_is_named_by_the_cursor_after_it(sent: Any, following: str | None) -> None:
    *events, end = EventSource().feed(b"".join(chunks_of(sent, EVENTS, following)))
    positions = [json.loads(event.data)["_position"] for event in events]
    assert [event.id for event in events] == [f"{VIEW}.{position + 1}" for position in positions]
    assert {event.type for event in events} <= {"rows"}
    assert (end.type, end.id) == ("end", f"{VIEW}.{positions[-1] + 1 if positions else 3}")
    assert json.loads(end.data)["_end"]["next"] == following


def test_events_leave_in_chunks_of_thousands() -> None:
    row = {"_position": 5, "text": "text", "_original": "text"}
    sent = [pa.Table.from_pylist([row] * 20_000, SCHEMA)]
    assert [len(EventSource().feed(chunk)) for chunk in chunks_of(sent, EVENTS)] == [8_192, 8_192, 3_616, 1]


def test_a_failure_is_an_event_error() -> None:
    def broken() -> Iterator[pa.Table]:
        yield pa.Table.from_pylist([{"_position": 5, "text": "a", "_original": "a"}], SCHEMA)
        raise RuntimeError("secret")

    sent: list[bytes] = []
    with pytest.raises(RuntimeError):
        sent.extend(chunks_of(broken(), EVENTS))
    row, error = EventSource().feed(b"".join(sent))
    assert (error.type, error.id) == ("error", row.id)
    assert json.loads(error.data)["_error"]["code"] == "internal_error"
    assert "secret" not in error.data


@pytest.mark.parametrize("media_type", [ARROW_LZ4, ARROW_ZSTD])
def test_buffers_are_compressed_inside_the_arrow_stream_that_any_reader_opens(media_type: str) -> None:
    row = {"_position": 5, "text": "the same text again and again " * 9, "_original": ""}
    sent = [pa.Table.from_pylist([row] * 5_000, SCHEMA)]
    small, large = (b"".join(chunks_of(sent, kind)) for kind in (media_type, ARROW))
    assert len(small) < len(large) / 10
    assert pa.ipc.open_stream(small).read_all().equals(sent[0])


@pytest.mark.parametrize("values", [pa.timestamp("us"), pa.date32(), pa.decimal128(5, 2), pa.binary_view()])
def test_every_dictionary_ends_an_arrow_stream(values: pa.DataType) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, None], pa.int8()), pa.array([None], values))
    table = pa.table({"_position": [0, 1], "text": ["a", "b"], "column": column})
    chunks = encode(
        [table], ARROW, schema=table.schema, text_columns=["text"], next=lambda: None, stem=f"{VIEW}.", start=0
    )
    assert [part.schema for part in decode_arrow(io.BytesIO(b"".join(chunks)))] == [table.schema]
