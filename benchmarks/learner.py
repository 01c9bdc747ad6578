"""Fit the preset `learner-errors` to learners: `python benchmarks/learner.py [--write]`.

The rates of its steps, and the share of texts that have any, are found by raking: on the sentences of two treebanks
each is multiplied by what is wanted over what was made, again and again. Wanted are the shares of ERRANT's types in
W&I+LOCNESS dev, 8.6 edits a hundred tokens, and 35 of a hundred sentences without any. Prints what the preset makes of
sentences that the rates were not fitted to, and `--write` writes the rates that it was given.

Source of the shares: Bryant et al., "The BEA-2019 shared task on grammatical error correction", 2019, counted anew.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.progress import track
from table import print_table
from text import corpora
from treebank import read_treebank

from augsvc.batch import Keys, TextBatch, TokenBatch
from augsvc.lexicon import Lexicon
from augsvc.ops import OPERATIONS
from augsvc.pipeline import Pipeline, parse
from augsvc.pipeline.run import run

RATES = Path(__file__).parents[1] / "augsvc" / "pipeline" / "learner_errors.json"
SHARES = "gec_stats/error_type_distribution.json"
EDITS, CLEAN = 8.6, 0.35
"""Edits a hundred tokens, and the share of sentences without any."""

LEXICAL = frozenset({"NOUN", "VERB", "ADJ", "ADV", "OTHER", "UNK"})
"""Base types of words that were chosen wrongly: what is wrong with them is the meaning."""

KINDS = {
    "determiner": "DET", "quantifier": "DET", "preposition": "PREP", "punctuation": "PUNCT", "pronoun": "PRON",
    "conjunction": "CONJ", "particle": "PART", "auxiliary": "VERB:TENSE", "verb_tense": "VERB:TENSE",
    "verb_form": "VERB:FORM", "subject_verb_agreement": "VERB:SVA", "verb_inflection": "VERB:INFL",
    "noun_number": "NOUN:NUM", "noun_inflection": "NOUN:INFL", "possessive": "NOUN:POSS", "orthography": "ORTH",
    "spelling": "SPELL", "morphology": "MORPH", "adverb_form": "MORPH", "adjective_form": "ADJ:FORM",
    "word_order": "WO", "apostrophe": "CONTR", "word_choice": "OTHER", "synonym": "OTHER",
}  # fmt: skip
"""The base type of each operation's errors."""

MARKS = {"missing": "M", "missing_to": "M", "run_on": "M", "unnecessary": "U", "unnecessary_to": "U"}
"""Variants by whether something is missing or unnecessary; in all others it is replaced."""

ROUNDS, FITTED, TESTED = 60, 6000, 6000
OWN, BASE = 0.3, 0.6
"""How much of what is lacking of a step's own type, and of its base type, a round makes up for."""


class Step(NamedTuple):
    """A variant of an operation, and the type of its errors."""

    operation: str
    variant: str | None
    type: str


