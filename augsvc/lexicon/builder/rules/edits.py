"""From what a target becomes to edits: what stays in its place is not touched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from augsvc.lexicon.builder.rules.syntax import Output, Rule
from augsvc.rulecode import Rewrite


class RuleEdit(NamedTuple):
    """An edit of the items [first, last], or beside them, that writes outputs."""

    kind: Rewrite
    first: int
    last: int
    outputs: tuple[Output, ...]

    @property
    def source(self) -> int | None:
        """The item that moves here, if it is all that is written."""
        own = self.outputs[0].item if len(self.outputs) == 1 and self.outputs[0].plain else None
        return None if own is None or (self.first <= own <= self.last and self.kind is Rewrite.REPLACE) else own


def edits_of(rule: Rule) -> list[RuleEdit]:
    """Return the edits of a rule in the order of the text."""
    if any(output.item is not None and output.glued and not rule.items[output.item].glued for output in rule.outputs):
        return [_whole(rule)]
    # "i'm" to "im": letters written against a word make another word of it
    if any(output.glued and (output.literal or "").isalnum() for output in rule.outputs[1:]):
        return [_whole(rule)]
    edits = [*_edits(rule, _staying(rule))]
    # "do not" to "don't", and back: a space goes or comes, so what stands before it is part of the edit
    return [_whole(rule)] if any(_rejoins(rule, edit) for edit in edits) else edits


def _whole(rule: Rule) -> RuleEdit:
    return RuleEdit(Rewrite.REPLACE, rule.start, rule.stop - 1, rule.outputs)


def _rejoins(rule: Rule, edit: RuleEdit) -> bool:
    inside = edit.kind is Rewrite.REPLACE and edit.first > rule.start
    return inside and edit.outputs[0].glued != rule.items[edit.first].glued


def _staying(rule: Rule) -> list[int]:
    """Return the positions among the outputs of the items that keep their place: a longest rising subsequence."""
    inside = [
        place
        for place, output in enumerate(rule.outputs)
        if output.item is not None and rule.start <= output.item < rule.stop
    ]
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for place in inside:
        item = rule.outputs[place].item or 0
        length = bisect_left(tails, item)
        tails[length : length + 1], ends[length : length + 1] = [item], [place]
        if length:
            before[place] = ends[length - 1]
    chain = ends[-1:]
    while chain and chain[-1] in before:
        chain.append(before[chain[-1]])
    return chain[::-1]


def _edits(rule: Rule, staying: Sequence[int]) -> Iterator[RuleEdit]:
    """Yield what is between items that stay, and what becomes of these."""
    done, written = rule.start, 0
    for place in [*staying, len(rule.outputs)]:
        output = rule.outputs[place] if place < len(rule.outputs) else None
        item = rule.stop if output is None or output.item is None else output.item
        inserted = rule.outputs[written:place]
        if output is not None and not output.plain:
            # what is written before a word that changes is one edit with it
            merged = done == item
            if not merged:
                yield from _between(rule, done, item, inserted)
            yield RuleEdit(Rewrite.REPLACE, item, item, (*inserted, output) if merged else (output,))
        else:
            yield from _between(rule, done, item, inserted)
        done, written = item + 1, place + 1


def _between(rule: Rule, first: int, stop: int, inserted: Sequence[Output]) -> Iterator[RuleEdit]:
    if first < stop:
        yield RuleEdit(Rewrite.REPLACE if inserted else Rewrite.DELETE, first, stop - 1, tuple(inserted))
    elif inserted and (inserted[0].glued or stop == len(rule.items) or rule.start < stop == rule.stop):
        yield RuleEdit(Rewrite.AFTER, first - 1, first - 1, tuple(inserted))
    elif inserted:
        yield RuleEdit(Rewrite.BEFORE, stop, stop, tuple(inserted))
