"""Operations that keep the meaning, on real sentences: are they undone, what do they leave, is the result English?

`python benchmarks/meaning.py [--sample 200] [--read] [operation ...]`. For each operation and variant, over sentences
of EWT and GUM (train and dev) and short paragraphs of speeches and reviews, one edit a text:

* *edited*: texts that it edits, of all;
* *undone*: of texts without a curly apostrophe, how many of at most 1,000 edited ones are, byte for byte, among 60
  outcomes of the inverse variant;
* *kept*: edited texts whose negations, numbers and names (gold NNP and NNPS where there is a treebank, else words with
  a capital inside a sentence) are the same multiset afterwards;
* *parsed*: how many of at most `--sample` edited treebank sentences of 25 words or fewer Link Grammar links completely,
  before and after; a dash where `link-parser` (Debian: link-grammar) is not installed.

It writes `--sample` edits of each operation to benchmarks/results/meaning/, a table for readers: the two texts in an
order that a hash draws, columns for verdicts (is each grammatical, do they mean the same: y or n; where tense or number
changes, the same but for it), and last, to be hidden while reading, which text is the edited one. Verdicts that are
there stay with their texts. `--read` prints only the share of edits that leave a text as grammatical as it was and the
same in meaning.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from table import print_table
from text import DATA, corpora
from treebank import read_treebank

import augsvc
from augsvc.lexicon import wordlists
from augsvc.ops import OPERATIONS

TREEBANKS = (
    "ud_ewt/en_ewt-ud-dev.conllu",
    "ud_gum/en_gum-ud-dev.conllu",
    "ud_ewt/en_ewt-ud-train.conllu",
    "ud_gum/en_gum-ud-train-ccby.conllu",
)
RESULTS = Path(__file__).parent / "results" / "meaning"
ONE_WAY = {"relative_reduction"}
OUTCOMES, UNDONE, LONGEST, PARAGRAPH, SEED = 60, 1000, 25, 300, 11
LINK_GRAMMAR = ("verbosity=1", "graphics=0", "null=0", "panic=0", "timeout=5", "limit=10", "echo")
COLUMNS = ("first", "second", "first_grammatical", "second_grammatical", "same_meaning", "edited")
VERDICTS = COLUMNS[2:5]


class Text(NamedTuple):
    """A text, the names in it, and whether it is a sentence of a treebank."""

    text: str
    names: tuple[str, ...]
    sentence: bool


class Edited(NamedTuple):
    """A text before and after one edit."""

    before: Text
    after: str


class Variant(NamedTuple):
    """One variant of an operation, and the one that undoes it; None for an operation without variants."""

    operation: str
    name: str | None
    inverse: str | None


def variants() -> Iterator[Variant]:
    """Yield the variants of all operations of the family."""
    for op in (op for op in OPERATIONS if op.family == "meaning"):
        field = op.model_fields.get("variant")
        names = get_args(get_args(field.annotation)[0]) if field else (None,)
        for name, inverse in zip(names, names[::-1], strict=True):
            yield Variant(op.model_fields["type"].default, name, inverse)


def texts() -> list[Text]:
    """Return sentences and short paragraphs."""
    found = []
    for path in TREEBANKS:
        for sentence in read_treebank(corpora() / path):
            names = tuple(token.form for token in sentence.tokens if token.tag in ("NNP", "NNPS"))
            found.append(Text(sentence.text, names, sentence=True))
    for path in sorted((DATA / "text").glob("*.txt")):
        lines = (line for line in path.read_text("utf-8").splitlines() if 0 < len(line) <= PARAGRAPH)
        found += [Text(line, tuple(re.findall(r"(?<=[a-z,] )[A-Z]\w+", line)), sentence=False) for line in lines]
    return found


def applied(some: Sequence[str], operation: str, variant: str | None, seed: int, copies: int = 1) -> list[str]:
    """Return texts with one edit each, if it can be made."""
    chosen = {} if variant is None else {"variant": variant}
    pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1} | chosen]}
    return [result.text for result in augsvc.augment(some, pipeline, seed=seed, copies=copies)]


def edited(some: Sequence[Text], variant: Variant) -> list[Edited]:
    """Return the texts that a variant edits."""
    after = applied([text.text for text in some], variant.operation, variant.name, SEED)
    return [Edited(text, new) for text, new in zip(some, after, strict=True) if new != text.text]


def undone(found: Sequence[Edited], variant: Variant) -> tuple[int, int]:
    """Return how many originals are among the outcomes of the inverse, and how many were tried."""
    tried = [edit for edit in found if "’" not in edit.before.text][:UNDONE]
    if not tried or variant.operation in ONE_WAY:
        return 0, 0
    back = applied([edit.after for edit in tried], variant.operation, variant.inverse, SEED, OUTCOMES)
    outcomes = [set(back[at : at + OUTCOMES]) for at in range(0, len(back), OUTCOMES)]
    return sum(edit.before.text in some for edit, some in zip(tried, outcomes, strict=True)), len(tried)


def kept(edit: Edited, *, numbers: bool) -> bool:
    """Say whether negations, numbers if asked, and names are the same multiset after an edit."""
    names = all(edit.after.count(name) >= edit.before.text.count(name) for name in edit.before.names)
    return names and signs(edit.before.text, numbers=numbers) == signs(edit.after, numbers=numbers)


def signs(text: str, *, numbers: bool) -> Counter[str]:
    """Return a text's negations, n't as not, and the words of it that hold a digit."""
    words = re.findall(r"\w+", re.sub(r"n['’]t\b|(?<=\bcan)not\b", " not", text.lower()))
    return Counter(word for word in words if word in negations() or (numbers and any(map(str.isdigit, word))))


@cache
def negations() -> frozenset[str]:
    """Return the words of negation."""
    return wordlists.words("negation")


def parsed(some: Sequence[str]) -> int:
    """Return how many sentences Link Grammar links completely."""
    command = ["link-parser", "en", *(f"-{option}" for option in LINK_GRAMMAR)]
    # what begins with a mark may be a command of the parser
    lines = [re.sub(r"^\W+", "", text) for text in some]
    ran = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    echoed, linked = 0, set[int]()
    for line in ran.stdout.splitlines():
        if echoed < len(lines) and line.strip() == lines[echoed].strip():
            echoed += 1
        elif line.startswith("Found "):
            linked.add(echoed)
    if echoed < len(lines):
        sys.exit(f"link-parser answered {echoed} of {len(lines)} sentences")
    return len(linked)


def parses(found: Sequence[Edited], sample: int) -> tuple[int, int, int]:
    """Return how many sentences are linked before and after, and how many were tried."""
    short = [edit for edit in found if edit.before.sentence and len(edit.before.text.split()) <= LONGEST][:sample]
    if not short or not shutil.which("link-parser"):
        return 0, 0, 0
    return parsed([edit.before.text for edit in short]), parsed([edit.after for edit in short]), len(short)


def swapped(edit: Edited) -> bool:
    """Say whether readers see the edited text first."""
    return bool(hashlib.blake2b((edit.before.text + edit.after).encode()).digest()[0] & 1)


def write_sample(operation: str, found: Sequence[Edited]) -> None:
    """Write edits for readers, with the verdicts that they have already."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{operation}.tsv"
    known = {(row["first"], row["second"]): row for row in read_sample(path)} if path.exists() else {}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for edit in found:
            one, other = edit.before.text, edit.after
            row = (other, one, "", "", "", "first") if swapped(edit) else (one, other, "", "", "", "second")
            writer.writerow(known.get(row[:2], dict(zip(COLUMNS, row, strict=True))))


