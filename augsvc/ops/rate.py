"""How often: a share, or one for each epoch."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

WHOLE = 2**32
MOST_EPOCHS = 10_000

SHARE, SCHEDULE = "<share>", "<by epoch>"
"""Tags of the two forms, which no document has for a name."""

Share = Annotated[float, Field(ge=0, le=1)]


class ByEpoch(BaseModel):
    """A share for each epoch from 0 on, the last of them also for all epochs after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by_epoch: tuple[Share, ...] = Field(
        min_length=1, max_length=MOST_EPOCHS, description="The share in epoch 0, 1, 2 ...; the last one holds on."
    )


def _form(value: Any) -> str:
    # a validator, which would try both, would tell the faults of both
    return SCHEDULE if isinstance(value, dict | ByEpoch) else SHARE


Rate: TypeAlias = Annotated[Annotated[Share, Tag(SHARE)] | Annotated[ByEpoch, Tag(SCHEDULE)], Discriminator(_form)]


def epochs_of(rate: Rate) -> int:
    """Return how many epochs a rate's schedule has, 0 where it is a number."""
    return len(rate.by_epoch) if isinstance(rate, ByEpoch) else 0


def share_at(rate: Rate, epoch: int) -> float:
    """Return a rate's share in an epoch."""
    return rate.by_epoch[min(epoch, len(rate.by_epoch) - 1)] if isinstance(rate, ByEpoch) else rate


def fixed_point(rate: Rate) -> int:
    """Return a share in units of 2**-32; raises TypeError for a schedule, of which an epoch's share must be taken."""
    if isinstance(rate, ByEpoch):
        raise TypeError("a rate by epoch is a number only in an epoch: run Pipeline.at(epoch)")
    return round(rate * WHOLE)
