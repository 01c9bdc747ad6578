"""How rows are written for a client: which media type and content coding its headers ask for, and who is told of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import orjson
import pyarrow as pa
from starlette.requests import Request

from augsvc.order import Cursor
from augsvc.service import problems
from augsvc.service.meter import Meter
from augsvc.service.places import LAST_EVENT_ID
from augsvc.types import JsonObject
from augsvc.views import Source
from augsvc.wire import EVENTS, WIRE_VERSION, compress, encode, known, negotiate, negotiate_coding


@dataclass(frozen=True, slots=True)
class Form:
    """A media type and a content coding, for the request whose id a failure tells and whose rows a meter counts."""

    media_type: str
    coding: str
    request_id: str = ""
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def of(cls, request: Request) -> Form:
        """The form that a request's headers like best. Raises NotAcceptable."""
        media_type = negotiate(request.headers.get("accept"))
        coding = negotiate_coding(request.headers.get("accept-encoding"), media_type)
        meter = request.app.state.service.metrics.meter(request.scope)
        return cls(media_type, coding, request.state.request_id, meter)

    @property
    def versions(self) -> tuple[int | str, ...]:
        """All that equal rows depend on to be equal bytes, which a strong ETag promises."""
        libraries = (pa.__version__, orjson.__version__, zlib.ZLIB_RUNTIME_VERSION)
        return (WIRE_VERSION, *libraries, self.media_type, self.coding)

    def headers(self, *, resumes: bool = False) -> dict[str, str]:
        """The headers that say how the rows are written, and what decided so.

        `resumes` says that Last-Event-ID decides where the answer begins, as it does for all that is sent as events.
        """
        vary = "Accept, Accept-Encoding"
        headers = {"Vary": f"{vary}, {LAST_EVENT_ID}" if resumes or self.media_type == EVENTS else vary}
        return headers if self.coding == "identity" else headers | {"Content-Encoding": self.coding}

    def chunks(
        self, source: Source, epoch: int, start: int, tables: Iterable[pa.Table], after: Callable[[], int | None]
    ) -> Iterator[bytes]:
        """The bytes of tables that begin at a position of an epoch; `after` tells the position after the last row.

        After a failure the problem frame, and the error.
        """
        stem = Cursor(source.view_id, epoch, start).stem

        def following() -> str | None:
            return None if (position := after()) is None else f"{stem}{position}"

        frames = encode(
            self.meter.counted(tables, source.text_columns),
            self.media_type,
            schema=source.schema,
            text_columns=source.text_columns,
            next=following,
            stem=stem,
            start=start,
            explain=self._explained,
        )
        return self.meter.encoding(compress(frames, self.coding))

    def _explained(self, error: Exception) -> JsonObject:
        return problems.document(known(error), self.request_id)
