"""Inflected forms: our corrections, then LemmInflect's dictionary checked against UniMorph, then LemmInflect's model.

LemmInflect: https://github.com/bjascob/LemmInflect (MIT). UniMorph: https://unimorph.github.io (CC BY-SA 3.0).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from augsvc.lexicon.builder.phrases import split
from augsvc.lexicon.builder.wordlists import rows, words
from augsvc.types import SLOTS, Pos

Forms: TypeAlias = dict[str, tuple[str, ...]]
"""Slot -> spellings, the one to write first, then others that are only recognised; a slot without a form is absent."""

Attested: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""Spellings of verbs by (lemma, slot)."""

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


class Inflector:
    """Inflects lemmas; `nouns` and `verbs` are the known one-word lemmas, by which odd plurals and phrases are told."""

    def __init__(self, unimorph: Attested, nouns: Iterable[str], verbs: Iterable[str]) -> None:
        import lemminflect

        self._lemminflect: Any = lemminflect
        self._unimorph = unimorph
        self._nouns = frozenset(nouns)
        self._verbs = frozenset(verbs)
        self._fixed = {(lemma, pos, slot): form for lemma, pos, slot, form in rows("inflections")}

    def forms(self, lemma: str, pos: Pos) -> Forms:
        """Return the inflected forms of a folded lemma; its base slot is the lemma itself."""
        base, *others = SLOTS[pos]
        found: Forms = {base: (lemma,)}
        for slot in others:
            fixed = self._fixed.get((lemma, pos.name.lower(), slot))
            spellings = self._slot(lemma, pos, slot) if fixed is None else (fixed,)
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

    def _slot(self, lemma: str, pos: Pos, slot: str) -> tuple[str, ...]:
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
        forms = (re.sub("e(er|est)$", r"\1", form) for form in self._known(lemma, pos).get(slot, ()))
        return tuple(form if lemma == "grey" else re.sub("ey(er|est)$", r"i\1", form) for form in forms)

    def _plural(self, lemma: str) -> tuple[str, ...]:
        if lemma in words("uncountable") or self.is_plural(lemma):
            return ()
        if lemma in words("zero_plural"):
            return (lemma,)
        if known := self._known(lemma, Pos.NOUN):
            return tuple(form for form in known.get("NNS", ()) if form != lemma)
        if " " in lemma or "-" in lemma:
            before, head, after = split(lemma, Pos.NOUN, self._verbs)
            return tuple(before + form + after for form in self.forms(head, Pos.NOUN).get("NNS", ()))
        return tuple(self._lemminflect.getAllInflectionsOOV(lemma, "NOUN")["NNS"])

    def _verb(self, lemma: str, slot: str) -> tuple[str, ...]:
        attested = self._unimorph.get((lemma, slot), ())
        if not attested and (" " in lemma or "-" in lemma):
            before, head, after = split(lemma, Pos.VERB, self._verbs)
            return tuple(before + form + after for form in self.forms(head, Pos.VERB)[slot][:1])
        offered = tuple(filter(_is_word, self._lemminflect.getInflection(lemma, slot)))
        agreed = [form for form in offered if form in attested]
        agreed.sort(key=lambda form: form.startswith(f"{lemma}l"))  # "modeled" throughout: LemmInflect wavers
        forms = tuple(dict.fromkeys((*agreed, *attested, *offered))) if attested else offered
        return self._regular_first(lemma, forms) if slot == "VBN" else forms

    def _regular_first(self, lemma: str, participles: tuple[str, ...]) -> tuple[str, ...]:
        """Let a past in -ed go before a participle in -t: learned, not learned and learnt."""
        past = (self._verb(lemma, "VBD") or ("",))[0]
        regular = past if past.endswith("ed") and past in participles and not participles[0].endswith("n") else ""
        return tuple(dict.fromkeys((regular, *participles))) if regular else participles


def _is_word(form: str) -> bool:
    return form.replace("-", "").isalpha()
