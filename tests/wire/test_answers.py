"""Whole answers: what is encoded comes out of the decoders, or it is an error."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import TransferError, ViewSuperseded
from augsvc.wire import (
    ARROW,
    ARROW_LZ4,
    ARROW_ZSTD,
    NDJSON,
    TEXT_COLUMNS,
    Decoder,
    End,
    decode_arrow,
    decode_ndjson,
    encode,
)

BOTH = pytest.mark.parametrize("media_type", [ARROW, ARROW_LZ4, ARROW_ZSTD, NDJSON])
SCHEMA = pa.schema(
    [
        ("_position", pa.int64()),
        ("_row", pa.int64()),
        ("_copy", pa.int32()),
        ("text", pa.string()),
        ("tags", pa.list_(pa.int64())),
    ],
    metadata={"kept": "yes"},
)
NEXT = "v1.0123456789abcdef0123456789abcdef.0.9"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
tables = st.lists(
    st.lists(st.tuples(texts, st.none() | st.lists(st.integers(-9, 9), max_size=2)), max_size=6), max_size=4
)


def table_of(texts: list[str], start: int = 0, tags: list[Any] | None = None) -> pa.Table:
    numbers = list(range(start, start + len(texts)))
    columns = [numbers, numbers, [0] * len(numbers), texts, tags or [None] * len(numbers)]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def answer(tables: Any, media_type: str, following: str | None = NEXT) -> bytes:
    return b"".join(encode(tables, media_type, schema=SCHEMA, text_columns=["text"], next=lambda: following))


def decoder(content: bytes | io.RawIOBase, media_type: str) -> Decoder[Any]:
    stream: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    return decode_arrow(stream) if media_type.startswith(ARROW) else decode_ndjson(stream, ["text"])


def rows_of(pieces: Decoder[Any]) -> list[dict[str, Any]]:
    return [row for piece in pieces for row in (piece.to_pylist() if isinstance(piece, pa.Table) else piece)]


@BOTH
@given(tables, st.sampled_from([NEXT, None]))
def test_rows_and_the_end_frame_come_back(media_type: str, parts: Any, following: str | None) -> None:
    sent = [table_of([text for text, _ in part], 10 * n, [tags for _, tags in part]) for n, part in enumerate(parts)]
    pieces = decoder(answer(sent, media_type, following), media_type)
    assert pieces.end is None
    assert rows_of(pieces) == [row for table in sent for row in table.to_pylist()]
    assert pieces.end is not None
    assert (pieces.end.rows, pieces.end.next) == (sum(map(len, sent)), following)


@given(tables)
def test_both_formats_have_one_checksum(parts: Any) -> None:
    sent = [table_of([text for text, _ in part], 10 * n) for n, part in enumerate(parts)]
    ends: list[End | None] = []
    for media_type in (ARROW, NDJSON):
        pieces = decoder(answer(sent, media_type), media_type)
        list(pieces)
        ends.append(pieces.end)
    assert ends[0] == ends[1]


def test_ndjson_is_a_line_a_row_and_the_end_line() -> None:
    assert (
        answer([table_of(["é\n", "b"], tags=[[1], None])], NDJSON, None)
        == (
            '{"_position":0,"_row":0,"_copy":0,"text":"é\\n","tags":[1]}\n'
            '{"_position":1,"_row":1,"_copy":0,"text":"b","tags":null}\n'
            '{"_end":{"rows":2,"checksum":"dafa3160","next":null}}\n'
        ).encode()
    )


def test_arrow_is_a_stream_that_any_reader_opens_with_the_end_in_the_metadata_of_a_last_empty_batch() -> None:
    reader = pa.ipc.open_stream(answer([table_of(["a", "b"])], ARROW))
    assert json.loads(reader.schema.metadata[TEXT_COLUMNS]) == ["text"]
    assert reader.schema.metadata[b"kept"] == b"yes"
    batches = [reader.read_next_batch_with_custom_metadata() for _ in range(2)]
    with pytest.raises(StopIteration):
        reader.read_next_batch()
    assert [batch.num_rows for batch, _ in batches] == [2, 0]
    assert json.loads(batches[-1].custom_metadata[b"augsvc:end"]) == {"rows": 2, "checksum": "9d946b78", "next": NEXT}
    assert pa.ipc.open_stream(answer([table_of(["a", "b"])], ARROW)).read_all().num_rows == 2


@BOTH
def test_rows_leave_in_whole_chunks_of_thousands(media_type: str) -> None:
    tables = (table_of(["text"] * 20_000, n) for n in (0, 20_000))
    chunks = list(encode(tables, media_type, schema=SCHEMA, text_columns=["text"], next=lambda: None))
    assert len(chunks) == 3 + 3 + 1
    assert len(rows_of(decoder(b"".join(chunks), media_type))) == 40_000


@BOTH
def test_the_cursor_is_asked_for_after_the_last_row(media_type: str) -> None:
    sent: list[int] = []

    def tables() -> Iterator[pa.Table]:
        for n in range(3):
            sent.append(n)
            yield table_of(["a"], n)

    content = encode(tables(), media_type, schema=SCHEMA, text_columns=["text"], next=lambda: f"v1.x.0.{len(sent)}")
    pieces = decoder(b"".join(content), media_type)
    assert len(rows_of(pieces)) == 3
    assert pieces.end is not None
    assert pieces.end.next == "v1.x.0.3"


@BOTH
def test_an_answer_cut_anywhere_is_an_error(media_type: str) -> None:
    content = answer([table_of(["some", "text"]), table_of(["more"], 2)], media_type)
    # Arrow's eight bytes after the end frame say nothing that the frame has not said.
    needed = len(content) - (8 if media_type.startswith(ARROW) else 0)
    for length in range(needed):
        with pytest.raises(TransferError):
            list(decoder(content[:length], media_type))
    assert len(rows_of(decoder(content[:needed], media_type))) == 3


@BOTH
@pytest.mark.parametrize("change", [(b"more", b"move"), (b'"rows":3', b'"rows":2'), (b'"rows": 3', b'"rows": 2')])
def test_changed_bytes_fail_the_count_or_the_checksum(media_type: str, change: tuple[bytes, bytes]) -> None:
    content = answer([table_of(["some", "text", "more"])], media_type)
    if change[0] in content:
        with pytest.raises(TransferError, match="checksum"):
            list(decoder(content.replace(*change), media_type))


@BOTH
@given(st.data())
def test_a_damaged_answer_is_an_error_or_harmless_but_never_another_text(media_type: str, data: st.DataObject) -> None:
    content = bytearray(answer([table_of(["some", "text"])], media_type))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        received = rows_of(decoder(bytes(content), media_type))
    except TransferError:
        return
    assert [row.get("text") for row in received] == ["some", "text"]


@BOTH
@pytest.mark.parametrize("error", [ViewSuperseded("Pin augsvc 0.1.0."), RuntimeError("secret path")])
def test_a_failure_in_the_middle_is_told_and_raised_again(media_type: str, error: Exception) -> None:
    def tables() -> Iterator[pa.Table]:
        yield table_of(["a"])
        raise error

    sent: list[bytes] = []
    with pytest.raises(type(error)):
        sent.extend(encode(tables(), media_type, schema=SCHEMA, text_columns=["text"], next=lambda: None))
    told = "Pin augsvc 0.1.0." if isinstance(error, ViewSuperseded) else "could not be finished"
    with pytest.raises(TransferError, match=told) as caught:
        list(decoder(b"".join(sent), media_type))
    assert caught.value.extra["problem"]["status"] == type(error).__dict__.get("status", 500)
    assert b"secret" not in b"".join(sent)


def test_a_line_after_the_end_line_is_an_error() -> None:
    end = answer([], NDJSON)
    with pytest.raises(TransferError, match="goes on"):
        list(decoder(end + end, NDJSON))


@pytest.mark.parametrize(
    "line",
    [b"[]", b"nope", b'{"_end": 5}', b'{"_end": {"rows": 0}}', b'{"text": "a"}', b'{"_position": 0}', b'{"_error": 5}'],
)
def test_strange_lines_are_errors(line: bytes) -> None:
    with pytest.raises(TransferError):
        list(decoder(line + b"\n" + answer([], NDJSON), NDJSON))


class Dribble(io.RawIOBase):
    """Gives at most seven bytes a read, and breaks at the end if told to."""

    def __init__(self, content: bytes, error: Exception | None = None) -> None:
        super().__init__()
        self._stream = io.BytesIO(content)
        self._error = error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        part = self._stream.read(min(size, 7) if size >= 0 else 7)
        if not part and self._error is not None:
            raise self._error
        return part


@BOTH
def test_a_stream_may_arrive_by_drops(media_type: str) -> None:
    content = answer([table_of(["some", "text"])], media_type)
    assert rows_of(decoder(Dribble(content), media_type)) == table_of(["some", "text"]).to_pylist()


@BOTH
def test_the_transport_s_own_errors_pass_through(media_type: str) -> None:
    class Lost(Exception):
        pass

    content = answer([table_of(["some", "text"])], media_type)[:-60]
    with pytest.raises(Lost):
        list(decoder(Dribble(content, Lost()), media_type))
