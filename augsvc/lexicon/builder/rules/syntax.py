"""The language of rules: sections of lines `left { target } right -> what the target becomes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from augsvc.errors import InvalidInput
from augsvc.types import TAGS

CASES = {"_": 0, "^": 1, "^^": 2}
"""How `$1_`, `$1^` and `$1^^` are written: with a small first letter, a capital one, in capitals."""

SHAPES = ("lower", "title", "hypernym", "hyponym", "antonym")
"""What `:name` asks of an element beside words and tags: how it is written, and that it has a related word."""
ANYTHING = {"WORD", "ANY"}
"""Elements that take any word, and any token."""


class Term(NamedTuple):
    """What an element asks: tags, words, names of sets, or a shape (`:lower`), any one of them; or none of them."""

    negated: bool
    alternatives: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """An element of a pattern as it is written: terms that all must hold, and how often; or a macro."""

    terms: tuple[Term, ...]
    quantifier: str = ""  # "", ?, *, +
    glued: bool = False
    opens: bool = False
    free: bool = False
    anchor: bool = False
    macro: str | None = None


class Output(NamedTuple):
    """An item of what a target becomes: a literal, or an item of the pattern (from 1) and what becomes of it."""

    glued: bool
    item: int | None = None
    literal: str | None = None
    tag: str | None = None
    map: str | None = None
    case: int | None = None
    related: str | None = None
    letters: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it is an item as it stands."""
        changes = (self.tag, self.map, self.case, self.related, self.letters)
        return self.item is not None and all(change is None for change in changes)


class Rule(NamedTuple):
    """A rule: its pattern, the part of it that is rewritten, [start, stop), and what that becomes."""

    line: int
    weight: int
    items: tuple[Item, ...]
    start: int
    stop: int
    outputs: tuple[Output, ...]


@dataclass
class Grammar:
    """All that a file of rules says: sections are variants `operation.variant`, in the order of the file."""

    articles: tuple[str, ...] = ()  # the indefinite one, before consonants and before vowels
    capital: tuple[str, ...] = ()  # words that are written with a capital wherever they stand
    sets: dict[str, str] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    glyphs: dict[str, str] = field(default_factory=dict)
    macros: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    sections: dict[str, list[Rule]] = field(default_factory=dict)


class _Line(NamedTuple):
    number: int
    text: str


def parse(files: Iterable[str]) -> Grammar:
    """Read files of rules; raises InvalidInput with the line that is not understood."""
    grammar = Grammar()
    for number, text in enumerate(files):
        _read(_scoped(text, number, grammar), grammar)
    return grammar


def _scoped(text: str, number: int, grammar: Grammar) -> str:
    """Return the text of a file with other names for the sets and maps that it defines anew."""
    for kind, name in re.findall(r"^(set|map) (\S+) =", text, re.MULTILINE):
        if name in (grammar.sets if kind == "set" else grammar.maps):
            own = re.escape(name)
            used = f"<{own}>" if kind == "set" else rf"~{own}(?![\w-])"
            text = re.sub(rf"^{kind} {own} =", f"{kind} {name}@{number} =", text, flags=re.MULTILINE)
            text = re.sub(used, f"<{name}@{number}>" if kind == "set" else f"~{name}@{number}", text)
    return text


def _read(text: str, grammar: Grammar) -> None:
    section: list[Rule] | None = None
    for line in _lines(text):
        word, _, rest = line.text.partition(" ")
        if line.text.startswith("["):
            section = grammar.sections.setdefault(line.text.strip("[]"), [])
        elif word in ("set", "map", "macro", "letters", "glyphs"):
            name, equals, value = (part.strip() for part in rest.partition("="))
            if not equals:
                raise _fault(line, f"a {word} needs a name, = and a value")
            if word == "macro":
                grammar.macros[name] = tuple(_item(part, grammar, line) for part in value.split())
            else:
                tables = {
                    "set": grammar.sets,
                    "map": grammar.maps,
                    "letters": grammar.letters,
                    "glyphs": grammar.glyphs,
                }
                tables[word][name] = value
        elif word in ("articles", "capital"):
            setattr(grammar, word, tuple(rest.strip("= ").split()))
        elif section is None:
            raise _fault(line, "a rule stands in a section [operation.variant]")
        else:
            section.extend(_rules(line, grammar))


