"""Views: a corpus seen through a pipeline, in an order. Anyone can recompute any row of any epoch."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeInt, ValidationError

from augsvc.batch import Keys, TextBatch
from augsvc.corpus import Corpora, Corpus
from augsvc.errors import Fault, InvalidInput, InvalidPipeline, TooLarge, UnknownView, ViewSuperseded
from augsvc.formats.flat import flat
from augsvc.lexicon import Lexicon
from augsvc.ops import OPERATIONS
from augsvc.order import SHUFFLE_VERSION, Lane, Shuffle, shuffled
from augsvc.pipeline import Pipeline, augment, faults_of, parse
from augsvc.stages import Stages
from augsvc.store import Store
from augsvc.types import INTEGER, MAX_ROW, Int64s, JsonObject
from augsvc.version import __version__

PAGE_ROWS = 16_384
MAX_PAGE_ROWS = 65_536
MAX_COPIES = 1_024
MAX_PAGE_BYTES = 2**28
"""Most UTF-8 of texts that a page may hold before augmentation: it is in memory several times over."""

MAX_FAULTS = 20
"""Most positions outside the epoch that an error points at."""

_RELEASE = "release"
"""Member of a stored view's document that is no part of the view: the release that stored it."""

_OPEN = 256
"""Views, and corpora, that stay open: every new seed makes another view, so a dictionary would grow for ever."""

_EXACT = 2**53 - 1
"""Largest integer that every JSON reader keeps exact; larger seeds travel as decimal strings."""


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and re.fullmatch(INTEGER, value) else value


def _no_number(value: Any) -> Any:
    """Python has 0 for equal to False."""
    if isinstance(value, int | float) and value is not False:
        raise ValueError("Input should be false, 'rows' or 'column'")
    return value


Seed = Annotated[int, BeforeValidator(_integer), Field(ge=0, le=MAX_ROW, strict=True)]


class ViewRequest(BaseModel):
    """What to see: a corpus by name or digest, a pipeline, how many copies, in which order.

    `versions`, where given (a resolved document has it), must be those of this build.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str = Field(description="A corpus's name or digest.", examples=["reviews"])
    pipeline: str | dict[str, Any] = Field("regularize", description="A preset's name or a pipeline's JSON.")
    seed: Seed = Field(0, description="0 to 2**63 - 1; beyond 2**53 - 1 a decimal string may stand for it.")
    copies: int = Field(1, ge=1, le=MAX_COPIES, strict=True, description="Augmented variants of each row.")
    include_original: Annotated[Literal[False, "rows", "column"], BeforeValidator(_no_number)] = Field(
        False, description="The text before augmentation: as rows of its own, or as the column _original."
    )
    shuffle: Shuffle = Field(
        "global", description="Order of an epoch: over all rows, over blocks of rows, or as stored."
    )
    versions: JsonObject | None = Field(None, description="Versions that the view was made with.")


class _Versions(BaseModel):
    """The form of a view's versions; those of other releases may have components beside these."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, NonNegativeInt]

    shuffle: NonNegativeInt
    scanner: NonNegativeInt
    lexicon: str = Field(pattern="^[0-9a-f]{64}$")
    ops: dict[str, NonNegativeInt]


class View(ViewRequest):
    """A resolved view: the corpus by digest, the pipeline as a document, the versions filled in."""

    pipeline: JsonObject
    versions: JsonObject

    def document(self) -> JsonObject:
        """Return the JSON form, whose canonical bytes name the view."""
        document = self.model_dump(mode="json")
        return document | {"seed": self.seed if self.seed <= _EXACT else str(self.seed)}

    @cached_property
    def view_id(self) -> str:
        """32 hex digits of the BLAKE2b-256 of the document (RFC 8785)."""
        return hashlib.blake2b(rfc8785.dumps(self.document()), digest_size=32).hexdigest()[:32]

    @property
    def variants(self) -> int:
        """Rows of an epoch for each row of the corpus."""
        return self.copies + (self.include_original == "rows")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of an epoch, and the position after the last; None where the lane has none left."""

    table: pa.Table
    next: int | None


class Source(Protocol):
    """Whatever can answer the pages of one view: this process, or a service."""

    @property
    def view_id(self) -> str:
        """The view's id."""

    @property
    def rows(self) -> int:
        """Positions of an epoch."""

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The text columns, which the checksum covers with `_original` where that is there."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of every page."""

    def page(self, epoch: int, start: int, rows: int, lane: Lane) -> Page:
        """Return a lane's first `rows` positions g >= start: columns _position, _row, _copy and the corpus's."""

    def pick(self, epoch: int, positions: Int64s) -> Page:
        """Return these positions (int64[n], any order, repeats allowed), at most 65,536; `next` is None."""


