"""Plain text: a row a line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import Fault, InvalidCorpus
from augsvc.formats import TEXT, Reader, read_batches


def read(content: bytes, **options: object) -> tuple[list[dict[str, object]], Reader]:
    reader = read_batches(io.BytesIO(content), TEXT, **options)  # type: ignore[arg-type]
    return [row for batch in reader for row in batch.to_pylist()], reader


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]))),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_line_is_a_row_and_a_last_line_break_begins_none(texts: list[str], ending: str) -> None:
    content = "".join(text + ending for text in texts)
    rows, reader = read(b"\xef\xbb\xbf" + content.encode())
    assert [row["text"] for row in rows] == texts
    assert reader.skipped == 0


def test_lone_carriage_returns_form_feeds_and_unicode_separators_break_no_line() -> None:
    text = "a\rb\x0bc\x0cd\x85e\u2028f\u2029g\x00h"
    assert read(text.encode() + b"\r\n\r\n")[0] == [{"text": text}, {"text": ""}]


def test_the_column_may_have_another_name_but_none_of_ours() -> None:
    rows, reader = read(b"a", text_column="sentence")
    assert rows == [{"sentence": "a"}]
    assert reader.text_column == "sentence"
    with pytest.raises(InvalidCorpus, match="_original"):
        read(b"a", text_column="_original")


def test_a_line_of_invalid_utf8_is_bad_by_its_number() -> None:
    content = b"good\nb\xffad\n\xed\xa0\x80\ngood"
    rows, reader = read(content, on_bad="skip")
    assert rows == [{"text": "good"}, {"text": "good"}]
    assert reader.skipped == 2
    assert reader.faults[0] == Fault("line 2", "invalid UTF-8 at byte 2 of the line")
    with pytest.raises(InvalidCorpus, match="line 2") as caught:
        read(content)
    assert caught.value.faults == reader.faults


def test_of_many_bad_lines_ten_are_told() -> None:
    with pytest.raises(InvalidCorpus) as caught:
        read(b"\xff\n" * 100_000)
    assert [fault.pointer for fault in caught.value.faults] == [f"line {n}" for n in range(1, 11)]


def test_real_text_keeps_every_byte(shared_data: Path) -> None:
    content = (shared_data / "text" / "movie_reviews.txt").read_bytes()[:3_000_000]
    rows, reader = read(content, on_bad="skip")
    expected = content.decode(errors="ignore").removesuffix("\n").split("\n")
    assert [row["text"] for row in rows] == [line.removesuffix("\r") for line in expected]
    assert reader.skipped == 0
