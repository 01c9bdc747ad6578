"""A pipeline as a document: operations in one pass, or in several, and what they may not touch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, Self

import numpy as np
import rfc8785
from pydantic import BaseModel, ConfigDict, Field, model_validator

from augsvc.batch import operation_number
from augsvc.constraints import Protect
from augsvc.errors import InvalidPipeline
from augsvc.kernels.draft import NO_LIMIT, WHAT_IS_LEFT, Program, Step
from augsvc.kernels.gates import Gate
from augsvc.lexicon import Lexicon
from augsvc.ops import Op
from augsvc.ops.rate import epochs_of
from augsvc.ops.spans import SpanOp
from augsvc.pipeline.composition import Composition, Member, Pass, Sometimes
from augsvc.rulecode import SIDES, Glances
from augsvc.types import Action, Bytes, Int, JsonObject

SCANNER_VERSION = 1
"""Rises when the same text would be cut into other tokens, or guarded otherwise."""

TAGGER_VERSION = 1
"""Rises when the same tokens and lexicon would give other tags."""


class Named(NamedTuple):
    """An operation and its name `type#n` in the pipeline, which keys its randomness; the gate that it stands behind."""

    name: str
    op: Op
    gate: int = -1


class Gated(NamedTuple):
    """A composition and its name; the gate that it stands behind. Gates are numbered as its members are met."""

    name: str
    composition: Composition
    gate: int


class Stage(NamedTuple):
    """A pass laid out flat: its operations in order, and the compositions that they stand in."""

    steps: list[Named]
    compositions: list[Gated]


class Compiled(NamedTuple):
    """A pass for a pack: its numbers, and what its operations read beside: see Scene."""

    program: Program
    strings: Bytes
    glances: Glances


class Programs(dict[str, tuple[Compiled, ...]]):
    """Programs by the pack's digest; equal to any others, so that pipelines are compared by their fields alone."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Programs)

    # frozen documents are hashed by their fields
    def __hash__(self) -> int:  # type: ignore[override]
        return 0


class Pipeline(BaseModel):
    """Operations that propose on the same tokens (`ops`), or passes, each on what the one before left (`passes`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ops: Pass | None = Field(None, description="Operations of a single pass.")
    passes: tuple[Pass, ...] | None = Field(
        None, min_length=1, max_length=20, description="Passes, one after the other."
    )
    protect: Protect = Field(Protect(), description="What may not change.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.ops is None) == (self.passes is None):
            raise ValueError("give either ops or passes")
        inside = [named.op.type for stage in self.stages for named in stage if named.gate >= 0 and _is_on_spans(named)]
        if inside:
            raise ValueError(f"{inside[0]}, which works on spans, may stand in no composition")
        return self

    @cached_property
    def layouts(self) -> list[Stage]:
        """The passes laid out flat, every operation and composition named: n counts those of its type before it."""
        seen: Counter[str] = Counter()
        return [_laid_out(stage, seen) for stage in self.passes or (self.ops or (),)]

    @cached_property
    def stages(self) -> list[list[Named]]:
        """The operations of each pass."""
        return [layout.steps for layout in self.layouts]

    @property
    def _compositions(self) -> list[Composition]:
        return [found.composition for layout in self.layouts for found in layout.compositions]

    @cached_property
    def _on_words(self) -> list[list[Named]]:
        """Return what the engine runs of each pass: all but operations on spans."""
        return [[named for named in stage if not _is_on_spans(named)] for stage in self.stages]

    @cached_property
    def names(self) -> list[list[str]]:
        """The types of each pass's operations on words."""
        return [[named.op.type for named in stage] for stage in self._on_words]

    @cached_property
    def span_ops(self) -> list[tuple[str, SpanOp]]:
        """The operations on spans with their names, which come before all passes."""
        return [(named.name, named.op) for stage in self.stages for named in stage if isinstance(named.op, SpanOp)]

    def check_without_spans(self) -> None:
        """Raise InvalidPipeline for an operation on spans: it would do nothing where texts come without spans."""
        if self.span_ops:
            name = self.span_ops[0][1].type
            raise InvalidPipeline(
                f"{name} works on labelled spans, and texts of columns come without: use POST /augment or "
                "augsvc.augment with spans, or augsvc.augment_tokens with tags"
            )

    @cached_property
    def _epochs(self) -> int:
        """Return how many epochs the longest schedule of a rate has, 0 where all rates are numbers."""
        rates = [named.op.rate for stage in self.stages for named in stage]
        rates += [found.p for found in self._compositions if isinstance(found, Sometimes)]
        return max(map(epochs_of, rates))

    def at(self, epoch: int) -> Pipeline:
        """Return the pipeline as it is in an epoch, which is what runs: every rate a number."""
        return _in_epoch(self, min(epoch, self._epochs - 1)) if self._epochs else self

    @cached_property
    def _programs(self) -> Programs:
        return Programs()

    def programs(self, lexicon: Lexicon) -> tuple[Compiled, ...]:
        """Return each pass as numbers.

        Raises InvalidPipeline for an operation that the pack's language does not have, TypeError for a pipeline that
        is a number of different ones: call `at` first.
        """
        found = self._programs.get(lexicon.digest)
        if found is None:
            share = self.protect.max_changed
            limit = NO_LIMIT if share is None else round(share * 2**32)
            found = self._programs[lexicon.digest] = tuple(
                _compiled(
                    layout._replace(steps=steps), lexicon, WHAT_IS_LEFT if number and share is not None else limit
                )
                for number, (layout, steps) in enumerate(zip(self.layouts, self._on_words, strict=True))
            )
        return found

    def document(self) -> JsonObject:
        """Return the canonical JSON form: types and rates, and whatever else differs from its default."""
        form: JsonObject = {}
        if self.ops is not None:
            form["ops"] = [_document(member) for member in self.ops]
        if self.passes is not None:
            form["passes"] = [[_document(member) for member in stage] for stage in self.passes]
        protect = self.protect.model_dump(mode="json", exclude_defaults=True)
        return form | ({"protect": protect} if protect else {})

    def versions(self, lexicon: Lexicon) -> JsonObject:
        """Return the versions of all that the output depends on beside the document: operations and so on."""
        used: list[Composition | Op] = [named.op for stage in self.stages for named in stage]
        used += self._compositions
        ops = {member.type: member.version for member in used}
        return {"scanner": SCANNER_VERSION, "tagger": TAGGER_VERSION, "lexicon": lexicon.digest, "ops": ops}

    def fingerprint(self, lexicon: Lexicon) -> str:
        """Return 32 hex digits of the BLAKE2b-256 of document and versions (RFC 8785): equal means equal output."""
        return _fingerprint(self, lexicon)


