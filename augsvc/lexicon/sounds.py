"""Whether a word begins with a vowel sound, and so takes "an": spelling rules, then exceptions."""

from __future__ import annotations

import re

from augsvc.lexicon.wordlists import rows

_GLIDE = re.compile(
    r"""eu | ew(e|er|ing)s?\b | ou[ij] | one(s|self|ness|time)?\b | once\b   # said "you" or "won"
      | u(?=[bcfghjkrst][aeiouy]) | uni(?!n|m[ap]|d[ei]|ss|r|ll) | unanim | u(k|sa)?\b | u[.-]""",
    re.VERBOSE,
)
_SILENT_H = re.compile(r"h(eir|onest|onou?r|our|ors\b)")
_VOWEL_LETTER_NAMES = frozenset("aefhilmnorsx")


def begins_with_vowel_sound(form: str) -> bool:
    """Say whether a folded form is said with a vowel first: an hour, a university, an x-ray."""
    for start, sound in rows("sounds"):
        if form == start or (start.endswith("*") and form.startswith(start[:-1])):
            return sound == "vowel"
    if _is_spelt_out(form):
        return form[0] in _VOWEL_LETTER_NAMES
    if form[:1] == "h":
        return bool(_SILENT_H.match(form))
    return form[:1] in tuple("aeiou") and not _GLIDE.match(form)


def _is_spelt_out(form: str) -> bool:
    word = re.split(r"[ '-]", form, maxsplit=1)[0]
    if re.match(r"[a-z](\.|\Z)", word):
        return True
    return len(word) > 1 and not re.search(r"[aeiouy]", word) and word.isalpha()
