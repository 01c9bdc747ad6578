"""Compressed files: whole ones of any number of parts are read, others refused, bombs stopped on the way."""

from __future__ import annotations

import gzip
import io
from typing import Any, cast

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidCorpus, TooLarge, UnsupportedMedia
from augsvc.formats import Decoded, codec_of, read_fully


def compressed(content: bytes, codec: str) -> bytes:
    return (
        gzip.compress(content, mtime=0) if codec == "gzip" else bytes(pa.Codec("zstd").compress(content, asbytes=True))
    )


def decoded(content: bytes, codec: str, limit: int | None = None) -> bytes:
    return read_fully(cast(Any, Decoded(io.BytesIO(content), codec, limit)), 1 << 30)


each_codec = pytest.mark.parametrize("codec", ["gzip", "zstd"])


@each_codec
@given(parts=st.lists(st.binary(max_size=40), max_size=4))
def test_any_number_of_parts_are_one_file(codec: str, parts: list[bytes]) -> None:
    assert decoded(b"".join(compressed(part, codec) for part in parts), codec) == b"".join(parts)


@each_codec
def test_what_is_cut_off_or_damaged_or_something_else_is_refused(codec: str) -> None:
    whole = compressed(bytes(range(256)) * 1_000, codec)
    for content in (whole[:-1], whole[: len(whole) // 2], whole[:3], b"text", whole + b"more"):
        with pytest.raises(InvalidCorpus, match=f"{codec} file"):
            decoded(content, codec)


@each_codec
def test_a_bomb_is_stopped_at_its_limit(codec: str) -> None:
    bomb = compressed(bytes(50_000_000), codec)
    stream: Any = Decoded(io.BytesIO(bomb), codec, 1_000_000)
    with pytest.raises(TooLarge, match="1000000 bytes"):
        read_fully(stream, 1 << 30)
    assert decoded(bomb, codec, 50_000_000) == bytes(50_000_000)


def test_codings_have_names() -> None:
    assert [codec_of(name) for name in ("gzip", "X-GZIP", " zstd", "identity", "")] == [
        "gzip",
        "gzip",
        "zstd",
        None,
        None,
    ]
    for name in ("br", "gzip, zstd", "compress"):
        with pytest.raises(UnsupportedMedia, match="gzip or zstd"):
            codec_of(name)
