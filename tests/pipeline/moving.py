"""A pack whose rules of the operation `determiner` move words, and little else."""

from __future__ import annotations

from functools import cache

from augsvc.inprocess import default_lexicon
from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder.rules import rule_columns
from augsvc.lexicon.builder.rules.words import EnglishWords
from augsvc.pipeline import Augmented, Pipeline, parse, results

RULES = """
macro NAME = NNP+
macro THING = DT JJ* NN
[determiner.missing]
{ WORD =WORD } -> $2 $1
{ VBD RP THING } -> $1 $3 $2
[determiner.unnecessary]
{ =VBD RP THING } -> $1 $3 $2
[determiner.replacement]
{ NAME =VBD THING } -> $3 was $2:VBN by $1
{ THING =of THING } -> $3 +'s $1
"""
SWAP, PARTICLE, SENTENCE = "missing", "unnecessary", "replacement"


@cache
def moving_lexicon() -> Lexicon:
    """Return the English pack with these rules in the place of its own."""
    pack = default_lexicon()
    columns = rule_columns([RULES], EnglishWords(pack))
    return Lexicon(pack.path, pack.metadata | {"digest": "moving"}, {**pack.tensors, **columns})


def move(text: str, variant: str, spans: list[list[object]], mode: str = "follow", **options: object) -> Augmented:
    """Return a text with as many words moved as can be, and where its spans went."""
    return results([text], moves(variant, mode), moving_lexicon(), seed=1, spans=[spans], **options)[0]


def moves(variant: str, mode: str = "follow") -> Pipeline:
    """Return the pipeline of `move`."""
    op = {"type": "determiner", "variant": variant, "rate": 1}
    return parse({"ops": [op], "protect": {"spans": mode, "kinds": []}})
