"""Plain-Python twin of augsvc.kernels.pattern and rewrite: rules as they are written, applied to a row of words."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import Literal, NamedTuple

from augsvc.kernels.compose import RELATION_ENTRY, RELATION_KIND, RELATION_WEIGHT, WHOLE
from augsvc.kernels.draft import Step
from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder.rules.anchor import Asked, Beside, Glance, glance
from augsvc.lexicon.builder.rules.edits import RuleEdit, edits_of
from augsvc.lexicon.builder.rules.encode import alike
from augsvc.lexicon.builder.rules.syntax import Grammar, Item, Output, Rule, parse
from augsvc.lexicon.builder.rules.words import EnglishWords
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.wordlists import rule_files
from augsvc.rulecode import NUMBER_BIT, ElementField, PageField, PatternField, Rewrite
from augsvc.types import NOTHING, TAGS, Action, FormFlag, Guard, Relation, TokenFlag, TokenKind

from .plain import Edit, Token
from .twin_letters import Letters
from .twin_propose import MIXED, Group, Planned, Row, Words
from .twin_rng import below

MOST = 8
MASK64 = 2**64 - 1
INFLECTED = {"NN": "NOUN", "VB": "VERB", "JJ": "ADJ", "RB": "ADV"}


def stirred(random: int, number: int) -> int:
    h = (random + number * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 & MASK64
    h = (h ^ h >> 29) * 0x94D049BB133111EB & MASK64
    return h >> 32


class Draw(NamedTuple):
    """What decides the edits of a drawn word: a u32, and the number by which a step says how words are misspelt."""

    random: int
    letters: int


Vowel = bool | Literal["as before"] | None


class Composed(NamedTuple):
    """A text that an edit writes, and whether it begins with a vowel sound, None if nobody knows."""

    text: str
    vowel: Vowel


class Member(NamedTuple):
    """An element of a pattern, macros taken apart, and the item that it belongs to."""

    item: Item
    glued: bool
    opens: bool
    free: bool
    number: int


class Pattern(NamedTuple):
    """Rules of one pattern with the numbers of their variants, the element that is drawn, and what a glance tells."""

    rules: list[tuple[int, Rule]]
    anchor: int
    glance: Glance

    def weight(self, variants: int) -> int:
        return sum(rule.weight for variant, rule in self.rules if variants >> variant & 1)


def drawn_place(weights: list[int], random: int) -> int:
    """Return a place, each as often as its weight says."""
    return bisect([*accumulate(weights)], below(random, sum(weights)))


def is_tag(name: str) -> bool:
    return name in TAGS and (name.isupper() or name in ("PRP$", "WP$"))


@dataclass
class Rules:
    """The grammar of the pack, with what its sets and maps stand for."""

    lexicon: Lexicon

    @cached_property
    def grammar(self) -> Grammar:
        return parse(rule_files())

    @cached_property
    def words(self) -> EnglishWords:
        return EnglishWords(self.lexicon)

    @cached_property
    def sets(self) -> dict[str, frozenset[str]]:
        return {name: self._set(name) for name in self.grammar.sets}

    def _set(self, name: str) -> frozenset[str]:
        parts = [part.strip() for part in self.grammar.sets[name].split(",")]
        found = [self._set(part[1:-1]) if part.startswith("<") else self.words.set(part) for part in parts]
        return frozenset().union(*found)

    @cached_property
    def maps(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        found: dict[str, dict[str, list[tuple[str, int]]]] = {}
        for name, value in self.grammar.maps.items():
            for word, text, weight in self.words.map(value):
                found.setdefault(name, {}).setdefault(word, []).append((text, weight))
        return found

    @cached_property
    def letters(self) -> dict[str, Letters]:
        """How words are misspelt, by the names that rules use."""
        kinds = {name: Letters(name) for name in ("transposed", "doubled", "dropped")}
        tables = {
            name: Letters("table", self.words.letters(value), any_case=written is self.grammar.letters)
            for written in (self.grammar.glyphs, self.grammar.letters)
            for name, value in written.items()
        }
        return kinds | tables

    @cached_property
    def patterns(self) -> dict[str, list[Pattern]]:
        """The patterns of each operation, each with its rules by variant, in order.

        Which element a drawn word must suit is what the pack says: see tests/lexicon/test_anchor.py.
        """
        variants: dict[str, list[list[Rule]]] = {}
        for name, rules in self.grammar.sections.items():
            variants.setdefault(name.partition(".")[0], []).append(rules)
        return {name: [*self._patterns(name, alike(rules))] for name, rules in variants.items()}

    def _patterns(self, operation: str, patterns: list[list[tuple[int, Rule]]]) -> Iterator[Pattern]:
        code, entry = self.lexicon.tables.rule_code, self.lexicon.rules[operation].code
        for number, rules in enumerate(patterns):
            page = entry + 1 + len(PageField) * (number // 64)
            row = int(code[page + PageField.PATTERNS]) + len(PatternField) * (number % 64)
            first = int(code[row + PatternField.ELEMENTS])
            anchor = int(code[first + ElementField.BITS]) >> NUMBER_BIT
            asked = [self.asked(member) for member in self.members(rules[0][1])]
            yield Pattern(rules, anchor, glance(asked, anchor, self.words.known))

    def members(self, rule: Rule) -> list[Member]:
        found = []
        for number, item in enumerate(rule.items):
            inner = self.grammar.macros[item.macro] if item.macro else (item,)
            for place, member in enumerate(inner):
                outer = item if place == 0 else member
                flags = (getattr(member, name) or getattr(outer, name) for name in ("glued", "opens", "free"))
                found.append(Member(member, *flags, number))
        return found

    def asked(self, member: Member) -> Asked:
        """Return what an element asks for that may be seen at a glance."""
        tags, named, banned = MASK64, None, frozenset[str]()
        for term in member.item.terms:
            words = frozenset[str]().union(*map(self.alternative, term.alternatives))
            asked = sum(1 << TAGS.index(name) for name in set(term.alternatives) if is_tag(name))
            if term.negated:
                banned, tags = banned | words, tags & ~asked
                continue
            if words:
                named = words if named is None else named & words
            tags &= asked or MASK64
        return Asked(tags, named, member.item.quantifier, banned, member.opens)

    def alternative(self, name: str) -> frozenset[str]:
        if name.startswith("<"):
            return self.sets[name[1:-1]]
        plain = not is_tag(name) and name not in ("WORD", "ANY") and name[:1] != ":"
        return frozenset([name]) if plain else frozenset()


class RuleRow(Row):
    """A row that rules are applied to; `operations` names the operation of each step by its place in the code."""

    def __init__(self, data: bytes, tokens: list[Token], key: tuple[int, int], words: Words, rules: Rules) -> None:
        super().__init__(data, tokens, key, words)
        self.rules = rules
        self.operations = {found.code: name for name, found in rules.lexicon.rules.items()}

    def text(self, t: int, stop: int | None = None) -> str:
        return self.data[self.tokens[t].start : self.tokens[(stop or t + 1) - 1].end].decode()

    def folded(self, t: int) -> str:
        return self.rules.lexicon.fold(self.text(t))

    def has_capital(self, t: int) -> bool:
        form = self.tokens[t].form
        return form >= 0 and bool(self.words.tables.form_flags[form] & FormFlag.CAPITAL)

    def opens(self, t: int) -> bool:
        return t == 0 or bool(self.tokens[t].flags & TokenFlag.FIRST)

    def leads(self, t: int) -> bool:
        flags = self.tokens[t].flags
        return bool(flags & TokenFlag.FIRST) and flags & MIXED == TokenFlag.TITLE

    def patterns(self, step: Step) -> list[Pattern]:
        return self.rules.patterns[self.operations[step.first]]

    def fits(self, t: int, step: Step) -> bool:
        if step.action != Action.RULES:
            return super().fits(t, step)
        return any(pattern.weight(step.second) and self.may_begin(pattern, t) for pattern in self.patterns(step))

    def may_begin(self, pattern: Pattern, t: int) -> bool:
        """Say whether a pattern may be found around token t, as far as a glance at its neighbours tells."""
        drawn, before, after, opens, opened = pattern.glance
        left = None if self.opens(t) else t - 1
        right = None if t + 1 == len(self.tokens) or self.opens(t + 1) else t + 1
        if (opens and not self.opens(t)) or (opened and (left is None or not self.opens(left))):
            return False
        return self.may_be(drawn, t, drawn=True) and self.may_be(before, left) and self.may_be(after, right)

    def may_be(self, asked: Beside, t: int | None, *, drawn: bool = False) -> bool:
        if t is None or not asked.needed:
            return not asked.needed
        token, word = self.tokens[t], self.folded(t)
        if word in asked.words or word in asked.banned:
            return word in asked.words
        if token.form >= 0:
            tables = self.words.tables
            names = 1 << TAGS.index("NNP") | 1 << TAGS.index("NNPS") if token.flags & MIXED else 0
            return bool((int(tables.class_tags[tables.form_class[token.form]]) | names) & asked.tags)
        number = token.kind == TokenKind.NUMBER and asked.tags >> TAGS.index("CD") & 1
        return asked.tags == MASK64 or bool(number) if drawn else asked.tags != 0

    def group(self, t: int, step: Step, random: int, *, insists: bool) -> Group | None:
        if step.action != Action.RULES:
            return super().group(t, step, random, insists=insists)
        left = [pattern for pattern in self.patterns(step) if self.may_begin(pattern, t)]
        turn = 1 << 20
        while any(weights := [pattern.weight(step.second) for pattern in left]):
            pattern = left.pop(drawn_place(weights, stirred(random, turn)))
            spans = self.match(pattern.rules[0][1], pattern.anchor, t)
            if spans:
                rules = [rule for variant, rule in pattern.rules if step.second >> variant & 1]
                return self.rewrite(
                    rules[drawn_place([r.weight for r in rules], stirred(random, 0))], spans, Draw(random, step.third)
                )
            turn += 1
        return None

    def match(self, rule: Rule, anchor: int, t: int) -> list[tuple[int, int]] | None:
        """Return the tokens [first, stop) of each item around token t."""
        members = self.rules.members(rule)
        spans: dict[int, tuple[int, int]] = {}
        low = high = t
        for place in range(anchor, len(members)):
            start, high = high, self.right_end(members[place], high, drawn=place == anchor)
            spans[place] = start, high
        for place in range(anchor - 1, -1, -1):
            stop, low = low, self.left_start(members[place], low, members[place + 1])
            spans[place] = low, stop
        missing = any(spans[p][0] == spans[p][1] for p, m in enumerate(members) if m.item.quantifier in ("", "+"))
        if missing or (members[0].opens and not self.opens(low)):
            return None
        places = [[spans[p] for p, m in enumerate(members) if m.number == n] for n in range(len(rule.items))]
        return [(mine[0][0], mine[-1][1]) for mine in places]

    def right_end(self, member: Member, start: int, *, drawn: bool) -> int:
        """Return where the tokens from `start` on end that an element takes."""
        high = start
        while high - start < self.most(member) and high < len(self.tokens):
            first = high == start
            if drawn and first:
                placed = not member.opens or self.opens(high)
            else:
                placed = self.follows(high, member if first else None)
            if not placed or not self.suits(member, high):
                break
            high += 1
        return high

    def left_start(self, member: Member, stop: int, after: Member) -> int:
        """Return where the tokens before `stop` begin that an element takes; `after` is the element after it."""
        low = stop
        while stop - low < self.most(member) and low > 0:
            if not self.follows(low, after if low == stop else None) or not self.suits(member, low - 1):
                break
            low -= 1
        return low

    def most(self, member: Member) -> int:
        return MOST if member.item.quantifier in ("*", "+") else 1

    def follows(self, t: int, member: Member | None) -> bool:
        """Say whether token t stands after the one before as an element asks."""
        gap = self.data[self.tokens[t - 1].end : self.tokens[t].start]
        if member is not None and member.glued and gap:
            return False
        return self.opens(t) == (member is not None and member.opens) and not gap.strip(b" \t")

    def suits(self, member: Member, t: int) -> bool:
        token, word, named = self.tokens[t], self.folded(t), False
        after = self.token(t + 1)
        hosts = after is not None and after.flags & TokenFlag.CLITIC and self.touches(t)
        negated = hosts and self.text(t + 1)[:1].lower() == "n"
        allowed = []
        for term in member.item.terms:
            words = frozenset().union(*(self.rules.alternative(name) for name in term.alternatives))
            kinds = [self.holds(name, t) for name in term.alternatives]
            asked = [kind for kind in kinds if kind is not None]
            if term.negated:
                allowed.append(word not in words and not any(asked))
            elif words:
                named = True
                allowed.append(word in words and all(asked))
            else:
                allowed.append(any(asked) if asked else True)
        if token.flags & TokenFlag.CLITIC and not (named or member.glued):
            return False
        return all(allowed) and (not token.flags & TokenFlag.JOINED or bool(negated))

    def holds(self, name: str, t: int) -> bool | None:
        """Say whether a tag, a kind or a shape holds of token t; None for a word."""
        token = self.tokens[t]
        if is_tag(name):
            return TAGS[token.tag] == name
        if name[1:].upper() in Relation.__members__:
            return self.has_related(t, Relation[name[1:].upper()])
        shouts = token.flags & TokenFlag.CLITIC and "A" <= self.text(t)[-1:] <= "Z"
        cases = {":lower": token.flags & MIXED == 0 and not shouts, ":title": token.flags & MIXED == TokenFlag.TITLE}
        return {"WORD": token.kind == TokenKind.WORD, "ANY": True, **cases}.get(name)

    def rewrite(self, rule: Rule, spans: list[tuple[int, int]], draw: Draw) -> Group | None:
        group: Group = []
        for number, edit in enumerate(edits_of(rule)):
            found = self.edit(rule, edit, spans, draw, 64 * (number + 1))
            if found is None:
                return None
            group += found
        if clash(group):
            return None
        low, high = 2 * min(a for a, _ in spans) + 1, 2 * max(b for _, b in spans)
        if group:
            group[0] = group[0]._replace(kept=wider(group[0].kept, low, high))
        return group or None

    def edit(self, rule: Rule, edit: RuleEdit, spans: list[tuple[int, int]], draw: Draw, salt: int) -> Group | None:
        """Return an edit of a rule with what it makes of an article; nothing where there is nothing to do."""
        first, stop = spans[edit.first][0], spans[edit.last][1]
        if edit.kind is Rewrite.DELETE and first >= stop:
            return []
        moved = self.passes_capital(edit.kind, first, stop)
        if moved == -2 or not self.may(rule, edit, spans, first, stop):
            return None
        composed = self.composed(edit, spans, draw, salt)
        if composed is None:
            return None
        if moved is not None:
            word = self.copied(moved, moved + 1, 1 if edit.kind is Rewrite.DELETE else 3)
            return [self.planned(upper_first(composed.text + word), first, moved + 1)]
        planned = self.placed(edit, composed.text, first, stop)
        if planned is None:
            return None
        if edit.source is not None:
            low, high = spans[edit.source]
            ends = {"source": self.tokens[low].start, "source_end": self.tokens[high - 1].end}
            planned = planned._replace(edit=planned.edit._replace(**ends))
        neighbour = stop if edit.kind is Rewrite.DELETE else first
        return [planned] if edit.kind is Rewrite.AFTER else self.mended(planned, first, neighbour, composed.vowel)

    def composed(self, edit: RuleEdit, spans: list[tuple[int, int]], draw: Draw, salt: int) -> Composed | None:
        """Return what an edit writes, and how the text there begins from now on."""
        first, stop = spans[edit.first][0], spans[edit.last][1]
        if edit.kind is Rewrite.DELETE:
            return Composed("", self.vowel(stop))
        before = edit.kind is Rewrite.BEFORE
        place = first if edit.kind is Rewrite.REPLACE else -1
        made = self.compose(edit.outputs, spans, place, first if before else stop, draw, salt)
        if made is None:
            return None
        lead = " " * (edit.kind is Rewrite.AFTER and not edit.outputs[0].glued)
        return Composed(f"{lead}{made.text}{' ' * before}", made.vowel)

    def placed(self, edit: RuleEdit, text: str, first: int, stop: int) -> Planned | None:
        """Return the edit that writes a text, None where that changes nothing."""
        if edit.kind is Rewrite.DELETE:
            return self.removed(first, stop)
        if edit.kind is Rewrite.REPLACE:
            text = self.recased(text, edit.outputs[0], first)
            return None if text == self.text(first, stop) else self.planned(text, first, stop)
        before = edit.kind is Rewrite.BEFORE
        t, at = (first, self.tokens[first].start) if before else (stop, self.tokens[stop - 1].end)
        return Planned(2 * t, frozenset({2 * t}), written(at, at, text))

    def mended(self, planned: Planned, t: int, neighbour: int, vowel: Vowel) -> Group | None:
        article = self.article_of(t)
        if article is None or vowel == "as before":
            return [planned]
        if vowel is None:
            return None
        token, form = self.tokens[article], self.words.ids["an" if vowel else "a"]
        planned = planned._replace(kept=wider(planned.kept, 2 * article + 1, 0))
        if token.form == form:
            return [planned]
        if token.mask & Guard.HARD:
            return None
        case = token.flags & MIXED
        if token.end - token.start == 1 and case == TokenFlag.TITLE:
            case = TokenFlag.UPPER if self.tokens[neighbour].flags & MIXED == TokenFlag.UPPER else case
        cell = 2 * article + 1
        return [planned, Planned(cell, frozenset({cell}), Edit(token.start, token.end, form, int(case), repair=1))]

    def may(self, rule: Rule, edit: RuleEdit, spans: list[tuple[int, int]], first: int, stop: int) -> bool:
        if edit.kind in (Rewrite.BEFORE, Rewrite.AFTER):
            t = first if edit.kind is Rewrite.BEFORE else stop
            return t >= len(self.tokens) or not self.tokens[t].mask & Guard.GAP
        if any(token.mask & Guard.GAP for token in self.tokens[first + 1 : stop]):
            return False
        return first < stop and all(
            not self.tokens[t].mask & (Guard.HARD if self.is_free_of_kinds(member, t) else Guard.HARD | Guard.KIND)
            for t, member in self.owners(rule, spans, first, stop)
        )

    def owners(self, rule: Rule, spans: list[tuple[int, int]], first: int, stop: int) -> Iterator[tuple[int, Member]]:
        """Yield tokens with the elements that took them; of a macro's, any that suits does."""
        for n, (low, high) in enumerate(spans):
            mine = [member for member in self.rules.members(rule) if member.number == n]
            for t in range(max(low, first), min(high, stop)):
                yield t, next(member for member in mine if self.suits(member, t))

    def is_free_of_kinds(self, member: Member, t: int) -> bool:
        named = (term.alternatives for term in member.item.terms if not term.negated)
        return member.free or any(map(self.rules.alternative, chain.from_iterable(named)))

    def passes_capital(self, kind: Rewrite, first: int, stop: int) -> int | None:
        if kind not in (Rewrite.BEFORE, Rewrite.DELETE) or not self.leads(first):
            return None
        t = first if kind is Rewrite.BEFORE else stop
        if t >= len(self.tokens) or self.tokens[t].kind != TokenKind.WORD:
            return None
        guarded = Guard.HARD if kind is Rewrite.BEFORE else Guard.HARD | Guard.GAP
        return -2 if self.tokens[t].mask & guarded or self.tokens[t].flags & TokenFlag.CLITIC else t

    def vowel(self, t: int) -> bool | None:
        form = self.tokens[t].form if t < len(self.tokens) else -1
        return None if form < 0 else bool(self.words.tables.form_flags[form] & FormFlag.VOWEL)

    def compose(
        self, outputs: Sequence[Output], spans: list[tuple[int, int]], place: int, after: int, draw: Draw, salt: int
    ) -> Composed | None:
        text, begun, article = "", None, False
        for i, output in enumerate(outputs):
            text += " " * (i > 0 and not output.glued)
            if output.literal == "a/an":
                text, article, begun = text + "a\0", True, False if i == 0 else begun
                continue
            own = i == 0 and place >= 0 and output.item is not None and spans[output.item][0] == place
            piece = self.piece(output, spans, 4 if own else 3, draw, salt + i)
            if piece is None or (article and piece.vowel not in (True, False)):
                return None
            text, article = text.replace("a\0", "an" if piece.vowel else "a") + piece.text, False
            begun = piece.vowel if i == 0 else begun
        if article:
            sound = self.vowel(after)
            if sound is None:
                return None
            text = text.replace("a\0", "an" if sound else "a")
        return Composed(text, begun)

    def piece(self, output: Output, spans: list[tuple[int, int]], case: int, draw: Draw, salt: int) -> Composed | None:
        if output.item is None:
            return Composed(output.literal or "", sound(output.literal or ""))
        first, stop = spans[output.item]
        if first >= stop:
            return None
        if output.related:
            return self.related(stop - 1, Relation[output.related.upper()], stirred(draw.random, salt))
        if output.plain or output.case is not None:
            return Composed(self.copied(first, stop, case if output.case is None else output.case), self.vowel(first))
        last = self.changed(output, stop - 1, draw, salt)
        if last is None or first == stop - 1:
            return last
        gap = self.data[self.tokens[stop - 2].end : self.tokens[stop - 1].start].decode()
        return Composed(self.copied(first, stop - 1, case) + gap + last.text, self.vowel(first))

    def changed(self, output: Output, t: int, draw: Draw, salt: int) -> Composed | None:
        if output.letters:
            return self.misspelt(t, self.rules.letters[output.letters], draw, salt)
        return self.inflected(t, output.tag) if output.tag else self.mapped(t, output.map or "", draw, salt)

    def misspelt(self, t: int, letters: Letters, draw: Draw, salt: int) -> Composed | None:
        """Return word t with as many errors as its step asks for, the article before it as it was."""
        text, first = self.text(t), bool(draw.letters & 1)
        for turn in range(1 + (draw.letters >> 1)):
            text = letters.misspelt(text, stirred(draw.random, salt + 8 * turn), self.is_word, first=first) or text
        return None if text == self.text(t) else Composed(text, "as before")

    def is_word(self, text: str) -> bool:
        return self.rules.lexicon.fold(text) in self.words.ids

    def copied(self, first: int, stop: int, case: int) -> str:
        text = self.text(first, stop)
        if case in (1, 2):
            return upper(text) if case == 2 else upper_first(text)
        name = TAGS[self.tokens[first].tag] in ("NNP", "NNPS") or self.has_capital(first)
        if (case == 0 or (case == 3 and self.leads(first) and not name)) and text[0].isascii():
            return text[0].lower() + text[1:]
        return text

    def inflected(self, t: int, slot: str) -> Composed | None:
        token, tables = self.tokens[t], self.words.tables
        own = {"VBP": "VB"}.get(TAGS[token.tag], TAGS[token.tag])
        slot = {"VBP": "VB"}.get(slot, slot)
        slots = [name for name in TAGS[:13] if name[:2] == slot[:2]]
        if token.form < 0 or own not in slots:
            return None
        for reading in range(*tables.form_reading[token.form : token.form + 2].tolist()):
            if TAGS[int(tables.reading_head[reading]) & 255] == own:
                form = int(tables.entry_inflection[int(tables.reading_entry[reading]), slots.index(slot)])
                return None if form == NOTHING else self.form(form)
        return None

    def has_related(self, t: int, kind: Relation) -> bool:
        """Say whether a reading of word t has a relation of a kind."""
        tables, form = self.words.tables, self.tokens[t].form
        readings = range(*tables.form_reading[form : form + 2].tolist()) if form >= 0 else []
        entries = [int(tables.reading_entry[reading]) for reading in readings]
        spans = [tables.relation_start[entry : entry + 2].tolist() for entry in entries]
        words = [int(word) for span in spans if len(span) == 2 for word in tables.relation_word[slice(*span)]]
        return any(word >> RELATION_KIND & 3 == kind for word in words)

    def related(self, t: int, kind: Relation, random: int) -> Composed | None:
        """Return the form of a word related to word t, in its inflection."""
        token, tables = self.tokens[t], self.words.tables
        own = {"VBP": "VB"}.get(TAGS[token.tag], TAGS[token.tag])
        readings = range(*tables.form_reading[token.form : token.form + 2].tolist()) if token.form >= 0 else []
        reading = next((r for r in readings if TAGS[int(tables.reading_head[r]) & 255] == own), None)
        if reading is None or own not in TAGS[:13]:
            return None
        entry = int(tables.reading_entry[reading])
        if entry + 1 >= len(tables.relation_start):
            return None
        words = [int(word) for word in tables.relation_word[slice(*tables.relation_start[entry : entry + 2].tolist())]]
        left = below(random, WHOLE)
        for word in words:
            if word >> RELATION_KIND & 3 == kind:
                left -= word >> RELATION_WEIGHT
                if left < 0:
                    slots = [name for name in TAGS[:13] if name[:2] == own[:2]]
                    form = int(tables.entry_inflection[word & RELATION_ENTRY, slots.index(own)])
                    return None if form == NOTHING else self.form(form)
        return None

    def form(self, form: int) -> Composed:
        return Composed(self.rules.lexicon.text(form), bool(self.words.tables.form_flags[form] & FormFlag.VOWEL))

    def mapped(self, t: int, name: str, draw: Draw, salt: int) -> Composed | None:
        found = self.rules.maps[name].get(self.folded(t))
        if not found:
            return None
        left = stirred(draw.random, salt) * sum(weight for _, weight in found) >> 32
        for text, weight in found:
            left -= weight
            if left < 0:
                return Composed(text, sound(text))
        raise AssertionError(name)

    def recased(self, text: str, output: Output, t: int) -> str:
        if output.case is not None:
            return text
        flags = self.tokens[t].flags
        if flags & MIXED == TokenFlag.UPPER:
            return upper(text)
        title = flags & MIXED == TokenFlag.TITLE and (flags & TokenFlag.FIRST or not self.has_capital(t))
        return upper_first(text) if title else text

    def planned(self, text: str, first: int, stop: int) -> Planned:
        edit = written(self.tokens[first].start, self.tokens[stop - 1].end, text)
        return Planned(2 * first + 1, frozenset(range(2 * first + 1, 2 * stop)), edit)

    def removed(self, first: int, stop: int) -> Planned:
        start, end = self.tokens[first].start, self.tokens[stop - 1].end
        word = self.tokens[first].kind == TokenKind.WORD and not self.tokens[first].flags & TokenFlag.CLITIC
        if (gap := self.gap(first)) and not self.tokens[first].mask & Guard.GAP:
            return Planned(2 * first, frozenset(range(2 * first, 2 * stop)), Edit(gap[0], end))
        if word and (gap := self.gap(stop)) and not self.tokens[stop].mask & Guard.GAP:
            return Planned(2 * first + 1, frozenset(range(2 * first + 1, 2 * stop + 1)), Edit(start, gap[1]))
        return Planned(2 * first + 1, frozenset(range(2 * first + 1, 2 * stop)), Edit(start, end))


def written(start: int, end: int, text: str) -> Edit:
    """Return an edit that writes composed text, which stands where the number of the form would."""
    return Edit(start, end, -2, size=len(text.encode()))._replace(form=text)  # type: ignore[arg-type]


def wider(kept: frozenset[int], low: int, high: int) -> frozenset[int]:
    return frozenset(range(min(*kept, low), max(max(kept) + 1, high)))


def clash(group: Group) -> bool:
    """Say whether two edits are about the same bytes or stand in one cell."""
    pairs = [(a, b) for n, a in enumerate(group) for b in group[:n]]
    return any(a.cell == b.cell or (a.edit.start < b.edit.end and b.edit.start < a.edit.end) for a, b in pairs)


def sound(text: str) -> bool | None:
    return begins_with_vowel_sound(text) if text[:1].isalnum() and text.isascii() else None


def upper(text: str) -> str:
    return "".join(letter.upper() if letter.isascii() else letter for letter in text)


def upper_first(text: str) -> str:
    return upper(text[:1]) + text[1:]
