"""Errors of grammar before three judges: `python benchmarks/errors.py [--edits 400] [--show 5] [OPERATION ...]`.

Each variant of each operation of the family `error` makes single edits in EWT's and GUM's dev. ERRANT is asked whether
they are of the declared types and where we say they are; the treebanks' tags and trees, whether the result is wrong;
and BLiMP's pairs on agreement, whether their wrong sentence is among our edits. docs/benchmarks.md explains the rules.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple, get_args

from errant_judge import Errant, Extracted, Pair, ensure_errant
from grammar import JUDGED, Grammar, Tree, Verdict, read_trees
from rich.console import Console
from rich.progress import track
from table import print_table
from text import DATA, corpora

import augsvc
from augsvc.lexicon import Lexicon
from augsvc.ops import OPERATIONS
from augsvc.ops.rules import RuleOp
from augsvc.pipeline import Edit

DEV = ("ud_ewt/en_ewt-ud-dev.conllu", "ud_gum/en_gum-ud-dev.conllu")
TRAIN = ("ud_ewt/en_ewt-ud-train.conllu", "ud_gum/en_gum-ud-train-ccby.conllu")
TYPES_AIM, SPANS_AIM, GOLD_AIM = 0.95, 0.97, 0.98

BLIMP = {
    "determiner_noun_agreement_1": ("noun_number", 0.97),
    "determiner_noun_agreement_2": ("determiner", 0.97),
    "determiner_noun_agreement_irregular_1": ("noun_number", 0.95),
    "determiner_noun_agreement_irregular_2": ("determiner", 0.95),
    "determiner_noun_agreement_with_adjective_1": ("noun_number", 0.97),
    "determiner_noun_agreement_with_adj_2": ("determiner", 0.97),
    "determiner_noun_agreement_with_adj_irregular_1": ("noun_number", 0.95),
    "determiner_noun_agreement_with_adj_irregular_2": ("determiner", 0.95),
    "regular_plural_subject_verb_agreement_1": ("subject_verb_agreement", 0.97),
    "regular_plural_subject_verb_agreement_2": ("noun_number", 0.97),
    "irregular_plural_subject_verb_agreement_1": ("subject_verb_agreement", 0.95),
    "irregular_plural_subject_verb_agreement_2": ("noun_number", 0.95),
}
"""Sets of BLiMP, the operation that makes their error, and the share of pairs aimed at."""


class Variant(NamedTuple):
    """An operation, one of its variants (None: it has none), and the ERRANT types that it declares."""

    operation: str
    variant: str | None
    types: frozenset[str]

    @property
    def name(self) -> str:
        """What the tables call it."""
        return self.operation if self.variant is None else f"{self.operation}.{self.variant}"

    def pipeline(self) -> dict[str, Any]:
        """Return the pipeline that makes one edit, wherever it can."""
        chosen = {} if self.variant is None else {"variant": self.variant}
        return {"ops": [{"type": self.operation, "rate": 1, "max_edits": 1} | chosen]}


class Made(NamedTuple):
    """A sentence with one edit, which may have several parts."""

    tree: Tree
    text: str
    edits: list[Edit]


class Score(NamedTuple):
    """What the judges say of a variant: how many edits, and of those judged how many are as they should be."""

    variant: Variant
    edits: int
    typed: int
    placed: int
    types: Counter[str]
    gold: Counter[Verdict]
    refused: list[str]


def main() -> None:
    """Judge every variant and print the tables."""
    options = _options()
    corpora()
    trees = [tree for path in DEV for tree in read_trees(DATA / path)]
    grammar = Grammar.of(tree for path in TRAIN for tree in read_trees(DATA / path))
    lexicon = Lexicon.open()
    chosen = [v for v in variants() if not options.operations or v.operation in options.operations]
    with Errant(lexicon) if ensure_errant() else nullcontext() as errant:
        scores = [
            judge(variant, made(variant, trees, options), errant, grammar)
            for variant in track(chosen, "judging", console=Console(stderr=True))
        ]
    _print_scores(scores, len(trees))
    _print_types(scores)
    _print_blimp(options.operations)
    _show(scores, options.show)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("operations", nargs="*", metavar="OPERATION", help="only these (default: all)")
    parser.add_argument("--edits", type=int, default=400, help="most edits of a variant (default: 400)")
    parser.add_argument("--seeds", type=int, default=4, help="how often each sentence is tried (default: 4)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N edits that the judges refuse")
    options = parser.parse_args()
    if min(options.edits, options.seeds) < 1:
        parser.error("--edits and --seeds are at least 1")
    return options


def variants() -> Iterator[Variant]:
    """Yield the variants of all operations that make errors by rules."""
    for op in OPERATIONS:
        if op.family == "error" and issubclass(op, RuleOp):
            kind, field = op.model_fields["type"].default, op.model_fields.get("variant")
            literal = get_args(field.annotation)[0] if field else None
            for variant in get_args(literal) or (None,):
                yield Variant(kind, variant, frozenset(op.errant))


def made(variant: Variant, trees: Sequence[Tree], options: argparse.Namespace) -> list[Made]:
    """Return sentences with one edit, each result once, evenly from all of the treebanks."""
    found: dict[tuple[int, str], Made] = {}
    texts = [tree.text for tree in trees]
    for seed in range(options.seeds):
        for number, result in enumerate(augsvc.augment(texts, variant.pipeline(), seed=seed)):
            if result.edits:
                found.setdefault((number, result.text), Made(trees[number], result.text, result.edits))
    every = list(found.values())
    return every[:: max(1, len(every) // options.edits)][: options.edits]


def judge(variant: Variant, some: Sequence[Made], errant: Errant | None, grammar: Grammar) -> Score:
    """Put a variant's edits before the judges."""
    score = Score(variant, len(some), 0, 0, Counter(), Counter(), [])
    typed = placed = 0
    pairs = errant.pairs([m.text for m in some], [m.tree.text for m in some]) if errant else ()
    for one, pair in zip(some, pairs, strict=False):
        names = [e.type for e in pair.edits if not _is_repair(e, one, pair)]
        score.types.update(names)
        fits, stands = set(names) <= variant.types and bool(names), _stands(one, pair)
        typed, placed = typed + fits, placed + stands
        if not (fits and stands):
            score.refused.append(f"ERRANT {' '.join(names)}{'' if stands else ' elsewhere'}: {shown(one)}")
    for one in some if variant.operation in JUDGED else ():
        verdict = grammar.verdict(variant.operation, one.tree, one.edits)
        score.gold[verdict] += 1
        if verdict is not Verdict.WRONG:
            score.refused.append(f"gold {verdict.name}: {shown(one)}")
    return score._replace(typed=typed, placed=placed)


