"""Which media type answers."""

from __future__ import annotations

import pytest

from augsvc.errors import NotAcceptable
from augsvc.wire import ARROW, NDJSON, negotiate


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, NDJSON),
        ("", NDJSON),
        ("*/*", NDJSON),
        ("application/*", NDJSON),
        (ARROW, ARROW),
        ("Application/VND.apache.arrow.stream", ARROW),
        (NDJSON, NDJSON),
        (f"{ARROW}, */*;q=0.1", ARROW),
        (f"{NDJSON};q=0.5, {ARROW};q=0.9", ARROW),
        (f"{ARROW}, {NDJSON}", NDJSON),
        (f"{NDJSON};q=0, */*", ARROW),
        (f"*/*, {NDJSON};q=0.2", ARROW),
        (f"text/html, {ARROW} ; charset=x ; Q=0.3", ARROW),
        (f"{ARROW};q=nonsense, {NDJSON};q=0.1", NDJSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", NDJSON),
    ],
)
def test_the_best_liked_type_is_chosen(accept: str | None, chosen: str) -> None:
    assert negotiate(accept) == chosen


@pytest.mark.parametrize("accept", ["text/html", "text/*", f"{NDJSON};q=0", "*/*;q=0", "nonsense", ",;,"])
def test_what_is_not_liked_is_not_sent(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="arrow"):
        negotiate(accept)


def test_the_choice_may_be_among_other_types() -> None:
    assert negotiate("*/*", ("text/event-stream", ARROW)) == "text/event-stream"
    with pytest.raises(NotAcceptable):
        negotiate(NDJSON, (ARROW,))
