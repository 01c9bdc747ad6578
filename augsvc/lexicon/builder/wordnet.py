"""WordNet 3.0 through NLTK's reader: synsets, with their words' sense ranks and tag counts."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from augsvc.errors import InvalidInput
from augsvc.lexicon.wordlists import rows
from augsvc.types import Pos

FILES = (
    *(f"{kind}.{pos}" for kind in ("data", "index") for pos in ("noun", "verb", "adj", "adv")),
    *(f"{pos}.exc" for pos in ("noun", "verb", "adj", "adv")),
    "index.sense",
    "cntlist.rev",
)
"""The database files that must be in a WordNet directory."""

_POS = {"n": Pos.NOUN, "v": Pos.VERB, "a": Pos.ADJ, "s": Pos.ADJ, "r": Pos.ADV}


class Word(NamedTuple):
    """A lemma in a synset."""

    spelling: str  # with its capitals and spaces
    rank: int  # of the sense among the lemma's, from 1
    tag_count: int  # times this sense was tagged in the sense-tagged corpus
    marker: str  # where an adjective may stand: "p" predicate, "a" before the noun, "ip" after it, "" anywhere
    domains: frozenset[str]  # usage and region domains by their first lemma: "slang", "ethnic_slur", "Scotland", ...
    antonyms: tuple[str, ...] = ()  # folded lemmas of the opposite meaning, of the same part of speech

    @property
    def lemma(self) -> str:
        """The spelling folded to lower case."""
        return self.spelling.lower()


class Synset(NamedTuple):
    """A set of words with one meaning."""

    pos: Pos
    words: tuple[Word, ...]
    topic: str  # the lexicographer file: "noun.person", "verb.motion", ...
    name: str = ""  # WordNet's own, one of its lemmas with a number
    hypernyms: tuple[str, ...] = ()  # names of the synsets of which this one is a kind
    depth: int = 0  # how far the most general of them is away


def read_synsets(directory: Path) -> list[Synset]:
    """Return the synsets of a WordNet database in the order of its files.

    Raises:
        InvalidInput: files are missing.
    """
    missing = [name for name in FILES if not (directory / name).is_file()]
    if missing:
        raise InvalidInput(f"{directory} is not a WordNet database: {', '.join(missing)} not found.")
    with _reader(directory) as reader:
        senses = dict(_senses(reader))
        return [_synset(synset, senses) for pos in "nvar" for synset in reader.all_synsets(pos)]


@contextmanager
def _reader(directory: Path) -> Iterator[Any]:
    """Yield NLTK's reader over a private copy: it refuses files outside its data path, or writable by others."""
    import nltk
    from nltk.corpus.reader import WordNetCorpusReader

    with tempfile.TemporaryDirectory(prefix="augsvc-wordnet-") as root:
        home = Path(root, "corpora", "wordnet")
        home.mkdir(parents=True, mode=0o700)
        for name in FILES:
            shutil.copyfile(directory / name, home / name)
            (home / name).chmod(0o600)
        (home / "lexnames").write_text("".join("\t".join(row) + "\n" for row in rows("lexnames")))
        (home / "lexnames").chmod(0o600)
        previous = list(nltk.data.path)
        nltk.data.path[:] = [root]
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "The multilingual functions are not available")
                reader = WordNetCorpusReader(str(home), None)
            yield reader
            for stream in reader._data_file_map.values():  # noqa: SLF001  # NLTK never closes them
                stream.close()
        finally:
            nltk.data.path[:] = previous


def _senses(reader: Any) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield sense key -> (rank, tag count) from index.sense, the file that has both."""
    with reader.open("index.sense") as lines:
        for line in lines:
            key, _, rank, count = line.split()
            yield key, (int(rank), int(count))


def _synset(synset: Any, senses: dict[str, tuple[int, int]]) -> Synset:
    domains = _domains(synset)
    words = tuple(
        Word(
            lemma.name().replace("_", " "),
            *senses[lemma.key()],
            marker=(lemma.syntactic_marker() or "").strip("()"),
            domains=domains | _domains(lemma),
            antonyms=tuple(other.name().replace("_", " ").lower() for other in lemma.antonyms()),
        )
        for lemma in synset.lemmas()
        if lemma.key() in senses  # a spelling that differs from another only in capitals has no key of its own
    )
    above = tuple(other.name() for other in synset.hypernyms())
    return Synset(_POS[synset.pos()], words, synset.lexname(), synset.name(), above, synset.min_depth())


def _domains(item: Any) -> frozenset[str]:
    listed = (*item.usage_domains(), *item.region_domains())
    domains = (domain.synset() if hasattr(domain, "synset") else domain for domain in listed)
    return frozenset(domain.lemma_names()[0] for domain in domains)
