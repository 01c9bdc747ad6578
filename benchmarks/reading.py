"""Blind readings of edits: is the edited sentence as good as the original, and does it mean the same?

`python benchmarks/reading.py sheet|show|score [--sample 200] [operation ...]`, of the operations that keep the meaning.

* `sheet` draws edits, spread evenly over variants and sources, one a sentence. A row of sheets/<operation>.tsv is an id
  and two sentences A and B, in an order that the id draws; which is the edited one stands in keys/<operation>.tsv, not
  to be opened while reading. Verdicts, y or n, go to verdicts/<operation>.tsv: is A grammatical, is B, do they mean the
  same (where tense or number changes, the same but for it). The id is a hash of the two sentences: verdicts of rows
  that another sheet draws again stay, so that after a change of the rules only the new rows are to be read.
* `show` prints the rows that have no verdicts, what A and B share once.
* `score` unblinds. An edit is good if its sentence is as grammatical as the original and means the same; printed is the
  share of good ones with its 95 % interval (Wilson 1927) beside the share wanted.

Sentences whose licence does not let them be passed on are not drawn: see results/README.md.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from meaning import Edited, Variant, edited, texts, variants
from table import print_table

RESULTS = Path(__file__).parent / "results" / "meaning"
SHARED = {"ewt", "gum", "speeches", "reviews"}
CLOSE = {"contraction", "that_complement", "adverb_placement", "particle_movement", "spelling_variant"}
"""Operations of which nearly all edits must be good."""
VERDICTS = ("a_grammatical", "b_grammatical", "same_meaning")
Z = 1.959964


class Row(NamedTuple):
    """A row for readers, and what they must not know."""

    id: str
    a: str
    b: str
    edited: str
    variant: str
    source: str


class Score(NamedTuple):
    """How many rows were read, and how many of the edits are good."""

    good: int
    read: int

    def interval(self) -> tuple[float, float]:
        """Return the bounds of the share of good edits."""
        share, spread = self.good / self.read, Z * Z / self.read
        middle = (share + spread / 2) / (1 + spread)
        reach = Z / (1 + spread) * sqrt(share * (1 - share) / self.read + spread / self.read / 4)
        return middle - reach, middle + reach


def draw(text: str) -> bytes:
    """Return what orders sentences, the same every time."""
    return hashlib.blake2b(text.encode(), digest_size=6).digest()


def row_of(edit: Edited, variant: str) -> Row:
    """Return two sentences as readers see them."""
    pair = sorted((edit.before.text, edit.after))
    name = draw("\t".join(pair))
    a, b = pair[:: -1 if name[0] & 1 else 1]
    return Row(name.hex(), a, b, "a" if a == edit.after else "b", variant, edit.before.source)


def spread(found: Mapping[Variant, Iterable[Edited]], size: int) -> list[Row]:
    """Return so many rows, one a sentence, from each variant and source in turn."""
    heaps = defaultdict[tuple[str, str], list[Row]](list)
    for variant, edits in found.items():
        for edit in sorted(edits, key=lambda edit: draw(edit.before.text)):
            if edit.before.source in SHARED and "\t" not in edit.before.text:
                heaps[variant.name or "", edit.before.source].append(row_of(edit, variant.name or ""))
    turns = chain.from_iterable(zip_longest(*heaps.values()))
    first: dict[str, Row] = {}
    for row in turns:
        if row is not None:
            first.setdefault(row.a if row.edited == "b" else row.b, row)
    return sorted([*first.values()][:size])


def write(folder: str, operation: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of an operation."""
    path = RESULTS / folder / f"{operation}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows([columns, *rows])


def read(folder: str, operation: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table by their ids; none where there is no table."""
    path = RESULTS / folder / f"{operation}.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream, delimiter="\t")}


def write_sheet(operation: str, rows: Sequence[Row]) -> None:
    """Write the rows, their keys, and the verdicts that they have."""
    known = read("verdicts", operation)
    blank = dict.fromkeys(VERDICTS, "")
    write("sheets", operation, ("id", "a", "b"), [row[:3] for row in rows])
    write("keys", operation, ("id", "edited", "variant", "source"), [(row.id, *row[3:]) for row in rows])
    verdicts = [(row.id, *(known.get(row.id, blank)[verdict] for verdict in VERDICTS)) for row in rows]
    write("verdicts", operation, ("id", *VERDICTS), verdicts)


def unread(operation: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a sheet that lack a verdict."""
    verdicts = read("verdicts", operation)
    for name, row in read("sheets", operation).items():
        if not all(verdicts[name][verdict] for verdict in VERDICTS):
            yield row


def side_by_side(a: str, b: str) -> str:
    """Return two sentences with the words that they share at both ends written once."""
    one, other = a.split(" "), b.split(" ")
    start = shared(one, other)
    end = shared(one[: start - 1 if start else None : -1], other[: start - 1 if start else None : -1])
    left, right = (" ".join(words[start : len(words) - end]) for words in (one, other))
    return " ".join([*one[:start], f"[A: {left} | B: {right}]", *one[len(one) - end :]])


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words are the same at the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def good(verdict: Mapping[str, str], side: str) -> bool:
    """Say whether the sentence of one side is as grammatical as the other, and means the same."""
    other = "b" if side == "a" else "a"
    spoilt = verdict[f"{side}_grammatical"] != "y" and verdict[f"{other}_grammatical"] == "y"
    return verdict["same_meaning"] == "y" and not spoilt


def scores(operation: str) -> dict[str, Score]:
    """Return what readers found of each variant, and under "" of all."""
    verdicts = read("verdicts", operation)
    found = defaultdict[str, list[bool]](list)
    for name, key in read("keys", operation).items():
        if all(verdicts[name][verdict] for verdict in VERDICTS):
            for place in {key["variant"], ""}:
                found[place].append(good(verdicts[name], key["edited"]))
    return {variant: Score(sum(some), len(some)) for variant, some in found.items()}


def sheet(operations: Sequence[str], size: int) -> None:
    """Draw and write the sheets of operations."""
    some = texts()
    for operation in operations:
        found = {variant: edited(some, variant) for variant in variants() if variant.operation == operation}
        write_sheet(operation, spread(found, size))
        print(f"{operation}: {len([*unread(operation)])} of {len(read('sheets', operation))} rows are to be read")


def show(operations: Sequence[str]) -> None:
    """Print the rows without verdicts."""
    for operation in operations:
        for row in unread(operation):
            print(row["id"], side_by_side(row["a"], row["b"]))


def score(operations: Sequence[str]) -> None:
    """Print the shares of good edits."""
    rows = []
    for operation in operations:
        for variant, found in sorted(scores(operation).items()):
            low, high = found.interval()
            wanted = "" if variant else "97 %" if operation in CLOSE else "90 %"
            share = f"{found.good / found.read:.1%}"
            rows.append([operation, variant, f"{found.good} of {found.read}", share, f"{low:.1%}-{high:.1%}", wanted])
    print_table("As grammatical, and the same in meaning", ["", "variant", "good", "share", "95 %", "at least"], rows)


def main() -> None:
    """Draw, show or score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("sheet", "show", "score"))
    parser.add_argument("operations", nargs="*", metavar="operation")
    parser.add_argument("--sample", type=int, default=200, help="how many edits of an operation a sheet has at most")
    options = parser.parse_args()
    operations = options.operations or sorted({variant.operation for variant in variants()})
    if options.command == "sheet":
        sheet(operations, options.sample)
    elif options.command == "show":
        show(operations)
    else:
        score(operations)


if __name__ == "__main__":
    main()
