"""Bodies and parameters of the HTTP interface. Unknown fields and parameters are refused everywhere."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from augsvc.order import CURSOR, LANE
from augsvc.pipeline.told import Told
from augsvc.types import INTEGER, MAX_EPOCH, MAX_ROW, JsonObject
from augsvc.views import MAX_COPIES, MAX_PAGE_ROWS, PAGE_ROWS

MAX_TEXTS = 65_536
MAX_STREAM_SECONDS = 3_600.0
_INTEGER = re.compile(f"{INTEGER}|-[1-9][0-9]*")
_NUMBER = re.compile(rf"-?{INTEGER}(\.[0-9]+)?([eE][+-]?[0-9]+)?")

Seed = Annotated[int, Field(ge=0, le=MAX_ROW, description="Key of all random decisions.")]
Epoch = Annotated[int, Field(ge=0, le=MAX_EPOCH, description="Each epoch augments and shuffles afresh.")]
Position = Annotated[int, Field(ge=0, le=MAX_ROW, description="First position of the epoch to read.")]
Copies = Annotated[int, Field(ge=1, le=MAX_COPIES, description="Augmented copies of each text.")]
Offset = Annotated[int, Field(ge=0)]
Row = Annotated[int, Field(ge=0, le=MAX_ROW)]


Span = Annotated[
    tuple[Offset, Offset] | tuple[Offset, Offset, str],
    Told("A span is [start, end] or [start, end, label], its offsets integers from 0 on"),
]


class Strict(BaseModel):
    """JSON taken at its word: no coercion, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AugmentRequest(Strict):
    """Texts to augment, and the key that decides how."""

    texts: list[str] = Field(max_length=MAX_TEXTS)
    pipeline: str | JsonObject = Field("regularize", description="A preset's name, or a pipeline.")
    seed: Seed | None = Field(None, description="Drawn and told where left out.")
    epoch: Epoch = 0
    copies: Copies = 1
    ids: list[Row | str] | None = Field(
        None, description="The key's row of each text: all integers or all strings. By default the text's position."
    )
    spans: list[list[Span]] | None = Field(
        None, description="Spans of each text, `[start, end]` or `[start, end, label]`."
    )
    return_edits: bool = Field(True, description="Whether each result lists its edits.")
    offset_unit: Literal["codepoint", "utf8", "utf16"] = Field(
        "codepoint", description="What all offsets count, those of the request's spans too."
    )


class RowsRequest(Strict):
    """Positions of an epoch, to be answered in this order; they may repeat."""

    epoch: Epoch = Field(0, description="Each epoch augments and shuffles afresh; a cursor replaces it.")
    positions: list[Row] = Field(max_length=MAX_PAGE_ROWS, description="0 up to the view's rows, without that.")


class EditModel(BaseModel):
    """One replacement: `[start, end)` of the original became `[result_start, result_end)` of the text."""

    op: str
    ops: list[str]
    group: int = Field(description="Edits of a group happened together.")
    start: int
    end: int
    original: str
    replacement: str
    result_start: int
    result_end: int
    source: tuple[int, int] | None = Field(description="Span of the original that moved here.")


class ResultModel(BaseModel):
    """One augmented copy of one text."""

    id: int | str
    # A field named copy would hide the method of pydantic's models.
    copy_: int = Field(alias="copy")
    text: str
    edits: list[EditModel] = Field([], description="By start, disjoint. Absent where `return_edits` is false.")
    spans: list[tuple[int, int] | tuple[int, int, str] | None] = Field(
        description="The request's spans of this text, remapped; null where dropped."
    )


class AugmentResponse(BaseModel):
    """Results in the order of the texts, then of the copies."""

    seed: int
    epoch: int
    pipeline: str = Field(description="Fingerprint: the same value and key give the same bytes for ever.")
    results: list[ResultModel]


class BeforeAfter(BaseModel):
    """What an operation does to a sentence."""

    before: str
    after: str


class OperationModel(BaseModel):
    """One operation of the catalogue."""

    type: str
    version: int
    family: Literal["lexical", "error", "meaning", "noise"]
    errant: list[str] = Field(description="Types of ERRANT that its edits fall under.")
    languages: list[str]
    summary: str
    example: BeforeAfter
    schema_: JsonObject = Field(alias="schema", description="JSON Schema of its fields.")


class OperationsResponse(BaseModel):
    """The catalogue."""

    ops: list[OperationModel]


