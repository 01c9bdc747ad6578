"""The flags of forms: what a form is whatever its reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate, pairwise

import numpy as np

from augsvc.lexicon.builder.columns import Forms
from augsvc.lexicon.builder.entries import Entry
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.tensors import Array
from augsvc.lexicon.wordlists import words
from augsvc.types import FormFlag

COMMON = 100
"""Tagged uses from which on a word is not taken for the first name it may also be."""

_NO_NAMES = FormFlag.FUNCTION | FormFlag.NEGATION | FormFlag.BLOCKED | FormFlag.PHRASE


def proper_nouns(entries: Iterable[Entry], forms: Forms) -> set[str]:
    """Return the lemmas that are spelt with a capital in at least a tenth of the form's tagged uses.

    So "paris" and "american" are proper nouns; "say" (J.-B. Say, economist) and "ate" (the goddess) are not.
    """
    capitalised: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        for sense in entry.senses:
            capitalised[entry.lemma] += (10 * sense.word.tag_count + 1) * (sense.word.spelling != entry.lemma)
    return {lemma for lemma, uses in capitalised.items() if 0 < uses >= forms.counts[forms.ids[lemma]]}


def first_names(listed: Iterable[str], forms: Forms) -> set[str]:
    """Return the listed first names, but for those that are common words."""
    return {name for name in listed if forms.counts[forms.ids[name]] < COMMON}


def form_flags(forms: Forms, *, blocked: Collection[str], names: Collection[str]) -> list[FormFlag]:
    """Return the flags of all forms in the order of their ids."""
    tests: dict[FormFlag, Callable[[str], bool]] = {
        FormFlag.FUNCTION: words("function").__contains__,
        FormFlag.NEGATION: words("negation").__contains__,
        FormFlag.BLOCKED: blocked.__contains__,
        FormFlag.VOWEL: begins_with_vowel_sound,
        FormFlag.NAME: names.__contains__,
        FormFlag.PHRASE: lambda form: " " in form,
        FormFlag.ATTESTED: lambda form: forms.counts[forms.ids[form]] > 0,
    }
    return [FormFlag(sum(flag for flag, test in tests.items() if test(form))) for form in forms.texts]


def mark_replaceable(flags: Iterable[FormFlag], forms: Forms, candidates: Array) -> list[FormFlag]:
    """Return the flags with REPLACEABLE where some reading has candidates; `candidates` are the readings' offsets."""
    starts = [0, *accumulate(map(len, forms.uses))]
    filled = (candidates[start] < candidates[stop] for start, stop in pairwise(starts))
    return [flag | FormFlag.REPLACEABLE if some else flag for flag, some in zip(flags, filled, strict=True)]


def with_unlisted_names(tensors: Mapping[str, Array]) -> Array:
    """Return the flags of forms with NAME for those that no dictionary has and only treebanks do: names, mostly.

    The few others lose nothing, for it matters only where they open a sentence. The tagger knows its words otherwise,
    and is trained without.
    """
    flags = tensors["form.flags"]
    alone = (np.diff(tensors["form.reading"]) == 0) & (flags & int(_NO_NAMES) == 0)
    return np.where(alone, flags | int(FormFlag.NAME), flags).astype(flags.dtype)
