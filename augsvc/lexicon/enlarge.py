"""A pack's columns with more rows: forms, entries, readings and candidates, by sorting rather than by a loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.candidates import is_users, masses, reading_heads
from augsvc.lexicon.index import inserted, keys
from augsvc.lexicon.links import links
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.tensors import Array
from augsvc.lexicon.vocabulary import Entry
from augsvc.types import ID_BITS, NOTHING, SEEN, SLOTS, TAGS, FormFlag, Int64s, Pos, Uint64s

Tensors: TypeAlias = dict[str, Array]

FUNCTION = int(FormFlag.FUNCTION)
VB, VBP_BIT = TAGS.index("VB"), 1 << TAGS.index("VBP")


class ReadingChange(NamedTuple):
    """A reading with the packed candidates that it has from now on; `number` is None for one that is to be added."""

    number: int | None
    form: int
    entry: int
    tag: int
    candidates: Sequence[int]

    @property
    def wanted(self) -> bool:
        """Whether a user gives it candidates."""
        return any(map(is_users, self.candidates))


def with_forms(tensors: Tensors, forms: Mapping[str, int]) -> Tensors:
    """Return the tensors with folded texts as further forms, without readings or word class, and in the index.

    They are taken to be as frequent as can be, so that no frequency floor keeps out what a user asked for.

    Raises:
        InvalidInput: the index, whose ids have 20 bits, has no room for so many.
    """
    if not forms:
        return tensors
    encoded = [text.encode() for text in forms]
    ends = int(tensors["form.offset"][-1]) + np.cumsum([len(text) for text in encoded])
    room = min(3 * len(tensors["index.slot"]) // 4, 2**ID_BITS - 1) - len(tensors["form.flags"])
    if len(forms) > room:
        raise InvalidInput(f"The overlays add {len(forms)} words and forms, {room} at most: make them shorter.")
    new = {
        "text.blob": np.frombuffer(b"".join(encoded), np.uint8),
        "form.offset": ends,
        "form.reading": np.full(len(forms), tensors["form.reading"][-1]),
        "form.flags": np.array([_flags(text) for text in forms]),
        "form.key": keys(list(forms)),
        "form.zipf": np.full(len(forms), 255),
        "form.mass": np.zeros(len(forms)),
        "form.class": np.zeros(len(forms)),
    }
    merged = {
        "index.slot": inserted(tensors["index.slot"], forms),
        "phrase.link": tensors["phrase.link"] | links(forms),
    }
    return tensors | {name: _longer(tensors[name], rows) for name, rows in new.items()} | merged


def with_entries(tensors: Tensors, entries: Mapping[tuple[str, Pos], Entry]) -> Tensors:
    """Return the tensors with further entries, whose lemmas are forms already; they have no senses."""
    if not entries:
        return tensors
    parts = [pos for _, pos in entries]
    paradigms = [
        [entry.forms.get(slot, NOTHING) for slot in (*SLOTS[pos], *"-----")[:5]]
        for pos, entry in zip(parts, entries.values(), strict=True)
    ]
    new = {
        "entry.form": np.array([entry.lemma for entry in entries.values()]),
        "entry.pos": np.array(parts),
        "entry.count": np.zeros(len(parts)),
        "entry.sense": np.full(len(parts), tensors["entry.sense"][-1]),
        "entry.inflection": np.array(paradigms),
    }
    return tensors | {name: _longer(tensors[name], rows) for name, rows in new.items()}


def with_readings(tensors: Tensors, changes: Sequence[ReadingChange]) -> Tensors:
    """Return the tensors with some readings changed and some added.

    Of a form's readings those come first to which a user gives candidates, and those last that are added without any:
    of several with one tag only the first is ever drawn from.
    """
    added = [change for change in changes if change.number is None]
    owners = np.concatenate([_owners(tensors["form.reading"]), _integers(change.form for change in added)])
    numbers = iter(range(len(tensors["reading.entry"]), len(owners)))
    changed = _integers(next(numbers) if change.number is None else change.number for change in changes)
    later = np.ones(len(owners), np.bool_)
    later[changed] = [not change.wanted for change in changes]
    order = np.lexsort((later, owners))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    changed = place[changed]
    entries = _longer(tensors["reading.entry"], [change.entry for change in added])[order]
    tags = np.concatenate([tensors["reading.head"][:-1] & 255, _integers(change.tag for change in added)])[order]
    firsts, words = _candidates(tensors, place, changed, changes)
    of_form, heads = _offsets(owners, len(tensors["form.flags"])), reading_heads(firsts, tags)
    return tensors | {
        "form.reading": of_form.astype(np.uint32),
        "form.mass": masses(of_form, heads, words),
        "form.flags": _replaceable(tensors["form.flags"], owners[order], np.diff(firsts), owners[order][changed]),
        "reading.entry": entries,
        "reading.head": heads.astype(np.uint32),
        "candidate.word": words,
    }


def with_classes(tensors: Tensors, known: int, changes: Sequence[ReadingChange]) -> Tensors:
    """Return the tensors with word classes by which forms may take the tags of readings that are added or wanted.

    A form past the first `known`, those of the pack, takes only these, and is to the tagger what other words of theirs
    are. A function word keeps its tags: it is too much of what the tagger goes by to be taken for anything else. Where
    the pack has no tagger a form has the tag of its first reading.

    Raises:
        InvalidInput: the pack has a class twice.
    """
    taken: dict[int, int] = {}
    flags = tensors["form.flags"].data
    for change in changes:
        if not flags[change.form] & FUNCTION and (change.number is None or change.wanted):
            taken[change.form] = taken.get(change.form, 0) | 1 << change.tag | VBP_BIT * (change.tag == VB)
    of_form, untrained = tensors["form.class"].copy(), not len(tensors["upos.key"])
    lexical, tags = tensors["class.lexical"].tolist(), tensors["class.tags"].tolist()
    numbers = {row: number for number, row in enumerate(zip(lexical, tags, strict=True))}
    if len(numbers) < len(tags):
        raise InvalidInput("The pack has a word class twice; build it again.")
    alike = {allowed: found for found, allowed in numbers if found < SEEN}
    for form, added in taken.items():
        number = int(of_form[form])
        if untrained:
            row = 0, 1 << (int(tensors["reading.head"][tensors["form.reading"][form]]) & 255)
        elif form >= known:
            row = alike.get(added, 0), added
        else:
            row = lexical[number], tags[number] | added
        of_form[form] = numbers.setdefault(row, len(numbers))
    return tensors | {
        "form.class": of_form,
        "class.lexical": np.array([found for found, _ in numbers], np.uint16),
        "class.tags": np.array([allowed for _, allowed in numbers], np.uint64),
    }


def _candidates(
    tensors: Tensors, place: Array, changed: Array, changes: Sequence[ReadingChange]
) -> tuple[Int64s, Uint64s]:
    """Return each reading's first candidate, and all; `place` says where readings stand, `changed` which change."""
    old = place[_owners(tensors["reading.head"] >> 8)]
    keep = np.isin(old, changed, invert=True)
    new = np.array([word for change in changes for word in change.candidates], np.uint64)
    owners = np.concatenate([old[keep], np.repeat(changed, _integers(len(change.candidates) for change in changes))])
    words = np.concatenate([tensors["candidate.word"][keep], new])
    return _offsets(owners, len(place)), words[np.argsort(owners, kind="stable")]


def _replaceable(flags: Array, owners: Array, candidates: Array, touched: Array) -> Array:
    """Return the forms' flags, REPLACEABLE put right for the touched ones; `owners` are the forms of the readings."""
    has = np.zeros(len(flags), np.bool_)
    has[owners[candidates > 0]] = True
    bit = flags.dtype.type(FormFlag.REPLACEABLE)
    right = flags.copy()
    right[touched] = np.where(has[touched], flags[touched] | bit, flags[touched] & ~bit)
    return right


def _flags(text: str) -> int:
    return FormFlag.VOWEL * begins_with_vowel_sound(text) | FormFlag.PHRASE * (" " in text)


def _owners(offsets: Array) -> Array:
    """Return for each member the group that it belongs to."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def _offsets(owners: Array, groups: int) -> Int64s:
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=groups))])


def _integers(values: Iterable[int]) -> Int64s:
    return np.fromiter(values, np.int64)


def _longer(column: Array, rows: Iterable[int] | Array) -> Array:
    return np.concatenate([column, np.asarray(rows).astype(column.dtype).reshape(-1, *column.shape[1:])])
