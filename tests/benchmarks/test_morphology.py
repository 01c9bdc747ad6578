"""Which tags a form can bear, by tiny tables in the formats of the sources, and LemmInflect itself."""

from __future__ import annotations

import pytest
from morphology import Morphology

UNIMORPH = "run\tran\tV;PST\nrun\trun\tV;V.PTCP;PST\nrun\truns\tV;3;SG;PRS\nblorp\tblorpt\tV;PST\n\n"
WORDNET = {
    "index.noun": "  1 licence\nglass n 1\nsister-in-law n 1\nhead n 1\nox n 1\nfrobnicator n 1\n",
    "index.verb": "run v 1\ngive v 1\nzepp v 1\nfrobnicate v 1\n",
    "index.adj": "frobbly a 1\nquick a 1\n",
    "index.adv": "quickly r 1\n",
    "noun.exc": "oxen ox\nsisters-in-law sister-in-law\nglass glass\n",
    "verb.exc": "ran run\ngave give\nzept zepp\nzepping zepp\n",
    "adj.exc": "frobblier frobbly\n",
    "adv.exc": "",
}
TAGGED = [("Quuxes", "NNS")] * 2 + [("once", "NNS"), ("quuxes", "VBZ")]


@pytest.fixture(scope="module")
def morphology(tmp_path_factory) -> Morphology:
    folder = tmp_path_factory.mktemp("wordnet")
    for name, text in {**WORDNET, "unimorph": UNIMORPH}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Morphology(folder / "unimorph", folder, TAGGED)


@pytest.mark.parametrize(
    ("replacement", "tag"),
    [
        ("blorpt", "VBD"),  # UniMorph
        ("oxen", "NNS"),  # an exception list
        ("zept", "VBN"),
        ("zepping", "VBG"),
        ("frobblier", "JJR"),
        ("frobnicators", "NNS"),  # a rule of detachment
        ("Frobnicating", "VBG"),
        ("quuxes", "NNS"),  # the treebank, twice
        ("mice", "NNS"),  # LemmInflect
        ("better", "RBR"),
        ("sheep", "NNS"),
    ],
)
def test_one_source_that_knows_the_form_is_enough(morphology, replacement, tag):
    assert morphology.fits(replacement, tag)


@pytest.mark.parametrize(
    ("replacement", "tag"),
    [
        ("run", "VBD"),
        ("ran", "VBN"),  # UniMorph knows it as the past only, so the exception list is not asked
        ("zepping", "VBD"),
        ("glass", "NNS"),
        ("information", "NNS"),  # LemmInflect's second plural of nouns without one
        ("once", "NNS"),  # tagged once only
        ("quuxes", "VBZ"),
        ("quick", "JJR"),
        ("dog", "NNS"),
    ],
)
def test_forms_of_other_tags_do_not_fit(morphology, replacement, tag):
    assert not morphology.fits(replacement, tag)


@pytest.mark.parametrize(
    ("right", "wrong", "tag"),
    [("gave", "gived", "VBD"), ("zept", "zepped", "VBN"), ("oxen", "oxs", "NNS"), ("frobblier", "frobblyer", "JJR")],
)
def test_a_regular_form_of_an_irregular_word_does_not_fit(morphology, right, wrong, tag):
    assert morphology.fits(right, tag)
    assert not morphology.fits(wrong, tag)


@pytest.mark.parametrize(
    ("right", "wrong", "tag"),
    [
        ("heads of state", "head of states", "NNS"),
        ("frobnicator heads", "heads frobnicator", "NNS"),
        ("sisters-in-law", "sister-in-laws", "NNS"),
        ("gave up", "give ups", "VBD"),
        ("more quickly", "very quickly", "RBR"),
        ("most quick", "more quick", "JJS"),
    ],
)
def test_several_words_are_judged_at_their_head(morphology, right, wrong, tag):
    assert morphology.fits(right, tag)
    assert not morphology.fits(wrong, tag)
