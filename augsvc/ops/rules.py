"""Operations that the pack's rewrite rules make up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from augsvc.errors import InvalidPipeline
from augsvc.lexicon import Lexicon
from augsvc.ops.base import Arguments, Op
from augsvc.types import Action, JsonObject

VARIANT = "Only this kind of it; null: any."

ALL = -1
"""Every variant, as bits."""


Examples = Mapping[str, tuple[str, str]]
"""For each variant a sentence, and what one edit makes of it."""


class RuleOp(Op):
    """An operation whose rules stand in the pack under its type; a subclass may let users choose a `variant`."""

    action: ClassVar[Action] = Action.RULES
    examples: ClassVar[Examples] = {}

    def arguments(self, lexicon: Lexicon) -> Arguments:
        """Return where the rules are and which variants; raises InvalidPipeline where the pack lacks them."""
        return self.rules_of(lexicon, getattr(self, "variant", None))

    def rules_of(self, lexicon: Lexicon, variant: str | None) -> Arguments:
        """Return the same for a variant, or all of them."""
        found = lexicon.rules.get(self.type)
        if found is None or (variant is not None and variant not in found.variants):
            what = self.type if variant is None else f"{self.type}, variant {variant}"
            raise InvalidPipeline(f"the lexicon of language {lexicon.language} has no rules for {what}")
        return Arguments(found.code, ALL if variant is None else 1 << found.variants.index(variant))

    @classmethod
    def document(cls) -> JsonObject:
        """Return the operation's entry in the catalogue, whose schema has an example for each variant."""
        entry = super().document()
        if cls.examples:
            shown = {name: {"before": before, "after": after} for name, (before, after) in cls.examples.items()}
            entry["schema"]["properties"]["variant"]["x-examples"] = shown
        return entry
