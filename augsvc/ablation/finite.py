"""The numbers of a report: finite or missing, so that it is JSON as RFC 8259 has it, and read back as it was."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


OR_MISSING = BeforeValidator(_finite)
"""Reads what is not finite as None."""

Finite = Annotated[float | None, OR_MISSING]
"""A number; None, in JSON null, where there is none or it is not finite, as the loss of a training that diverged."""


class Part(BaseModel):
    """A part of a report. What may be missing in it is `Finite`; no other number may be NaN or infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