def _is_repair(extracted: Extracted, one: Made, pair: Pair) -> bool:
    """Say whether an extracted edit is the article that agrees with another edit."""
    repairs = [edit for edit in one.edits if edit.op == "article"]
    return any(_tokens(pair.right, edit.start, edit.end) == extracted.right for edit in repairs)


def _stands(one: Made, pair: Pair) -> bool:
    """Say whether the extracted edits are where the logged ones are: parts that touch are one, and so is a move."""
    if any(edit.source for edit in one.edits):
        whole = (one.edits[0].result_start, one.edits[-1].result_end), (one.edits[0].start, one.edits[-1].end)
        spans = _tokens(pair.wrong, *whole[0]), _tokens(pair.right, *whole[1])
        return [_least(*spans, pair, one.text, one.tree.text)] == _joined((e.wrong, e.right) for e in pair.edits)
    logged = [
        (_tokens(pair.wrong, e.result_start, e.result_end), _tokens(pair.right, e.start, e.end)) for e in one.edits
    ]
    right, wrong = one.tree.text, one.text
    joined = _joined(_least(*spans, pair, wrong, right) for spans in logged)
    return joined == _joined((e.wrong, e.right) for e in pair.edits)


Span = tuple[int, int]


def _joined(spans: Iterable[tuple[Span, Span]]) -> list[tuple[Span, Span]]:
    """Join spans that touch on both sides."""
    joined: list[tuple[Span, Span]] = []
    for wrong, right in spans:
        if joined and joined[-1][0][1] == wrong[0] and joined[-1][1][1] == right[0]:
            first = joined.pop()
            joined.append(((first[0][0], wrong[1]), (first[1][0], right[1])))
        else:
            joined.append((wrong, right))
    return joined


