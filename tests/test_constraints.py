"""Words, phrases, patterns and kinds keep what they name, and nothing else."""

from __future__ import annotations

import pytest

import augsvc

DELETE = {"ops": [{"type": "random_deletion", "rate": 1}]}


def after(text: str, **protect: object) -> str:
    return augsvc.augment([text], DELETE | {"protect": protect}, seed=0)[0].text


def test_a_word_is_protected_in_any_case_but_not_inside_another() -> None:
    assert after("the Dog and dogs", words=["dog"], kinds=[]) in {"Dog", "the Dog", "Dog and"}
    assert after("we saw dogs", words=["dog"]) == "we"


def test_a_phrase_is_protected_across_any_spacing() -> None:
    assert after("we saw  ice   cream melt", words=["Ice Cream"]) == "we  ice   cream"


def test_a_phrase_does_not_reach_into_the_next_text() -> None:
    results = augsvc.augment(["we saw ice", "cream melts"], DELETE | {"protect": {"words": ["ice cream"]}}, seed=0)
    assert [r.text for r in results] in (["we", "melts"], ["we", "cream"])


def test_a_pattern_is_protected_with_the_spaces_it_matches() -> None:
    assert after("we saw red foxes run", patterns=[r"red \w+"]) == "we red foxes"
    assert after("wé saw réd foxes run", patterns=[r"r\pL+ \w+"]).endswith(" réd foxes")


@pytest.mark.parametrize(
    ("kind", "text"),
    [("function", "we"), ("negation", "never"), ("name", "we Peter"), ("function", "that")],
)
def test_a_kind_keeps_its_words(kind: str, text: str) -> None:
    assert text.rsplit(maxsplit=1)[-1] in after(f"{text} foxes", kinds=[kind, "function"]).split()


def test_released_kinds_can_change() -> None:
    assert "Peter" not in after("we saw Peter run", kinds=["function"])


def test_protecting_everything_changes_nothing(sentences: list[str]) -> None:
    kept = augsvc.augment(sentences[:500], DELETE | {"protect": {"patterns": ["(?s).+"]}}, seed=0)
    assert [r.text for r in kept] == sentences[:500]


def test_many_protected_words_cost_one_look(sentences: list[str]) -> None:
    words = sorted({word for text in sentences[:200] for word in text.split()})[:2000]
    for text, result in zip(
        sentences[:50], augsvc.augment(sentences[:50], DELETE | {"protect": {"words": words}}, seed=0), strict=True
    ):
        assert all(word in result.text for word in text.split() if word in words and word.isalpha())


def test_ranges_that_overlap_protect_what_each_of_them_would() -> None:
    patterns = ["saw red", "red foxes", "(?s)ed fo", "foxes"]
    one_by_one = [after("we saw red foxes run home", patterns=[pattern]) for pattern in patterns]
    together = after("we saw red foxes run home", patterns=patterns)
    assert together == after("we saw red foxes run home", patterns=["saw.*foxes"])
    assert len(set(one_by_one)) > 1
