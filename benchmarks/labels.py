"""Whether labels survive: entities of 10,000 sentences and more, followed through edits as spans and as BIO tags.

`python benchmarks/labels.py [--sentences 10000]`. Entities are the runs of proper nouns in EWT and GUM, PER where the
first word is a first name and MISC elsewhere, and of numerals, CARDINAL; the pipelines edit words, move them, and swap
mentions. Counted, and all to be 0: sequences of tags that are no BIO; entities that are kept, or follow, and no longer
cover their words; swapped ones whose label is another or whose mention is none of its label; spans whose ends are
inside a piece of a WordPiece tokenizer's `offset_mapping`, or that its pieces do not cover.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from subwords import wordpiece
from table import print_table
from text import corpora
from tokenizers import Tokenizer
from treebank import Token, read_treebank

import augsvc
from augsvc.ops import OPERATIONS
from augsvc.ops.spans import SpanOp

FILES = ("ud_ewt/en_ewt-ud-train", "ud_gum/en_gum-ud-train-ccby", "ud_ewt/en_ewt-ud-dev", "ud_gum/en_gum-ud-dev")
KINDS = {"NNP": "MISC", "NNPS": "MISC", "CD": "CARDINAL"}
BATCH = 500


class Row(NamedTuple):
    """A sentence: its text, its entities [start, end, label], its tokens and their BIO tags."""

    text: str
    spans: list[list[int | str]]
    tokens: list[str]
    tags: list[str]


@dataclass
class Counts:
    """What came of the entities of all sentences; all but the first three are faults."""

    entities: int = 0
    dropped: int = 0
    changed: int = 0
    invalid_tags: int = 0
    lost_words: int = 0
    other_label: int = 0
    cut_by_tokenizer: int = 0

    def add(self, other: Counts) -> None:
        """Add what came of more sentences."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def invalid_tags(tags: Sequence[str]) -> int:
    """Return how many tags are an I that follows no B or I of its label."""
    return sum(tag[0] == "I" and before[2:] != tag[2:] for before, tag in pairwise(["O", *tags]))


def cut_by(pieces: Sequence[tuple[int, int]], start: int, end: int, text: str) -> bool:
    """Say whether a piece's offsets hold an end of [start, end) inside, or the pieces leave some of its text out."""
    inside = [(a, b) for a, b in pieces if a < end and start < b]
    if any(a < start or end < b for a, b in inside):
        return True
    covered = {place for a, b in inside for place in range(a, b)}
    return any(place not in covered and not text[place].isspace() for place in range(start, end))


def rows(names: set[str], most: int) -> list[Row]:
    """Return the sentences of the treebanks that have an entity, `most` at most."""
    found: list[Row] = []
    for file in FILES:
        for sentence in read_treebank(corpora() / f"{file}.conllu"):
            row = _row(sentence.text, sentence.tokens, names)
            if row.spans and len(found) < most:
                found.append(row)
    return found


def _row(text: str, tokens: Sequence[Token], names: set[str]) -> Row:
    spans: list[list[int | str]] = []
    tags: list[str] = []
    for kind, run in groupby(tokens, lambda token: KINDS.get(token.tag)):
        members = [*run]
        if kind is None:
            tags += ["O"] * len(members)
            continue
        label = "PER" if kind == "MISC" and members[0].form in names else kind
        spans.append([members[0].start, members[-1].end, label])
        tags += [f"B-{label}", *[f"I-{label}"] * (len(members) - 1)]
    return Row(text, spans, [token.form for token in tokens], tags)


