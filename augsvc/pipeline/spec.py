"""A pipeline as a document: operations in one pass, or in several, and what they may not touch."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cached_property, lru_cache
from typing import Annotated, Any, NamedTuple, Self

import numpy as np
import rfc8785
from pydantic import BaseModel, ConfigDict, Field, model_validator

from augsvc.batch import operation_number
from augsvc.constraints import Protect
from augsvc.lexicon import Lexicon
from augsvc.ops import Op, Operation
from augsvc.types import Int64s, JsonObject

SCANNER_VERSION = 1
"""Rises when the same text would be cut into other tokens, or guarded otherwise."""

TAGGER_VERSION = 1
"""Rises when the same tokens and lexicon would give other tags."""

Pass = Annotated[tuple[Operation, ...], Field(min_length=1, max_length=100)]


class Named(NamedTuple):
    """An operation and its name `type#n` in the pipeline, which keys its randomness."""

    name: str
    op: Op


class Programs(dict[str, tuple[Int64s, ...]]):
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
        return self

    @cached_property
    def stages(self) -> list[list[Named]]:
        """Return the passes with every operation named: n counts those of its type that stand before it."""
        seen: Counter[str] = Counter()
        stages: list[list[Named]] = []
        for stage in self.passes or (self.ops or (),):
            stages.append([])
            for op in stage:
                stages[-1].append(Named(f"{op.type}#{seen[op.type]}", op))
                seen[op.type] += 1
        return stages

    @cached_property
    def names(self) -> list[list[str]]:
        """The types of each pass's operations."""
        return [[op.type for _, op in stage] for stage in self.stages]

    @cached_property
    def _programs(self) -> Programs:
        return Programs()

    def programs(self, lexicon: Lexicon) -> tuple[Int64s, ...]:
        """Return the program of each pass: a row of numbers, a `Step` of `augsvc.kernels.draft`, for each operation.

        Raises InvalidPipeline for an operation that the pack's language does not have.
        """
        found = self._programs.get(lexicon.digest)
        if found is None:
            found = self._programs[lexicon.digest] = tuple(
                np.array([op.step(operation_number(name), lexicon) for name, op in stage], np.int64)
                for stage in self.stages
            )
        return found

    def document(self) -> JsonObject:
        """Return the canonical JSON form: types and rates, and whatever else differs from its default."""
        form: JsonObject = {}
        if self.ops is not None:
            form["ops"] = [_op_document(op) for op in self.ops]
        if self.passes is not None:
            form["passes"] = [[_op_document(op) for op in stage] for stage in self.passes]
        protect = self.protect.model_dump(mode="json", exclude_defaults=True)
        return form | ({"protect": protect} if protect else {})

    def versions(self, lexicon: Lexicon) -> JsonObject:
        """Return the versions of all that the output depends on beside the document: operations and so on."""
        ops = {named.op.type: named.op.version for stage in self.stages for named in stage}
        return {"scanner": SCANNER_VERSION, "tagger": TAGGER_VERSION, "lexicon": lexicon.digest, "ops": ops}

    def fingerprint(self, lexicon: Lexicon) -> str:
        """Return 32 hex digits of the BLAKE2b-256 of document and versions (RFC 8785): equal means equal output."""
        return _fingerprint(self, lexicon)


@lru_cache(maxsize=64)
def _fingerprint(pipeline: Pipeline, lexicon: Lexicon) -> str:
    canonical = rfc8785.dumps({"pipeline": pipeline.document(), "versions": pipeline.versions(lexicon)})
    return hashlib.blake2b(canonical, digest_size=32).hexdigest()[:32]


def _op_document(op: Op) -> JsonObject:
    # defaults are left out, so that a new option changes no fingerprint: a changed default is a new version
    changed: dict[str, Any] = op.model_dump(mode="json", exclude_defaults=True)
    return {"type": op.type, "rate": op.rate} | changed
