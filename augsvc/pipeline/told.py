"""Faults of unions in one sentence, instead of one for each member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core.core_schema import CoreSchema, custom_error_schema


@dataclass(frozen=True)
class Told:
    """Annotation of a union: what is none of its members is one fault, in these words."""

    message: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the union's schema."""
        return custom_error_schema(handler(source), "union_error", custom_error_message=self.message)
