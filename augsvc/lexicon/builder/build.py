"""The build of an English pack, step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.blocking import blocked_forms
from augsvc.lexicon.builder.candidates import Proposer
from augsvc.lexicon.builder.columns import entry_columns, form_columns, order_forms, reading_columns, sense_columns
from augsvc.lexicon.builder.entries import read_entries
from augsvc.lexicon.builder.flags import first_names, form_flags, proper_nouns
from augsvc.lexicon.builder.inflection import read_unimorph
from augsvc.lexicon.builder.wordlists import words
from augsvc.lexicon.builder.wordnet import FILES, Synset, read_synsets
from augsvc.lexicon.builder.write import write_pack
from augsvc.lexicon.tensors import Array

STEPS = ("read WordNet", "inflect and choose candidates", "write")


class Summary(NamedTuple):
    """What a build made: where, its digest, and the rows of its main columns."""

    path: Path
    digest: str
    forms: int
    entries: int
    readings: int
    candidates: int
    size: int  # bytes


def build(
    wordnet: Path,
    unimorph: Path | None,
    names: Path | None,
    output: Path,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Summary:
    """Compile an English pack, deterministically, and put it at `output` in one rename.

    Args:
        wordnet: directory of the WordNet 3.0 database files.
        unimorph: UniMorph's table of English verbs, or None.
        names: directory of first names, a name a line in *.txt files, or None.
        output: the pack; its SHA-256 (.sha256) and its header (.json) are written beside it.
        progress: called as (step, steps done, steps in all).

    Raises:
        InvalidInput: an input is missing or is not what it should be.
    """
    name_files = sorted(names.glob("*.txt")) if names else []
    if missing := [path for path in (unimorph, names) if path and not path.exists()]:
        raise InvalidInput(f"{missing[0]} does not exist.")
    progress(STEPS[0], 0, len(STEPS))
    synsets = read_synsets(wordnet)
    progress(STEPS[1], 1, len(STEPS))
    tensors = _tensors(synsets, unimorph, name_files)
    progress(STEPS[2], 2, len(STEPS))
    inputs = [*(wordnet / name for name in FILES), *([unimorph] if unimorph else []), *name_files]
    digest = write_pack(tensors, output, inputs)
    progress(STEPS[2], len(STEPS), len(STEPS))
    return Summary(
        path=output,
        digest=digest,
        forms=len(tensors["form.flags"]),
        entries=len(tensors["entry.form"]),
        readings=len(tensors["reading.entry"]),
        candidates=len(tensors["candidate.form"]),
        size=output.stat().st_size,
    )


def _tensors(synsets: list[Synset], unimorph: Path | None, name_files: list[Path]) -> dict[str, Array]:
    by_key = read_entries(synsets, read_unimorph(unimorph) if unimorph else {})
    entries = list(by_key.values())
    blocked = blocked_forms(entries)
    closed = words("function") | words("negation")
    given = set(filter(str.isalpha, _lines(name_files)))
    forms = order_forms(entries, closed | blocked | given, words("function"))
    names = proper_nouns(entries, forms) | first_names(given, forms)
    flags = form_flags(forms, blocked=blocked, names=names)
    return {
        **form_columns(forms, flags),
        **reading_columns(forms, entries, Proposer(synsets, by_key, closed | blocked)),
        **entry_columns(forms, entries),
        **sense_columns(entries, synsets),
    }


def _lines(files: list[Path]) -> list[str]:
    return [line.strip().lower() for path in files for line in path.read_text("utf-8").splitlines()]