class PresetModel(BaseModel):
    """A pipeline with a name."""

    name: str
    summary: str
    source: str = Field(description="Where its choice of operations and rates comes from.")
    pipeline: JsonObject


class PipelinesResponse(BaseModel):
    """The presets."""

    pipelines: list[PresetModel]


class ColumnModel(BaseModel):
    """A column of a corpus."""

    name: str
    type: str


class CorpusResponse(BaseModel):
    """A registered corpus."""

    name: str
    digest: str = Field(description="SHA-256; stays valid after the name has moved on.")
    rows: int
    columns: list[ColumnModel]
    text_column: str | list[str] = Field(description="The column that is augmented; several are a list.")


class UploadResponse(CorpusResponse):
    """A corpus just uploaded."""

    skipped: int = Field(description="Bad rows that `on_bad=skip` left out.")
    previous: str | None = Field(None, description="Digest that the name stood for before; present where it moved.")


class CorporaResponse(BaseModel):
    """All corpora that have a name."""

    corpora: list[CorpusResponse]


class ViewResponse(BaseModel):
    """A view: post `view` to any server that holds the corpus and get the same `view_id`."""

    view_id: str
    rows: int = Field(description="Positions in an epoch.")
    view: JsonObject = Field(description="The resolved document.")


class StatusResponse(BaseModel):
    """A server that is well."""

    status: Literal["ok", "ready"]


class Query(BaseModel):
    """Query parameters; text, so converted, but never unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("epoch", "start", "rows", "seed", "copies", mode="before", check_fields=False)
    @classmethod
    def _digits(cls, value: Any) -> Any:
        """Python also reads `+5`, ` 5`, `007`, `5.0` and `1_0`."""
        if isinstance(value, str) and not _INTEGER.fullmatch(value):
            raise ValueError("Input should be an integer, in decimal digits without more zeros than it needs")
        return value

    @field_validator("max_seconds", mode="before", check_fields=False)
    @classmethod
    def _decimal(cls, value: Any) -> Any:
        """Python also reads `1_0`, ` 5`, `inf` and digits of other scripts."""
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            raise ValueError("Input should be a number, in decimal digits")
        return value


class UploadQuery(Query):
    """How to read an uploaded file."""

    text_column: list[Annotated[str, Field(min_length=1)]] | None = Field(
        None,
        description="Column to augment: by default `text`, else the only string column. Given more than once: several, "
        "each a field of the key of its own, in this order.",
        examples=[["text"]],
    )
    on_bad: Literal["fail", "skip"] = Field("fail", description="What to do about a row that cannot be read.")


class CursorQuery(Query):
    """Which epoch of a view to read."""

    cursor: str | None = Field(
        None,
        description="A cursor of this view; replaces `epoch` and, where there is one, `start`.",
        json_schema_extra={"pattern": f"^{CURSOR}$"},
    )


class PlaceQuery(CursorQuery):
    """Where in a view to read."""

    epoch: Epoch = 0
    start: Position = 0
    lane: str | None = Field(
        None,
        description="`OFFSET:ROWS:TOTAL` or `OFFSET:ROWS:TOTAL:ORIGIN`: positions g with "
        "(g - ORIGIN) mod TOTAL in [OFFSET, OFFSET + ROWS). By default every position.",
        examples=["0:8:32"],
        json_schema_extra={"pattern": f"^{LANE}$"},
    )


class PageQuery(PlaceQuery):
    """A page of a view."""

    rows: int = Field(PAGE_ROWS, ge=1, le=MAX_PAGE_ROWS, description="Rows of the page at most.")


class StreamQuery(PlaceQuery):
    """A long stream of a view."""

    max_seconds: float = Field(
        300.0, gt=0, le=MAX_STREAM_SECONDS, description="Ends the stream with a cursor to go on from."
    )


class CorpusStreamQuery(StreamQuery):
    """A long stream of a corpus: the fields of a view besides."""

    pipeline: str = Field("regularize", description="A preset's name, or a pipeline as JSON.", examples=["regularize"])
    seed: Seed = 0
    copies: Copies = 1
    include_original: Literal["false", "rows", "column"] = Field(
        "false", description="Also the text before augmentation, as rows of its own or in the column `_original`."
    )
    shuffle: Literal["global", "block", "none"] = Field(
        "global", description="Order of an epoch: over all rows, over blocks of rows, or as stored."
    )


VIEW_FIELDS = tuple(name for name in CorpusStreamQuery.model_fields if name not in StreamQuery.model_fields)
"""The parameters that describe a view."""
