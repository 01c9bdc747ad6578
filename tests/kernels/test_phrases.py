"""The phrases of the pack are found, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from augsvc.batch import TokenBatch
from augsvc.types import LONGEST_PHRASE, Bools, PackTables

from . import compiled
from .plain import scan


@pytest.fixture(scope="module")
def phrases(form_ids: dict[str, int]) -> list[str]:
    return [form for form in form_ids if " " in form]


def found_in(batch: TokenBatch, tables: PackTables) -> list[Bools]:
    """Say for each row which of its tokens stand in a phrase."""
    out = np.zeros(batch.count, np.bool_)
    compiled.in_phrases(batch.texts.data, batch.columns, tables, out)
    return np.split(out, batch.columns.first[1:-1])


def test_every_token_of_every_short_phrase_stands_in_it(phrases: list[str], tables: PackTables) -> None:
    rows = found_in(scan(phrases, tables), tables)
    short = [(phrase, row) for phrase, row in zip(phrases, rows, strict=True) if len(row) <= LONGEST_PHRASE]
    # 's-Gravenhage is The Hague
    assert {phrase for phrase, row in short if not row.all()} <= {"'s gravenhage"}
    assert len(short) > 100_000


def test_the_words_around_a_phrase_stand_in_none(phrases: list[str], tables: PackTables) -> None:
    some = phrases[::200]
    rows = found_in(scan([f"Xyzzy {phrase.upper()} xyzzy xyzzy" for phrase in some], tables), tables)
    assert not any(row[0] or row[-2:].any() for row in rows)
    assert all(row[1:-2].all() for row in rows if len(row) - 3 <= LONGEST_PHRASE)


@pytest.mark.parametrize("text", ["of  course", "of, course", "of-course", "course of", "take the place", "of\ncourse"])
def test_a_phrase_stands_as_it_is_written(text: str, tables: PackTables) -> None:
    [row] = found_in(scan([text], tables), tables)
    assert not row.any()
    assert found_in(scan(["of course", "take place"], tables), tables)[0].all()
