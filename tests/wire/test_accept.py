"""Which media type answers."""

from __future__ import annotations

import pytest

from augsvc.errors import NotAcceptable
from augsvc.wire import ARROW, ARROW_LZ4, ARROW_ZSTD, EVENTS, NDJSON, negotiate, negotiate_coding


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, NDJSON),
        ("", NDJSON),
        ("*/*", NDJSON),
        ("application/*", NDJSON),
        (ARROW, ARROW),
        ("Application/VND.apache.arrow.stream", ARROW),
        (NDJSON, NDJSON),
        (f"{ARROW}, */*;q=0.1", ARROW),
        (f"{NDJSON};q=0.5, {ARROW};q=0.9", ARROW),
        (f"{ARROW}, {NDJSON}", NDJSON),
        (f"{NDJSON};q=0, */*", ARROW),
        (f"*/*, {NDJSON};q=0.2", ARROW),
        (f"text/html, {ARROW} ; charset=x ; Q=0.3", ARROW),
        (f"{ARROW};q=nonsense, {NDJSON};q=0.1", NDJSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", NDJSON),
        (EVENTS, EVENTS),
        ("text/event-stream, */*;q=0.1", EVENTS),
        ("text/*", EVENTS),
        (f"{ARROW};codecs=zstd", ARROW_ZSTD),
        (f"{ARROW}; codecs=lz4", ARROW_LZ4),
        (f'{ARROW}; codecs="lz4, zstd"', ARROW_LZ4),
        (f'{ARROW}; codecs="zstd, lz4"; q=0.5, {NDJSON};q=0.1', ARROW_ZSTD),
        (f'{ARROW};codecs="snappy,zstd"', ARROW_ZSTD),
        (f'{ARROW};codecs=""', ARROW),
        (f"{ARROW};codecs=snappy, {NDJSON};q=0.1", NDJSON),
        (f"{ARROW};codecs=snappy, {ARROW};q=0.1", ARROW),
        (f"{ARROW}, {ARROW};codecs=zstd;q=0", ARROW),
        (f"{ARROW};q=nan, {NDJSON};q=0.1", NDJSON),
        (f"{ARROW};q=7, {NDJSON};q=0.1", NDJSON),
    ],
)
def test_the_best_liked_type_is_chosen(accept: str | None, chosen: str) -> None:
    assert negotiate(accept) == chosen


@pytest.mark.parametrize(
    "accept", ["text/html", "image/*", f"{NDJSON};q=0", "*/*;q=0", "nonsense", ",;,", f"{ARROW};codecs=snappy"]
)
def test_what_is_not_liked_is_not_sent(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="arrow"):
        negotiate(accept)


def test_the_choice_may_be_among_other_types() -> None:
    assert negotiate("*/*", ("text/event-stream", ARROW)) == "text/event-stream"
    with pytest.raises(NotAcceptable):
        negotiate(NDJSON, (ARROW,))


@pytest.mark.parametrize(
    ("header", "text", "arrow"),
    [
        (None, "identity", "identity"),
        ("", "identity", "identity"),
        ("gzip", "gzip", "identity"),
        ("gzip, deflate, br", "gzip", "identity"),
        ("gzip, deflate, br, zstd", "zstd", "identity"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip", "identity"),
        ("GZIP;Q=0.5", "gzip", "identity"),
        ("gzip;q=0.2, identity;q=0.8", "identity", "identity"),
        ("gzip;q=0", "identity", "identity"),
        ("*", "zstd", "identity"),
        ("gzip, *;q=0", "gzip", None),
        ("identity;q=0", None, None),
        ("br, identity;q=0", None, None),
        ("br, *;q=0", None, None),
        ("br;q=nonsense", "identity", "identity"),
    ],
)
def test_the_best_liked_coding_is_chosen(header: str | None, text: str | None, arrow: str | None) -> None:
    for media_type, coding in ((NDJSON, text), (EVENTS, text), (ARROW, arrow), (ARROW_ZSTD, arrow)):
        if coding is None:
            with pytest.raises(NotAcceptable, match="identity"):
                negotiate_coding(header, media_type)
        else:
            assert negotiate_coding(header, media_type) == coding
