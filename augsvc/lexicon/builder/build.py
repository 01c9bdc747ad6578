"""The build of an English pack, step by step."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.blocking import blocked_forms
from augsvc.lexicon.builder.candidates import Proposer
from augsvc.lexicon.builder.columns import entry_columns, form_columns, order_forms, reading_columns, sense_columns
from augsvc.lexicon.builder.database import database
from augsvc.lexicon.builder.entries import read_entries
from augsvc.lexicon.builder.flags import first_names, form_flags, mark_replaceable, proper_nouns, with_unlisted_names
from augsvc.lexicon.builder.frequencies import read_frequencies
from augsvc.lexicon.builder.inflection import Sources, read_exceptions, read_unimorph
from augsvc.lexicon.builder.relations import relation_columns
from augsvc.lexicon.builder.rules import rule_columns
from augsvc.lexicon.builder.rules.words import EnglishWords
from augsvc.lexicon.builder.tagger import blank, train, training_words
from augsvc.lexicon.builder.wordnet import FILES, Synset, read_synsets
from augsvc.lexicon.builder.write import digests_of, write_pack
from augsvc.lexicon.conllu import read
from augsvc.lexicon.pack import Lexicon
from augsvc.lexicon.tensors import Array, read_tensors
from augsvc.lexicon.wordlists import rule_files, words
from augsvc.types import FormFlag

STEPS = ("read WordNet", "inflect and choose candidates", "train the tagger", "write")


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
    wordnet: Path | None,
    unimorph: Path | None,
    names: Path | None,
    output: Path,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    treebanks: Sequence[Path] = (),
) -> Summary:
    """Compile an English pack, deterministically, and put it at `output` in one rename.

    Args:
        wordnet: directory or zip of the WordNet 3.0 database files, or None for the corpus that NLTK has installed.
        unimorph: UniMorph's table of English verbs, or None.
        names: directory of first names, a name a line in *.txt files, or None.
        output: the pack; its SHA-256 (.sha256) and its header (.json) are written beside it.
        progress: called as (step, steps done, steps in all).
        treebanks: CoNLL-U files with Penn tags to train the tagger on; without them every word has the tag of its most
            frequent reading.

    Raises:
        InvalidInput: an input is missing or is not what it should be.
    """
    name_files = sorted(names.glob("*.txt")) if names else []
    if missing := [path for path in (output.parent, unimorph, names, *treebanks) if path and not path.exists()]:
        raise InvalidInput(f"{missing[0]} does not exist.")
    with database(wordnet) as directory:
        progress(STEPS[0], 0, len(STEPS))
        synsets = read_synsets(directory)
        progress(STEPS[1], 1, len(STEPS))
        sources = Sources(read_unimorph(unimorph) if unimorph else {}, read_exceptions(directory), read_frequencies())
        tensors = _tensors(synsets, sources, set(_lines(name_files)), training_words(treebanks))
        progress(STEPS[2], 2, len(STEPS))
        tensors |= train(read(treebanks), tensors) if treebanks else blank(tensors)
        tensors |= {"form.flags": with_unlisted_names(tensors)}
        progress(STEPS[3], 3, len(STEPS))
        inputs = [*(directory / name for name in FILES), *([unimorph] if unimorph else []), *name_files, *treebanks]
        digest = write_pack(with_rules(tensors, output), output, digests_of(inputs))
    progress(STEPS[3], len(STEPS), len(STEPS))
    return Summary(
        path=output,
        digest=digest,
        forms=len(tensors["form.flags"]),
        entries=len(tensors["entry.form"]),
        readings=len(tensors["reading.entry"]),
        candidates=len(tensors["candidate.word"]),
        size=output.stat().st_size,
    )


def with_rules(tensors: dict[str, Array], path: Path) -> dict[str, Array]:
    """Return the columns of an English pack with those of its rewrite rules, which are looked up in it."""
    lexicon = Lexicon(path, {"digest": "", "language": "en"}, no_rules() | tensors)
    rules = rule_columns(rule_files(), EnglishWords(lexicon))
    flags = tensors["form.flags"] & ~np.uint16(FormFlag.CAPITAL)
    for word in json.loads(rules["rule.names"].tobytes())["capital"]:
        flags[lexicon.form_id(word)] |= FormFlag.CAPITAL
    return tensors | rules | {"form.flags": flags}


def no_rules() -> dict[str, Array]:
    """Return the columns of a pack without rules."""
    return {"rule.code": np.zeros(1, np.int64), "rule.text": np.zeros(1, np.uint8), "rule.names": np.zeros(0, np.uint8)}


def rebuild_rules(path: Path) -> str:
    """Translate the rewrite rules again into an English pack, in place, and return its digest."""
    metadata, tensors = read_tensors(path)
    inputs = json.loads(metadata["augsvc"])["inputs"]
    kept = {name: digest for name, digest in inputs.items() if not name.startswith("english/")}
    columns = {name: column.copy() for name, column in tensors.items() if not name.startswith("rule.")}
    return write_pack(with_rules(columns, path), path, kept)


def _tensors(synsets: list[Synset], sources: Sources, names: set[str], tagged: set[str]) -> dict[str, Array]:
    """Return all columns but the tagger's; `tagged` are words that it knows."""
    by_key = read_entries(synsets, sources)
    entries = list(by_key.values())
    blocked = blocked_forms(entries)
    closed = words("function") | words("negation")
    given = set(filter(str.isalpha, names))
    forms = order_forms(entries, closed | blocked | given | tagged | words("phrases"), sources.frequencies)
    proper = proper_nouns(entries, forms) | first_names(given, forms)
    proposer = Proposer(synsets, by_key, closed | blocked, lambda form: forms.zipf[forms.ids[form]])
    readings = reading_columns(forms, entries, proposer)
    flags = mark_replaceable(form_flags(forms, blocked=blocked, names=proper), forms, readings["reading.head"] >> 8)
    return {
        **form_columns(forms, flags),
        **readings,
        **entry_columns(forms, entries),
        **sense_columns(entries, synsets),
        **relation_columns(entries, synsets, closed | blocked | proper, lambda form: forms.zipf[forms.ids[form]]),
        **no_rules(),
    }


def _lines(files: list[Path]) -> list[str]:
    return [line.strip().lower() for path in files for line in path.read_text("utf-8").splitlines()]
