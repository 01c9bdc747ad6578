"""What the judges of quality know, read from the corpora beside the repository; nothing of it comes from the pack."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import wordfreq
from judges import Sources, words_of
from morphology import Morphology
from peers import profanities
from text import DATA
from treebank import Sentence, read_treebank

TREEBANKS = (
    *("ud_ewt/en_ewt-ud-train.conllu", "ud_ewt/en_ewt-ud-dev.conllu"),
    *("ud_gum/en_gum-ud-train-ccby.conllu", "ud_gum/en_gum-ud-dev.conllu"),
)


def read_sources() -> Sources:
    """Read everything: some seconds."""
    gold = [sentence for name in TREEBANKS for sentence in read_treebank(DATA / name)]
    tagged = ((token.form, token.tag) for sentence in gold for token in sentence.tokens)
    morphology = Morphology(DATA / "unimorph" / "eng_2018.tsv", DATA / "wordnet3", tagged)
    onsets = _onsets()
    # a word that people have pronounced for a dictionary is a known word, whether or not these texts have it
    return Sources(
        fits=morphology.fits,
        onsets=onsets,
        zipf=partial(wordfreq.zipf_frequency, lang="en"),
        seen=frozenset(onsets).union(*map(words_of, _running_text(gold))),
        profane=tuple(profanities().values()),
    )


def _onsets() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in (DATA / "cmudict" / "cmudict").read_text("utf-8").splitlines():
        word, _, phoneme, *_ = line.split()
        found[word.lower()].add(phoneme.rstrip("012"))
    return {word: frozenset(phonemes) for word, phonemes in found.items()}


def _running_text(gold: list[Sentence]) -> Iterator[str]:
    yield from (sentence.text for sentence in gold)
    yield from (path.read_text("utf-8") for path in sorted((DATA / "text").glob("*.txt")))
    for line in (DATA / "coinco_train" / "coinco_train.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield " ".join((row["pre"], row["sent"], row["post"]))
    with gzip.open(DATA / "swords" / "swords-v1.1_dev.json.gz", "rt", encoding="utf-8") as file:
        yield from (context["context"] for context in json.load(file)["contexts"].values())
