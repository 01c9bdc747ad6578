"""How like learners the preset `learner-errors` errs: `python benchmarks/learner.py [--fit]`.

Prints what the preset makes of sentences that its rates were not fitted to, under three seeds, by declared types and by
those that ERRANT extracts. `--fit` finds the rates anew before, and writes them.

The rates of its steps, and the share of texts that have any, are found by raking: on the sentences of two treebanks
each is multiplied by what is wanted over what was made, again and again. Wanted are the shares of ERRANT's types in
W&I+LOCNESS dev, 8.6 edits a hundred tokens, and 35 of a hundred sentences without any. What a step makes is counted
half under its declared type, half under those that ERRANT extracts from single edits of it, where it can be had.

Source of the shares: Bryant et al., "The BEA-2019 shared task on grammatical error correction", 2019, counted anew.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from errant_judge import Errant, ensure_errant
from rich.progress import track
from table import print_table
from text import corpora
from treebank import read_treebank

import augsvc
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

ROUNDS, FITTED, TYPED = 60, 6000, 100
"""Rounds of the fit, its sentences (the others test it), and the most edits of a step that ERRANT types."""

OWN, BASE = 0.1, 0.8
"""How much of what is lacking of a step's own types, and of their base types, a round makes up for."""

SEED = 7
SEEDS = (7, 8, 9)
"""Of the fit, and of the test: of one seed alone the share of sentences without errors varies by half a point."""


Profile = Mapping[str, float]
"""How many edits of each type an error has, in the mean."""


class Step(NamedTuple):
    """A variant of an operation, and the declared type of its errors."""

    operation: str
    variant: str | None
    type: str

    def document(self, rate: float) -> dict[str, object]:
        """Return the operation as its JSON."""
        chosen = {"variant": self.variant} if self.variant else {}
        return {"type": self.operation, "rate": round(rate, 5)} | chosen


