"""Philox against its authors' known answers, and every draw against plain integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from augsvc.batch import Keys
from augsvc.kernels.rng import row_keys

from . import compiled, twin_rng
from .texts import QUICK

ONES, WORD = 2**32 - 1, st.integers(0, 2**32 - 1)
SEED = st.integers(0, 2**63 - 1)

KNOWN_ANSWERS = [
    # key, counter and block of `philox4x32 10` in kat_vectors of Random123 1.14
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES), (ONES, ONES, ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
Block = tuple[int, int, int, int]


@pytest.mark.parametrize(("key", "counter", "block"), KNOWN_ANSWERS)
def test_kernel_and_twin_give_the_known_answers(key: tuple[int, int], counter: Block, block: Block) -> None:
    assert twin_rng.philox(key, counter) == block
    assert compiled.philox(np.array(key, np.uint32), np.array(counter, np.uint32)) == block


def test_a_row_key_takes_its_counter_in_the_documented_order() -> None:
    (low, high), (row_low, row_high, epoch, copy), block = KNOWN_ANSWERS[2]
    out = np.empty((1, 2), np.uint32)
    row = np.array([row_low | row_high << 32], np.uint64).view(np.int64)
    row_keys(low | high << 32, epoch, row, np.array([copy]), out)
    assert out.tolist() == [[*block[:2]]]


@given(seed=SEED, epoch=WORD, rows=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3), copies=st.integers(1, 3))
@QUICK
def test_row_keys_are_those_of_the_twin(seed: int, epoch: int, rows: list[int], copies: int) -> None:
    keys = Keys.of_copies(seed, epoch, np.array(rows, np.int64), copies)
    assert keys.words.tolist() == [[*twin_rng.row_key(seed, epoch, row, c), 0] for row in rows for c in range(copies)]
    assert keys.source.tolist() == [source for source in range(len(rows)) for _ in range(copies)]


def test_the_original_of_a_row_has_copy_minus_one() -> None:
    keys = Keys.make(7, 0, np.array([5]), np.array([-1]), np.array([0]))
    assert tuple(keys.words[0, :2]) == twin_rng.philox((7, 0), (5, 0, 0, ONES))[:2]


@given(key=st.tuples(WORD, WORD), field=WORD, operation=WORD, token=WORD, count=st.integers(0, 10))
@example(key=(1, 2), field=3, operation=ONES, token=twin_rng.ROW, count=9)
@QUICK
def test_draws_are_those_of_the_twin(key: tuple[int, int], field: int, operation: int, token: int, count: int) -> None:
    out = np.empty(count, np.uint32)
    compiled.draws(np.array([*key, field], np.uint32), operation, token, out)
    assert out.tolist() == [twin_rng.draw(key, operation, token, index, field) for index in range(count)]


@given(random=WORD, limit=st.integers(1, 2**32 - 1))
@example(random=ONES, limit=ONES)
@QUICK
def test_a_draw_is_scaled_below_its_limit(random: int, limit: int) -> None:
    assert compiled.below(np.uint32(random), limit) == twin_rng.below(random, limit) < limit


def test_every_coordinate_of_a_key_changes_the_draws() -> None:
    keys = {twin_rng.row_key(*[int(place == i) for i in range(4)]) for place in range(5)}
    draws = {
        twin_rng.draw(key, operation, token, i, field)
        for key in keys
        for operation in (0, 1)
        for token in (0, 1)
        for i in (0, 4)
        for field in (0, 1)
    }
    assert (len(keys), len(draws)) == (5, 80)