def _lines(text: str) -> Iterator[_Line]:
    """Yield what is no comment; a line that begins with a space goes on from the one before."""
    joined: list[_Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        content = re.sub(r"(^|\s)#.*", "", line).rstrip()
        if content.startswith((" ", "\t")) and joined:
            joined[-1] = _Line(joined[-1].number, f"{joined[-1].text} {content.strip()}")
        elif content:
            joined.append(_Line(number, content.strip()))
    yield from joined


def _rules(line: _Line, grammar: Grammar) -> Iterator[Rule]:
    """Yield a rule for each alternative ` | ` of what a target becomes."""
    weighted = re.fullmatch(r"x(\d+)\s+(.*)", line.text)
    weight, text = (int(weighted[1]), weighted[2]) if weighted else (1, line.text)
    pattern, arrow, becomes = text.partition("->")
    left, opening, rest = pattern.partition("{")
    target, closing, right = rest.partition("}")
    if not (arrow and opening and closing):
        raise _fault(line, "a rule is `left { target } right -> what it becomes`")
    parts = [[_item(part, grammar, line) for part in some.split()] for some in (left, target, right)]
    items, start = (*parts[0], *parts[1], *parts[2]), len(parts[0])
    stop = start + len(parts[1])
    for alternative in re.split(r"\s\|\s", f" {becomes.strip()} "):
        outputs = tuple(_output(part, start, stop, line) for part in alternative.split())
        yield Rule(line.number, weight, items, start, stop, outputs)


def _item(text: str, grammar: Grammar, line: _Line) -> Item:
    marks, body, quantifier = _cut(text)
    glued, opens, free, anchor = (mark in marks for mark in "+^@=")
    if body in grammar.macros:
        if quantifier:
            raise _fault(line, f"{body} takes no {quantifier}")
        return Item((), "", glued, opens, free, anchor, body)
    terms = tuple(Term(term.startswith("!"), tuple(term.removeprefix("!").split("|"))) for term in body.split("&"))
    if not all(all(term.alternatives) for term in terms):
        raise _fault(line, f"{text!r} is no element")
    return Item(terms, quantifier, glued, opens, free, anchor)


def _cut(text: str) -> tuple[str, str, str]:
    """Cut an element into the marks before it, itself, and its quantifier; a lone mark is a word."""
    found = re.fullmatch(r"([+^@=]*)(.+?)([?*+]?)", text)
    if len(text) == 1 or found is None:
        return "", text, ""
    marks, body, quantifier = found.groups()
    # punctuation is written \? and so on where it would be a mark or a quantifier
    if body.startswith("\\"):
        return marks, body[1:] + quantifier, ""
    return marks, body, quantifier


def _output(text: str, start: int, stop: int, line: _Line) -> Output:
    glued = text.startswith("+") and len(text) > 1
    body = text[1:] if glued else text
    found = re.fullmatch(r"(?:\$(\d+))?(?::([A-Z$]+)|~([\w@-]+)|(\^\^|\^|_)|>(\w+)|%(\w+))?", body)
    if found is None or not body:
        return Output(glued, literal=body.removeprefix("\\").replace("_", " "))
    number, tag, name, case, related, letters = found.groups()
    if number is None and stop - start != 1:
        raise _fault(line, f"{text!r} does not say which element: write $1{text}")
    item = start if number is None else int(number) - 1
    if tag and tag not in TAGS:
        raise _fault(line, f"there is no tag {tag}")
    return Output(glued, item, None, tag, name, None if case is None else CASES[case], related, letters)


def _fault(line: _Line, reason: str) -> InvalidInput:
    return InvalidInput(f"rule on line {line.number}, {line.text!r}: {reason}")
