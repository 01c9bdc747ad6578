"""Texts that come as tokens: joined as people write, augmented, and cut into tokens again.

The places of the tokens in the joined text are kept, so a token that no edit touches comes back as it was, whatever it
holds; what an edit writes is cut at its spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from augsvc.batch import Keys, TextBatch, TokenBatch, check_key, encoded
from augsvc.errors import Fault, InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.pipeline.bio import Entity, entities, tags_of
from augsvc.pipeline.labelled import Mark
from augsvc.pipeline.results import Id, rows_of
from augsvc.pipeline.spec import Pipeline
from augsvc.pipeline.variants import Variant, variants
from augsvc.pipeline.workspace import borrow, give_back
from augsvc.types import PackTables, TokenFlag

Tag = str | int

_CLOSING = re.compile(r"[.,;:!?%)\]}\u2026]+")
_OPENING = re.compile(r"[(\[{]+")
_APOSTROPHES = ("'", "\u2019")


@dataclass(slots=True)
class AugmentedTokens:
    """One augmented row of tokens, and the tag of each if there were tags.

    `sources` are the places, in the row that came in, of the tokens that these are or stand for; None for new ones.
    """

    id: Id
    copy: int
    tokens: list[str]
    tags: list[Tag] | None
    sources: list[int | None]


class Names:
    """Tags as a data set writes them: strings, or numbers of a list of names, as a `ClassLabel` has them."""

    def __init__(self, names: Sequence[str] | None) -> None:
        self._names = names
        if names is not None:
            self._numbers = {name: number for number, name in enumerate(names)}
            inner = [f"I-{entity.label}" for entity in entities(names, "names")]
            if missing := [name for name in ("O", *inner) if name not in self._numbers]:
                raise InvalidInput(f"names lacks {missing[0]}, which an entity of several tokens or none would need")

    def read(self, tags: Sequence[object], pointer: str) -> list[str]:
        """Return tags as strings; raises InvalidInput for a number without a name."""
        return [self._read(tag, f"{pointer}/{place}") for place, tag in enumerate(tags)]

    def write(self, tags: list[str]) -> list[Tag]:
        """Return tags as they came."""
        return [*tags] if self._names is None else [self._numbers[tag] for tag in tags]

    def _read(self, tag: object, pointer: str) -> str:
        if isinstance(tag, int | np.integer) and not isinstance(tag, bool):
            if self._names is None:
                raise InvalidInput(f"{pointer}: tags are numbers: pass names=, what they stand for in their order")
            if 0 <= tag < len(self._names):
                return self._names[int(tag)]
        elif isinstance(tag, str) and self._names is None:
            return tag
        fault = Fault(pointer, "no tag")
        raise InvalidInput(f"{pointer}: {tag!r} is none of the tags", faults=[fault])


class Joined(NamedTuple):
    """A text, and the places [start, end) of its tokens, in bytes."""

    text: bytes
    places: list[tuple[int, int]]


def augment_rows(
    rows: Sequence[Sequence[str]],
    pipeline: Pipeline,
    lexicon: Lexicon,
    *,
    seed: int,
    tags: Sequence[Sequence[Tag]] | None = None,
    names: Sequence[str] | None = None,
    epoch: int = 0,
    ids: Sequence[Id] | None = None,
    copies: int = 1,
) -> Iterator[AugmentedTokens]:
    """Yield the copies of rows of tokens; arguments and errors are those of `augsvc.augment_tokens`."""
    check_key(seed, epoch, copies)
    pipeline = pipeline.at(epoch)
    identifiers: Sequence[Id] = range(len(rows)) if ids is None else ids
    _check_counts(len(rows), ids=identifiers, tags=rows if tags is None else tags)
    known = Names(names)
    entities_of = _entities_of_rows(rows, tags, known)
    keys = Keys.of_copies(seed, epoch, np.array(rows_of(identifiers), np.int64), copies).words
    spaces = borrow()
    for row, (tokens, found) in enumerate(zip(rows, entities_of, strict=True)):
        joined = join(tokens, row, lexicon.tables)
        marks = [Mark(joined.places[one.start][0], joined.places[one.stop - 1][1], (one.label,)) for one in found]
        copies_of = variants(joined.text, pipeline, lexicon, keys[row * copies : (row + 1) * copies], marks, spaces)
        for copy, variant in enumerate(copies_of):
            cut = _cut(tokens, joined, variant)
            new = None if tags is None else known.write(_tags(cut, found, marks, variant))
            yield AugmentedTokens(identifiers[row], copy, [one.text for one in cut], new, [one.source for one in cut])
    give_back(spaces)


def _check_counts(rows: int, **columns: Sequence[object]) -> None:
    for name, values in columns.items():
        if len(values) != rows:
            raise InvalidInput(f"there are {rows} rows of tokens but {len(values)} {name}")


def _entities_of_rows(
    rows: Sequence[Sequence[str]], tags: Sequence[Sequence[Tag]] | None, names: Names
) -> list[list[Entity]]:
    if tags is None:
        return [[] for _ in rows]
    return [_entities(*pair, names, row) for row, pair in enumerate(zip(rows, tags, strict=True))]


def _entities(tokens: Sequence[str], tags: Sequence[Tag], names: Names, row: int) -> list[Entity]:
    if len(tokens) != len(tags):
        fault = Fault(f"/tags/{row}", "one tag a token")
        raise InvalidInput(f"row {row} has {len(tokens)} tokens but {len(tags)} tags", faults=[fault])
    return entities(names.read(tags, f"/tags/{row}"), f"/tags/{row}")


def join(tokens: Sequence[str], row: int, tables: PackTables) -> Joined:
    """Write tokens as a text: a space between them, but none before closing marks and clitics or after brackets.

    An empty token takes no place. Raises InvalidText, with the row, for what is no valid string.
    """
    raws = [encoded(token, row) for token in tokens]
    clitics = _clitics(tokens, tables)
    text, places, opened = bytearray(), list[tuple[int, int]](), True
    for number, (token, raw) in enumerate(zip(tokens, raws, strict=True)):
        if raw and not (opened or number in clitics or _CLOSING.fullmatch(token)):
            text += b" "
        places.append((len(text), len(text) + len(raw)))
        text += raw
        opened = bool(_OPENING.fullmatch(token)) if raw else opened
    return Joined(bytes(text), places)


def _clitics(tokens: Sequence[str], tables: PackTables) -> set[int]:
    """Return the tokens that the scanner would cut off the token before, as n't and 's."""
    doubtful = [
        number
        for number, token in enumerate(tokens)
        if number and len(token) > 1 and any(mark in token for mark in _APOSTROPHES)
    ]
    if not doubtful:
        return set()
    pairs = TokenBatch.scan(TextBatch.from_strings([tokens[n - 1] + tokens[n] for n in doubtful]), tables)
    columns, offsets = pairs.columns, pairs.texts.offsets
    found = set()
    for place, number in enumerate(doubtful):
        last = int(columns.first[place + 1]) - 1
        cut = int(offsets[place + 1]) - len(tokens[number].encode())
        if last >= columns.first[place] and columns.flags[last] & TokenFlag.CLITIC and columns.start[last] == cut:
            found.add(number)
    return found


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    source: int | None


def _cut(tokens: Sequence[str], joined: Joined, variant: Variant) -> list[_Token]:
    """Return the tokens of a variant, with their places."""
    spots = []
    for number, place in enumerate(joined.places):
        now = variant.place(*place, "follow")
        if now is not None:
            spots.append((*now, number))
    cut, done = list[_Token](), 0
    for start, end, members in _apart(sorted(spots)):
        cut += _words(variant.text, done, start, [None])
        if len(members) == 1 and _stays(tokens[members[0]], variant.text[start:end]):
            cut.append(_Token(variant.text[start:end].decode(), start, end, members[0]))
        else:
            cut += _words(variant.text, start, end, members)
        done = end
    return cut + _words(variant.text, done, len(variant.text), [None])


def _apart(spots: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, list[int]]]:
    """Yield [start, end) and the tokens that are there, those that one edit made one together."""
    low, high, members = 0, -1, list[int]()
    for start, end, number in spots:
        if members and start < high:
            members.append(number)
            high = max(high, end)
            continue
        if members:
            yield low, high, members
        low, high, members = start, end, [number]
    if members:
        yield low, high, members


def _stays(token: str, now: bytes) -> bool:
    """Say whether a token stays one: it is as it was, or had spaces before."""
    return now == token.encode() or b" " not in now or any(map(str.isspace, token))


def _words(text: bytes, start: int, end: int, sources: Sequence[int | None]) -> list[_Token]:
    """Return the words of text[start:end], each with its own source where there are as many, else with the first."""
    found = [(start + one.start(), start + one.end()) for one in re.finditer(rb"[^ \t\r\n\f\v]+", text[start:end])]
    paired = sources if len(sources) == len(found) else [sources[0]] * len(found)
    return [_Token(text[a:b].decode(), a, b, source) for (a, b), source in zip(found, paired, strict=True)]


def _tags(cut: Sequence[_Token], found: Sequence[Entity], marks: Sequence[Mark], variant: Variant) -> list[str]:
    """Return the tags of a variant's tokens: an entity's are those where its span is now."""
    owners: list[int | None] = [None] * len(cut)
    for number, (entity, mark) in enumerate(zip(found, marks, strict=True)):
        place = variant.place(mark.start, mark.end)
        if place is not None:
            low = bisect_left(cut, place[0], key=attrgetter("end"))
            for at in range(low, bisect_right(cut, place[1], key=attrgetter("start"))):
                token = cut[at]
                inside = token.start < place[1] and place[0] < token.end
                own = token.source is not None and entity.start <= token.source < entity.stop
                if owners[at] is None and (inside or (own and token.start == token.end)):
                    owners[at] = number
    runs, at = list[Entity](), 0
    for owner, members in groupby(owners):
        size = len([*members])
        if owner is not None:
            runs.append(Entity(at, at + size, found[owner].label))
        at += size
    return tags_of(runs, len(cut))