def _least(wrong: Span, right: Span, pair: Pair, wrong_text: str, right_text: str) -> tuple[Span, Span]:
    """Return spans without the tokens that both sides begin or end with."""
    one = [wrong_text[slice(*pair.wrong[i])] for i in range(*wrong)]
    two = [right_text[slice(*pair.right[i])] for i in range(*right)]
    head = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    one, two = one[head:], two[head:]
    pairs = zip(reversed(one), reversed(two), strict=False)
    tail = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two)))
    return (wrong[0] + head, wrong[1] - tail), (right[0] + head, right[1] - tail)


def _tokens(bounds: Sequence[Span], start: int, end: int) -> Span:
    """Return the tokens that text[start:end] touches, or where they would stand."""
    first = next((i for i, (_, stop) in enumerate(bounds) if stop > start), len(bounds))
    last = next((i for i, (begin, _) in enumerate(bounds) if begin >= end), len(bounds))
    return first, max(first, last)


def shown(one: Made) -> str:
    """Return a sentence with its edits marked."""
    text = one.tree.text
    for edit in reversed(one.edits):
        text = f"{text[: edit.start]}[{edit.original} -> {edit.replacement}]{text[edit.end :]}"
    return text


def _print_scores(scores: Sequence[Score], sentences: int) -> None:
    rows = [
        (
            score.variant.name,
            f"{score.edits:,}",
            _share(score.typed, score.edits),
            _share(score.placed, score.edits),
            _share(score.gold[Verdict.WRONG], score.gold.total()),
            ", ".join(f"{name} {count}" for name, count in score.types.most_common(3)),
        )
        for score in (*scores, *([_sum(scores)] if len(scores) > 1 else []))
    ]
    headings = ("variant", "edits", "declared type", "logged span", "wrong by gold", "ERRANT's types")
    title = f"Errors in {sentences:,} sentences of EWT's and GUM's dev, one each"
    aims = f"Aims over all edits: types {TYPES_AIM:.0%}, spans {SPANS_AIM:.0%}, by gold {GOLD_AIM:.0%}."
    print_table(title, headings, rows, (aims,))


def _print_types(scores: Sequence[Score]) -> None:
    """Print how often ERRANT extracted each of its types from our edits."""
    found = sum((score.types for score in scores), Counter[str]())
    names = sorted({name.partition(":")[2] for name in found})
    rows = [(name, *(f"{found[f'{kind}:{name}']:,}" for kind in "MUR")) for name in names]
    print_table("Types that ERRANT extracts", ("type", "missing", "unnecessary", "replacement"), rows)


def _sum(scores: Sequence[Score]) -> Score:
    typed, placed = sum(s.typed for s in scores), sum(s.placed for s in scores)
    gold = sum((s.gold for s in scores), Counter[Verdict]())
    every = Variant("all", None, frozenset())
    return Score(every, sum(s.edits for s in scores), typed, placed, Counter(), gold, [])


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _print_blimp(operations: Sequence[str]) -> None:
    path = DATA / "blimp" / "BLiMP.zip"
    wanted = [name for name, (operation, _) in BLIMP.items() if not operations or operation in operations]
    if not path.exists() or not wanted:
        return
    rows = []
    for name in track(wanted, "BLiMP", console=Console(stderr=True)):
        operation, aim = BLIMP[name]
        with zipfile.ZipFile(path) as archive:
            pairs = [json.loads(line) for line in archive.read(f"data/{name}.jsonl").decode().splitlines()]
        found = _proposed([pair["sentence_good"] for pair in pairs], operation)
        hits = sum(pair["sentence_bad"] in some for pair, some in zip(pairs, found, strict=True))
        rows.append((name, operation, f"{len(pairs):,}", _share(hits, len(pairs)), f"{aim:.0%}"))
    headings = ("set", "operation", "pairs", "the bad sentence is proposed", "aim")
    print_table("BLiMP: the wrong sentence among the single edits of the right one", headings, rows)


def _proposed(texts: Sequence[str], operation: str, copies: int = 120) -> list[set[str]]:
    """Return the results of single edits of each text, over many draws."""
    pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1}]}
    found: list[set[str]] = [set() for _ in texts]
    for result in augsvc.augment(texts, pipeline, seed=0, copies=copies):
        found[int(result.id)].add(result.text)
    return found


def _show(scores: Sequence[Score], number: int) -> None:
    for score in scores if number else ():
        print(f"\n{score.variant.name}: {len(score.refused)} refused", *score.refused[:number], sep="\n  ")


if __name__ == "__main__":
    main()
