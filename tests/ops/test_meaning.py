"""What operations that keep the meaning promise together, on real sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import augsvc
from augsvc.lexicon import wordlists
from augsvc.ops import OPERATIONS, Op

SEEDS = 60
MEANING = [op for op in OPERATIONS if op.family == "meaning"]
ONE_WAY = {"relative_reduction"}
"""What a reduced clause was cannot be told."""


def type_of(op: type[Op]) -> str:
    return str(op.model_fields["type"].default)


def variants(op: type[Op]) -> tuple[str, ...]:
    field = op.model_fields.get("variant")
    return get_args(get_args(field.annotation)[0]) if field else ()


def inverses() -> Iterator[tuple[str, str | None, str | None]]:
    for op in MEANING:
        found = variants(op) or (None,)
        if type_of(op) not in ONE_WAY:
            yield from zip([type_of(op)] * len(found), found, found[::-1], strict=True)


def applied(texts: list[str], operation: str, variant: str | None, copies: int = 1) -> list[str]:
    chosen = {} if variant is None else {"variant": variant}
    pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1} | chosen]}
    return [result.text for result in augsvc.augment(texts, pipeline, seed=1, copies=copies)]


@pytest.fixture(scope="module")
def dev(shared_data: Path) -> list[str]:
    """Sentences of the development treebanks; in those with ’ an expanded contraction loses which apostrophe it had."""
    paths = ("ud_ewt/en_ewt-ud-dev.conllu", "ud_gum/en_gum-ud-dev.conllu")
    lines = [line for path in paths for line in (shared_data / path).read_text("utf-8").splitlines()]
    return [line[9:] for line in lines if line.startswith("# text = ") and "’" not in line]


@pytest.mark.parametrize(("operation", "variant", "inverse"), [*inverses()])
def test_its_inverse_gives_the_original_back(operation: str, variant: str, inverse: str, dev: list[str]) -> None:
    pairs = [(b, a) for b, a in zip(dev, applied(dev, operation, variant), strict=True) if a != b]
    back = applied([after for _, after in pairs], operation, inverse, copies=SEEDS)
    for number, (before, after) in enumerate(pairs):
        assert before in back[number * SEEDS : (number + 1) * SEEDS], after


def kept(text: str, numbers: bool) -> Counter[str]:
    """Return the negations, and the numbers, of a text as a multiset; it has n't and cannot as not."""
    words = re.findall(r"\w+", re.sub(r"n['’]t\b|(?<=\bcan)not\b", " not", text.lower()))
    negations = wordlists.words("negation")
    return Counter(word for word in words if word in negations or (numbers and any(map(str.isdigit, word))))


@pytest.mark.parametrize("op", MEANING, ids=type_of)
def test_negation_and_numbers_stay(op: type[Op], sentences: list[str]) -> None:
    some = sentences[:6000]
    for before, after in zip(some, applied(some, type_of(op), None), strict=True):
        numbers = type_of(op) != "numeral"
        assert kept(before, numbers) == kept(after, numbers), after


@pytest.mark.parametrize("op", MEANING, ids=type_of)
def test_names_stay(op: type[Op], shared_data: Path) -> None:
    blocks = (shared_data / "ud_gum" / "en_gum-ud-dev.conllu").read_text("utf-8").split("\n\n")
    rows = [[line.split("\t") for line in block.splitlines()] for block in blocks]
    texts = [row[0][9:] for block in rows for row in block if row[0].startswith("# text = ")]
    names = [
        [row[1] for row in block if len(row) > 4 and row[4] in ("NNP", "NNPS")] for block in rows if len(block) > 1
    ]
    for before, after, found in zip(texts, applied(texts, type_of(op), None), names, strict=True):
        assert all(after.count(name) >= before.count(name) for name in found), after
