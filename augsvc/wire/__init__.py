"""Rows on the wire: tables to frames and back, in Arrow and NDJSON, with an end frame that proves completeness."""

from __future__ import annotations

from augsvc.wire.accept import ARROW, NDJSON, negotiate
from augsvc.wire.arrow import decode_arrow
from augsvc.wire.checksum import Checksum
from augsvc.wire.encode import encode
from augsvc.wire.frames import TEXT_COLUMNS, Decoder, End, problem
from augsvc.wire.jsonable import json_values
from augsvc.wire.ndjson import decode_ndjson

__all__ = [
    "ARROW",
    "NDJSON",
    "TEXT_COLUMNS",
    "WIRE_VERSION",
    "Checksum",
    "Decoder",
    "End",
    "decode_arrow",
    "decode_ndjson",
    "encode",
    "json_values",
    "negotiate",
    "problem",
]

WIRE_VERSION = 1
"""Changes when the same rows get other bytes; part of every ETag."""
