"""Streams are cut into blocks of whole lines, the same ones however the bytes arrive."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidCorpus
from augsvc.formats import lines
from augsvc.formats.lines import Block, line_blocks, read_fully


class Dribble(io.RawIOBase):
    """Gives at most `step` bytes a read, as a socket may."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__()
        self._stream = io.BytesIO(content)
        self._step = step

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(min(size, self._step) if size >= 0 else self._step)


def flat(blocks: list[Block]) -> list[bytes]:
    numbered = [(number, line) for block in blocks for number, line in enumerate(block.lines, block.first)]
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    return [line for _, line in numbered]


@given(st.binary(max_size=50), st.integers(1, 60), st.integers(1, 7))
def test_a_full_read_is_full_from_any_stream(content: bytes, size: int, step: int) -> None:
    assert read_fully(Dribble(content, step), size) == content[:size]


@given(st.lists(st.sampled_from([b"", b"a", b"bcd", b"\r", b"\xff\xfe", b"\xef\xbb\xbf"]), max_size=20), st.booleans())
def test_lines_are_those_between_line_feeds(parts: list[bytes], closed: bool) -> None:
    content = b"\n".join(parts) + (b"\n" if closed and parts else b"")
    body = content.removeprefix(b"\xef\xbb\xbf")
    expected = body.removesuffix(b"\n").split(b"\n") if body else []
    assert flat(list(line_blocks(io.BytesIO(content)))) == expected


@given(st.lists(st.binary(max_size=9), max_size=30), st.integers(1, 40), st.integers(1, 40))
def test_blocks_do_not_depend_on_how_the_stream_arrives(parts: list[bytes], size: int, step: int) -> None:
    content = b"\n".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", size)
        whole = list(line_blocks(io.BytesIO(content)))
        assert list(line_blocks(Dribble(content, step))) == whole
    assert flat(whole) == flat(list(line_blocks(io.BytesIO(content))))


def test_ten_megabytes_of_one_word_are_one_line() -> None:
    word = b"x" * 10_000_000
    assert flat(list(line_blocks(io.BytesIO(word + b"\nend\n")))) == [word, b"end"]


def test_an_endless_line_is_refused_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1 << 20)
    with pytest.raises(InvalidCorpus, match="Line 3 is longer than 1 MiB"):
        list(line_blocks(io.BytesIO(b"a\nb\n" + b"x" * (4 << 20))))
