"""A WordNet of a dozen synsets in the real file format, byte offsets and all (see wndb(5WN) and senseidx(5WN))."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple


class Synset(NamedTuple):
    """A synset: its file, lexicographer file, {spelling: tag count}, and pointers (symbol, number of a synset)."""

    pos: str
    lexicographer: int
    words: dict[str, int]
    pointers: tuple[tuple[str, int], ...] = ()


SYNSETS = [
    Synset("noun", 5, {"dog": 40, "hound": 3, "domestic_dog": 1}),
    Synset("noun", 18, {"cad": 1, "dog": 2, "blackguard": 0, "bounder": 1}),
    Synset("noun", 18, {"mother-in-law": 1}),
    Synset("noun", 10, {"ethnic_slur": 0}),
    Synset("noun", 18, {"cur": 1, "mutt": 1}, ((";u", 3),)),
    Synset("noun", 15, {"Paris": 5, "City_of_Light": 1}),
    Synset("noun", 6, {"clothes": 6, "apparel": 2}),
    Synset("noun", 6, {"clothing": 4, "wear": 2}),
    Synset("noun", 18, {"queen": 2, "ruler": 3}),
    Synset("noun", 18, {"queen": 0, "nance": 0}, ((";u", 3),)),
    Synset("verb", 30, {"pick_up": 4, "gather_up": 1, "lift_up": 1}),
    Synset("verb", 30, {"go": 60, "travel": 20, "move": 9}),
    Synset("verb", 30, {"gather": 3, "collect": 1}),
    Synset("verb", 30, {"leave": 30, "depart": 5}),
    Synset("verb", 30, {"lift": 2, "raise": 2}),
    Synset("verb", 30, {"wear": 7, "have_on": 1}),
    Synset("verb", 30, {"program": 3, "code": 1}),
    Synset("adj", 0, {"big": 30, "large": 20}),
    Synset("adj", 0, {"left": 3, "sinistral": 1}),
    Synset("adj", 0, {"scared": 4, "afraid(p)": 6}),
    Synset("adv", 2, {"quickly": 9, "rapidly": 5}),
]

LETTER = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
NUMBER = {"noun": 1, "verb": 2, "adj": 3, "adv": 4}
HEADER = "  1 A tiny WordNet 3.0 Copyright of nobody, for tests.\n"


def write_wordnet(directory: Path) -> Path:
    """Write the database and return its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    offsets = _offsets()
    senses = _senses()
    for pos in LETTER:
        members = [number for number, synset in enumerate(SYNSETS) if synset.pos == pos]
        lines = [_data_line(number, offsets) for number in members]
        (directory / f"data.{pos}").write_text(HEADER + "".join(lines))
        (directory / f"index.{pos}").write_text(HEADER + "".join(_index_lines(pos, senses, offsets)))
        (directory / f"{pos}.exc").write_text("")
    rows = [(_key(lemma, number), offsets[number], rank, count) for lemma, number, rank, count in _ranked(senses)]
    (directory / "index.sense").write_text("".join(f"{k} {o:08d} {r} {c}\n" for k, o, r, c in sorted(rows)))
    (directory / "cntlist.rev").write_text("".join(f"{k} {r} {c}\n" for k, _, r, c in sorted(rows) if c))
    return directory


def _data_line(number: int, offsets: dict[int, int]) -> str:
    synset = SYNSETS[number]
    words = " ".join(f"{word} {number % 16:x}" for word in synset.words)
    pointers = "".join(f" {symbol} {offsets[to]:08d} {LETTER[SYNSETS[to].pos]} 0000" for symbol, to in synset.pointers)
    frames = " 01 + 08 00" if synset.pos == "verb" else ""
    head = f"{offsets[number]:08d} {synset.lexicographer:02d} {LETTER[synset.pos]} {len(synset.words):02x} {words}"
    return f"{head} {len(synset.pointers):03d}{pointers}{frames} | a gloss\n"


def _offsets() -> dict[int, int]:
    """Where each line starts; an offset's width is fixed, so lengths do not depend on offsets."""
    lengths = defaultdict(lambda: len(HEADER))
    offsets = {}
    for number, synset in enumerate(SYNSETS):
        offsets[number] = lengths[synset.pos]
        lengths[synset.pos] += len(_data_line(number, dict.fromkeys(range(len(SYNSETS)), 0)))
    return offsets


def _senses() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """(lemma, pos) -> [(synset, tag count)], the most frequent first."""
    found = defaultdict(list)
    for number, synset in enumerate(SYNSETS):
        for word, count in synset.words.items():
            found[word.partition("(")[0].lower(), synset.pos].append((number, count))
    return {key: sorted(senses, key=lambda sense: -sense[1]) for key, senses in found.items()}


def _ranked(senses):
    for (lemma, _), listed in senses.items():
        for rank, (number, count) in enumerate(listed, 1):
            yield lemma, number, rank, count


def _index_lines(pos: str, senses, offsets) -> list[str]:
    return [
        f"{lemma} {LETTER[pos]} {len(listed)} 0 {len(listed)} 0 {' '.join(f'{offsets[n]:08d}' for n, _ in listed)}\n"
        for (lemma, of), listed in sorted(senses.items())
        if of == pos
    ]


def _key(lemma: str, number: int) -> str:
    synset = SYNSETS[number]
    return f"{lemma}%{NUMBER[synset.pos]}:{synset.lexicographer:02d}:{number % 16:02d}::"
