"""A view as a server describes it."""

from __future__ import annotations

from dataclasses import dataclass

from augsvc.types import JsonObject


@dataclass(frozen=True, slots=True)
class RemoteView:
    """A view as a server described it: `rows` positions an epoch, `document` what makes it known to another server."""

    view_id: str
    rows: int
    document: JsonObject
