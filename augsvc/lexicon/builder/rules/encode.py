"""Rules as the numbers that kernels read: see RuleField and what follows it in `augsvc.types`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Protocol

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.rules.anchor import Asked, Known, beside, rarest
from augsvc.lexicon.builder.rules.edits import RuleEdit, edits_of
from augsvc.lexicon.builder.rules.syntax import ANYTHING, SHAPES, Grammar, Item, Output, Rule, parse
from augsvc.lexicon.index import hash_of
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.tensors import Array
from augsvc.types import (
    COUNT_BITS,
    GLUE,
    GROUP_BITS,
    ROW_BITS,
    SLOTS,
    TAGS,
    TEXT_BITS,
    WEIGHT_BITS,
    Element,
    Letters,
    Piece,
    Relation,
    Rewrite,
    Sound,
)

WRITTEN_ALIKE = 1 << 16
"""Bit of a row of letters that holds for capitals, too."""

MOST_ELEMENTS = 14
EVERY = 2**64 - 1
SPARSE = 16
"""Bits of a filter for each hash in it: one in so many other words passes."""

SLOT_TAGS = [tag for tags in SLOTS.values() for tag in tags]


class Words(Protocol):
    """What the values of sets and maps are looked up in."""

    def set(self, value: str) -> frozenset[str]:
        """Return the words that the value of a set stands for."""

    def map(self, value: str) -> Sequence[tuple[str, str, int]]:
        """Return the (word, replacement, weight) triples that the value of a map stands for."""

    def known(self, word: str) -> Known:
        """Return how often a word is written, and the tags that it may have."""

    def letters(self, value: str) -> Sequence[tuple[str, str]]:
        """Return the (letters, letters instead) that the value of letters or glyphs stands for."""


def rule_columns(files: Iterable[str], words: Words) -> dict[str, Array]:
    """Return the columns of the rules in files of the language of `syntax`; raises InvalidInput for faulty ones."""
    return _Encoder(parse(files), words).columns()


class _Encoder:
    def __init__(self, grammar: Grammar, words: Words) -> None:
        self._grammar, self._words = grammar, words
        self._code: list[int] = [0]
        self._text = bytearray()
        self._places: dict[tuple[str, ...] | str, tuple[int, int]] = {}
        self._maps: dict[str, tuple[int, int]] = {}
        self._tables: dict[str, int] = {}

    def columns(self) -> dict[str, Array]:
        names: dict[str, object] = {}
        for operation, variants in self._operations().items():
            names[operation] = {"code": self._operation(variants), "variants": [*variants]}
        words = [word & EVERY for word in self._code]
        table = {"articles": self._grammar.articles, "capital": self._grammar.capital, "operations": names}
        return {
            "rule.code": np.array(words, np.uint64).view(np.int64),
            "rule.text": np.frombuffer(bytes(self._text) or b" ", np.uint8),
            "rule.names": np.frombuffer(json.dumps(table, sort_keys=True).encode(), np.uint8),
        }

    def _operations(self) -> dict[str, dict[str, list[Rule]]]:
        found: dict[str, dict[str, list[Rule]]] = {}
        for section, rules in self._grammar.sections.items():
            operation, _, variant = section.partition(".")
            found.setdefault(operation, {})[variant or operation] = rules
        return found

    def _operation(self, variants: Mapping[str, list[Rule]]) -> int:
        """Write an operation's rules and return where its entry is."""
        numbered = [(number, rule) for number, rules in enumerate(variants.values()) for rule in rules]
        drawable: list[tuple[set[int], int]] = []
        rows = []
        for number, rule in numbered:
            elements, asked, places = self._elements(rule)
            anchor = self._anchor(rule, places, asked)
            drawable.append(self._drawable(elements, anchor))
            edits = edits_of(rule)
            _mark_tagged(elements, edits, places)
            begin = self._edits(rule, edits, places)
            at = self._append(word for element in elements for word in element)
            rows += [at, len(elements), anchor, begin, len(edits), number, rule.weight]
            rows += [beside(asked, anchor, step, self._words.known) for step in (-1, 1)]
        first = self._append(rows)
        place, mask = self._filter({h for hashes, _ in drawable for h in hashes})
        tags = reduce(or_, (tags for _, tags in drawable))
        return self._append([first, len(numbered), tags, place, mask, *self._index(drawable)])

    def _index(self, drawable: Sequence[tuple[set[int], int]]) -> tuple[int, int, int, int]:
        """Write which rules a drawn word may begin: by its hash, and by each tag that it may have.

        Return where the index of hashes is and how many it has, where the sets of rules are that it names, and where
        those of tags: each a row of bits.
        """
        by_hash: dict[int, int] = {}
        by_tag = [0] * len(TAGS)
        for number, (hashes, tags) in enumerate(drawable):
            by_hash |= {h: by_hash.get(h, 0) | 1 << number for h in hashes}
            by_tag = [rules | (tags >> tag & 1) << number for tag, rules in enumerate(by_tag)]
        groups = sorted(set(by_hash.values()))
        if len(groups) >= 1 << GROUP_BITS:
            raise InvalidInput("an operation's words begin too many different sets of rules")
        index = [h >> GROUP_BITS << GROUP_BITS | groups.index(rules) for h, rules in sorted(by_hash.items())]
        width = -(-len(drawable) // 64)
        sets, tags_at = (
            self._append(rules >> 64 * word & EVERY for rules in some for word in range(width))
            for some in (groups, by_tag)
        )
        return self._append(index), len(index), sets, tags_at

    def _append(self, words: Iterable[int]) -> int:
        # all of them first: to make them, others may be written
        row = [*words]
        self._code.extend(row)
        return len(self._code) - len(row)

    def _filter(self, hashes: set[int]) -> tuple[int, int]:
        """Write a filter of hashes; return where it is, and the mask of a bit's number."""
        bits = max(64, 1 << (SPARSE * len(hashes)).bit_length())
        words = [0] * (bits // 64)
        for h in hashes:
            bit = (h >> 40) & (bits - 1)
            words[bit // 64] |= 1 << bit % 64
        return self._append(words), bits - 1

    def _elements(self, rule: Rule) -> tuple[list[list[int]], list[Asked], list[tuple[int, int]]]:
        """Return the elements of a rule's items, what they ask, and for each item its first and last element."""
        elements: list[list[int]] = []
        asked: list[Asked] = []
        places = []
        for item in rule.items:
            members = self._grammar.macros[item.macro] if item.macro else (item,)
            places.append((len(elements), len(elements) + len(members) - 1))
            for number, member in enumerate(members):
                code, asks = self._element(member, item if number == 0 else member)
                elements.append(code)
                asked.append(asks)
        if len(elements) > MOST_ELEMENTS:
            raise InvalidInput(f"rule on line {rule.line}: more than {MOST_ELEMENTS} elements")
        return elements, asked, places

    def _anchor(self, rule: Rule, places: Sequence[tuple[int, int]], asked: Sequence[Asked]) -> int:
        """Return the element that a drawn word must suit: the marked one, else the rarest.

        Where several are as rare it is the first of the target, then of what follows it, then the last before.
        """
        order = [*range(rule.start, len(rule.items)), *range(rule.start - 1, -1, -1)]
        marked = [places[number][0] for number in order if rule.items[number].anchor]
        members = [element for number in order for element in range(places[number][0], places[number][1] + 1)]
        needed = [element for element in members if asked[element].needed]
        if not needed:
            raise InvalidInput(f"rule on line {rule.line}: no element is needed")
        return marked[0] if marked else rarest(asked, needed, self._words.known)

    def _element(self, item: Item, outer: Item) -> tuple[list[int], Asked]:
        bits = (
            Element.NEEDED * (item.quantifier in ("", "+"))
            | Element.MANY * (item.quantifier in ("*", "+"))
            | Element.GLUED * (item.glued or outer.glued)
            | Element.OPENS * (item.opens or outer.opens)
            | Element.FREE * (item.free or outer.free)
        )
        tags, named, banned = EVERY, None, frozenset[str]()
        for term in item.terms:
            words, allowed, shape = self._term(term.alternatives)
            bits |= shape
            if term.negated:
                banned |= words
                tags &= ~allowed if allowed else EVERY
                continue
            if words:
                named = words if named is None else named & words
            if allowed:
                tags &= allowed
        bits |= Element.NAMED * (named is not None)
        code = [tags, *self._hashes(named or ()), *self._hashes(banned), int(bits)]
        return code, Asked(tags, named, item.quantifier)

    def _term(self, alternatives: Sequence[str]) -> tuple[frozenset[str], int, int]:
        """Return the words, the tags and the bits that the alternatives of a term stand for."""
        words, tags, bits = set[str](), 0, 0
        for name in alternatives:
            if (name in TAGS and name.isupper()) or name in ("PRP$", "WP$"):
                tags |= 1 << TAGS.index(name)
            elif name in ANYTHING:
                bits |= Element.WORD * (name == "WORD")
            elif name.startswith("<") and name.endswith(">"):
                words |= self._set(name[1:-1])
            elif name.startswith(":") and name[1:] in SHAPES:
                bits |= Element[name[1:].upper()]
            else:
                words.add(name)
        return frozenset(words), tags, bits

    def _set(self, name: str) -> frozenset[str]:
        if name not in self._grammar.sets:
            raise InvalidInput(f"there is no set <{name}>")
        found: frozenset[str] = frozenset()
        for part in self._grammar.sets[name].split(","):
            inner = part.strip()
            found |= self._set(inner[1:-1]) if inner.startswith("<") else self._words.set(inner)
        return found

    def _hashes(self, words: Iterable[str]) -> tuple[int, int]:
        """Write the hashes of words in order, once for each set; return where they are and how many."""
        key = tuple(sorted(words))
        if key not in self._places:
            hashes = sorted(hash_of(word) for word in key)
            self._places[key] = self._append(hashes), len(hashes)
        return self._places[key]

    def _drawable(self, elements: list[list[int]], anchor: int) -> tuple[set[int], int]:
        """Return the hashes, or the tags, of the words that an anchor takes."""
        tags, place, count, _, _, bits = elements[anchor]
        if bits & Element.NAMED:
            return set(self._code[place : place + count]), 0
        return set(), tags

    def _edits(self, rule: Rule, edits: Sequence[RuleEdit], places: Sequence[tuple[int, int]]) -> int:
        rows: list[int] = []
        for number, edit in enumerate(edits):
            source = -1 if edit.source is None else _span(places[edit.source])
            pieces = self._append(word for output in edit.outputs for word in self._piece(output, places, rule))
            first, last = places[edit.first][0], places[edit.last][1]
            rows += [int(edit.kind), first, last, pieces, len(edit.outputs), source, 64 * (number + 1)]
        return self._append(rows)

    def _piece(self, output: Output, places: Sequence[tuple[int, int]], rule: Rule) -> list[int]:
        glue = GLUE if output.glued else 0
        if output.literal == "a/an":
            return [Piece.ARTICLE | glue, 0, 0, 0]
        if output.item is None:
            return [Piece.TEXT | glue, 0, *self._literal(output.literal or "")]
        if output.item >= len(places):
            raise InvalidInput(f"rule on line {rule.line}: there is no element ${output.item + 1}")
        kind, first, second = self._change(output)
        return [kind | glue, _span(places[output.item]), first, second]

    def _change(self, output: Output) -> tuple[Piece, int, int]:
        """Return what becomes of an element, and the two numbers that say how."""
        if output.tag:
            return Piece.INFLECT, SLOT_TAGS.index("VB" if output.tag == "VBP" else output.tag), 0
        if output.map:
            return Piece.MAP, *self._map(output.map)
        if output.related:
            return Piece.RELATED, self._relation(output.related), 0
        if output.letters:
            return Piece.LETTERS, *self._letters(output.letters)
        return (Piece.COPY, 0, 0) if output.case is None else (Piece.CASE, output.case, 0)

    @staticmethod
    def _relation(name: str) -> int:
        if name.upper() not in Relation.__members__:
            raise InvalidInput(f"there is no relation >{name}")
        return Relation[name.upper()]

    def _letters(self, name: str) -> tuple[int, int]:
        """Return how words are misspelt; write a table, once: how many rows, then (bytes, bytes instead, sizes)."""
        if name != "table" and name.upper() in Letters.__members__:
            return Letters[name.upper()], 0
        value = self._grammar.letters.get(name) or self._grammar.glyphs.get(name)
        if value is None:
            raise InvalidInput(f"there are no letters %{name}")
        if name not in self._tables:
            alike = WRITTEN_ALIKE if name in self._grammar.letters else 0
            rows = [_letter_row(here, there, alike) for here, there in self._words.letters(value)]
            self._tables[name] = self._append([len(rows), *(word for row in rows for word in row)])
        return Letters.TABLE, self._tables[name]

    def _literal(self, text: str) -> tuple[int, int]:
        """Write a text, once; return where it is, and its size with its sound."""
        if text not in self._places:
            raw = text.encode()
            if len(raw) > 255:
                raise InvalidInput(f"{text!r} is too long for a rule")
            sound = Sound.UNKNOWN if not raw[:1].isalnum() else Sound(int(begins_with_vowel_sound(text)))
            self._places[text] = len(self._text), len(raw) | sound << 8
            self._text += raw
        return self._places[text]

    def _map(self, name: str) -> tuple[int, int]:
        """Write a map, once; return where the hashes of its words are, and where its rows, with how many there are.

        A row has the place of its alternatives and how many these are, an alternative its text and weight, in a word.
        """
        if name not in self._grammar.maps:
            raise InvalidInput(f"there is no map ~{name}")
        if name not in self._maps:
            by_word: dict[str, list[tuple[str, int]]] = {}
            for word, replacement, weight in self._words.map(self._grammar.maps[name]):
                by_word.setdefault(word, []).append((replacement, weight))
            rows = []
            for word in sorted(by_word, key=hash_of):
                place = self._append(self._alternative(*pair) for pair in by_word[word])
                rows.append(place << COUNT_BITS | len(by_word[word]))
            at, count = self._hashes(by_word)
            self._maps[name] = at, self._append(rows) << ROW_BITS | count
        return self._maps[name]

    def _alternative(self, text: str, weight: int) -> int:
        start, packed = self._literal(text)
        return start << TEXT_BITS | weight << WEIGHT_BITS | packed


def _mark_tagged(elements: list[list[int]], edits: Sequence[RuleEdit], places: Sequence[tuple[int, int]]) -> None:
    """Mark the elements whose tag matters to what is written: those that are copied, inflected or written before."""
    items = {output.item for edit in edits for output in edit.outputs if output.item is not None}
    for item in items | {edit.first for edit in edits if edit.kind is Rewrite.BEFORE}:
        for number in range(places[item][0], places[item][1] + 1):
            elements[number][-1] |= Element.TAGGED


def _letter_row(here: str, there: str, alike: int) -> tuple[int, int, int]:
    old, new = here.encode(), there.encode()
    if not 0 < len(old) <= 8 or len(new) > 8:
        raise InvalidInput(f"{here}:{there} in letters has one to eight bytes on each side, or none on the right")
    return int.from_bytes(old, "little"), int.from_bytes(new, "little"), len(old) | len(new) << 8 | alike


def _span(place: tuple[int, int]) -> int:
    """Return the first and last element of an item as one number."""
    return place[0] | place[1] << 8
