"""What every operation is: a frozen document that proposes edits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from augsvc.batch import EditBatch, TokenBatch, empty_edits
from augsvc.kernels.choose import Quota
from augsvc.kernels.propose import Articles, Draws
from augsvc.lexicon import Lexicon
from augsvc.types import EditColumns, Int32s, JsonObject

Family = Literal["lexical", "error", "meaning", "noise"]

MAX_EDITS = 2**31 - 1


class Example(NamedTuple):
    """A worked example: this operation, as `settings` make it, turns `before` into `after` under `seed`."""

    before: str
    after: str
    seed: int
    settings: dict[str, Any]


class Op(BaseModel, ABC):
    """An operation: settings validated once, and `edits`, which proposes without ever writing text.

    Subclasses give `type` as a Literal and the class variables; `version` rises with every change of output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ClassVar[int]
    family: ClassVar[Family]
    errant: ClassVar[tuple[str, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ("en",)
    example: ClassVar[Example]

    type: str
    rate: float = Field(0.1, ge=0, le=1, description="Expected share of the text's words that the operation changes.")
    min_edits: int = Field(
        0, ge=0, le=MAX_EDITS, description="Fewest edits (groups) per text, where so many are possible."
    )
    max_edits: int | None = Field(None, ge=0, le=MAX_EDITS, description="Most edits (groups) per text; null: no limit.")

    @abstractmethod
    def edits(self, tokens: TokenBatch, lexicon: Lexicon, draws: Draws) -> EditBatch:
        """Propose edits for every output row of `draws`, in groups, in the order of the text."""

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the operation's docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def document(cls) -> JsonObject:
        """Return the operation's entry in the catalogue."""
        return {
            "type": cls.model_fields["type"].default,
            "version": cls.version,
            "family": cls.family,
            "errant": list(cls.errant),
            "languages": list(cls.languages),
            "summary": cls.summary(),
            "example": {"before": cls.example.before, "after": cls.example.after},
            "schema": cls.model_json_schema(),
        }

    def quota(self) -> Quota:
        """Return the rate and its limits in the chooser's units."""
        most = MAX_EDITS if self.max_edits is None else self.max_edits
        return Quota(round(self.rate * 2**32), min(self.min_edits, most), most)


def room_for(tokens: TokenBatch, draws: Draws, edits_per_token: int) -> tuple[EditColumns, Int32s]:
    """Return uninitialised edit columns and group_rows for a kernel that proposes so many edits a token at most."""
    counts = np.diff(tokens.columns.first)
    capacity = int(counts[draws.source].sum()) * edits_per_token
    return empty_edits(capacity), np.empty(len(draws.source) + 1, np.int32)


@lru_cache(maxsize=8)
def articles(lexicon: Lexicon) -> Articles:
    """Return the forms of the lexicon's indefinite article."""
    consonant, vowel = lexicon.form_id("a"), lexicon.form_id("an")
    return Articles(-1 if consonant is None else consonant, -1 if vowel is None else vowel)
