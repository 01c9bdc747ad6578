"""How often forms occur in English, from the word list of `wordfreq`.

Speer, "wordfreq", https://github.com/rspeer/wordfreq: frequencies merged from subtitles, web pages, Wikipedia, news,
books and posts of about 2021; the data are under CC BY-SA 4.0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from augsvc.types import ZIPF_UNIT

TAGGED_USE = 9e-7
"""Frequency that one use in the sense-tagged corpus stands for: measured on two million words of other running text,
phrases tagged n times occur .9 n times per million words."""

UNTAGGED_SHARE = 0.01
"""Frequency of a phrase that was never tagged, as a share of its rarest word's: a hundredth, in the median of the
classes by length and by frequency, measured on the same text."""


class Frequencies:
    """Frequencies of folded forms, as shares of all words; `words` are those of single words.

    A phrase or compound cannot be more frequent than its rarest word. Below that its frequency is taken from its uses
    in the sense-tagged corpus, or where it was never tagged from the rarest word's.
    """

    def __init__(self, words: Mapping[str, float]) -> None:
        self._words = words

    def of(self, form: str, tagged: int = 0) -> float:
        """Return the frequency of a form that has `tagged` uses in the sense-tagged corpus; 0 if it was never seen."""
        if form.startswith("'") or form == "n't":
            # wordfreq counts clitics with their hosts
            return math.fsum(share for word, share in self._words.items() if word.endswith(form))
        parts = [part.rstrip(".") for part in re.split("[ -]", form) if part]
        rarest = min((self._words.get(part, 0.0) for part in parts), default=0.0)
        if len(parts) == 1:
            return rarest
        return min(rarest, tagged * TAGGED_USE if tagged else rarest * UNTAGGED_SHARE)


def read_frequencies() -> Frequencies:
    """Return the frequencies of the installed `wordfreq`, from its larger list."""
    from wordfreq import get_frequency_dict

    return Frequencies(get_frequency_dict("en", "large"))


def frequency_file() -> Path:
    """Return the file that `read_frequencies` reads, to be recorded by its digest."""
    from wordfreq import available_languages

    return Path(available_languages("large")["en"])


def zipf_number(frequency: float) -> int:
    """Return a frequency on the Zipf scale in the pack's steps: 0 for what was never seen, else 1...255.

    The Zipf value is log10 of occurrences per billion words: van Heuven, Mandera, Keuleers and Brysbaert,
    "SUBTLEX-UK", 2014.
    """
    if not frequency:
        return 0
    return min(max(round((9 + math.log10(frequency)) * ZIPF_UNIT), 1), 255)
