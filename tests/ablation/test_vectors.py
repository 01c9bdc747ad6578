from __future__ import annotations

import gzip

import numpy as np
import pytest
import torch
from scipy.sparse import linalg

from augsvc.ablation import cooccurrence, vectors
from augsvc.ablation.words import Vocabulary
from augsvc.errors import InvalidInput

GLOVE = "good 1 0 -2.5e-1\n. . . 3 4 5\n£ 0 1 0\n"


def test_files_of_glove_and_of_fasttext_hold_the_same(tmp_path):
    glove, fasttext = tmp_path / "glove.txt.gz", tmp_path / "wiki.vec"
    glove.write_bytes(gzip.compress(GLOVE.encode()))
    fasttext.write_text("3 3\n" + GLOVE, encoding="utf-8")
    for path in (glove, fasttext):
        found = vectors.from_file(path)
        assert list(found.numbers) == ["good", ". . .", "£"]
        assert found.table.tolist() == [[1, 0, -0.25], [3, 4, 5], [0, 1, 0]]


@pytest.mark.parametrize(
    "content", ["", "good 1 2 3\nbad 1 2\n", "good 1 2 three\n", "\n\n", "a 1 nan\n", "a 1 1e60\n"]
)
def test_what_is_no_file_of_vectors_is_told(tmp_path, content):
    path = tmp_path / "vectors.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match="text format of GloVe or fastText"):
        vectors.from_file(path)


def test_the_first_lines_of_a_file_are_one_and_an_empty_line_ends_it(tmp_path):
    path = tmp_path / "wiki.vec"
    path.write_text("2000000 2\na 1 0\nb 0 1\n\n", encoding="utf-8")
    assert list(vectors.from_file(path).numbers) == ["a", "b"]


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "vectors.txt"
    for content in ("a 1 0\n", "bb 0 1\n"):
        path.write_text(content, encoding="utf-8")
        assert list(vectors.from_file(path).numbers) == [content.split()[0]]


def test_words_without_a_vector_and_padding_are_zero_and_all_others_equally_long(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text(GLOVE, encoding="utf-8")
    vocabulary = Vocabulary()
    vocabulary.encode(["unheard good £"], 9)
    lengths = vectors.from_file(path).of(vocabulary).norm(dim=1)
    torch.testing.assert_close(lengths, torch.tensor([0, 0, 3**0.5, 3**0.5]))


@pytest.fixture
def few_dimensions(monkeypatch):
    monkeypatch.setattr(cooccurrence, "DIMENSIONS", 4)


TEXTS = ["the cat drinks milk", "the dog drinks water", "the cat eats fish", "the dog eats meat", "a car needs oil"] * 5


def test_words_in_the_same_company_are_alike(few_dimensions):
    found = vectors.from_texts(TEXTS)
    unit = found.table / np.linalg.norm(found.table, axis=1, keepdims=True)
    cat, dog, oil = (unit[found.numbers[word]] for word in ("cat", "dog", "oil"))
    assert cat @ dog > cat @ oil


def test_vectors_are_made_once_and_the_same_again(few_dimensions, monkeypatch):
    made = vectors.from_texts(TEXTS)
    monkeypatch.setattr(vectors, "vectors_of", None)
    again = vectors.from_texts(TEXTS)
    assert again.numbers == made.numbers
    np.testing.assert_array_equal(again.table, made.table)


def test_information_is_that_of_its_definition(few_dimensions):
    words, _ = cooccurrence.vectors_of(TEXTS)
    stream = cooccurrence._numbered([text.split() for text in TEXTS], words)
    counts = cooccurrence._counted(stream, len(words))
    dense = counts.toarray()
    contexts = dense.sum(0) ** 0.75
    with np.errstate(divide="ignore"):
        expected = np.maximum(np.log(dense * contexts.sum() / np.outer(dense.sum(1), contexts)), 0)
    np.testing.assert_allclose(cooccurrence._information(counts).toarray(), expected, atol=1e-12)
    assert dense[words.index("cat"), words.index("milk")] == 5


def test_signs_are_not_those_that_the_solver_happens_to_find(few_dimensions, monkeypatch, messages):
    texts, svds = [text for _, text in messages], linalg.svds
    _, found = cooccurrence.vectors_of(texts)

    def flipped(*args, **options):
        left, values, right = svds(*args, **options)
        return left * [-1, 1, -1, 1], values, right

    monkeypatch.setattr(linalg, "svds", flipped)
    np.testing.assert_allclose(cooccurrence.vectors_of(texts)[1], found, atol=1e-6)
    assert (np.abs(found).max(0) == found.max(0)).all()


def test_too_little_text_is_told():
    with pytest.raises(InvalidInput, match="name more with --unlabelled"):
        vectors.from_texts(["one two three"])
