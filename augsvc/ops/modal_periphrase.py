"""Modal verbs and their periphrases."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.ops.base import Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp


class ModalPeriphrase(RuleOp):
    """Put have to for must and ought to for should, or the modal for them.

    After a pronoun at the beginning of a clause, before a verb of doing; not where negation, a question or what
    is likely is about.

    Source: Quirk et al., 1985, sections 3.43-3.48 and 4.54-4.56.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "meaning"
    errant: ClassVar[tuple[str, ...]] = ("R:VERB", "R:OTHER")
    example: ClassVar[Example] = Example(
        "We must go home.", "We have to go home.", 0, {"rate": 1, "variant": "periphrase"}
    )
    examples: ClassVar[Examples] = {
        "periphrase": ("We must go home.", "We have to go home."),
        "modal": ("We have to go home.", "We must go home."),
    }

    type: Literal["modal_periphrase"] = "modal_periphrase"
    variant: Literal["periphrase", "modal"] | None = Field(None, description=VARIANT)