def main() -> None:
    """Fit, print what the rates make of other sentences, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {RATES.name}")
    options = parser.parse_args()
    data = corpora()
    wanted, lexicon = wanted_shares(data), Lexicon.open()
    texts = sentences_of(data)
    fitted, tested = texts[:FITTED], texts[FITTED : FITTED + TESTED]
    steps = [step for step in all_steps() if step.type in wanted]
    rates, _ = fit(steps, wanted, fitted, lexicon)
    # of operations that want the same words the earlier one has them: those come first that find too few
    steps = [step for _, step in sorted(zip(rates, steps, strict=True), key=lambda pair: -pair[0])]
    rates, share = fit(steps, wanted, fitted, lexicon)
    document = as_document(steps, rates, share)
    if options.write:
        RATES.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    made, tokens, clean = count(parse(document), tested, lexicon)
    found = Counter[str]()
    for step, number in zip(steps, made, strict=True):
        found[step.type] += number
    report(found, wanted, sum(made) / tokens, clean)


def wanted_shares(data: Path) -> dict[str, float]:
    """Return the share of each ERRANT type, missing, unnecessary or replaced; lexical ones under OTHER."""
    given = json.loads((data / SHARES).read_text("utf-8"))["W&I+LOCNESS dev (ERRANT types)"]["types_percent"]
    shares = Counter[str]()
    for name, percent in given.items():
        mark, _, base = name.partition(":")
        if base:
            shares[f"{mark}:{'OTHER' if base in LEXICAL else base}"] += percent
    return {name: percent / sum(shares.values()) for name, percent in shares.items()}


def sentences_of(data: Path) -> list[str]:
    """Return the sentences of both treebanks in turn, those of at least five words."""
    found = [
        sentence.text
        for name in ("ud_gum/en_gum-ud-train-ccby.conllu", "ud_ewt/en_ewt-ud-train.conllu")
        for sentence in read_treebank(data / name)
    ]
    return [text for text in found[::2] + found[1::2] if len(text.split()) >= 5]


def all_steps() -> list[Step]:
    """Return every variant of the operations that make errors."""
    kinds = [operation.document() for operation in OPERATIONS]
    return [
        Step(kind["type"], variant, f"{MARKS.get(variant or '', 'R')}:{KINDS[kind['type']]}")
        for kind in kinds
        if kind["type"] in KINDS
        for variant in kind["schema"]["properties"].get("variant", {}).get("anyOf", [{}])[0].get("enum", [None])
    ]


def as_document(steps: Sequence[Step], rates: Sequence[float], share: float) -> dict[str, object]:
    """Return the pipeline as its JSON."""
    ops = [
        {"type": step.operation, "rate": round(rate, 5)} | ({"variant": step.variant} if step.variant else {})
        for step, rate in zip(steps, rates, strict=True)
    ]
    return {"ops": [{"type": "sometimes", "p": round(share, 4), "ops": ops}]}


def count(pipeline: Pipeline, texts: Sequence[str], lexicon: Lexicon) -> tuple[list[int], int, float]:
    """Return the edits of each step, the tokens, and the share of texts without any edit."""
    batch = TextBatch.from_strings(texts)
    keys = Keys.of_copies(7, 0, np.arange(len(texts)), 1)
    done = run(batch, pipeline, lexicon, keys, [])[-1]
    rows = np.repeat(np.arange(len(texts)), np.diff(done.work.edit_rows[: len(texts) + 1]))
    groups = np.unique(np.column_stack([rows, done.report[:, 5], done.report[:, 6]]), axis=0)
    made = np.bincount(groups[:, 2], minlength=len(pipeline.names[0]))
    tokens = TokenBatch.scan(batch, lexicon.tables).count
    return made.tolist(), tokens, 1 - len(np.unique(rows)) / len(texts)


def fit(
    steps: Sequence[Step], wanted: dict[str, float], texts: Sequence[str], lexicon: Lexicon
) -> tuple[list[float], float]:
    """Return the rate of each step and the share of texts that have any."""
    rates, share = [EDITS / 100 * wanted[step.type] for step in steps], 0.8
    for _ in track(range(ROUNDS), description="fitting"):
        made, tokens, clean = count(parse(as_document(steps, rates, share)), texts, lexicon)
        found = Counter[str]()
        for step, number in zip(steps, made, strict=True):
            found[step.type] += number
        scale = EDITS / 100 * tokens
        bases, goals = by_base(found, lexical=True), by_base(wanted, lexical=True)
        for number, step in enumerate(steps):
            # where too few are missing or unnecessary, more are replaced: what counts most is the base type
            own = scale * wanted[step.type] / max(found[step.type], 0.5)
            base = scale * goals[step.type[2:]] / max(sum(made) * bases.get(step.type[2:], 0), 0.5)
            rates[number] = min(0.5, rates[number] * min(2.0, own**OWN * base**BASE))
        share = min(1.0, share * (1 - CLEAN) / (1 - clean))
    return rates, share


def report(found: Counter[str], wanted: dict[str, float], edits: float, clean: float) -> None:
    """Print the shares that are made beside those of learners."""
    base, goal = by_base(found), by_base(wanted)
    rows = [
        (name, f"{100 * goal[name]:.1f}", f"{100 * base[name]:.1f}") for name in sorted(goal, key=lambda n: -goal[n])
    ]
    distance = sum(abs(goal[name] - base.get(name, 0)) for name in goal) / 2
    notes = [
        f"Total variation over base types that are no lexical choice: {distance:.3f} (at most .05).",
        f"{100 * edits:.1f} edits a hundred tokens (learners: {EDITS}).",
        f"{100 * clean:.0f} % of sentences without any (learners: {100 * CLEAN:.0f} %).",
    ]
    print_table("Errors by base type, % of those that are no lexical choice", ("", "learners", "preset"), rows, notes)


def by_base(shares: dict[str, float] | Counter[str], *, lexical: bool = False) -> dict[str, float]:
    """Return the shares of base types, lexical choice apart unless it is asked for."""
    base = Counter[str]()
    for name, share in shares.items():
        if lexical or name[2:] not in LEXICAL:
            base[name[2:]] += share
    return {name: share / sum(base.values()) for name, share in base.items()}


if __name__ == "__main__":
    main()
