"""Verdicts on errors, by trees small enough to see through."""

from __future__ import annotations

from pathlib import Path

import pytest
from grammar import Grammar, Tree, Verdict, read_trees

from augsvc.pipeline import Edit

DOGS = """\
# text = The dogs are here because two cats want to eat.
1	The	the	DET	DT	_	2	det	_	_
2	dogs	dog	NOUN	NNS	Number=Plur	4	nsubj	_	_
3	are	be	AUX	VBP	_	4	cop	_	_
4	here	here	ADV	RB	_	0	root	_	_
5	because	because	SCONJ	IN	_	8	mark	_	_
6	two	two	NUM	CD	_	7	nummod	_	_
7	cats	cat	NOUN	NNS	Number=Plur	8	nsubj	_	_
8	want	want	VERB	VBP	_	4	advcl	_	_
9	to	to	PART	TO	_	10	mark	_	_
10	eat	eat	VERB	VB	_	8	xcomp	_	_
11	.	.	PUNCT	.	_	4	punct	_	_
"""
SAW = """\
# text = She saw a dog yesterday and sold advice.
1	She	she	PRON	PRP	Number=Sing|Person=3	2	nsubj	_	_
2	saw	see	VERB	VBD	_	0	root	_	_
3	a	a	DET	DT	_	4	det	_	_
4	dog	dog	NOUN	NN	Number=Sing	2	obj	_	_
5	yesterday	yesterday	NOUN	NN	Number=Sing	2	obl	_	_
6	and	and	CCONJ	CC	_	7	cc	_	_
7	sold	sell	VERB	VBD	_	2	conj	_	_
8	advice	advice	NOUN	NN	Number=Sing	7	obj	_	_
9	.	.	PUNCT	.	_	2	punct	_	_
"""


def tree(text: str, folder: Path) -> Tree:
    path = folder / "tree.conllu"
    path.write_text(f"{text}\n")
    return next(read_trees(path))


def edit(sentence: Tree, original: str, replacement: str) -> Edit:
    start = sentence.text.index(original)
    end = start + len(original)
    return Edit("x", ["x"], 0, start, end, original, replacement, start, start + len(replacement), None)


@pytest.mark.parametrize(
    ("operation", "text", "original", "replacement", "verdict"),
    [
        ("subject_verb_agreement", DOGS, "are", "is", Verdict.WRONG),
        ("subject_verb_agreement", DOGS, "are", "have", Verdict.RIGHT),
        ("subject_verb_agreement", DOGS, "want", "wants", Verdict.WRONG),
        ("subject_verb_agreement", DOGS, "dogs", "dog", Verdict.UNKNOWN),
        ("noun_number", DOGS, "cats", "cat", Verdict.WRONG),
        ("noun_number", DOGS, "dogs", "dog", Verdict.WRONG),
        ("noun_number", SAW, "dog", "dogs", Verdict.WRONG),
        ("noun_number", SAW, "advice", "advices", Verdict.UNKNOWN),
        ("determiner", SAW, " a", "", Verdict.WRONG),
        ("determiner", SAW, " a", " these", Verdict.WRONG),
        ("determiner", DOGS, "The", "", Verdict.UNKNOWN),
        ("verb_form", DOGS, "eat", "eating", Verdict.WRONG),
        ("verb_form", DOGS, " to", "", Verdict.WRONG),
        ("verb_form", SAW, "saw", "seen", Verdict.UNKNOWN),
        ("verb_tense", SAW, "saw", "sees", Verdict.WRONG),
        ("verb_tense", SAW, "sold", "sells", Verdict.WRONG),
    ],
)
def test_an_edit_is_an_error_where_the_tree_is_against_it(
    operation: str, text: str, original: str, replacement: str, verdict: Verdict, tmp_path: Path
) -> None:
    sentence = tree(text, tmp_path)
    grammar = Grammar.of([sentence])
    assert grammar.verdict(operation, sentence, [edit(sentence, original, replacement)]) is verdict


def test_nouns_that_often_stand_bare_are_mass_nouns(tmp_path: Path) -> None:
    sentence = tree(SAW, tmp_path)
    grammar = Grammar.of([sentence] * 10)
    dog, advice = sentence.nodes[3], sentence.nodes[7]
    assert grammar.countable(dog)
    assert not grammar.countable(advice)