def main() -> None:
    """Fit and write the rates where that is asked for, and print what they make of other sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help=f"find the rates anew, and write {RATES.name}")
    options = parser.parse_args()
    data = corpora()
    wanted, lexicon = wanted_shares(data), Lexicon.open()
    texts = sentences_of(data)
    fitted, tested = texts[:FITTED], texts[FITTED:]
    with Errant(lexicon) if ensure_errant() else nullcontext() as errant:
        if options.fit:
            document = fitted_rates(fitted, wanted, lexicon, errant)
            RATES.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        document = json.loads(RATES.read_text("utf-8"))
        found = {"declared": Counter[str]()} | ({} if errant is None else {"by ERRANT": Counter[str]()})
        tokens, clean = 0, 0.0
        for seed in track(SEEDS, description="testing"):
            made, read, without = count(parse(document), tested, lexicon, seed)
            tokens, clean = tokens + read, clean + without / len(SEEDS)
            for step, number in zip(steps_of(document), made, strict=True):
                found["declared"][step.type] += number
            if errant is not None:
                found["by ERRANT"].update(extracted(document, tested, errant, seed))
    report(found, wanted, tokens, clean)


def fitted_rates(
    texts: Sequence[str], wanted: dict[str, float], lexicon: Lexicon, errant: Errant | None
) -> dict[str, object]:
    """Return the pipeline whose errors are as those wanted, as its JSON."""
    steps = [step for step in all_steps() if step.type in wanted]
    profiles = {step: profile(step, texts, errant) for step in track(steps, description="types of steps")}
    rates, _ = fit(steps, profiles, wanted, texts, lexicon)
    # of operations that want the same words the earlier one has them: those come first that find too few
    steps = [step for _, step in sorted(zip(rates, steps, strict=True), key=lambda pair: -pair[0])]
    return as_document(steps, *fit(steps, profiles, wanted, texts, lexicon))


def wanted_shares(data: Path) -> dict[str, float]:
    """Return the share of each ERRANT type, missing, unnecessary or replaced; lexical ones under OTHER."""
    given = json.loads((data / SHARES).read_text("utf-8"))["W&I+LOCNESS dev (ERRANT types)"]["types_percent"]
    shares = Counter[str]()
    for name, percent in given.items():
        if ":" in name:
            shares[known_type(name)] += percent
    return {name: percent / sum(shares.values()) for name, percent in shares.items()}


def known_type(name: str) -> str:
    """Return a type of ERRANT, lexical ones as OTHER."""
    mark, _, base = name.partition(":")
    return f"{mark}:{'OTHER' if base in LEXICAL else base}"


def profile(step: Step, texts: Sequence[str], errant: Errant | None) -> Profile:
    """Return the mean of a step's declared type and of what ERRANT extracts from single edits of texts by it.

    Without ERRANT, or where a step finds nothing to do, it is the declared type alone.
    """
    one = {"ops": [step.document(1.0) | {"max_edits": 1}]}
    results = augsvc.augment(texts, one, seed=SEED) if errant is not None else []
    edited = [(result.text, texts[int(result.id)]) for result in results if result.edits][:TYPED]
    if errant is None or not edited:
        return {step.type: 1.0}
    found = types_of(edited, errant)
    return {name: (found[name] / len(edited) + (name == step.type)) / 2 for name in {*found, step.type}}


def extracted(document: dict[str, object], texts: Sequence[str], errant: Errant, seed: int) -> Counter[str]:
    """Return how many edits of each type ERRANT extracts from what a pipeline makes of texts."""
    results = augsvc.augment(texts, document, seed=seed)
    return types_of([(result.text, texts[int(result.id)]) for result in results if result.edits], errant)


def types_of(pairs: Sequence[tuple[str, str]], errant: Errant) -> Counter[str]:
    """Return the types of the edits that turn wrong texts into right ones."""
    wrong, right = [*zip(*pairs, strict=True)]
    return Counter(known_type(edit.type) for pair in errant.pairs(wrong, right) for edit in pair.edits)


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


def steps_of(document: dict[str, Any]) -> list[Step]:
    """Return the steps of the pipeline, in their order."""
    known = {(step.operation, step.variant): step for step in all_steps()}
    return [known[op["type"], op.get("variant")] for op in document["ops"][0]["ops"]]


def as_document(steps: Sequence[Step], rates: Sequence[float], share: float) -> dict[str, object]:
    """Return the pipeline as its JSON."""
    ops = [step.document(rate) for step, rate in zip(steps, rates, strict=True)]
    return {"ops": [{"type": "sometimes", "p": round(share, 4), "ops": ops}]}


def count(pipeline: Pipeline, texts: Sequence[str], lexicon: Lexicon, seed: int = SEED) -> tuple[list[int], int, float]:
    """Return the edits of each step, the tokens, and the share of texts without any edit."""
    batch = TextBatch.from_strings(texts)
    keys = Keys.of_copies(seed, 0, np.arange(len(texts)), 1)
    done = run(batch, pipeline, lexicon, keys, [])[-1]
    rows = np.repeat(np.arange(len(texts)), np.diff(done.work.edit_rows[: len(texts) + 1]))
    groups = np.unique(np.column_stack([rows, done.report[:, 5], done.report[:, 6]]), axis=0)
    made = np.bincount(groups[:, 2], minlength=len(pipeline.names[0]))
    tokens = TokenBatch.scan(batch, lexicon.tables).count
    return made.tolist(), tokens, 1 - len(np.unique(rows)) / len(texts)


def fit(
    steps: Sequence[Step],
    profiles: Mapping[Step, Profile],
    wanted: dict[str, float],
    texts: Sequence[str],
    lexicon: Lexicon,
) -> tuple[list[float], float]:
    """Return the rate of each step and the share of texts that have any."""
    rates, share = [EDITS / 100 * wanted[step.type] for step in steps], 0.8
    goals = by_base(wanted, lexical=True)
    for _ in track(range(ROUNDS), description="fitting"):
        made, tokens, clean = count(parse(as_document(steps, rates, share)), texts, lexicon)
        found = Counter[str]()
        for step, number in zip(steps, made, strict=True):
            found.update({name: number * mean for name, mean in profiles[step].items()})
        scale = EDITS / 100 * tokens
        bases = {name: part * found.total() for name, part in by_base(found, lexical=True).items()}
        # where too few are missing or unnecessary, more are replaced: what counts most is the base type
        lacking = {
            name: OWN * log(scale * wanted[name] / max(found[name], 0.5))
            + BASE * log(scale * goals[name[2:]] / max(bases.get(name[2:], 0), 0.5))
            for name in wanted
        }
        for number, step in enumerate(steps):
            known = {name: mean for name, mean in profiles[step].items() if name in wanted}
            change = sum(mean * lacking[name] for name, mean in known.items()) / max(sum(known.values()), 1e-9)
            rates[number] = min(0.5, rates[number] * min(2.0, exp(change)))
        share = min(1.0, share * (1 - CLEAN) / (1 - clean))
    return rates, share


def report(found: dict[str, Counter[str]], wanted: dict[str, float], tokens: int, clean: float) -> None:
    """Print the shares that are made, counted in one way or two, beside those of learners."""
    goal, shares = by_base(wanted), {way: by_base(counts) for way, counts in found.items()}
    rows = [
        (name, f"{100 * goal[name]:.1f}", *(f"{100 * share.get(name, 0):.1f}" for share in shares.values()))
        for name in sorted(goal, key=lambda n: -goal[n])
    ]
    notes = [f"{100 * clean:.0f} % of sentences without any (learners: {100 * CLEAN:.0f} %)."]
    for way, share in shares.items():
        distance = sum(abs(goal[name] - share.get(name, 0)) for name in goal) / 2
        edits = 100 * found[way].total() / tokens
        notes.append(
            f"Types {way}: total variation over base types that are no lexical choice {distance:.3f} (at most .05), "
            f"{edits:.1f} edits a hundred tokens (learners: {EDITS})."
        )
    title = "Errors by base type, % of those that are no lexical choice"
    print_table(title, ("", "learners", *(f"preset, {way}" for way in shares)), rows, notes)


def by_base(shares: Mapping[str, float], *, lexical: bool = False) -> dict[str, float]:
    """Return the shares of base types, lexical choice apart unless it is asked for."""
    base = dict[str, float]()
    for name, share in shares.items():
        if lexical or name[2:] not in LEXICAL:
            base[name[2:]] = base.get(name[2:], 0) + share
    return {name: share / sum(base.values()) for name, share in base.items()}


if __name__ == "__main__":
    main()
