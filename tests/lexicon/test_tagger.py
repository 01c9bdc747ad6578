"""The tagger's training, on a few sentences over the tiny pack, and what the pack that ships has learnt."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.lexicon.builder import build
from augsvc.lexicon.builder.tagger import blank, train, training_words
from augsvc.lexicon.coarse import context
from augsvc.lexicon.conllu import UPOS, XPOS, read
from augsvc.lexicon.tagging import tag_words

SENTENCES = [
    "The/DT/DET dog/NN/NOUN left/VBD/VERB",
    "The/DT/DET left/JJ/ADJ hound/NN/NOUN ran/VBD/VERB",
    "We/PRP/PRON had/VBD/AUX left/VBN/VERB the/DT/DET Zyzzy/NNP/PROPN",
    "We/PRP/PRON had/VBD/VERB dogs/NNS/NOUN ././PUNCT",
]


def write_treebank(path, sentences):
    for sentence in sentences:
        words = [word.split("/") for word in sentence.split()]
        rows = [f"{at}\t{w}\t_\t{u}\t{x}\t_\t_\t_\t_\t_\n" for at, (w, x, u) in enumerate(words, 1)]
        with path.open("a") as file:
            file.writelines([*rows, "\n"])
    return path


@pytest.fixture(scope="session")
def treebank(tmp_path_factory):
    return write_treebank(tmp_path_factory.mktemp("treebank") / "tiny.conllu", SENTENCES * 6)


@pytest.fixture(scope="session")
def tagged_path(wordnet, names, treebank, tmp_path_factory):
    return build(
        wordnet, None, names, tmp_path_factory.mktemp("pack") / "tagged.safetensors", treebanks=[treebank]
    ).path


def test_what_was_taught_is_known(tagged_path, treebank):
    sentences = read([treebank])[:4]
    found = tag_words([sentence.words for sentence in sentences], Lexicon.open(tagged_path))
    assert found == [(sentence.column(UPOS), sentence.column(XPOS)) for sentence in sentences]


def test_the_same_treebank_gives_the_same_bytes_and_is_named_in_the_header(
    tagged_path, wordnet, names, treebank, tmp_path
):
    again = build(wordnet, None, names, tmp_path / "again.safetensors", treebanks=[treebank])
    assert again.path.read_bytes() == tagged_path.read_bytes()
    assert treebank.name in Lexicon.open(again.path).metadata["inputs"]


def test_a_tagger_trained_on_other_sentences_can_replace_the_packs_own(tagged_path, treebank):
    lexicon = Lexicon.open(tagged_path)
    others = train([sentence for sentence in read([treebank]) if "left" not in sentence.words], lexicon.tensors)
    assert {name: column.dtype for name, column in others.items()} == {
        name: lexicon.tensors[name].dtype for name in others
    }
    assert not np.array_equal(others["feature.weight"], lexicon.tensors["feature.weight"])


def test_words_of_the_treebank_that_are_nowhere_else_become_forms(tagged_path, treebank, tiny):
    assert "zyzzy" in training_words([treebank])
    assert "." not in training_words([treebank])
    assert tiny.form_id("Zyzzy") is None
    assert Lexicon.open(tagged_path).form_id("Zyzzy") is not None
    assert Lexicon.open(tagged_path).readings("Zyzzy") == []


def test_a_word_that_a_treebank_has_once_is_left_out(tmp_path):
    assert training_words([write_treebank(tmp_path / "once.conllu", SENTENCES)]) == {"the", "left", "we", "had"}


def test_without_a_treebank_a_word_has_the_tag_of_its_first_reading(tiny):
    ((_, found),) = tag_words([["Dogs", "left", "qqqz", "bigger"]], tiny)
    assert found == ["NNS", "VBD", "NN", "JJR"]
    assert blank(tiny.tensors)["feature.weight"].tolist() == [128] * 64


@pytest.mark.parametrize(("word", "reason"), [("x/NOPE/NOUN", "Penn tag 'NOPE'"), ("x/NN/NOPE", "coarse tag 'NOPE'")])
def test_a_tag_that_nobody_knows_is_refused(word, reason, tiny, tmp_path):
    with pytest.raises(InvalidInput, match=reason):
        train(read([write_treebank(tmp_path / "odd.conllu", [word])]), tiny.tensors)


@pytest.mark.parametrize(
    ("tags", "after"),
    [("VBD RB VBN NN", "VBN 0 0"), ("IN PRP VBD", "VBD 1 0"), ("IN DT NN . VBD", "DT 0 0"), ("VB", " 0 0")],
)
def test_a_coarse_tag_looks_at_the_next_tag_that_matters_and_for_a_finite_verb(tags, after):
    assert context(tags.split(), 0) == after


@pytest.mark.parametrize(
    ("sentence", "coarse"),
    [
        ("I have a dog .", "PRON VERB DET NOUN PUNCT"),
        ("I have seen it .", "PRON AUX VERB PRON PUNCT"),
        ("They left before he came", "PRON VERB SCONJ PRON VERB"),
        ("They left before noon", "PRON VERB ADP NOUN"),
        ("to go to Rome", "PART VERB ADP PROPN"),
        ("there is no hope", "PRON VERB DET NOUN"),
        ("He reaffirms it .", "PRON VERB PRON PUNCT"),
    ],
)
def test_coarse_tags_of_common_words_depend_on_what_follows(sentence, coarse, english):
    ((upos, _),) = tag_words([sentence.split()], english)
    assert " ".join(upos) == coarse


@pytest.mark.parametrize(("name", "least"), [("ud_ewt/en_ewt-ud-dev", 94.6), ("ud_gum/en_gum-ud-dev", 96.8)])
def test_the_pack_that_ships_tags_treebanks_as_well_as_it_should(name, least, english, shared_data):
    sentences = read([shared_data / f"{name}.conllu"])
    found = tag_words([sentence.words for sentence in sentences], english)
    pairs = zip(sentences, found, strict=True)
    right = [a == b for sentence, (_, xpos) in pairs for a, b in zip(sentence.column(XPOS), xpos, strict=True)]
    assert 100 * statistics.fmean(right) >= least
