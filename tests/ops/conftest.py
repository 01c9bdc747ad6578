"""What tests of single operations share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import augsvc

Outcomes = Callable[..., set[str]]


@pytest.fixture(scope="session")
def outcomes() -> Outcomes:
    """Return what one edit (group) of an operation makes of a text, over many keys; `settings` are the operation's."""

    def outcomes(text: str, operation: str, **settings: object) -> set[str]:
        pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1} | settings]}
        return {result.text for result in augsvc.augment([text], pipeline, seed=0, copies=60)}

    return outcomes
