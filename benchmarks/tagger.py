"""Accuracy and speed of the pack's tagger beside NLTK's averaged perceptron, trained on the same treebanks, in one run.

`python benchmarks/tagger.py [--megabytes 20] [--rounds 3] [--iterations 3]`; `--iterations 0` leaves NLTK out.
Accuracy is that of `augsvc lexicon tag` on the development parts of EWT and GUM: gold words, Penn tags (XPOS), coarse
tags (UPOS), and the part of speech (noun, verb, adjective, adverb) of words that have one. Speed is tokens per
CPU-second on one core, from text to tags.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from nltk.tag.perceptron import PerceptronTagger
from rich.console import Console
from rich.table import Table
from text import DATA, documents

from augsvc.batch import TextBatch, TokenBatch
from augsvc.kernels.tag import tag
from augsvc.lexicon import Lexicon
from augsvc.lexicon.conllu import UPOS, XPOS, Sentence, read
from augsvc.lexicon.tagging import tag_words

TRAIN = [DATA / "ud_ewt" / "en_ewt-ud-train.conllu", DATA / "ud_gum" / "en_gum-ud-train-ccby.conllu"]
DEV = {"EWT": DATA / "ud_ewt" / "en_ewt-ud-dev.conllu", "GUM": DATA / "ud_gum" / "en_gum-ud-dev.conllu"}
OPEN = {"NN", "VB", "JJ", "RB"}
"""What Penn tags of nouns, verbs, adjectives and adverbs begin with."""

Tags = list[str]


def accuracy(gold: Sequence[str], found: Sequence[str]) -> float:
    """Return the share of equal tags in percent."""
    return 100 * statistics.fmean(one == other for one, other in zip(gold, found, strict=True))


def open_accuracy(gold: Sequence[str], found: Sequence[str]) -> float:
    """Return the share, in percent, of words of an open class that were given their part of speech."""
    pairs = [(one[:2], other[:2]) for one, other in zip(gold, found, strict=True) if one[:2] in OPEN]
    return accuracy(*zip(*pairs, strict=True))


def flat(columns: Sequence[Tags]) -> Tags:
    """Return the tags of all sentences in one list."""
    return [tag for column in columns for tag in column]


def judged(sentences: Sequence[Sentence], tagger: Callable[[Sequence[Tags]], list[tuple[Tags, Tags]]]) -> list[str]:
    """Return XPOS, open-class and UPOS accuracy as cells; no UPOS where the tagger has none."""
    upos, xpos = zip(*tagger([sentence.words for sentence in sentences]), strict=True)
    gold = [flat([sentence.column(number) for sentence in sentences]) for number in (UPOS, XPOS)]
    cells = [accuracy(gold[1], flat(xpos)), open_accuracy(gold[1], flat(xpos))]
    coarse = f"{accuracy(gold[0], flat(upos)):.2f}" if any(upos) else "-"
    return [*(f"{cell:.2f}" for cell in cells), coarse]


def speed(texts: TextBatch, lexicon: Lexicon) -> tuple[float, float]:
    """Return millions of tokens per CPU-second, tokenised and tagged, and tokenised alone."""
    started = time.process_time()
    batch = TokenBatch.scan(texts, lexicon.tables)
    scanned = time.process_time()
    tag(texts.data, batch.columns, lexicon.tables)
    tagged = time.process_time()
    return batch.count / (tagged - started) / 1e6, batch.count / (scanned - started) / 1e6


def trained_nltk(iterations: int) -> PerceptronTagger:
    """Train NLTK's tagger on the same treebanks."""
    tagger = PerceptronTagger(load=False)
    tagger.train([list(zip(s.words, s.column(XPOS), strict=True)) for s in read(TRAIN)], nr_iter=iterations)
    return tagger


def nltk_speed(tagger: PerceptronTagger, sentences: Sequence[Tags]) -> float:
    """Return millions of tokens per CPU-second that NLTK tags, tokenised already."""
    started = time.process_time()
    for words in sentences:
        tagger.tag(words)
    return sum(map(len, sentences)) / (time.process_time() - started) / 1e6


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=3, help="of NLTK's training; it takes about a minute each")
    options = parser.parse_args()
    lexicon, dev = Lexicon.open(), {name: read([path]) for name, path in DEV.items()}
    texts = TextBatch.from_strings(documents(options.megabytes))
    speed(texts.slice(0, 10), lexicon)
    rounds = [speed(texts, lexicon) for _ in range(options.rounds)]
    ours = [cell for sentences in dev.values() for cell in judged(sentences, lambda words: tag_words(words, lexicon))]
    table = Table(title="Part-of-speech tagging")
    headings = [f"{name} {what}" for name in dev for what in ("XPOS", "open", "UPOS")]
    for heading in ("", *headings, "M tokens/s", "tokenising alone"):
        table.add_column(heading, justify="right")
    medians = [f"{statistics.median(column):.2f}" for column in zip(*rounds, strict=True)]
    table.add_row("augsvc", *ours, *medians)
    if options.iterations:
        table.add_row(*nltk_row(trained_nltk(options.iterations), dev))
    Console(width=160).print(table)


def nltk_row(tagger: PerceptronTagger, dev: dict[str, list[Sentence]]) -> list[str]:
    """Return NLTK's row of the table."""

    def run(sentences: Sequence[Tags]) -> list[tuple[Tags, Tags]]:
        return [([], [found for _, found in tagger.tag(words)]) for words in sentences]

    cells = [cell for sentences in dev.values() for cell in judged(sentences, run)]
    pace = nltk_speed(tagger, [sentence.words for sentence in dev["EWT"]])
    return ["NLTK", *cells, f"{pace:.3f}", "-"]


if __name__ == "__main__":
    main()
