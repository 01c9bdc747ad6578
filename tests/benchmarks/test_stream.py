"""The corpus that streams are measured on."""

from __future__ import annotations

import io

import pytest
from stream import LINE, Lines


@pytest.mark.parametrize("rows", [0, 1, 9_999, 10_000, 25_000])
def test_the_file_has_so_many_different_lines_of_one_hundred_bytes(rows):
    lines = io.BufferedReader(Lines(rows)).read().splitlines(keepends=True)
    assert len(lines) == len(set(lines)) == rows
    assert {len(line) for line in lines} <= {100}
    assert len(LINE % 0) == 100
