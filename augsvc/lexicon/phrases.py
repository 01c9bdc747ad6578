"""Which word of a phrase or compound inflects: mothers-in-law, picked up, taxi drivers."""

from __future__ import annotations

import re
from typing import NamedTuple

from augsvc.lexicon.wordlists import words
from augsvc.types import Pos

_AGENT = re.compile(r"\w+(er|or|ing)$")


class Split(NamedTuple):
    """A phrase around its inflecting word."""

    before: str
    head: str
    after: str


def split(lemma: str, pos: Pos, verbs: frozenset[str]) -> Split:
    """Return the phrase around its head; `verbs` are the known one-word verbs.

    A noun phrase inflects before its first preposition, an agent noun with a particle (passer-by) at the agent,
    anything else at its last word. A verb phrase inflects its first word where that is a verb or a particle ends the
    phrase, else its last, which is also where a hyphenated verb inflects.
    """
    parts = re.split(r"([ -])", lemma)
    tokens = parts[::2]
    place = _noun_head(tokens) if pos is Pos.NOUN else _verb_head(lemma, tokens, verbs)
    return Split("".join(parts[: 2 * place]), tokens[place], "".join(parts[2 * place + 1 :]))


def _noun_head(tokens: list[str]) -> int:
    for place, token in enumerate(tokens[1:-1], 1):
        if token in words("prepositions"):
            return place - 1
    agent = len(tokens) == 2 and tokens[1] in words("particles") and _AGENT.match(tokens[0])
    return 0 if agent else len(tokens) - 1


def _verb_head(lemma: str, tokens: list[str], verbs: frozenset[str]) -> int:
    if tokens[-1] in words("particles"):
        return 0
    last = " " not in lemma or lemma in words("verb_last") or tokens[0] not in verbs
    return len(tokens) - 1 if last else 0
