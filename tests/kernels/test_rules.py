"""Rewrite rules: those of the pack on real sentences against the twin, which reads them as they are written."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from augsvc.kernels.choose import choose
from augsvc.kernels.draft import NO_LIMIT, Program, Scene, Step
from augsvc.kernels.gates import Gate
from augsvc.kernels.tag import tag
from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder.rules.syntax import parse
from augsvc.lexicon.wordlists import rule_files
from augsvc.pipeline.workspace import Workspace
from augsvc.types import Action

from . import twin_choose
from .plain import NOTHING_COMPOSED, Edit, draws_for, edits_of, key_of, scan, tokens_of
from .planning import ALWAYS, MOST, renamed
from .twin_propose import Words
from .twin_rules import RuleRow, Rules

LEXICON = Lexicon.open()
SECTIONS = parse(rule_files()).sections
ALL = -1


def kernel_edits(texts: list[str], step: Step, masks: list[int]) -> list[list[Edit]]:
    """Return the edits of each row, composed text in the place of the form."""
    batch, space = scan(texts, LEXICON.tables, masks), Workspace()
    tag(batch.texts.data, batch.columns, LEXICON.tables)
    arena = space.arena
    scene = Scene(
        batch.texts.data,
        batch.columns,
        LEXICON.tables,
        LEXICON.articles,
        arena,
        NOTHING_COMPOSED,
        LEXICON.glances((step.first,)),
    )
    plan = space.plan(len(texts), 2 * batch.count + len(texts))
    gates = np.empty((0, len(Gate._fields)), np.int64)
    program, source = Program(np.array([step], np.int64), gates, NO_LIMIT), [*range(len(texts))]
    count = choose(scene, draws_for(source), batch.texts.offsets, batch.words, program, space.board(batch.count), plan)
    text = arena.data.tobytes()
    edits = [
        edit if edit.form >= -1 else edit._replace(form=text[-2 - edit.form :][: edit.size].decode())  # type: ignore[arg-type]
        for edit in edits_of(plan.edits, int(count))
    ]
    edits = [edit if edit.source >= 0 else edit._replace(source_end=-1) for edit in edits]
    return [edits[start:stop] for start, stop in pairwise(plan.edit_rows[: len(texts) + 1].tolist())]


def twin_edits(texts: list[str], step: Step, masks: list[int], rules: Rules) -> list[list[Edit]]:
    batch, words = scan(texts, LEXICON.tables, masks), Words(LEXICON.tables)
    tag(batch.texts.data, batch.columns, LEXICON.tables)
    tokens, data = tokens_of(batch.columns), batch.texts.data.tobytes()
    rows = [RuleRow(data, tokens[n], key_of(n), words, rules) for n in range(len(texts))]
    return [twin_choose.choose(row, [(0, step)], NO_LIMIT) for row in rows]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(LEXICON)


@pytest.mark.parametrize("operation", sorted(LEXICON.rules))
def test_rules_do_on_real_sentences_what_they_say(operation: str, sentences: list[str], rules: Rules) -> None:
    check(Step(9, Action.RULES, ALWAYS, 0, MOST, LEXICON.rules[operation].code, ALL, 0), sentences, rules)


MISSPELLING = sorted(
    {name.partition(".")[0] for name, found in SECTIONS.items() if any(o.letters for r in found for o in r.outputs)}
)


@pytest.mark.parametrize("operation", MISSPELLING)
@pytest.mark.parametrize(("letters", "first"), [(1, True), (3, False), (8, True)])
def test_words_are_misspelt_as_often_and_where_a_step_says(
    operation: str, letters: int, first: bool, sentences: list[str], rules: Rules
) -> None:
    how = int(first) | letters - 1 << 1
    marks = ["an Élan, naïveté and crème brûlée", "Größenwahn ÉTUDE déjà-vu", "an ee\u0301e ffff", "cafe\u0301s"] * 5
    step = Step(9, Action.RULES, ALWAYS, 0, MOST, LEXICON.rules[operation].code, ALL, how)
    assert check(step, [*marks, *sentences], rules) > 500


def check(step: Step, sentences: list[str], rules: Rules) -> int:
    """Compare kernel and twin on 270 sentences, some shouted, some words protected; return the number of edits."""
    texts = [*sentences[:250], *(text.upper() for text in sentences[250:270])]
    masks = [0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 4, 0, 0] * 60
    kernel, twin = kernel_edits(texts, step, masks), twin_edits(texts, step, masks, rules)
    assert [*map(renamed, kernel)] == [*map(renamed, twin)]
    return sum(map(len, kernel))


@pytest.mark.parametrize("operation", ["determiner", "preposition", "verb_form"])
def test_a_variant_draws_no_words_for_the_others(operation: str, sentences: list[str], rules: Rules) -> None:
    for number in range(len(LEXICON.rules[operation].variants)):
        step = Step(9, Action.RULES, ALWAYS // 10, 0, MOST, LEXICON.rules[operation].code, 1 << number, 0)
        kernel, twin = kernel_edits(sentences[:60], step, []), twin_edits(sentences[:60], step, [], rules)
        assert [*map(renamed, kernel)] == [*map(renamed, twin)]
