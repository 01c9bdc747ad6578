"""Training a pack's tagger on treebanks: word classes, then an averaged perceptron, pruned and rounded to bytes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.kernels.features import FEATURES
from augsvc.kernels.perceptron import Examples, Model, shapes, token_features, train_epoch
from augsvc.kernels.rng import row_keys
from augsvc.kernels.tag import LANES, PLANES, fill_features
from augsvc.lexicon.builder.unicode import fold_delta
from augsvc.lexicon.builder.wordclasses import Lexical, count_tags, lexical_classes, shape_tags, untrained, word_classes
from augsvc.lexicon.coarse import UPOS, columns_of, keys
from augsvc.lexicon.conllu import UPOS as UPOS_COLUMN
from augsvc.lexicon.conllu import XPOS as XPOS_COLUMN
from augsvc.lexicon.conllu import Sentence, read
from augsvc.lexicon.tagging import Words
from augsvc.lexicon.tensors import Array
from augsvc.types import TAGS, Bytes, Int8s, Int32s, Int64s, PackTables, Uint64s

EPOCHS = 24
SEEDS = 6
"""Models trained in different orders, whose weights are added up."""
MARGIN, WIDE_MARGIN = 60, 120
"""By how much, in updates, the right tag must win to be left alone, and that of a noun, verb, adjective or adverb over
tags of other parts of speech: a word taken for another part of speech is replaced by what it cannot mean."""
OPEN_CLASSES = ("NN", "VB", "JJ", "RB")
"""What the tags of nouns, verbs, adjectives and adverbs begin with."""
DROPPED = 13
"""How many features in 256 an update does without."""
LOWERED, SHOUTED = 5, 20
"""Every so many sentences one is learnt once more in lower case, and in capitals, as many corpora are written."""
OFTEN = 2
"""How often a feature must occur in the treebanks to be kept."""
ROWS = 0xFFFF
"""Features that a pack may hold."""
LEAST = 3
"""Features with no weight of at least this, of 127, are left out."""


def training_words(paths: Iterable[Path]) -> set[str]:
    """Return the folded words that treebanks have at least twice: letters, points, hyphens and apostrophes."""
    counts = Counter(fold(word) for sentence in read(paths) for word in sentence.words)
    return {
        word
        for word, count in counts.items()
        if count > 1 and any(map(str.isalpha, word)) and re.fullmatch(r"(?:[^\W\d_]|[-.'/])+", word)
    }


def fold(word: str) -> str:
    """Return a word as look-ups spell it."""
    return "".join(chr(ord(letter) + fold_delta(letter)) for letter in word).replace("\u2019", "'")


def blank(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the tensors of a pack without a treebank: a word has the tag of its most frequent reading."""
    return {
        **untrained(tensors),
        **_packed(np.zeros(0, np.uint64), np.zeros((0, len(TAGS)), np.int64)),
        "upos.key": np.zeros(0, np.uint64),
        "upos.tag": np.zeros(0, np.uint8),
    }


