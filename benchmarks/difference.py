"""What an augmenter changed, read off its input and output alone, so that all are judged by one rule.

Both texts are cut into runs of letters and digits and single marks, and aligned by difflib's SequenceMatcher (Ratcliff
and Metzener, "Pattern matching: the Gestalt approach", Dr. Dobb's Journal 1988) without regard to case. A difference
with words on both sides, or of words put in, is an edit; every other difference, and every change of spacing, case or
marks between edits, is an alteration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


class Edit(NamedTuple):
    """original[start:end], which reads `original`, became `replacement`; offsets in code points."""

    start: int
    end: int
    original: str
    replacement: str


Match = re.Match[str]


def edits_between(before: str, after: str) -> list[Edit]:
    """Return the edits that lead from one text to the other, in order, without overlaps."""
    if before == after:
        return []
    left, right = list(TOKEN.finditer(before)), list(TOKEN.finditer(after))
    one, other = ([token.group().lower() for token in tokens] for tokens in (left, right))
    edits: list[Edit] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "replace":
            edits += _replaced(before, after, left[i:i_end], right[j:j_end])
        elif kind == "insert" and _has_word(right[j:j_end]):
            edits.append(_inserted(after, left[:i], right, j, j_end))
    return edits


def replay(before: str, edits: Sequence[Edit]) -> str:
    """Return the text with its edits made and nothing else changed."""
    parts, place = [], 0
    for edit in edits:
        parts += [before[place : edit.start], edit.replacement]
        place = edit.end
    return "".join(parts) + before[place:]


def _replaced(before: str, after: str, left: Sequence[Match], right: Sequence[Match]) -> Iterator[Edit]:
    if len(left) == len(right):
        pairs = [([one], [other]) for one, other in zip(left, right, strict=True)]
    elif len(left) > 1 and all(is_article(side[0].group()) for side in (left, right)):
        # an article that was repaired before a word of several: two edits
        pairs = [([left[0]], [right[0]]), (list(left[1:]), list(right[1:]))]
    else:
        pairs = [(list(left), list(right))]
    for one, other in pairs:
        if _has_word(one) and _has_word(other):
            yield _edit(before, after, one, other)


def _inserted(after: str, left: Sequence[Match], right: Sequence[Match], j: int, j_end: int) -> Edit:
    # "set" -> "set up" or "up" -> "set up": the texts alone do not tell which word it stands for
    if left:
        return Edit(left[-1].end(), left[-1].end(), "", after[right[j - 1].end() : right[j_end - 1].end()])
    return Edit(0, 0, "", after[: right[j_end].start() if j_end < len(right) else len(after)])


def _edit(before: str, after: str, left: Sequence[Match], right: Sequence[Match]) -> Edit:
    start, end = left[0].start(), left[-1].end()
    return Edit(start, end, before[start:end], after[right[0].start() : right[-1].end()])


def _has_word(tokens: Sequence[Match]) -> bool:
    return any(token.group()[0].isalnum() for token in tokens)


def is_article(word: str) -> bool:
    """Whether a word is the indefinite article, in any case."""
    return word.lower() in ("a", "an")
