"""What every operation is: a frozen document that says which kind of edit it makes, and how often."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

from augsvc.kernels.draft import Step
from augsvc.lexicon import Lexicon
from augsvc.ops.rate import Rate, fixed_point, share_at
from augsvc.types import Action, JsonObject

Family = Literal["lexical", "error", "meaning", "noise"]

MAX_EDITS = 2**31 - 1


class Example(NamedTuple):
    """A worked example: this operation, as `settings` make it, turns `before` into `after` under `seed`."""

    before: str
    after: str
    seed: int
    settings: dict[str, Any]
    spans: list[list[int | str]] | None = None
    """Of operations on spans: those of `before`."""


class Arguments(NamedTuple):
    """The three numbers that an action reads; what they are, `Step` of `augsvc.kernels.draft` says."""

    first: int = 0
    second: int = 0
    third: int = 0


class Op(BaseModel):
    """An operation: settings validated once, and the action that the engine takes on the words it draws.

    Subclasses give `type` as a Literal and the class variables; `version` rises with every change of output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: ClassVar[Action]
    version: ClassVar[int]
    family: ClassVar[Family]
    errant: ClassVar[tuple[str, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ("en",)
    example: ClassVar[Example]

    type: str
    rate: Rate = Field(0.1, description="Expected share of the text's words that the operation changes.")
    min_edits: int = Field(
        0, ge=0, le=MAX_EDITS, description="Fewest edits (groups) per text, where so many are possible."
    )
    max_edits: int | None = Field(None, ge=0, le=MAX_EDITS, description="Most edits (groups) per text; null: no limit.")

    def at(self, epoch: int) -> Self:
        """Return the operation as it is in an epoch: its rate a number."""
        return self.model_copy(update={"rate": share_at(self.rate, epoch)})

    def arguments(self, lexicon: Lexicon) -> Arguments:  # noqa: ARG002  some look things up in the pack
        """Return what the operation's action reads beside the rate."""
        return Arguments()

    def strings(self) -> tuple[str, ...]:
        """Return the texts that the operation's action writes, each of at most 255 bytes."""
        return ()

    def step(self, operation: int, lexicon: Lexicon, text: int = 0, gate: int = -1) -> Step:
        """Return the operation as numbers for a pack.

        Its draws are named by `operation`, a u32; its strings begin at `text`; `gate` must be open for a row.
        """
        most = MAX_EDITS if self.max_edits is None else self.max_edits
        rate, least = fixed_point(self.rate), min(self.min_edits, most)
        return Step(operation, self.action, rate, least, most, *self.arguments(lexicon), text, gate)

    def quota(self, sites: int, random: int) -> int:
        """Return how many groups to choose of so many sites: rate times these, rounded by a u32, within the limits."""
        most = MAX_EDITS if self.max_edits is None else self.max_edits
        return max(min(fixed_point(self.rate) * sites + random >> 32, most), min(self.min_edits, most))

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