def train(sentences: Sequence[Sentence], tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the tagger's tensors, learnt from tagged sentences for the forms of a pack; the same ones every time.

    Args:
        sentences: with UPOS and the Penn tags of TAGS as XPOS.
        tensors: those of the pack; a tagger among them is ignored.

    Raises:
        InvalidInput: a tag that TAGS or UPOS lacks.
    """
    given = {**tensors, **blank(tensors)}
    tables = _tables(given)
    given |= _classes(
        Words.read([sentence.words for sentence in sentences], tables), _gold(sentences), lexical_classes(tensors)
    )
    respelt = [*sentences, *sentences[::LOWERED], *sentences[::SHOUTED]]
    words = Words.read([sentence.words for sentence in sentences] + _respelt(sentences), tables)
    features, weights = _perceptron(words, _gold(respelt), _tables(given))
    columns = {name: given[name] for name in ("form.class", "class.lexical", "class.tags", "shape.tags")}
    return {**columns, **_packed(features, weights), **_coarse_columns(sentences)}


def _respelt(sentences: Sequence[Sentence]) -> list[list[str]]:
    """Return the sentences that are learnt without capitals, then those in capitals alone."""
    lowered = [[word.lower() for word in sentence.words] for sentence in sentences[::LOWERED]]
    return lowered + [[word.upper() for word in sentence.words] for sentence in sentences[::SHOUTED]]


def _classes(words: Words, gold: Bytes, lexical: Lexical) -> dict[str, Array]:
    """Return the columns of word classes and shapes; shapes are learnt from words that are rare or unknown."""
    forms = words.columns.form.tolist()
    counts = count_tags(forms, gold.tolist())
    rare = np.array([form < 0 or counts[form].total() <= OFTEN for form in forms])
    counts.pop(-1, None)
    found = np.empty(len(gold), np.uint8)
    shapes(words.data, words.columns, found)
    by_shape = count_tags(found[rare].tolist(), gold[rare].tolist())
    return {**word_classes(lexical, counts), "shape.tags": shape_tags(by_shape)}


def _tables(tensors: Mapping[str, Array]) -> PackTables:
    found = [tensors[name.replace("_", ".", 1)] for name in PackTables._fields]
    for column in found:
        column.setflags(write=False)
    return PackTables(*found)


def _gold(sentences: Sequence[Sentence]) -> Bytes:
    numbers = {tag: number for number, tag in enumerate(TAGS)}
    tags = [tag for sentence in sentences for tag in sentence.column(XPOS_COLUMN)]
    if unknown := sorted(set(tags) - set(numbers)):
        raise InvalidInput(f"the treebanks have the Penn tag {unknown[0]!r}: map it to one of {', '.join(TAGS)}")
    return np.array([numbers[tag] for tag in tags], np.uint8)


def _perceptron(words: Words, gold: Bytes, tables: PackTables) -> tuple[Uint64s, Int64s]:
    """Return the keys of the features that occur often enough and their averaged weights, summed over the runs."""
    keys, tags = np.empty((len(gold), FEATURES), np.uint64), np.empty(len(gold), np.uint64)
    token_features(words.data, words.columns, tables, keys, tags)
    # a word that may take but one tag teaches nothing, nor does one whose gold tag it may not take
    telling = (tags & (tags - np.uint64(1)) != 0) & (tags >> gold.astype(np.uint64) & np.uint64(1) != 0)
    keys, tags, gold = keys[telling], tags[telling], gold[telling]
    features, times = np.unique(keys, return_counts=True)
    features = features[times >= OFTEN]
    examples = Examples(_rows(keys, features), tags, gold)
    total = np.zeros((len(features), len(TAGS)), np.int64)
    for seed in range(SEEDS):
        total += _weights(examples, len(features), seed)
    return features, total


def _rows(keys: Uint64s, features: Uint64s) -> Int32s:
    """Return the places of keys among sorted features, -1 where they are not among them."""
    places = np.searchsorted(features, keys)
    known = features[np.minimum(places, len(features) - 1)] == keys if len(features) else np.zeros(keys.shape, np.bool_)
    return np.where(known, places, -1).astype(np.int32)


def _weights(examples: Examples, features: int, seed: int) -> Int64s:
    """Return the averaged weights, times a thousand, of one run over the examples."""
    shape, margins = (features, len(TAGS)), _margins()
    model, step = Model(np.zeros(shape, np.int32), np.zeros(shape, np.int64)), 1
    for epoch in range(EPOCHS):
        step = int(train_epoch(examples, _order(len(examples.gold), seed, epoch), margins, DROPPED, step, model))
    averaged: Int64s = (model.weight * np.int64(step) - model.total) * 1000 // step
    return averaged


def _margins() -> Int64s:
    """Return by how much a gold tag must lead each other one, int64[tags, tags]."""
    parts = np.array([tag[:2] if tag.startswith(OPEN_CLASSES) else "" for tag in TAGS])
    apart = (parts[:, None] != parts) & (parts[:, None] != "")
    return np.where(apart, WIDE_MARGIN, MARGIN)


def _order(count: int, seed: int, epoch: int) -> Int64s:
    """Return 0 ... count - 1, shuffled by counters."""
    drawn = np.empty((count, 2), np.uint32)
    row_keys(seed, epoch, np.arange(count), np.zeros(count, np.int64), drawn)
    return np.argsort(drawn.view(np.uint64)[:, 0], kind="stable")


def _packed(features: Uint64s, total: Int64s) -> dict[str, Array]:
    """Round the weights to bytes and keep the features of the greatest, at most ROWS of them."""
    scale = np.abs(total).max(initial=1)
    weights = np.rint(total * (127 / scale)).astype(np.int8)
    greatest = np.abs(weights).max(axis=1, initial=0).astype(np.int64)
    order = np.argsort(-greatest, kind="stable")[:ROWS]
    kept = order[greatest[order] >= LEAST]
    slots = np.empty(1 << (3 * len(kept) + 1).bit_length(), np.uint32)
    fill_features(features[kept], slots)
    return {"feature.slot": slots, "feature.weight": _planes(weights[kept])}


def _planes(weights: Int8s) -> Bytes:
    """Return weights [K, tags] as kernels read them: a row of zeros added, by planes of tags, and never negative."""
    padded = np.zeros((len(weights) + 1, PLANES * LANES), np.int64)
    padded[:-1, : len(TAGS)] = weights
    laid = padded.reshape(-1, PLANES, LANES).swapaxes(0, 1) + 128
    return laid.astype(np.uint8).reshape(-1)


def _coarse_columns(sentences: Sequence[Sentence]) -> dict[str, Array]:
    """Return the table from Penn tags to coarse ones: a key is kept where it tells something else than its like."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    backoff: dict[str, str] = {}
    for sentence in sentences:
        tags, words = sentence.column(XPOS_COLUMN), [fold(word) for word in sentence.words]
        for at, upos in enumerate(sentence.column(UPOS_COLUMN)):
            if upos not in UPOS:
                raise InvalidInput(f"the treebanks have the coarse tag {upos!r}, which Universal Dependencies lack")
            near, word, tag = keys(words[at], tags, at)
            backoff |= {near: word, word: tag, tag: ""}
            # what is true of a tag is asked for new words: each known one has the same say
            counts[tag][upos] += upos not in counts[word]
            counts[word][upos] += 1
            counts[near][upos] += 1
    best: dict[str, str] = {}
    for key in sorted(counts, key=lambda key: (len(key.split(" ")), key)):
        (upos, times), wider = counts[key].most_common(1)[0], _nearest(backoff[key], best, backoff)
        if upos != wider and (times >= OFTEN or not wider):
            best[key] = upos
    hashes, numbers = columns_of({key: UPOS.index(upos) for key, upos in best.items()})
    return {"upos.key": np.array(hashes, np.uint64), "upos.tag": np.array(numbers, np.uint8)}


def _nearest(key: str, best: Mapping[str, str], backoff: Mapping[str, str]) -> str:
    while key and key not in best:
        key = backoff[key]
    return best.get(key, "")
