"""The catalogue: every operation, in one closed union.

JSON Schema, `GET /ops`, the CLI's list and the contract tests follow from it.
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from augsvc.ops.base import Op
from augsvc.ops.determiner import Determiner
from augsvc.ops.misspelling import KeyboardNoise, OcrNoise, Spelling
from augsvc.ops.random_deletion import RandomDeletion
from augsvc.ops.random_insertion import RandomInsertion
from augsvc.ops.random_swap import RandomSwap
from augsvc.ops.relations import Antonym, Hypernym, Hyponym
from augsvc.ops.strings import Aeda, Masking
from augsvc.ops.synonym import Synonym

Operation = Annotated[
    Aeda
    | Antonym
    | Determiner
    | Hypernym
    | Hyponym
    | KeyboardNoise
    | Masking
    | OcrNoise
    | RandomDeletion
    | RandomInsertion
    | RandomSwap
    | Spelling
    | Synonym,
    Field(discriminator="type"),
]

OPERATIONS: tuple[type[Op], ...] = get_args(get_args(Operation)[0])

__all__ = [
    "OPERATIONS",
    "Aeda",
    "Antonym",
    "Determiner",
    "Hypernym",
    "Hyponym",
    "KeyboardNoise",
    "Masking",
    "OcrNoise",
    "Op",
    "Operation",
    "RandomDeletion",
    "RandomInsertion",
    "RandomSwap",
    "Spelling",
    "Synonym",
]
