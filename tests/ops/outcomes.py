"""What an operation can make of a text by one edit."""

from __future__ import annotations

import augsvc

DRAWS = 200
"""Enough to see each of a handful of outcomes, but for a chance that fixed keys rule out."""


def outcomes(text: str, operation: str, variant: str | None) -> set[str]:
    """Return all results of a single edit, none where the operation leaves the text alone."""
    chosen = {} if variant is None else {"variant": variant}
    pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1} | chosen]}
    return {result.text for result in augsvc.augment([text], pipeline, seed=0, copies=DRAWS)} - {text}
