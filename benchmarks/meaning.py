"""Operations that keep the meaning, on real sentences: are they undone, what do they leave, is the result English?

`python benchmarks/meaning.py [--sample 200] [operation ...]`. For each operation and variant, over sentences of EWT and
GUM (train and dev), of speeches, of reviews and of the sets of text classification, one edit a text:

* *edited*: texts that it edits, of all;
* *undone*: of edited texts without a curly apostrophe, how many are, byte for byte, among the outcomes of the inverse
  variant; `--show` prints those that are not;
* *kept*: edited texts whose negations, numbers and names (gold NNP and NNPS where there is a treebank, else words with
  a capital inside a sentence) are the same multiset afterwards;
* *parsed*: how many of at most `--sample` edited treebank sentences of 25 words or fewer Link Grammar links completely,
  before and after; a dash where `link-parser` (Debian: link-grammar) is not installed.

What readers find of the edits is in `reading.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, get_args

from table import print_table
from text import DATA, corpora
from treebank import read_treebank

import augsvc
from augsvc.lexicon import wordlists
from augsvc.ops import OPERATIONS

TREEBANKS = {
    "ud_ewt/en_ewt-ud-dev.conllu": "ewt",
    "ud_gum/en_gum-ud-dev.conllu": "gum-dev",
    "ud_ewt/en_ewt-ud-train.conllu": "ewt",
    "ud_gum/en_gum-ud-train-ccby.conllu": "gum",
}
SPEECHES, REVIEWS = ("inaugural.txt", "state_union.txt"), ("movie_reviews.txt",)
ONE_WAY = {"relative_reduction"}
OUTCOMES, MANY, LONGEST, SEED = 60, 4000, 25, 11
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
LINK_GRAMMAR = ("verbosity=1", "graphics=0", "null=0", "panic=0", "timeout=5", "limit=10", "echo")


class Text(NamedTuple):
    """A sentence, the names in it, and where it comes from."""

    text: str
    names: tuple[str, ...]
    source: str


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
    """Return different sentences of all sources."""
    found = [*annotated(), *plain("speeches", SPEECHES), *plain("reviews", REVIEWS), *labelled()]
    return [*{text.text: text for text in reversed(found)}.values()][::-1]


def annotated() -> Iterator[Text]:
    """Yield the sentences of the treebanks."""
    for path, source in TREEBANKS.items():
        for sentence in read_treebank(corpora() / path):
            names = tuple(token.form for token in sentence.tokens if token.tag in ("NNP", "NNPS"))
            yield Text(sentence.text, names, source)


def plain(source: str, files: Iterable[str]) -> Iterator[Text]:
    """Yield the sentences of files whose paragraphs are lines."""
    for file in files:
        for line in (DATA / "text" / file).read_text("utf-8").splitlines():
            yield from (unannotated(sentence, source) for sentence in SENTENCE_END.split(line) if sentence)


def labelled() -> Iterator[Text]:
    """Yield the texts of the sets of text classification, each after its label."""
    for path in sorted((DATA / "textcls").glob("*/*/*.txt")):
        for line in path.read_text("utf-8").splitlines():
            yield unannotated(line.partition("\t")[2].strip(), "classification")


def unannotated(text: str, source: str) -> Text:
    """Return a text whose names are words with a capital inside it."""
    return Text(text, tuple(re.findall(r"(?<=[a-z,] )[A-Z]\w+", text)), source)


def applied(some: Sequence[str], operation: str, variant: str | None, seed: int, copies: int = 1) -> list[str]:
    """Return texts with one edit each, if it can be made."""
    chosen = {} if variant is None else {"variant": variant}
    pipeline = {"ops": [{"type": operation, "rate": 1, "max_edits": 1} | chosen]}
    return [result.text for result in augsvc.augment(some, pipeline, seed=seed, copies=copies)]


def edited(some: Sequence[Text], variant: Variant) -> list[Edited]:
    """Return the texts that a variant edits."""
    after = applied([text.text for text in some], variant.operation, variant.name, SEED)
    return [Edited(text, new) for text, new in zip(some, after, strict=True) if new != text.text]


def stranded(found: Sequence[Edited], variant: Variant) -> tuple[list[Edited], int]:
    """Return the edits whose originals are not among the outcomes of the inverse, and how many were tried."""
    if variant.operation in ONE_WAY:
        return [], 0
    tried = [edit for edit in found if "’" not in edit.before.text]
    # a few draws show nearly all outcomes, but of long texts that have a great many
    left = missed(missed(tried, variant, OUTCOMES), variant, MANY)
    return left, len(tried)


def missed(tried: Sequence[Edited], variant: Variant, draws: int) -> list[Edited]:
    """Return the edits whose originals are not among so many draws of the inverse."""
    back = applied([edit.after for edit in tried], variant.operation, variant.inverse, SEED, draws)
    return [edit for at, edit in enumerate(tried) if edit.before.text not in back[at * draws : (at + 1) * draws]]


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
    short = [
        edit for edit in found if edit.before.source in TREEBANKS.values() and len(edit.before.text.split()) <= LONGEST
    ][:sample]
    if not short or not shutil.which("link-parser"):
        return 0, 0, 0
    return parsed([edit.before.text for edit in short]), parsed([edit.after for edit in short]), len(short)


def sampled(found: Sequence[Edited], sample: int) -> list[Edited]:
    """Return some edits, the same every time: those whose hashes come first."""
    return sorted(found, key=lambda edit: hashlib.blake2b(edit.after.encode()).digest())[:sample]


def figures(variant: Variant, found: Sequence[Edited], total: int, options: argparse.Namespace) -> list[str]:
    """Return a variant's row of the table."""
    left, tried = stranded(found, variant)
    for edit in left if options.show else ():
        print(f"{variant.operation} {variant.name or ''}\n  {edit.before.text}\n  {edit.after}")
    numbers = variant.operation != "numeral"
    before, after, sentences = parses(sampled(found, len(found)), options.sample)
    cells = [
        f"{len(found):,} of {total:,}",
        f"{tried - len(left):,} of {tried:,}" if tried else "-",
        f"{sum(kept(edit, numbers=numbers) for edit in found):,}",
        f"{before} and {after} of {sentences}" if sentences else "-",
    ]
    return [variant.operation, variant.name or "", *cells]


def main() -> None:
    """Measure operations, all where none is named, and print their table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("operations", nargs="*", metavar="operation")
    parser.add_argument("--sample", type=int, default=200, help="how many sentences are parsed at most")
    parser.add_argument("--show", action="store_true", help="print the edits that are not undone")
    options = parser.parse_args()
    some = texts()
    wanted = [variant for variant in variants() if not options.operations or variant.operation in options.operations]
    rows = [figures(variant, edited(some, variant), len(some), options) for variant in wanted]
    headings = ["", "variant", "edited", "undone", "kept", "parsed before and after"]
    print_table("Operations that keep the meaning", headings, rows)


if __name__ == "__main__":
    main()
