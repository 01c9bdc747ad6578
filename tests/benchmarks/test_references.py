"""Mistakes planted in real sentences, judged by the real sources: each is counted, and its right counterpart is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from difference import edits_between
from judges import Sources, verdicts
from references import read_sources

from .test_judges import sentence

BOUGHT = sentence("Ada/NNP", "bought/VBD", "a/DT", "bigger/JJR", "house/NN", "with/IN", "two/CD", "rooms/NNS")


@pytest.fixture(scope="module")
def sources(shared_data) -> Sources:
    assert shared_data
    return read_sources()


@pytest.mark.parametrize(
    ("judge", "after", "expected"),
    [
        ("inflection", "Ada purchased a bigger house with two rooms", [False]),
        ("inflection", "Ada purchase a bigger house with two rooms", [True]),
        ("inflection", "Ada buyed a bigger house with two rooms", [True]),
        ("inflection", "Ada bought a larger house with two rooms", [False]),
        ("inflection", "Ada bought a large house with two rooms", [True]),
        ("inflection", "Ada bought a bigger house with two chambers", [False]),
        ("inflection", "Ada bought a bigger house with two chamber", [True]),
        ("inflection", "Ada bought a bigger house with two childs", [True]),
        ("inflection", "Ada bought a bigger home with two rooms", []),
        ("article", "Ada bought an uglier house with two rooms", [False]),
        ("article", "Ada bought a uglier house with two rooms", [True]),
        ("article", "Ada bought an useful house with two rooms", [True]),
        ("article", "Ada bought a honest house with two rooms", [True]),
        ("name", "Eve bought a bigger house with two rooms", [True]),
        ("name", "Ada acquired a bigger house with two rooms", [False]),
        ("rare", "Ada bought a bigger messuage with two rooms", [True]),
        ("rare", "Ada bought a bigger home with two rooms", [False]),
        ("unseen", "Ada bought a bigger hoooouse with two rooms", [True]),
    ],
)
def test_a_planted_mistake_is_counted(sources, judge, after, expected):
    edits = edits_between(BOUGHT.text, after)
    assert [verdict.wrong for verdict in verdicts(BOUGHT, edits, sources) if verdict.judge == judge] == expected


def test_a_word_on_a_list_is_counted_and_one_that_stood_there_is_not(sources):
    listed = replace(sources, profane=(frozenset({"rooms", "home"}), frozenset({"home"})))
    after = "Ada bought a bigger home with two nice rooms"
    wrong = [v.judge for v in verdicts(BOUGHT, edits_between(BOUGHT.text, after), listed) if v.wrong]
    assert wrong == ["profane", "profane by all"]
