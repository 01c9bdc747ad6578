"""Which media type answers a request (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from augsvc.errors import NotAcceptable

ARROW = "application/vnd.apache.arrow.stream"
NDJSON = "application/x-ndjson"


class _Range(NamedTuple):
    media_type: str
    quality: float

    @property
    def specificity(self) -> int:
        return 2 - (self.media_type == "*/*") - self.media_type.endswith("/*")

    def covers(self, media_type: str) -> bool:
        return self.media_type in ("*/*", media_type, media_type.partition("/")[0] + "/*")


def negotiate(accept: str | None, available: Sequence[str] = (NDJSON, ARROW)) -> str:
    """The media type of `available` that an Accept header likes best; what it likes equally, the first of them.

    For each type its most specific range counts. No header means `*/*`. Raises NotAcceptable where none is liked.
    """
    ranges = list(_ranges(accept)) if accept and accept.strip() else [_Range("*/*", 1.0)]

    def quality(media_type: str) -> float:
        covering = [item for item in ranges if item.covers(media_type)]
        return max(covering, key=lambda item: item.specificity).quality if covering else 0.0

    best = max(available, key=quality)
    if quality(best) <= 0:
        raise NotAcceptable(f"None of the types asked for can be sent: accept {' or '.join(available)}.")
    return best


def _ranges(accept: str) -> Iterator[_Range]:
    for item in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in item.split(";"))
        weights = [value for name, _, value in (part.partition("=") for part in parameters) if name.strip() == "q"]
        try:
            yield _Range(media_type, float(weights[0]) if weights else 1.0)
        except ValueError:
            continue
