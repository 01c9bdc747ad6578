"""How errors are counted when the preset of learners' errors is fitted."""

from __future__ import annotations

import pytest

pytest.importorskip("tokenizers", reason="the extra `bench` is not installed")

from learner import Step, all_steps, as_document, by_base, fit, known_type, profile

from augsvc.lexicon import Lexicon
from augsvc.pipeline import parse

TEXTS = ["She saw a dog in the garden, but the dog was asleep.", "The man wrote a letter to his old friends."] * 40


@pytest.mark.parametrize(("name", "known"), [("R:NOUN", "R:OTHER"), ("M:DET", "M:DET"), ("R:NOUN:NUM", "R:NOUN:NUM")])
def test_lexical_types_are_one(name: str, known: str) -> None:
    assert known_type(name) == known


def test_shares_of_base_types_leave_lexical_choice_out_unless_it_is_asked_for() -> None:
    counts = {"M:DET": 1.0, "R:DET": 2.0, "R:PREP": 1.0, "R:OTHER": 4.0}
    assert by_base(counts) == {"DET": 0.75, "PREP": 0.25}
    assert by_base(counts, lexical=True)["OTHER"] == 0.5


def test_a_step_is_of_its_declared_type_where_errant_is_not_asked() -> None:
    step = Step("determiner", "missing", "M:DET")
    assert profile(step, TEXTS, None) == {"M:DET": 1.0}
    assert step in all_steps()


def test_rates_are_fitted_by_what_steps_make_not_by_what_they_declare() -> None:
    steps = [Step("determiner", "missing", "M:DET"), Step("spelling", "doubled", "R:SPELL")]
    wanted = {"M:DET": 0.5, "R:SPELL": 0.5}
    true, crossed = [{"M:DET": 1.0}, {"R:SPELL": 1.0}], [{"R:SPELL": 1.0}, {"R:SPELL": 1.0}]
    fitted = [
        fit(steps, dict(zip(steps, some, strict=True)), wanted, TEXTS, Lexicon.open())[0] for some in (true, crossed)
    ]
    assert fitted[1][0] < fitted[0][0]
    assert parse(as_document(steps, fitted[0], 1.0))
