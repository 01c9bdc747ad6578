"""Rules as the numbers that kernels read: see RuleField and what follows it in `augsvc.rulecode`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder.rules.anchor import Asked, Glance, Known, glance, rarest, search_order
from augsvc.lexicon.builder.rules.code import EVERY, Code
from augsvc.lexicon.builder.rules.edits import RuleEdit, edits_of
from augsvc.lexicon.builder.rules.sets import bits_of, sets_by_tag, sets_by_word
from augsvc.lexicon.builder.rules.syntax import ANYTHING, SHAPES, Grammar, Item, Output, Rule, parse
from augsvc.lexicon.index import hash_of
from augsvc.lexicon.tensors import Array
from augsvc.rulecode import (
    COUNT_BITS,
    GLUE,
    NUMBER_BIT,
    TEXT_BITS,
    WEIGHT_BITS,
    Element,
    ElementField,
    Letters,
    PageField,
    PatternField,
    Piece,
    Rewrite,
    RewriteField,
    RuleField,
)
from augsvc.types import SLOTS, TAGS, Relation

WRITTEN_ALIKE = 1 << 16
"""Bit of a row of letters that holds for capitals, too."""

MOST_ELEMENTS = 14
BITS = ElementField.BITS
MANY_WORDS = 1024
PAGE = 64
"""Patterns of a page: the bits of a word."""
MOST_PAGES = 32
"""As many as kernels have words of scratch."""


SLOT_TAGS = [tag for tags in SLOTS.values() for tag in tags]


class Words(Protocol):
    """What the values of sets and maps are looked up in."""

    def set(self, value: str) -> frozenset[str]:
        """Return the words that the value of a set stands for."""

    def map(self, value: str) -> Sequence[tuple[str, str, int]]:
        """Return the (word, replacement, weight) triples that the value of a map stands for."""

    def known(self, word: str) -> Known:
        """Return how often a word is written, and the tags that it may have."""

    def form(self, word: str) -> int:
        """Return the id of the form that a word is, -1 for none, -2 for a number that is none."""

    def letters(self, value: str) -> Sequence[tuple[str, str]]:
        """Return the (letters, letters instead) that the value of letters or glyphs stands for."""


def alike(variants: Sequence[Sequence[Rule]]) -> list[list[tuple[int, Rule]]]:
    """Return the rules of an operation's variants, with these numbers, that have one pattern and draw one word of it.

    They stand in the order of the first of each.
    """
    found: dict[tuple[tuple[Item, ...], int], list[tuple[int, Rule]]] = {}
    for number, rules in enumerate(variants):
        for rule in rules:
            found.setdefault((rule.items, rule.start), []).append((number, rule))
    return [*found.values()]


class _Pattern(NamedTuple):
    """A pattern as it is written, and what may be told of it at a glance."""

    code: list[int]
    glance: Glance
    variants: frozenset[int]


def rule_columns(files: Iterable[str], words: Words) -> dict[str, Array]:
    """Return the columns of the rules in files of the language of `syntax`; raises InvalidInput for faulty ones."""
    return _Encoder(parse(files), words).columns()


class _Encoder:
    def __init__(self, grammar: Grammar, words: Words) -> None:
        self._grammar, self._words = grammar, words
        self._code = Code()
        self._members: dict[str, frozenset[str]] = {}
        self._maps: dict[str, tuple[int, int]] = {}
        self._tables: dict[str, int] = {}

    def columns(self) -> dict[str, Array]:
        names: dict[str, object] = {}
        for operation, variants in self._operations().items():
            names[operation] = {"code": self._operation(variants), "variants": [*variants]}
        table = {"articles": self._grammar.articles, "capital": self._grammar.capital, "operations": names}
        return self._code.columns() | {
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
        patterns = [self._pattern(rules) for rules in alike([*variants.values()])]
        if len(patterns) > MOST_PAGES * PAGE:
            raise InvalidInput(f"an operation has more than {MOST_PAGES * PAGE} patterns")
        pages = [patterns[start : start + PAGE] for start in range(0, len(patterns), PAGE)]
        return self._code.append([len(pages), *(word for page in pages for word in self._page(page, len(variants)))])

    def _pattern(self, rules: Sequence[tuple[int, Rule]]) -> _Pattern:
        """Return a pattern whose elements and rules are written; `rules` are those that it has, with their variants."""
        first = rules[0][1]
        elements, asked, places = self._elements(first)
        anchor = self._anchor(first, places, asked)
        rows: list[int] = []
        for variant, rule in rules:
            edits = edits_of(rule)
            _mark_tagged(elements, edits, places)
            written = {
                RuleField.EDITS: self._edits(rule, edits, places, elements),
                RuleField.COUNT: len(edits),
                RuleField.VARIANT: variant,
                RuleField.WEIGHT: rule.weight,
            }
            rows += [written[field] for field in RuleField]
        steps = _steps(elements, anchor, search_order(asked, anchor, self._words.known))
        code = {
            PatternField.ELEMENTS: self._code.append(word for step in steps for word in step),
            PatternField.LENGTH: len(steps),
            PatternField.RULES: self._code.append(rows),
            PatternField.COUNT: len(rules),
            PatternField.OPENS: int(asked[0].opens),
        }
        seen, variants = glance(asked, anchor, self._words.known), frozenset(variant for variant, _ in rules)
        return _Pattern([code[field] for field in PatternField], seen, variants)

    def _page(self, patterns: Sequence[_Pattern], variants: int) -> list[int]:
        """Write what tells which patterns may begin where; return the words of a page."""
        glances = [pattern.glance for pattern in patterns]
        words = sorted((hash_of(word), self._words.form(word), *sets) for word, sets in sets_by_word(glances).items())
        page = {
            PageField.PATTERNS: self._code.append(word for pattern in patterns for word in pattern.code),
            PageField.TAGS: self._code.append(word for sets in sets_by_tag(glances) for word in sets),
            PageField.WORDS: self._code.append(word for row in words for word in row),
            PageField.WORD_COUNT: len(words),
            PageField.OPENING: bits_of(not seen.opens for seen in glances),
            PageField.OPENED: bits_of(not seen.opened for seen in glances),
            PageField.VARIANTS: self._code.append(
                bits_of(variant in pattern.variants for pattern in patterns) for variant in range(variants)
            ),
        }
        return [page[field] for field in PageField]

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
        code = {
            ElementField.TAGS: tags,
            ElementField.WORDS: self._words_of(named or frozenset()),
            ElementField.BANNED: self._words_of(banned),
            ElementField.BITS: int(bits),
        }
        return [code[field] for field in ElementField], Asked(
            tags, named, item.quantifier, banned, bool(bits & Element.OPENS)
        )

    def _words_of(self, words: frozenset[str]) -> int:
        """Write a set of words and return what names it: a table of hashes, or bits of forms where these take less."""
        forms = [self._words.form(word) for word in words]
        if len(words) < MANY_WORDS or min(forms) < 0:
            return self._code.hashes(words)
        return self._code.forms(forms)

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
        if name not in self._members:
            parts = [part.strip() for part in self._grammar.sets[name].split(",")]
            members = (self._set(part[1:-1]) if part.startswith("<") else self._words.set(part) for part in parts)
            self._members[name] = frozenset().union(*members)
        return self._members[name]

    def _edits(
        self, rule: Rule, edits: Sequence[RuleEdit], places: Sequence[tuple[int, int]], elements: list[list[int]]
    ) -> int:
        rows: list[int] = []
        free = sum(1 << e for e, row in enumerate(elements) if row[BITS] & (Element.NAMED | Element.FREE))
        for number, edit in enumerate(edits):
            pieces = self._code.append(word for output in edit.outputs for word in self._piece(output, places, rule))
            row = {
                RewriteField.KIND: int(edit.kind),
                RewriteField.FIRST: places[edit.first][0],
                RewriteField.LAST: places[edit.last][1],
                RewriteField.PIECES: pieces,
                RewriteField.COUNT: len(edit.outputs),
                RewriteField.SOURCE: -1 if edit.source is None else _span(places[edit.source]),
                RewriteField.SALT: 64 * (number + 1),
                RewriteField.FREE: free,
            }
            rows += [row[field] for field in RewriteField]
        return self._code.append(rows)

    def _piece(self, output: Output, places: Sequence[tuple[int, int]], rule: Rule) -> list[int]:
        glue = GLUE if output.glued else 0
        if output.literal == "a/an":
            return [Piece.ARTICLE | glue, 0, 0, 0]
        if output.item is None:
            return [Piece.TEXT | glue, 0, *self._code.literal(output.literal or "")]
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
            self._tables[name] = self._code.append([len(rows), *(word for row in rows for word in row)])
        return Letters.TABLE, self._tables[name]

    def _map(self, name: str) -> tuple[int, int]:
        """Write a map, once; return the table of its words, and where its rows are, one for each slot.

        A row has the place of its alternatives and how many these are, an alternative its text and weight, in a word.
        """
        if name not in self._grammar.maps:
            raise InvalidInput(f"there is no map ~{name}")
        if name not in self._maps:
            by_hash: dict[int, list[tuple[str, int]]] = {}
            for word, replacement, weight in self._words.map(self._grammar.maps[name]):
                by_hash.setdefault(hash_of(word), []).append((replacement, weight))
            rows = {0: 0}
            for h, pairs in by_hash.items():
                rows[h] = self._code.append(self._alternative(*pair) for pair in pairs) << COUNT_BITS | len(pairs)
            table, slots = self._code.table(by_hash)
            self._maps[name] = table, self._code.append(rows[h] for h in slots)
        return self._maps[name]

    def _alternative(self, text: str, weight: int) -> int:
        start, packed = self._code.literal(text)
        return start << TEXT_BITS | weight << WEIGHT_BITS | packed


def _steps(elements: Sequence[Sequence[int]], anchor: int, order: Sequence[int]) -> list[list[int]]:
    """Return a pattern's elements in the order in which they are looked for, the drawn one at a glance, and again."""
    drawn = elements[anchor][BITS] | Element.DRAWN
    found = [(anchor, int(drawn | Element.GLANCE * (drawn & Element.MANY == 0)))]
    for e in order:
        # what stands to the right of a gap says what may be in it
        beside = elements[e if e > anchor else e + 1][BITS]
        bits = Element.LEFT * (e < anchor) | Element.AGAINST * (beside & Element.GLUED != 0)
        found.append((e, int(elements[e][BITS] | bits | Element.APART * (beside & Element.OPENS != 0))))
    if not drawn & Element.MANY:
        found.append((anchor, int(drawn | Element.AGAIN)))
    return [[*elements[e][:BITS], bits | e << NUMBER_BIT] for e, bits in found]


def _mark_tagged(elements: list[list[int]], edits: Sequence[RuleEdit], places: Sequence[tuple[int, int]]) -> None:
    """Mark the elements whose tag matters to what is written: those that are copied, inflected or written before."""
    items = {output.item for edit in edits for output in edit.outputs if output.item is not None}
    for item in items | {edit.first for edit in edits if edit.kind is Rewrite.BEFORE}:
        for number in range(places[item][0], places[item][1] + 1):
            elements[number][BITS] |= Element.TAGGED


def _letter_row(here: str, there: str, alike: int) -> tuple[int, int, int]:
    old, new = here.encode(), there.encode()
    if not 0 < len(old) <= 8 or len(new) > 8:
        raise InvalidInput(f"{here}:{there} in letters has one to eight bytes on each side, or none on the right")
    return int.from_bytes(old, "little"), int.from_bytes(new, "little"), len(old) | len(new) << 8 | alike


def _span(place: tuple[int, int]) -> int:
    """Return the first and last element of an item as one number."""
    return place[0] | place[1] << 8
