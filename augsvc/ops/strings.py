"""Strings of the user's own, put after words or in their place."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from augsvc.lexicon import Lexicon
from augsvc.ops.base import Arguments, Example, Family, Op
from augsvc.types import Action

MOST_BYTES = 255


def _fits(text: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("holds a lone surrogate: give valid Unicode") from None
    if size > MOST_BYTES:
        raise ValueError(f"has {size} bytes of UTF-8, {MOST_BYTES} at most")
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_fits)]


class Aeda(Op):
    """Insert punctuation marks after random words, so that word order and every word stay.

    Source: Karimi, Rossi and Prati, "AEDA: An easier data augmentation technique for text classification", Findings of
    EMNLP 2021.
    """

    action: ClassVar[Action] = Action.TEXT
    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("An old dog slept.", "An old : dog slept.", 1, {"rate": 1, "max_edits": 1})

    type: Literal["aeda"] = "aeda"
    marks: tuple[Text, ...] = Field(
        (".", ";", "?", ":", "!", ","), min_length=1, max_length=100, description="What is inserted, each as likely."
    )

    def arguments(self, lexicon: Lexicon) -> Arguments:  # noqa: ARG002  asks no pack
        """Return that strings come after words, and how many there are."""
        return Arguments(1, len(self.marks))

    def strings(self) -> tuple[str, ...]:
        """Return the marks."""
        return self.marks


class Masking(Op):
    """Replace words by a mask token.

    Source: Devlin et al., "BERT: Pre-training of deep bidirectional transformers for language understanding", NAACL
    2019; as noise on words: Xie et al., "Data noising as smoothing in neural network language models", ICLR 2017
    ("blank noising"). Negations, names, numbers and function words stay unless `protect.kinds` releases them.
    """

    action: ClassVar[Action] = Action.TEXT
    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("An old dog slept.", "An old [MASK] slept.", 0, {"rate": 1, "max_edits": 1})

    type: Literal["masking"] = "masking"
    token: Text = Field("[MASK]", description="What words are replaced by.")

    def arguments(self, lexicon: Lexicon) -> Arguments:  # noqa: ARG002  asks no pack
        """Return that the one string comes in the place of words."""
        return Arguments(0, 1)

    def strings(self) -> tuple[str, ...]:
        """Return the token."""
        return (self.token,)