def read_sample(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table for readers."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream, delimiter="\t")]


def sampled(found: Sequence[Edited], sample: int) -> list[Edited]:
    """Return some edits, the same every time: those whose hashes come first."""
    return sorted(found, key=lambda edit: hashlib.blake2b(edit.after.encode()).digest())[:sample]


def figures(variant: Variant, found: Sequence[Edited], total: int, sample: int) -> list[str]:
    """Return a variant's row of the table."""
    back, tried = undone(found, variant)
    numbers = variant.operation != "numeral"
    before, after, sentences = parses(sampled(found, len(found)), sample)
    cells = [
        f"{len(found):,} of {total:,}",
        f"{back:,} of {tried:,}" if tried else "-",
        f"{sum(kept(edit, numbers=numbers) for edit in found):,}",
        f"{before} and {after} of {sentences}" if sentences else "-",
    ]
    return [variant.operation, variant.name or "", *cells]


def measure(operations: Iterable[str], sample: int) -> None:
    """Measure operations, all where none is named; print their table and write their samples."""
    wanted, some = set(operations), texts()
    rows, edits = [], dict[str, list[Edited]]()
    for variant in variants():
        if wanted and variant.operation not in wanted:
            continue
        found = edited(some, variant)
        rows.append(figures(variant, found, len(some), sample))
        edits.setdefault(variant.operation, []).extend(sampled(found, sample))
    for operation, several in edits.items():
        write_sample(operation, sampled(several, sample))
    print_table(
        "Operations that keep the meaning", ["", "variant", "edited", "undone", "kept", "parsed before and after"], rows
    )


def report() -> None:
    """Print the shares of good verdicts."""
    rows = []
    for path in sorted(RESULTS.glob("*.tsv")):
        read = [row for row in read_sample(path) if all(row[verdict] for verdict in VERDICTS)]
        good = sum(edited_verdict(row) for row in read)
        rows.append([path.stem, f"{len(read)}", f"{good}", f"{good / len(read):.1%}" if read else "-"])
    print_table("Read", ["", "read", "grammatical and same in meaning", "share"], rows)


def edited_verdict(row: dict[str, str]) -> bool:
    """Say whether a reader found an edited text as grammatical as the original, and the same in meaning."""
    original = "second" if row["edited"] == "first" else "first"
    spoilt = row[f"{original}_grammatical"] == "y" and row[f"{row['edited']}_grammatical"] != "y"
    return row["same_meaning"] == "y" and not spoilt


def main() -> None:
    """Measure, or report what readers found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("operations", nargs="*", metavar="operation")
    parser.add_argument("--sample", type=int, default=200, help="how many edits are written, and parsed, at most")
    parser.add_argument("--read", action="store_true", help="print the shares of good verdicts")
    options = parser.parse_args()
    if options.read:
        report()
    else:
        measure(options.operations, options.sample)


if __name__ == "__main__":
    main()