def pipelines(mentions: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Return the pipelines that are tried: every operation on words at once, words that move, and mentions swapped."""
    kinds = [op.model_fields["type"].default for op in OPERATIONS if not issubclass(op, SpanOp)]
    words = [{"type": kind, "rate": 0.2} for kind in kinds]
    moves = [{"type": "shuffle_within_segments", "rate": 0.7}]
    swap = [{"type": "mention_replacement", "rate": 1, "mentions": mentions}]
    return {
        **{f"words, {mode}": {"ops": words, "protect": {"spans": mode}} for mode in ("keep", "follow", "drop")},
        "words twice, follow": {"passes": [words, words], "protect": {"spans": "follow"}},
        "shuffled": {"passes": [moves, words], "protect": {"spans": "follow"}},
        "swapped": {"passes": [swap, words]},
    }


def judged(
    batch: Sequence[Row], pipeline: dict[str, Any], known: dict[str, set[str]] | None, tokenizer: Tokenizer
) -> Counts:
    """Return what came of the entities of a batch; `known` are the mentions that may have taken their place."""
    counts = Counts()
    done = augsvc.augment([row.text for row in batch], pipeline, seed=1, spans=[row.spans for row in batch])
    encoded = (tokenizer.encode_batch(texts) for texts in ([row.text for row in batch], [one.text for one in done]))
    for row, one, old, pieces in zip(batch, done, *encoded, strict=True):
        for before, after in zip(row.spans, one.spans or [], strict=True):
            counts.entities += 1
            if after is None:
                counts.dropped += 1
                continue
            start, end, label = int(after[0]), int(after[1]), str(after[2])
            counts.other_label += label != before[2]
            words = row.text[int(before[0]) : int(before[1])]
            now = one.text[start:end]
            counts.changed += now != words
            kept = now == words or (known is not None and (now in known[label] or _small(now) in known[label]))
            if pipeline.get("protect", {}).get("spans") == "follow":
                kept = covers(one, now, int(before[0]), int(before[1]), words)
            counts.lost_words += not kept
            cut_before = cut_by(old.offsets, int(before[0]), int(before[1]), row.text)
            counts.cut_by_tokenizer += cut_by(pieces.offsets, start, end, one.text) and not cut_before
    tagged = augsvc.augment_tokens([row.tokens for row in batch], pipeline, seed=1, tags=[row.tags for row in batch])
    counts.invalid_tags = sum(invalid_tags([str(tag) for tag in one.tags or []]) for one in tagged)
    return counts


def covers(one: augsvc.Augmented, now: str, start: int, end: int, words: str) -> bool:
    """Say whether a span that was [start, end) has all of its words that no edit touched, and no words of others."""
    edits = [edit for edit in one.edits if edit.start < end and start < edit.end]
    written = {word for edit in edits for word in _words(edit.replacement)}
    left, at = [], start
    for edit in edits:
        left += _words(words[max(0, at - start) : max(0, edit.start - start)])
        at = edit.end
    left += _words(words[max(0, at - start) :])
    found = set(_words(now))
    return found <= {*_words(words), *written} and set(left) <= found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _small(text: str) -> str:
    """Return a mention as it is written inside a sentence, where it may have a small letter."""
    return text[:1].lower() + text[1:]


def main() -> None:
    """Follow the entities and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    found = rows(_first_names(), parser.parse_args().sentences)
    mentions = augsvc.mentions_of([row.text for row in found], [row.spans for row in found])
    tokenizer = wordpiece([row.text for row in found])
    cells = []
    for name, pipeline in pipelines(mentions).items():
        known = {label: set(some) for label, some in mentions.items()} if name == "swapped" else None
        counts, begun = Counts(), time.process_time()
        for start in range(0, len(found), BATCH):
            counts.add(judged(found[start : start + BATCH], pipeline, known, tokenizer))
        spent = time.process_time() - begun
        cells.append([name, *(f"{getattr(counts, field.name):,}" for field in fields(counts)), f"{spent:.0f}"])
    print_table(
        f"{len(found):,} sentences with entities",
        ["pipeline", *(field.name.replace("_", " ") for field in fields(Counts)), "CPU s"],
        cells,
        ["Cut by the tokenizer: those that it did not cut before."],
    )


def _first_names() -> set[str]:
    files = sorted((corpora() / "names").glob("*.txt"))
    return {line.strip() for file in files for line in file.read_text("utf-8").splitlines() if line.strip()}


if __name__ == "__main__":
    main()
