"""Compositions: operations of which a row has some and not others, decided from its key before any word is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from augsvc.kernels.gates import Gate
from augsvc.ops import Operation
from augsvc.ops.rate import WHOLE, Rate, fixed_point, share_at
from augsvc.pipeline.told import Told

MOST_MEMBERS, MOST_DEPTH, MOST_IN_ALL = 100, 8, 500
"""How many members a pass or composition may have, how deep they may be nested, and how many a pass may have in all."""


class Composition(BaseModel):
    """Members, operations or compositions, that happen in some rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ClassVar[int] = 1

    type: str
    ops: tuple[Member, ...] = Field(min_length=1, max_length=MOST_MEMBERS, description="Operations or compositions.")

    def at(self, epoch: int) -> Self:
        """Return the composition as it is in an epoch: every rate in it a number."""
        return self.model_copy(update={"ops": tuple(member.at(epoch) for member in self.ops)})

    def gates(self, operation: int, parent: int) -> Iterator[Gate]:
        """Yield the gate of each member: the composition's draws are named by `operation`, `parent` is around it."""
        raise NotImplementedError


class OneOf(Composition):
    """One of the members for each text."""

    type: Literal["one_of"] = "one_of"
    weights: tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...] | None = Field(
        None, description="How often each member is taken, in proportion to these; null: all equally."
    )

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if self.weights is not None and (len(self.weights) != len(self.ops) or not any(self.weights)):
            raise ValueError(f"weights has one number for each of the {len(self.ops)} ops, and not all are 0")
        return self

    def gates(self, operation: int, parent: int) -> Iterator[Gate]:
        """Yield gates whose intervals share out all draws."""
        weights = self.weights or (1.0,) * len(self.ops)
        whole = math.fsum(weights)
        bounds = [round(min(part / whole, 1.0) * WHOLE) for part in accumulate(weights, initial=0.0)]
        # rounding must leave no draw to nobody
        last = max(place for place, weight in enumerate(weights) if weight)
        bounds[last + 1 :] = [WHOLE] * (len(bounds) - last - 1)
        for low, high in pairwise(bounds):
            yield Gate(operation, parent, low, high)


class SomeOf(Composition):
    """So many of the members for each text, drawn without replacement; they keep their order."""

    type: Literal["some_of"] = "some_of"
    n: Annotated[
        Annotated[int, Field(ge=0)] | tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]],
        Told("n is how many, or [fewest, most]"),
    ] = Field(description="How many, or [fewest, most], each number as likely.")

    @property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most members."""
        return self.n if isinstance(self.n, tuple) else (self.n, self.n)

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        fewest, most = self.counts
        if not fewest <= most <= len(self.ops):
            raise ValueError(f"n lies between 0 and {len(self.ops)}, the number of ops, the smaller one first")
        return self

    def gates(self, operation: int, parent: int) -> Iterator[Gate]:
        """Yield gates that know their place among the members."""
        for place in range(len(self.ops)):
            yield Gate(operation, parent, *self.counts, len(self.ops), place)


class Sometimes(Composition):
    """All of the members in some texts, none in the others."""

    type: Literal["sometimes"] = "sometimes"
    p: Rate = Field(0.5, description="Share of the texts.")

    def at(self, epoch: int) -> Self:
        """Return the composition as it is in an epoch."""
        return super().at(epoch).model_copy(update={"p": share_at(self.p, epoch)})

    def gates(self, operation: int, parent: int) -> Iterator[Gate]:
        """Yield gates that open together."""
        for _ in self.ops:
            yield Gate(operation, parent, 0, fixed_point(self.p))


Member: TypeAlias = Annotated[Operation | OneOf | SomeOf | Sometimes, Field(discriminator="type")]
COMPOSITIONS: tuple[type[Composition], ...] = (OneOf, SomeOf, Sometimes)

for _composition in COMPOSITIONS:
    _composition.model_rebuild()


def _within_limits(members: tuple[Member, ...]) -> tuple[Member, ...]:
    level, depth, count = [*members], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        level = [inner for member in level if isinstance(member, Composition) for inner in member.ops]
    if depth > MOST_DEPTH + 1 or count > MOST_IN_ALL:
        raise ValueError(f"compositions are nested {MOST_DEPTH} deep at most, and have {MOST_IN_ALL} members in all")
    return members


Pass = Annotated[tuple[Member, ...], Field(min_length=1, max_length=MOST_MEMBERS), AfterValidator(_within_limits)]
