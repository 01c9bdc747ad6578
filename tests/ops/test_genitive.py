"""Turn the genitive into an of-phrase, or back: the country's capital, the capital of the country."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outcomes = Callable[..., set[str]]


@pytest.mark.parametrize(
    ("variant", "text", "becomes"),
    [
        ("of", "The country's capital was small.", {"The capital of the country was small."}),
        ("of", "My father's death was sudden.", {"The death of my father was sudden."}),
        ("of", "They spoke about America's future.", {"They spoke about the future of America."}),
        ("s", "The capital of the country was small.", {"The country's capital was small."}),
        ("s", "The death of my father was sudden.", {"My father's death was sudden."}),
        ("s", "They spoke about the future of America.", {"They spoke about America's future."}),
    ],
)
def test_its_outcomes(variant: str, text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, "genitive", variant=variant) == becomes


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("of", "The women's shoes are here."),
        ("of", "Today's paper is here."),
        ("of", "The country's capital market grew."),
        ("s", "The end of the day came."),
        ("s", "A cup of tea is here."),
        ("s", "The name of the city of Rome is old."),
    ],
)
def test_it_abstains(variant: str, text: str, outcomes: Outcomes) -> None:
    assert outcomes(text, "genitive", variant=variant) == {text}
