"""Kernels on hostile bytes: they read nothing outside their row, need no more than linear time, and never fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from augsvc.batch import TextBatch, TokenBatch
from augsvc.pipeline.presets import PRESETS
from augsvc.types import PackTables

from .texts import QUICK, texts

_CUT = [
    b"\xc3",
    b"\xe2",
    b"\xe2\x80",
    b"\xf0",
    b"\xf0\x9f\x98",
    b"\x80",
    b"\xff",
    b"\xf8",
    b"\xed\xa0\x80",
    b"\xf4\xbf\xbf\xbf",
]
_ROWS = st.lists(st.sampled_from([*_CUT, b"\0", b"a", b"n'", b"'", b"n", b"-", b"@", b"www", b"://", b"<", b"`", b","]))
hostile = _ROWS.map(b"".join) | st.binary(max_size=12) | texts.map(str.encode)
"""Rows that are no valid UTF-8, among them the beginnings of what a look-ahead would like to go on with."""

Tokens = list[tuple[int, ...]]


def batch_of(rows: list[bytes]) -> TextBatch:
    return TextBatch(np.frombuffer(b"".join(rows), np.uint8), np.cumsum([0, *map(len, rows)]))


def tokens_by_row(rows: list[bytes], tables: PackTables) -> list[Tokens]:
    """Return the tokens of each row as tuples of all their columns, offsets counted from the row's start."""
    batch = TokenBatch.scan(batch_of(rows), tables)
    found = []
    for row, base in enumerate(batch.texts.offsets[:-1].tolist()):
        inside = slice(*batch.columns.first[row : row + 2].tolist())
        starts, ends, *others = (column[inside].tolist() for column in batch.columns[1:])
        found.append(
            [(start - base, end - base, *rest) for start, end, *rest in zip(starts, ends, *others, strict=True)]
        )
    return found


@given(rows=st.lists(hostile, min_size=1, max_size=5))
@example(rows=[b"", b"", b"a", b""])
@example(
    rows=[
        b"do",
        b"n't",
        b"'s",
        b"-b",
        b"x.",
        b"com",
        b"\xe2\x80",
        b"\x99s",
        b"10",
        b",5",
        b"f",
        b"()",
        b"http:",
        b"//x",
    ]
)
@QUICK
def test_the_tokens_of_a_row_do_not_depend_on_its_neighbours(rows: list[bytes], tables: PackTables) -> None:
    assert tokens_by_row(rows, tables) == [tokens_by_row([row], tables)[0] for row in rows]


@given(row=hostile)
@QUICK
def test_tokens_follow_each_other_inside_the_row_and_leave_out_nothing_but_spaces(
    row: bytes, tables: PackTables
) -> None:
    done, left = 0, b""
    for start, end, *_ in tokens_by_row([row], tables)[0]:
        assert done <= start < end <= len(row)
        left, done = left + row[done:start], end
    outside = (left + row[done:]).decode(errors="replace")
    assert not outside.strip() or not row.isascii()


def test_a_nul_byte_is_a_symbol_like_any_control_character(tables: PackTables) -> None:
    assert [token[:3] for token in tokens_by_row([b"a\0b \0"], tables)[0]] == [
        (0, 1, 0), (1, 2, 3), (2, 3, 0), (4, 5, 3),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [[], [b""], [b"", b"", b""], [b" \n\t"]])
def test_no_text_has_no_tokens(rows: list[bytes], tables: PackTables) -> None:
    assert tokens_by_row(rows, tables) == [[] for _ in rows]


@pytest.mark.parametrize(
    "piece",
    [
        "a", "é", "日", "\u0301", "'", "’", "a'", "n't", "'s", "-", "a-", "a.", ".", "..a", ",", "1,", "1", "<", "<a",
        "<a ", "<!", "`", "`a", "(", "(a", "a(", "()", "[", "@", "a@", "@a", "#", "#a", "_", "=", "a=", ":", "a:", "::",
        "a://", "www.", "/", "a/", "\\", "~/", "--a", "$a", "%", "^", "a^", "&", "\0", "\x80", "\n", " a", "a b'",
        "😀", "👩‍", "…", "—a",
    ],
)  # fmt: skip
def test_a_megabyte_of_one_thing_over_again_is_read_in_linear_time(piece: str, tables: PackTables) -> None:
    """A scan that looked back or ahead over all of it for every token would run for minutes."""
    row = piece.encode() * (1_000_000 // len(piece.encode()))
    (tokens,) = [TokenBatch.scan(batch_of([row]), tables)]
    assert tokens.columns.end.max(initial=0) <= len(row)
    assert (np.diff(tokens.columns.start) > 0).all()


def test_ten_megabytes_of_one_word_are_one_token(tables: PackTables) -> None:
    for letter in ("a", "é"):
        batch = TokenBatch.scan(TextBatch.from_strings([letter * 10_000_000]), tables)
        assert (batch.count, batch.words.tolist()) == (1, [1])


HOSTILE = [
    "The old dogs of the dog ran to a big house, didn't they? An animal's HOUSE @user's x^y <b>a</b> 1,000",
    "f(), e.g. http://x.org/a — don’t “stop” C:\\x a::b 日本語 😀 www.a.com me@x.org 10,",
    "a", "www.", "n'", "<a", "`", "x.", "10,", "@", "~", "--", "$", "don", "a‐", "x:/", "é’", "…", "",
]  # fmt: skip
TWICE = {
    "passes": [[{"type": "synonym", "rate": 1, "senses": 9}, {"type": "random_deletion", "rate": 0.3}]] * 2,
    "protect": {"kinds": ["name"], "words": ["the dog"]},
}
AUGMENT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import augsvc
import numba
rows, pipelines = json.load(sys.stdin)
results = [augsvc.augment(rows, pipeline, seed=5, epoch=1, copies=2) for pipeline in pipelines]
texts = [[result.text for result in of_one] for of_one in results]
print(json.dumps([numba.config.DISABLE_JIT, numba.config.BOUNDSCHECK, texts]))
"""


def augmented(rows: list[str], pipelines: list[Any], **environment: str) -> list[Any]:
    """Return how a process of its own compiles, and two copies of each row by each pipeline."""
    run = subprocess.run(
        [sys.executable, "-c", AUGMENT],
        input=json.dumps([rows, pipelines]), env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found: list[Any] = json.loads(run.stdout)
    return found


def test_kernels_run_as_plain_python_with_checked_indices_give_the_same_bytes() -> None:
    """NumPy raises IndexError where compiled code would read past an array."""
    plain, compiled = (augmented(HOSTILE, [TWICE], NUMBA_DISABLE_JIT=disabled) for disabled in ("1", "0"))
    assert plain[::2] == [1, compiled[2]]
    assert compiled[2] != [[row for row in HOSTILE for _ in range(2)]]


def test_kernels_compiled_with_checked_indices_give_the_same_bytes(tmp_path: Path, sentences: list[str]) -> None:
    """Plain Python takes a negative index for one from the end; here it raises IndexError, as one past an array."""
    rows, pipelines = [*HOSTILE, *sentences[:300]], [TWICE, *PRESETS]
    checked = augmented(rows, pipelines, NUMBA_BOUNDSCHECK="1", AUGSVC_KERNEL_CACHE=str(tmp_path))
    unchecked = augmented(rows, pipelines)
    assert checked == [0, 1, unchecked[2]]
    assert unchecked[:2] == [0, None]
