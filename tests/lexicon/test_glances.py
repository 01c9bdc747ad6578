"""What glances tell of patterns: the same whichever operations a program has beside."""

from __future__ import annotations

import numpy as np
import pytest

from augsvc.lexicon import Lexicon
from augsvc.lexicon.glances import pages_of
from augsvc.rulecode import HASH_SHIFT, NONE, NUMBERED, SIDES, Glances, PageField, WordField
from augsvc.types import Uint64s

LEXICON = Lexicon.open()
CLASSES = 2 * len(LEXICON.tables.class_tags) + NONE + 1
OPERATIONS = ["determiner", "pronoun", "punctuation"]


def entry(operation: str) -> int:
    return LEXICON.rules[operation].code


def number_of(h: int, glances: Glances) -> int:
    """Return the number from 1 of a word of the program, 0 for another."""
    mask = len(glances.slots) - 1
    slot = h >> HASH_SHIFT & mask
    while found := int(glances.slots[slot]):
        if found >> NUMBERED == h >> NUMBERED:
            return found % 2**NUMBERED
        slot = slot + 1 & mask
    return 0


def words_of(operation: str) -> Uint64s:
    (page,) = pages_of(entry(operation), LEXICON.tables.rule_code)
    start, size = int(page[PageField.WORDS]), WordField.BANNED + SIDES
    rows = LEXICON.tables.rule_code[start : start + size * int(page[PageField.WORD_COUNT])]
    return rows.view(np.uint64).reshape(-1, size)


def rows_of(place: int, glances: Glances) -> Uint64s:
    """Return the rows of the operation that is `place`-th in a program, u64[G, SIDES]."""
    return glances.rows.reshape(-1, len(glances.tags), SIDES)[place]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_glance_tells_the_same_of_an_operation_alone_and_beside_others(operation: str) -> None:
    alone, together = LEXICON.glances((entry(operation),)), LEXICON.glances(tuple(map(entry, OPERATIONS)))
    mine, among = rows_of(0, alone), rows_of(OPERATIONS.index(operation), together)
    assert mine[:CLASSES].tolist() == among[:CLASSES].tolist()
    hashes = words_of(operation)[:, WordField.HASH].tolist()
    one, other = ([CLASSES + 2 * (number_of(h, found) - 1) for h in hashes] for found in (alone, together))
    assert min(one) >= CLASSES
    assert mine[one].tolist() == among[other].tolist()
    assert alone.tags[one].tolist() == together.tags[other].tolist()


def test_a_word_that_an_operation_does_not_name_is_to_it_as_others_of_its_class() -> None:
    glances, tables = LEXICON.glances(tuple(map(entry, OPERATIONS))), LEXICON.tables
    known, rows = set(words_of("determiner")[:, WordField.HASH].tolist()), rows_of(0, glances)
    others = [row for row in words_of("pronoun").tolist() if row[WordField.HASH] not in known]
    others = [row for row in others if row[WordField.FORM] < len(tables.form_class)]
    assert len(others) > 10
    for row in others:
        plain = 2 * int(tables.form_class[row[WordField.FORM]])
        own = CLASSES + 2 * (number_of(row[WordField.HASH], glances) - 1)
        assert rows[own : own + 2].tolist() == rows[plain : plain + 2].tolist()


def test_a_program_without_rules_sees_nothing() -> None:
    assert not any(column.any() for column in LEXICON.glances(()))
