"""Which media type, and which content coding, answers a request (RFC 9110, sections 12.5.1 and 12.5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from augsvc.errors import NotAcceptable

ARROW = "application/vnd.apache.arrow.stream"
ARROW_LZ4 = f"{ARROW}; codecs=lz4"
ARROW_ZSTD = f"{ARROW}; codecs=zstd"
EVENTS = "text/event-stream"
NDJSON = "application/x-ndjson"

ROW_TYPES = (NDJSON, ARROW, EVENTS, ARROW_ZSTD, ARROW_LZ4)
"""What rows can be sent as, the one for `*/*` first. `codecs` compress the buffers inside an Arrow stream."""
CODINGS = ("zstd", "gzip", "identity")
"""Content codings of text, the best first."""

_ITEM = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*")+')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*")+')
_WEIGHT = re.compile(r"[01](\.[0-9]*)?|\.[0-9]+")
_UNLISTED = 1e-4
"""Quality of `identity` where the header does not name it: welcome, but any coding that is named goes first."""


class _Range(NamedTuple):
    media_type: str
    codecs: tuple[str, ...] | None
    quality: float

    @property
    def specificity(self) -> int:
        return 2 - (self.media_type == "*/*") - self.media_type.endswith("/*") + (self.codecs is not None)

    def covers(self, media_type: str) -> bool:
        kind, codec = _parted(media_type)
        named = self.media_type in ("*/*", kind, kind.partition("/")[0] + "/*")
        return named and (self.codecs is None or codec in self.codecs)

    def preference(self, media_type: str) -> tuple[float, int]:
        """Quality first, then the order in which the range lists codecs."""
        return self.quality, -self.codecs.index(_parted(media_type)[1]) if self.codecs else 0


def negotiate(accept: str | None, available: Sequence[str] = ROW_TYPES) -> str:
    """The media type of `available` that an Accept header likes best; what it likes equally, the first of them.

    For each type its most specific range counts. No header means `*/*`. A range with the parameter `codecs`, a list,
    means types with one of these. Raises NotAcceptable where none is liked.
    """
    ranges = list(_ranges(accept)) if accept and accept.strip() else [_Range("*/*", None, 1.0)]

    def preference(media_type: str) -> tuple[float, int]:
        covering = [item for item in ranges if item.covers(media_type)]
        return max(covering, key=lambda item: item.specificity).preference(media_type) if covering else (0.0, 0)

    best = max(available, key=preference)
    if preference(best)[0] <= 0:
        raise NotAcceptable(f"None of the types asked for can be sent: accept {' or '.join(available)}.")
    return best


def negotiate_coding(accept_encoding: str | None, media_type: str) -> str:
    """The content coding of an answer, `identity` for none, that an Accept-Encoding header likes best.

    Text may be compressed; Arrow is not, because its own codecs are cheaper: ask for them in Accept. Raises
    NotAcceptable where the header refuses what can be sent.
    """
    weights = {item.value: item.quality for item in _items(accept_encoding or "")}
    others = weights.get("*", 0.0)
    weights.setdefault("identity", others if "*" in weights else _UNLISTED)
    available = ("identity",) if media_type.startswith(ARROW) else CODINGS
    best = max(available, key=lambda coding: weights.get(coding, others))
    if weights.get(best, others) <= 0:
        raise NotAcceptable(f"None of the content codings asked for can be sent: accept {' or '.join(available)}.")
    return best


def _parted(media_type: str) -> tuple[str, str]:
    kind, _, codec = media_type.partition("; codecs=")
    return kind, codec


def _ranges(accept: str) -> Iterator[_Range]:
    for item in _items(accept):
        codecs = item.parameters.get("codecs")
        listed = None if codecs is None else tuple(codec.strip() for codec in codecs.split(","))
        yield _Range(item.value, listed, item.quality)


class _Item(NamedTuple):
    value: str
    parameters: dict[str, str]
    quality: float


def _items(header: str) -> Iterator[_Item]:
    """The items of a list header, in lower case; those whose weight is no number are left out."""
    for item in _ITEM.findall(header.lower()):
        value, *pairs = _PARAMETER.findall(item) or [""]
        named = (pair.partition("=") for pair in pairs)
        parameters = {name.strip(): setting.strip(' "') for name, _, setting in named}
        if _WEIGHT.fullmatch(weight := parameters.get("q", "1")):
            yield _Item(value.strip(), parameters, float(weight))
