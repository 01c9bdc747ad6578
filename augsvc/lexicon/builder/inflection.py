"""Inflected forms, from the surest source to the least.

Our corrections come first, then LemmInflect's dictionary checked against UniMorph's verbs, then UniMorph. Where both
are silent, WordNet's exception lists, the paradigm of a compound's last part (blacktop, dogsled) and LemmInflect's
model offer spellings, and the more frequent one is written. `benchmarks/verbs.py` shows what each step is worth.

LemmInflect: https://github.com/bjascob/LemmInflect (MIT). UniMorph: https://unimorph.github.io (CC BY-SA 3.0).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from augsvc.lexicon.builder.frequencies import Frequencies
from augsvc.lexicon.phrases import split
from augsvc.lexicon.wordlists import rows, words
from augsvc.types import SLOTS, Pos

Forms: TypeAlias = dict[str, tuple[str, ...]]
"""Slot -> spellings, the one to write first, then others that are only recognised; a slot without a form is absent."""

Attested: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""Spellings of verbs by (lemma, slot)."""

Exceptions: TypeAlias = Mapping[tuple[str, Pos], tuple[str, ...]]
"""Irregular forms by (lemma, part of speech); the lists do not say which slot they fill."""

UNIMORPH_TAGS = {"V;3;SG;PRS": "VBZ", "V;PST": "VBD", "V;V.PTCP;PST": "VBN", "V;V.PTCP;PRS": "VBG"}

_UPOS = {Pos.NOUN: "NOUN", Pos.VERB: "VERB", Pos.ADJ: "ADJ", Pos.ADV: "ADV"}


def read_unimorph(path: Path) -> Attested:
    """Return the spellings in UniMorph's table of English verbs."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        lemma, form, tag = line.split("\t") if line else ("", "", "")
        if tag in UNIMORPH_TAGS:
            found[lemma, UNIMORPH_TAGS[tag]].append(form)
    return {key: tuple(forms) for key, forms in found.items()}


def read_exceptions(directory: Path) -> Exceptions:
    """Return WordNet's lists of irregular forms: noun.exc, verb.exc, adj.exc and adv.exc (see wndb(5WN))."""
    found: defaultdict[tuple[str, Pos], list[str]] = defaultdict(list)
    for pos in Pos:
        for line in (directory / f"{pos.name.lower()}.exc").read_text("utf-8").splitlines():
            form, *lemmas = (word.replace("_", " ") for word in line.split())
            for lemma in lemmas:
                found[lemma, pos].append(form)
    return {key: tuple(forms) for key, forms in found.items()}


class Sources(NamedTuple):
    """What is known of inflected forms beside LemmInflect and our own lists."""

    unimorph: Attested
    exceptions: Exceptions
    frequencies: Frequencies


UNSOURCED = Sources({}, {}, Frequencies({}))


