"""Which share of every step this process has: as it says, or as `torch.distributed` does."""

from __future__ import annotations

import torch.distributed

from augsvc.errors import InvalidInput
from augsvc.order import Lane
from augsvc.torch.share import Share
from augsvc.torch.state import integer


def share_of(
    batch_size: int, rank: int | None, world_size: int | None, drop_last: bool | None, lane: str | Lane | None = None
) -> Share:
    """The share of a lane or of a rank, by default of this one; raises InvalidInput for what does not go together."""
    batch_size = integer("batch_size", batch_size)
    if lane is not None:
        if rank is not None or world_size is not None:
            raise InvalidInput("Pass either lane, or rank and world_size.")
        return Share.of_lane(Lane.parse(str(lane)), batch_size, drop_last)
    if rank is not None and world_size is not None:
        return Share.of_rank(batch_size, integer("rank", rank), integer("world_size", world_size), drop_last)
    if rank is not None or world_size is not None:
        raise InvalidInput("rank and world_size go together.")
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        rank, world_size = torch.distributed.get_rank(), torch.distributed.get_world_size()
    return Share.of_rank(batch_size, rank or 0, world_size or 1, drop_last)