def _is_on_spans(named: Named) -> bool:
    return isinstance(named.op, SpanOp)


@lru_cache(maxsize=64)
def _fingerprint(pipeline: Pipeline, lexicon: Lexicon) -> str:
    canonical = rfc8785.dumps({"pipeline": pipeline.document(), "versions": pipeline.versions(lexicon)})
    return hashlib.blake2b(canonical, digest_size=32).hexdigest()[:32]


@lru_cache(maxsize=64)
def _in_epoch(pipeline: Pipeline, epoch: int) -> Pipeline:
    # kept with its programs, for as long as rows of the epoch are read
    ops, passes = pipeline.ops, pipeline.passes
    return Pipeline(
        ops=ops and tuple(member.at(epoch) for member in ops),
        passes=passes and tuple(tuple(member.at(epoch) for member in stage) for stage in passes),
        protect=pipeline.protect,
    )


def _laid_out(members: Sequence[Member], seen: Counter[str]) -> Stage:
    stage = Stage([], [])
    _lay_out(members, [-1] * len(members), seen, stage)
    return stage


def _lay_out(members: Sequence[Member], gates: Sequence[int], seen: Counter[str], stage: Stage) -> None:
    """Append members, each behind a gate, and what is in them, depth first."""
    for member, gate in zip(members, gates, strict=True):
        name = f"{member.type}#{seen[member.type]}"
        seen[member.type] += 1
        if isinstance(member, Composition):
            first = sum(len(found.composition.ops) for found in stage.compositions)
            stage.compositions.append(Gated(name, member, gate))
            _lay_out(member.ops, range(first, first + len(member.ops)), seen, stage)
        else:
            stage.steps.append(Named(name, member, gate))


def _compiled(stage: Stage, lexicon: Lexicon, limit: int) -> Compiled:
    strings, steps = bytearray(), list[Step]()
    for name, op, gate in stage.steps:
        steps.append(op.step(operation_number(name), lexicon, len(strings), gate))
        for text in op.strings():
            raw = text.encode()
            strings += bytes([len(raw)]) + raw
    placed, glances = _with_glances(steps, lexicon)
    rows = np.array(placed, np.int64).reshape(-1, len(Step._fields))
    gates = [row for name, found, gate in stage.compositions for row in found.gates(operation_number(name), gate)]
    program = Program(rows, np.array(gates, np.int64).reshape(-1, len(Gate._fields)), limit)
    return Compiled(program, np.frombuffer(bytes(strings) or b"\0", np.uint8), glances)


def _with_glances(steps: Sequence[Step], lexicon: Lexicon) -> tuple[list[Step], Glances]:
    """Return the steps, those of rules told where in the glances their own begin, and the glances."""
    entries = tuple(dict.fromkeys(int(step.first) for step in steps if step.action == Action.RULES))
    glances = lexicon.glances(entries)
    sizes = [SIDES * len(glances.tags) * int(lexicon.tables.rule_code[entry]) for entry in entries]
    places: dict[Int, int] = dict(zip(entries, accumulate(sizes, initial=0), strict=False))
    rules = Action.RULES
    return [step._replace(text=places[step.first]) if step.action == rules else step for step in steps], glances


def _document(member: Member) -> JsonObject:
    # defaults are left out, so that a new option changes no fingerprint: a changed default is a new version
    if isinstance(member, Composition):
        changed: dict[str, Any] = member.model_dump(mode="json", exclude_defaults=True, exclude={"ops"})
        return {"type": member.type} | changed | {"ops": [_document(inner) for inner in member.ops]}
    changed = member.model_dump(mode="json", exclude_defaults=True)
    return {"type": member.type, "rate": member.rate} | changed