class Inflector:
    """Inflects lemmas; `nouns` and `verbs` are the known one-word lemmas, by which odd plurals and phrases are told."""

    def __init__(self, sources: Sources, nouns: Iterable[str], verbs: Iterable[str]) -> None:
        import lemminflect

        self._lemminflect: Any = lemminflect
        self._unimorph, self._exceptions, self._frequencies = sources
        self._nouns = frozenset(nouns)
        self._verbs = frozenset(verbs)
        self._fixed = {(lemma, pos, slot): form for lemma, pos, slot, form in rows("inflections")}

    def forms(self, lemma: str, pos: Pos) -> Forms:
        """Return the inflected forms of a folded lemma, which itself fills its base slot, or its only one if plural."""
        base, *others = SLOTS[pos]
        if pos is Pos.NOUN and self.is_plural(lemma):
            return {"NNS": (lemma,)}
        found: Forms = {base: (lemma,)}
        for slot in others:
            fixed = self._fixed.get((lemma, pos.name.lower(), slot))
            spellings = self.from_sources(lemma, pos, slot) if fixed is None else (fixed,)
            if spellings not in {(), ("-",)}:
                found[slot] = spellings
        return found

    def is_plural(self, lemma: str) -> bool:
        """Say whether a noun's lemma takes a plural verb, as clothes, people and authorities do."""
        head = split(lemma, Pos.NOUN, self._verbs).head
        if head in words("plural"):
            return True
        if not re.search("[^isu]s$", head) or head.endswith("ics") or head in words("zero_plural"):
            return False
        singulars = {head[:-1], re.sub("ies$", "y", head), re.sub("es$", "", head)} - {head}
        return not self._known(head, Pos.NOUN) and not singulars.isdisjoint(self._nouns)

    def from_sources(self, lemma: str, pos: Pos, slot: str) -> tuple[str, ...]:
        """Return the spellings of a slot other than the base without our corrections."""
        if pos in {Pos.ADJ, Pos.ADV}:
            return self._compared(lemma, pos, slot)
        return self._plural(lemma) if pos is Pos.NOUN else self._verb(lemma, slot)

    def _known(self, lemma: str, pos: Pos) -> Forms:
        forms = self._lemminflect.getAllInflections(lemma, _UPOS[pos])
        return {slot: tuple(filter(_is_word, forms[slot])) for slot in SLOTS[pos] if slot in forms}

    def _compared(self, lemma: str, pos: Pos, slot: str) -> tuple[str, ...]:
        if lemma in words("incomparable"):
            return ()
        # LemmInflect only adds to a final -e or -ey: "vagueer", "noseyer".
        forms = [re.sub("e(er|est)$", r"\1", form) for form in self._known(lemma, pos).get(slot, ())]
        ending = "er" if slot.endswith("R") else "est"
        forms = forms or [form for form in self._irregular(lemma, pos) if form.endswith(ending)]
        return tuple(form if lemma == "grey" else re.sub("ey(er|est)$", r"i\1", form) for form in forms)

    def _plural(self, lemma: str) -> tuple[str, ...]:
        if lemma in words("uncountable"):
            return ()
        if lemma in words("zero_plural"):
            return (lemma,)
        if known := self._known(lemma, Pos.NOUN):
            return tuple(form for form in known.get("NNS", ()) if form != lemma)
        irregular = self._irregular(lemma, Pos.NOUN)
        if " " in lemma or "-" in lemma:
            before, head, after = split(lemma, Pos.NOUN, self._verbs)
            regular = (before + form + after for form in self.forms(head, Pos.NOUN).get("NNS", ()))
            return tuple(dict.fromkeys((*irregular, *regular)))
        return self._by_frequency((*irregular, *self._lemminflect.getAllInflectionsOOV(lemma, "NOUN")["NNS"]))

    def _irregular(self, lemma: str, pos: Pos) -> tuple[str, ...]:
        return tuple(form for form in self._exceptions.get((lemma, pos), ()) if form != lemma)

    def _by_frequency(self, spellings: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(dict.fromkeys(spellings), key=lambda form: -self._frequencies.of(form)))

    def _verb(self, lemma: str, slot: str) -> tuple[str, ...]:
        attested = self._unimorph.get((lemma, slot), ())
        if not attested and (" " in lemma or "-" in lemma):
            before, head, after = split(lemma, Pos.VERB, self._verbs)
            return tuple(before + form + after for form in self.forms(head, Pos.VERB)[slot][:1])
        offered = tuple(filter(_is_word, self._lemminflect.getInflection(lemma, slot)))
        if not attested:
            offered = self._unattested(lemma, slot, offered)
        agreed = [form for form in offered if form in attested]
        agreed.sort(key=lambda form: form.startswith(f"{lemma}l"))  # "modeled" throughout: LemmInflect wavers
        forms = tuple(dict.fromkeys((*agreed, *attested, *offered))) if attested else offered
        return self._regular_first(lemma, forms) if slot == "VBN" else forms

    def _unattested(self, lemma: str, slot: str, offered: tuple[str, ...]) -> tuple[str, ...]:
        """Order what LemmInflect offers for a verb that UniMorph lacks, with what else may be its form."""
        irregular = tuple(form for form in self._irregular(lemma, Pos.VERB) if _may_fill(slot, form))
        if self._known(lemma, Pos.VERB):
            return tuple(dict.fromkeys((*(form for form in offered if form in irregular), *offered)))
        return self._by_frequency((*irregular, *self._as_last_part(lemma, slot), *offered))

    def _as_last_part(self, lemma: str, slot: str) -> tuple[str, ...]:
        """Return the form by a compound's last part: blacktopped like topped, breastfed like fed."""
        for place in range(3, len(lemma) - 2):
            first, last = lemma[:place], lemma[place:]
            if last in self._verbs and first in self._nouns | self._verbs:
                return tuple(first + form for form in self._verb(last, slot)[:1])
        return ()

    def _regular_first(self, lemma: str, participles: tuple[str, ...]) -> tuple[str, ...]:
        """Let a past in -ed go before a participle in -t: learned, not learned and learnt."""
        past = (self._verb(lemma, "VBD") or ("",))[0]
        regular = past if past.endswith("ed") and past in participles and not participles[0].endswith("n") else ""
        return tuple(dict.fromkeys((regular, *participles))) if regular else participles


def _is_word(form: str) -> bool:
    return form.replace("-", "").isalpha()


def _may_fill(slot: str, form: str) -> bool:
    """Say whether an irregular verb form may fill a slot, as far as its ending tells."""
    endings = {"VBG": "ing", "VBZ": "s"}
    return form.endswith(endings[slot]) if slot in endings else not form.endswith(tuple(endings.values()))
