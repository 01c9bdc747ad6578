"""Rows on the wire: tables to frames in Arrow, NDJSON and events, and an end frame that proves completeness."""

from __future__ import annotations

from augsvc.wire.accept import (
    ARROW,
    ARROW_LZ4,
    ARROW_ZSTD,
    CODINGS,
    EVENTS,
    NDJSON,
    ROW_TYPES,
    negotiate,
    negotiate_coding,
)
from augsvc.wire.arrow import decode_arrow
from augsvc.wire.checksum import Checksum
from augsvc.wire.compress import compress
from augsvc.wire.encode import encode
from augsvc.wire.frames import TEXT_COLUMNS, Decoder, End, known, problem
from augsvc.wire.jsonable import json_values
from augsvc.wire.ndjson import decode_ndjson

__all__ = [
    "ARROW",
    "ARROW_LZ4",
    "ARROW_ZSTD",
    "CODINGS",
    "EVENTS",
    "NDJSON",
    "ROW_TYPES",
    "TEXT_COLUMNS",
    "WIRE_VERSION",
    "Checksum",
    "Decoder",
    "End",
    "compress",
    "decode_arrow",
    "decode_ndjson",
    "encode",
    "json_values",
    "known",
    "negotiate",
    "negotiate_coding",
    "problem",
]

WIRE_VERSION = 1
"""Changes when the same rows get other bytes; part of every ETag."""
