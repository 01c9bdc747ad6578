"""The frames that end an answer, and the decoder that insists on them."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

import pyarrow as pa

from augsvc.errors import AugsvcError, TransferError
from augsvc.types import JsonObject
from augsvc.wire.checksum import Checksum

TEXT_COLUMNS = b"augsvc:text_columns"
"""Key of an Arrow answer's schema metadata: the JSON list of the columns that the checksum covers."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class End:
    """What the last frame says: how many rows, their checksum, and the cursor after them (None: nothing is left)."""

    rows: int
    checksum: str
    next: str | None

    def document(self) -> JsonObject:
        """The frame's JSON."""
        return {"rows": self.rows, "checksum": self.checksum, "next": self.next}


class Tally:
    """Counts and sums up rows as they pass, at either end of the wire."""

    def __init__(self, text_columns: Sequence[str]) -> None:
        self._text_columns = text_columns
        self._checksum = Checksum()
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Count in the rows of a table."""
        self._checksum.update(table, self._text_columns)
        self._rows += table.num_rows

    def end(self, following: str | None) -> End:
        """The end frame of the rows so far."""
        return End(self._rows, self._checksum.hexdigest(), following)

    def verified(self, frame: Any) -> End:
        """The end frame received, if it agrees with the rows received; raises TransferError."""
        try:
            received = End(**frame)
        except TypeError as error:
            raise TransferError("The answer's end frame is no end frame: fetch it again.") from error
        if received != self.end(received.next):
            raise TransferError(
                f"The answer promised {received.rows} rows with checksum {received.checksum}, but {self._rows} rows "
                f"with checksum {self._checksum.hexdigest()} came: fetch it again."
            )
        return received


class Decoder(Generic[T]):
    """An answer's rows in pieces, to be read once; `end` is its end frame once the last piece has been read.

    Iteration raises TransferError where the answer stops early, fails its count or checksum, or carries a problem.
    """

    def __init__(self, pieces: Generator[T, None, End]) -> None:
        self._pieces = pieces
        self.end: End | None = None

    def __iter__(self) -> Iterator[T]:
        self.end = yield from self._pieces


def problem(error: Exception) -> JsonObject:
    """The problem details (RFC 9457) of an error; of one that was not raised on purpose they tell nothing."""
    told = known(error)
    return {
        "type": "about:blank",
        "title": told.title,
        "status": told.status,
        "detail": told.detail,
        "code": told.code,
        "retryable": told.retryable,
    }


def known(error: Exception) -> AugsvcError:
    """The error itself if it was raised on purpose, else one that may be told."""
    return error if isinstance(error, AugsvcError) else AugsvcError("The answer could not be finished.")


def raise_problem(document: Any) -> NoReturn:
    """Raise the TransferError of a problem frame; `extra["problem"]` holds its document."""
    detail = document.get("detail") if isinstance(document, dict) else None
    raise TransferError(f"The server gave up in the middle: {detail or json.dumps(document)}", problem=document)


def missing_end() -> TransferError:
    """The error of an answer without an end frame."""
    return TransferError("The answer ended before its end frame: fetch it again.")
