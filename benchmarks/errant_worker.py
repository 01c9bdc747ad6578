"""ERRANT 3.0.2 in a process of its own, over JSON lines, in the environment of `errant.txt`.

{"tokenise": [text, ...]} gets a list of [[start, end], ...] for each text, by spaCy's rules for English. {"annotate":
[[wrong, right], ...]}, each side {"words", "tags", "pos", "lemmas", "deps", "heads"}, gets for each pair a list of
[type, start, end, start, end]: the tokens of the wrong side and of the right one that an edit is about.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import errant
import spacy
from spacy.tokens import Doc

NLP = spacy.blank("en")
ANNOTATOR = errant.load("en", NLP)


def tokenise(text: str) -> list[list[int]]:
    """Return the bounds of a text's tokens."""
    return [[token.idx, token.idx + len(token)] for token in NLP(text) if not token.is_space]


def annotate(wrong: dict[str, Any], right: dict[str, Any]) -> list[list[Any]]:
    """Return the edits that turn the wrong side into the right one."""
    edits = ANNOTATOR.annotate(Doc(NLP.vocab, **wrong), Doc(NLP.vocab, **right))
    return [[e.type, e.o_start, e.o_end, e.c_start, e.c_end] for e in edits if e.o_str != e.c_str]


def main() -> None:
    """Answer requests until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer: list[Any] = [tokenise(text) for text in asked.get("tokenise", [])]
        answer += [annotate(*pair) for pair in asked.get("annotate", [])]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
