"""Settings that are out of range, refused in one sentence."""

from __future__ import annotations

import math

from augsvc.errors import InvalidInput


def check_share(name: str, value: float) -> float:
    """Return a probability, or raise InvalidInput if it is not 0 to 1."""
    if not 0 <= value <= 1:
        raise InvalidInput(f"{name} is {value}, but must be 0 to 1.")
    return value


def check_positive(name: str, value: float) -> float:
    """Return a number, or raise InvalidInput if it is not finite and above 0."""
    if not 0 < value < math.inf:
        raise InvalidInput(f"{name} is {value}, but must be above 0, and finite.")
    return value


def check_not_negative(name: str, value: float) -> float:
    """Return a number, or raise InvalidInput if it is not finite and at least 0."""
    if not 0 <= value < math.inf:
        raise InvalidInput(f"{name} is {value}, but must be at least 0, and finite.")
    return value
