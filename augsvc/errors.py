"""Every error that augsvc raises on purpose.

AugsvcError
├── InvalidInput            422  a value breaks its documented range or shape; `faults` says which
│   ├── InvalidPipeline     422
│   └── InvalidCorpus       422  the uploaded file cannot become a corpus
├── InvalidText             400  lone surrogates or invalid UTF-8; `index` says which text
├── BadRequest              400  the request cannot be read at all
├── NotFound                404
│   ├── UnknownCorpus       404
│   └── UnknownView         404
├── NotAcceptable           406
├── ViewSuperseded          409  this build cannot reproduce the view
├── CursorMismatch          412  a cursor of another view
├── TooLarge                413
├── UnsupportedMedia        415
├── Overloaded              429  try again after `retry_after` seconds
├── Unavailable             503  try again after `retry_after` seconds
│   └── StorageFull         503  no room for a file; not to be tried again before someone made some
└── TransferError           502  an answer that ended early, failed its checksum, or carried a problem frame

`status` is the HTTP status the service answers with, `title` the phrase that RFC 9110 has for it, `code` the stable
name that programs may test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class Fault(NamedTuple):
    """One thing wrong with an input: where (an RFC 6901 JSON pointer, or a parameter's name) and why."""

    pointer: str
    detail: str


class AugsvcError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one sentence for a person."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal Server Error"
    retryable: ClassVar[bool] = False

    def __init__(
        self, detail: str, *, faults: Sequence[Fault] = (), retry_after: float | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.retry_after = retry_after
        self.extra = extra


class InvalidInput(AugsvcError):
    """A value breaks its documented range or shape."""

    status, code, title = 422, "invalid_input", "Unprocessable Content"


class InvalidPipeline(InvalidInput):
    """A pipeline that is not one: unknown operation, field or preset, or a value out of range."""

    code = "invalid_pipeline"


class InvalidCorpus(InvalidInput):
    """A file that cannot become a corpus."""

    code = "invalid_corpus"


class InvalidText(AugsvcError):
    """A text that is not valid Unicode; `index` is its position in the batch."""

    status, code, title = 400, "invalid_text", "Bad Request"

    def __init__(self, detail: str, *, index: int, **extra: Any) -> None:
        super().__init__(detail, index=index, **extra)
        self.index = index


class BadRequest(AugsvcError):
    """A request that cannot be read: malformed JSON, a malformed cursor or lane."""

    status, code, title = 400, "bad_request", "Bad Request"


class NotFound(AugsvcError):
    """Nothing has this name."""

    status, code, title = 404, "not_found", "Not Found"


class UnknownCorpus(NotFound):
    """No corpus has this name or digest."""

    code = "unknown_corpus"


class UnknownView(NotFound):
    """No view has this id: post its document, then ask again."""

    code = "unknown_view"


class NotAcceptable(AugsvcError):
    """None of the media types asked for can be sent."""

    status, code, title = 406, "not_acceptable", "Not Acceptable"


class ViewSuperseded(AugsvcError):
    """A view that this build cannot reproduce; the detail names the version to pin."""

    status, code, title = 409, "view_superseded", "Conflict"


class CursorMismatch(AugsvcError):
    """A cursor that belongs to another view."""

    status, code, title = 412, "cursor_mismatch", "Precondition Failed"


class TooLarge(AugsvcError):
    """A request over a documented limit."""

    status, code, title = 413, "too_large", "Content Too Large"

    def fewer(self, rows: int) -> int:
        """Return about how many rows an answer holds, fewer than those asked for; raises itself if it does not tell."""
        most = self.extra.get("rows")
        if not isinstance(most, int) or not 1 <= most < rows:
            raise self
        return most


class UnsupportedMedia(AugsvcError):
    """A body of a media type that is not understood."""

    status, code, title = 415, "unsupported_media_type", "Unsupported Media Type"


class Overloaded(AugsvcError):
    """More work at once than the service takes."""

    status, code, title, retryable = 429, "overloaded", "Too Many Requests", True


class Unavailable(AugsvcError):
    """Not ready, draining, or out of reach."""

    status, code, title, retryable = 503, "unavailable", "Service Unavailable", True


class StorageFull(Unavailable):
    """No room is left where corpora are kept: asking again helps once an operator has made some."""

    code, retryable = "storage_full", False


class TransferError(AugsvcError):
    """An answer that ended early, failed its checksum, or carried a problem frame: fetch it again."""

    status, code, title, retryable = 502, "transfer_error", "Bad Gateway", True
