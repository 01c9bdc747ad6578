"""Words with letters that are not theirs: typing, spelling and recognition errors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from augsvc.lexicon import Lexicon
from augsvc.ops.base import Arguments, Example, Family
from augsvc.ops.rules import VARIANT, Examples, RuleOp

FIRST_LETTER = "Whether the first letter may change, too."


class _Misspelling(RuleOp):
    first_letter: bool = Field(False, description=FIRST_LETTER)

    def arguments(self, lexicon: Lexicon) -> Arguments:
        """Return where the rules are, which variants, and how words are misspelt."""
        letters = int(getattr(self, "letters", 1))
        return super().arguments(lexicon)._replace(third=int(self.first_letter) | letters - 1 << 1)


class KeyboardNoise(_Misspelling):
    """Replace letters by neighbours on the keyboard, so that no other word comes of it.

    Words of fewer than four letters stay. Source: Belinkov and Bisk, "Synthetic and natural noise both break neural
    machine translation", ICLR 2018: the noise "keyboard typo".
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("The morning train was late.", "The moening tfain was late.", 0, {"rate": 1})

    type: Literal["keyboard_noise"] = "keyboard_noise"
    letters: int = Field(1, ge=1, le=8, description="How many letters of a word are replaced.")


class OcrNoise(_Misspelling):
    """Replace characters by those that optical recognition takes them for, so that no other word comes of it.

    Words of fewer than four letters stay. Source: Rice, Nagy and Nartker, Optical Character Recognition: An Illustrated
    Guide to the Frontier, Kluwer 1999; as augmentation: Ma, nlpaug, 2019.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "noise"
    example: ClassVar[Example] = Example("The morning train was late.", "The morring trein was late.", 1, {"rate": 1})

    type: Literal["ocr_noise"] = "ocr_noise"
    letters: int = Field(1, ge=1, le=8, description="How many characters of a word are taken for others.")


class Spelling(_Misspelling):
    """Misspell words: a neighbouring key, two letters exchanged, one doubled or dropped, or written by ear.

    No other word comes of it, words of fewer than four letters stay, and so do negations, names and function words
    unless `protect.kinds` releases them. Source: Bryant, Felice and Briscoe, "Automatic annotation and evaluation of
    error types for grammatical error correction", ACL 2017: the type SPELL; the kinds: Damerau, "A technique for
    computer detection and correction of spelling errors", CACM 7(3), 1964, and Mitton, English Spelling and the
    Computer, Longman 1996.
    """

    version: ClassVar[int] = 1
    family: ClassVar[Family] = "error"
    errant: ClassVar[tuple[str, ...]] = ("R:SPELL",)
    example: ClassVar[Example] = Example(
        "The morning train was late.", "The mroning trani was late.", 0, {"rate": 1, "variant": "transposed"}
    )
    examples: ClassVar[Examples] = {
        "keyboard": ("The garden is old.", "The garsen is old."),
        "transposed": ("The garden is old.", "The gadren is old."),
        "doubled": ("The garden is old.", "The gardden is old."),
        "dropped": ("The window is old.", "The windw is old."),
        "phonetic": ("They believe it.", "They beleive it."),
    }

    type: Literal["spelling"] = "spelling"
    variant: Literal["keyboard", "transposed", "doubled", "dropped", "phonetic"] | None = Field(
        None, description=VARIANT
    )
