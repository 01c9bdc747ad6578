"""Rewrite rules: their language, and its translation to the code that kernels run; see docs/rules.md."""

from __future__ import annotations

from augsvc.lexicon.builder.rules.encode import rule_columns

__all__ = ["rule_columns"]