def read(source: Source, epoch: int, start: int, rows: int, lane: Lane) -> Page:
    """Return a page of up to `rows` rows, of fewer where so many hold too much text; raises as `Source.page` does."""
    try:
        return source.page(epoch, start, rows, lane)
    except TooLarge as error:
        return read(source, epoch, start, error.fewer(rows), lane)


@dataclass(frozen=True)
class LocalSource:
    """The view's rows, computed here: order -> corpus -> pipeline; the stages `shuffle`, `read` and `augment`."""

    view: View
    corpus: Corpus
    lexicon: Lexicon
    stages: Stages = field(default_factory=Stages, repr=False, compare=False)

    @property
    def view_id(self) -> str:
        """The view's id."""
        return self.view.view_id

    @property
    def rows(self) -> int:
        """Positions of an epoch."""
        return self.corpus.rows * self.view.variants

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The corpus's text columns."""
        return self.corpus.text_columns

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of every page."""
        own = [pa.field("_position", pa.int64()), pa.field("_row", pa.int64()), pa.field("_copy", pa.int32())]
        text = self.corpus.schema.field(self.text_columns[0])
        before = [text.with_name("_original")] if self.view.include_original == "column" else []
        return pa.schema([*own, *self.corpus.schema, *before])

    @cached_property
    def pipeline(self) -> Pipeline:
        """The view's pipeline."""
        return parse(self.view.pipeline)

    def page(self, epoch: int, start: int, rows: int, lane: Lane) -> Page:
        """Return the first `rows` positions g >= start of a lane.

        Raises InvalidInput for a start below the lane's origin or rows outside 1 ... 65,536, TooLarge for more text
        than a page holds (`extra["rows"]` says about how many rows it does).
        """
        if not 1 <= rows <= MAX_PAGE_ROWS:
            raise InvalidInput(f"rows must be 1 to {MAX_PAGE_ROWS}, not {rows}", faults=[Fault("rows", "out of range")])
        positions = lane.positions(start, rows, self.rows)
        after = int(positions[-1]) + 1 if len(positions) else self.rows
        left = lane.next_position(after, self.rows) is not None
        return Page(self._rows(epoch, positions), after if left else None)

    def pick(self, epoch: int, positions: Int64s) -> Page:
        """Return these positions (int64[n], any order, repeats allowed).

        Raises InvalidInput for positions outside the epoch (`faults` point at the first of them) or more than 65,536,
        TooLarge as `page` does.
        """
        if len(positions) > MAX_PAGE_ROWS:
            raise InvalidInput(f"at most {MAX_PAGE_ROWS} positions", faults=[Fault("/positions", "too many")])
        outside = np.flatnonzero((positions < 0) | (positions >= self.rows))[:MAX_FAULTS]
        if len(outside):
            raise InvalidInput(
                f"Positions of this view are 0 to {self.rows - 1}, unlike {positions[outside[0]]}.",
                faults=[Fault(f"/positions/{index}", "Outside the epoch.") for index in outside],
            )
        return Page(self._rows(epoch, positions), None)

    def _rows(self, epoch: int, positions: Int64s) -> pa.Table:
        view = self.view
        with self.stages("shuffle"):
            places = shuffled(positions, size=self.rows, seed=view.seed, epoch=epoch, mode=view.shuffle)
            rows, variants = np.divmod(places, view.variants)
        with self.stages("read"):
            table = self._read(rows)
        copies = variants - (view.include_original == "rows")
        before: dict[str, Any] = {name: _whole(table.column(name)) for name in self.text_columns}
        columns: dict[str, Any] = {"_position": positions, "_row": rows, "_copy": copies}
        columns |= dict(zip(table.column_names, table.columns, strict=True))
        with self.stages("augment"):
            for field, (name, texts) in enumerate(before.items()):
                columns[name] = self._augmented(texts, epoch, rows, copies, field)
        if view.include_original == "column":
            columns["_original"] = before[self.text_columns[0]]
        return pa.table(columns, schema=self.schema)

    def _read(self, rows: Int64s) -> pa.Table:
        found = self.corpus.find(rows)
        size = found.text_bytes
        if size > MAX_PAGE_BYTES and len(rows) > 1:
            most = max(1, len(rows) * MAX_PAGE_BYTES // size)
            raise TooLarge(f"The page would hold {size} bytes of text: ask for about {most} rows at a time.", rows=most)
        return found.table()

    def _augmented(self, texts: pa.Array[Any], epoch: int, rows: Int64s, copies: Int64s, field: int) -> pa.Array[Any]:
        """Return the texts of a column, number `field`, augmented but for originals, whose copy is -1."""
        chosen = np.flatnonzero(copies >= 0)
        subset = texts if len(chosen) == len(copies) else texts.take(chosen)
        # The last argument: every output has a source of its own, for a page repeats the text of a row with its copies.
        keys = Keys.make(self.view.seed, epoch, rows[chosen], copies[chosen], np.arange(len(chosen)), field=field)
        done = augment(TextBatch.from_arrow(subset), self.pipeline.at(epoch), self.lexicon, keys).to_arrow(texts.type)
        return done if subset is texts else pc.replace_with_mask(texts, pa.array(copies >= 0), done)


def _whole(column: Any) -> Any:
    """A column of one piece, or of none, as an array, of the type that texts are augmented in."""
    texts = column.chunk(0) if column.num_chunks else column.combine_chunks()
    return texts.cast(flat(texts.type))


class Workspace:
    """A data directory: its corpora and views, and the lexicon they are augmented with.

    Every process that shares the directory knows every corpus and view; what is held between calls are open files, of
    the views and corpora used last. `stages`, where given, is told where the time of their pages goes.
    """

    def __init__(
        self, root: str | os.PathLike[str], lexicon: Lexicon | None = None, stages: Stages | None = None
    ) -> None:
        self.store = Store(Path(root))
        self.corpora = Corpora(self.store)
        self._lexicon = lexicon
        self._stages = stages or Stages()
        self._corpus = lru_cache(_OPEN)(self.corpora.open)
        self._source = lru_cache(_OPEN)(self._opened)

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon, opened on first use."""
        if self._lexicon is None:
            self._lexicon = Lexicon.open()
        return self._lexicon

    def create_view(self, request: ViewRequest | Mapping[str, Any]) -> tuple[View, bool]:
        """Resolve and keep a view; return it and whether it is new.

        Raises:
            InvalidInput: not the document of a view, or with versions that no build has; InvalidPipeline where its
                pipeline is none.
            UnknownCorpus: no such corpus.
            ViewSuperseded: it asks for versions that this build does not have.
        """
        view = self._resolve(request if isinstance(request, ViewRequest) else view_request(request))
        # The release beside what is hashed: no part of the view, but what to name to those who can no longer read it.
        return view, self.store.put_document("views", view.view_id, view.document() | {_RELEASE: __version__})

    def view(self, view_id: str) -> View:
        """Return a view by its id; raises UnknownView, or ViewSuperseded where this build cannot reproduce it."""
        document = self.store.get_document("views", view_id)
        if document is None:
            raise UnknownView(f"no view {view_id!r} here: post its document to /views once, then go on")
        release = document.pop(_RELEASE, None)
        try:
            view = View.model_validate(document)
            pipeline = parse(view.pipeline)
        except (ValidationError, InvalidPipeline) as error:
            raise superseded(document.get("versions") or {}, self._all_versions(), release) from error
        self._check_versions(view.versions, pipeline, release)
        return view

    def source(self, view_id: str) -> LocalSource:
        """Return the source of a view's rows; raises as `view` does."""
        return self._source(view_id)

    def _opened(self, view_id: str) -> LocalSource:
        view = self.view(view_id)
        # By digest: views of one corpus share its mappings.
        return LocalSource(view, self._corpus(view.corpus), self.lexicon, self._stages)

    def _resolve(self, request: ViewRequest) -> View:
        pipeline = parse(request.pipeline)
        pipeline.check_without_spans()
        versions = self._versions(pipeline)
        if request.versions is not None:
            _check_form(request.versions)
            self._check_versions(request.versions, pipeline)
        corpus = self.corpora.describe(request.corpus)
        if request.include_original == "column" and len(corpus.text_columns) > 1:
            raise InvalidInput(
                "The column _original holds one text, and rows of this corpus have several: include originals as rows.",
                faults=[Fault("/include_original", "not with several text columns")],
            )
        return View.model_validate(
            request.model_dump() | {"corpus": corpus.digest, "pipeline": pipeline.document(), "versions": versions}
        )

    def _versions(self, pipeline: Pipeline) -> JsonObject:
        return {"shuffle": SHUFFLE_VERSION} | pipeline.versions(self.lexicon)

    def _all_versions(self) -> JsonObject:
        """The versions of a pipeline of every operation there is."""
        ops = {operation.model_fields["type"].default: operation.version for operation in OPERATIONS}
        return self._versions(parse("regularize")) | {"ops": ops}

    def _check_versions(self, wanted: JsonObject, pipeline: Pipeline, release: str | None = None) -> None:
        here = self._versions(pipeline)
        if wanted != here:
            raise superseded(wanted, here, release)


def superseded(wanted: JsonObject, here: JsonObject, release: str | None) -> ViewSuperseded:
    """The error of a view of other versions: in what it differs from this build, and which release to pin, if known.

    `extra` has the `view_versions`, the `versions` of this build, and the `release` that made the view.
    """
    extra: dict[str, Any] = {"view_versions": wanted, "versions": here, "release": release}
    if wanted != here and wanted == here | {"lexicon": wanted.get("lexicon")}:
        return ViewSuperseded(
            f"the lexicon here has the digest {here['lexicon']}, the view was made with {wanted['lexicon']}: "
            "open the pack and the overlays that it was made with, or make the view anew",
            **extra,
        )
    theirs, ours = _flat(wanted), _flat(here)
    other = [name for name, version in theirs.items() if ours.get(name) != version]
    made = ", ".join(f"{name} {theirs[name]}" for name in other) or "fields of another release"
    have = ", ".join(f"{name} {ours.get(name, 'not at all')}" for name in other) or "the same versions"
    known = release and release != __version__
    pin = f"pin augsvc=={release}, which made it" if known else "pin the augsvc release that has those"
    return ViewSuperseded(
        f"the view was made with {made}; augsvc {__version__} here has {have}: {pin}, or make the view anew", **extra
    )


def _flat(versions: JsonObject) -> dict[str, Any]:
    """Versions by component, each operation one."""
    ops = versions.get("ops")
    return {name: value for name, value in versions.items() if name != "ops"} | (ops if isinstance(ops, dict) else {})


def view_request(document: Mapping[str, Any]) -> ViewRequest:
    """Read a view's JSON; raises InvalidInput, whose faults hold JSON pointers."""
    try:
        return ViewRequest.model_validate(document)
    except ValidationError as error:
        raise _invalid("not a view", faults_of(error)) from None


def _check_form(versions: JsonObject) -> None:
    """Raise InvalidInput for versions that no build can have, and so no release to pin."""
    try:
        _Versions.model_validate(versions)
    except ValidationError as error:
        sentence = "no build has such versions; leave them out, or post the document as it was answered"
        raise _invalid(sentence, faults_of(error, "/versions")) from None


def _invalid(sentence: str, faults: list[Fault]) -> InvalidInput:
    return InvalidInput(f"{sentence}: " + "; ".join(f"{place}: {why}" for place, why in faults[:3]), faults=faults)
