"""Contract two words, or expand a contraction: do not, don't."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("contract", "She does not like it.", {"She doesn't like it."}),
        ("contract", "I do not know if they are here.", {"I don't know if they are here."}),
        ("contract", "It is a dog.", {"It's a dog."}),
        ("contract", "We have seen it.", {"We've seen it."}),
        ("contract", "He would like tea.", {"He'd like tea."}),
        ("contract", "They will not come.", {"They won't come."}),
        ("contract", "I cannot go.", {"I can't go."}),
        ("contract", "You are late today.", {"You're late today."}),
        ("contract", "It has been cold.", {"It's been cold."}),
        ("expand", "She doesn't like it.", {"She does not like it."}),
        ("expand", "He'd like tea.", {"He would like tea."}),
        ("expand", "He'd seen it.", {"He had seen it."}),
        ("expand", "It's a dog.", {"It is a dog."}),
        ("expand", "It's been cold.", {"It has been cold."}),
        ("expand", "They won't come.", {"They will not come."}),
        ("expand", "Don't worry about it.", {"Do not worry about it."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "contraction", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("contract", "I know what it is."),
        ("contract", "Ask them when THEY are ready."),
        ("expand", "YOU'LL LOVE IT."),
        ("expand", "It has one flaw--it's too long."),
        ("contract", "That is what they are."),
        ("contract", "Is it not nice?"),
        ("contract", "He is not only rich but kind."),
        ("contract", "Why do not you go?"),
        ("contract", "I do NOT know."),
        ("expand", "Why don't you go?"),
        ("expand", "He's gone home."),
        ("expand", "I'd put it there."),
        ("expand", "John's dog barked."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "contraction", variant=variant) == {text}
