"""Forms of English verbs, judged by UniMorph: the pack beside LemmInflect alone and plain spelling rules.

`python benchmarks/verbs.py [--pack FILE]`. A form is right if UniMorph has it for that verb and slot (VBZ, VBD, VBN,
VBG). The pack's builder reads UniMorph too, so its figure checks the building; the line "half of UniMorph hidden" is
fair: the builder's inflector without every other lemma of UniMorph, chosen by hash, judged on these alone. Its
corrections (english/inflections.txt) were written with all of UniMorph in sight; "and no corrections" does without.
"Not in the pack" are the verbs of UniMorph that it lacks, inflected as an overlay's.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import lemminflect
from rich.console import Console
from rich.table import Table
from text import DATA

from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder.frequencies import read_frequencies
from augsvc.lexicon.builder.inflection import Attested, Inflector, Sources, read_exceptions, read_unimorph
from augsvc.lexicon.vocabulary import Vocabulary
from augsvc.types import Pos

SLOTS = ("VBZ", "VBD", "VBN", "VBG")

System = Callable[[str, str], str | None]
"""Returns the form of a (verb, slot)."""


class Verbs(NamedTuple):
    """The pack's verbs: all of them, and those with a tag count."""

    all: frozenset[str]
    tagged: frozenset[str]


def main() -> None:
    """Judge the systems and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, help="the pack to judge, by default the one that ships")
    lexicon = Lexicon.open(parser.parse_args().pack)
    unimorph = read_unimorph(DATA / "unimorph" / "eng_2018.tsv")
    verbs = verbs_of(lexicon)
    hidden = frozenset(filter(is_hidden, verbs.all))
    half = inflector({key: forms for key, forms in unimorph.items() if key[0] not in hidden}, lexicon)
    table = Table("verbs", "system", "all", "with a tag count", "judged", title="Right forms of verbs, per cent")
    for name, judged in (("every", verbs.all), ("hidden half", hidden)):
        systems = {"the pack": lexicon.inflect} if name == "every" else halves(half)
        for label, system in (systems | {"LemmInflect": lemminflect_form, "spelling rules": spelt}).items():
            everything, tagged = (share_right(system, unimorph, chosen) for chosen in (judged, judged & verbs.tagged))
            table.add_row(name, label, f"{everything[0]:.2%}", f"{tagged[0]:.2%}", f"{everything[1]:,}, {tagged[1]:,}")
    share, judged_new = share_right(overlaid(lexicon), unimorph, {verb for verb, _ in unimorph} - verbs.all)
    table.add_row("not in the pack", "an overlay's rules", f"{share:.2%}", "-", f"{judged_new:,}")
    Console().print(table)


def verbs_of(lexicon: Lexicon) -> Verbs:
    """Return the lemmas of the pack's verb entries."""
    columns = lexicon.tensors
    entries = [entry for entry, pos in enumerate(columns["entry.pos"].tolist()) if pos == Pos.VERB]
    names = {entry: lexicon.text(int(columns["entry.form"][entry])) for entry in entries}
    return Verbs(
        frozenset(names.values()), frozenset(names[entry] for entry in entries if columns["entry.count"][entry])
    )


def is_hidden(lemma: str) -> bool:
    """Say whether a lemma belongs to the half that the inflector does not see."""
    return bool(hashlib.sha256(lemma.encode()).digest()[0] & 1)


def inflector(unimorph: Attested, lexicon: Lexicon) -> Inflector:
    """Return the builder's inflector with only these facts of UniMorph."""
    columns = lexicon.tensors
    lemmas = zip(columns["entry.form"].tolist(), columns["entry.pos"].tolist(), strict=True)
    known = [(lexicon.text(form), pos) for form, pos in lemmas]
    nouns, verbs = ([lemma for lemma, pos in known if pos == kind and lemma.isalpha()] for kind in (Pos.NOUN, Pos.VERB))
    return Inflector(Sources(unimorph, read_exceptions(DATA / "wordnet3"), read_frequencies()), nouns, verbs)


def halves(inflector: Inflector) -> dict[str, System]:
    """Return the two systems that do not see the hidden half."""

    def corrected(lemma: str, slot: str) -> str | None:
        return first(inflector.forms(lemma, Pos.VERB).get(slot, ()))

    def uncorrected(lemma: str, slot: str) -> str | None:
        return first(inflector.from_sources(lemma, Pos.VERB, slot))

    return {"half of UniMorph hidden": corrected, "and no corrections": uncorrected}


def overlaid(lexicon: Lexicon) -> System:
    """Return how a verb that the pack lacks is inflected when a user's overlay brings it in."""
    vocabulary = Vocabulary(lexicon)
    return lambda lemma, slot: vocabulary.inflected(lemma, Pos.VERB).get(slot)


def lemminflect_form(lemma: str, slot: str) -> str | None:
    """Return LemmInflect's first choice."""
    return first(lemminflect.getInflection(lemma, slot))


def spelt(lemma: str, slot: str) -> str:
    """Return the form by the rules of spelling: -e dropped, -y to -i, the consonant doubled in one syllable."""
    if slot == "VBZ":
        if re.search(r"[^aeiou]y$", lemma):
            return lemma[:-1] + "ies"
        return lemma + ("es" if re.search(r"(s|x|z|ch|sh|[^aeiou]o)$", lemma) else "s")
    ending = "ing" if slot == "VBG" else "ed"
    if re.search(r"[^eoy]e$", lemma) or (ending == "ed" and lemma.endswith("e")):
        return lemma[:-1] + ending
    if ending == "ed" and re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", lemma) else "") + ending


def share_right(system: System, unimorph: Attested, verbs: Collection[str]) -> tuple[float, int]:
    """Return the share of UniMorph's (verb, slot)s that a system gets right, and how many were judged."""
    judged = [(verb, slot) for verb in sorted(verbs) for slot in SLOTS if (verb, slot) in unimorph]
    right = sum(system(verb, slot) in unimorph[verb, slot] for verb, slot in judged)
    return right / len(judged), len(judged)


def first(forms: Iterable[str]) -> str | None:
    """Return the form to write, if there is any."""
    return next(iter(forms), None)


if __name__ == "__main__":
    main()
