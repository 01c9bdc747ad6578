"""The build of a tiny pack from real files, and what it must leave out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from augsvc.errors import InvalidInput
from augsvc.lexicon.builder import STEPS, build
from augsvc.lexicon.builder.flags import with_unlisted_names
from augsvc.lexicon.inspect import verify
from augsvc.types import FormFlag


def words(lexicon, word, reading=0):
    return [candidate.text for candidate in lexicon.candidates(word, reading)]


def test_a_plural_is_replaced_by_plurals_of_each_sense_in_turn(tiny):
    assert words(tiny, "dogs") == ["hounds", "domestic dogs", "cads", "blackguards"]
    assert [candidate.sense for candidate in tiny.candidates("dogs")] == [0, 0, 1, 1]


def test_weights_follow_the_tag_counts_of_sense_and_word(tiny):
    hounds, domestic_dogs, cads, blackguards = (candidate.weight for candidate in tiny.candidates("dogs"))
    assert hounds > domestic_dogs > 0
    assert hounds + domestic_dogs > cads + blackguards
    assert cads > blackguards > 0


def test_words_that_nobody_writes_are_not_proposed_but_known(tiny):
    assert "sinistrals" not in words(tiny, "lefts")
    assert tiny.form_id("sinistral") is not None


def test_frequencies_and_their_order(tiny):
    assert tiny.zipf(tiny.form_id("the")) == pytest.approx(7.73, abs=0.02)
    assert tiny.zipf(tiny.form_id("dogs")) > tiny.zipf(tiny.form_id("hounds")) > tiny.zipf(tiny.form_id("sinistral"))
    assert (np.diff(tiny.tables.form_zipf.astype(int)) <= 0).all()
    assert tiny.text(0) == "the"


def test_phrases_inflect_at_their_head(tiny):
    assert words(tiny, "picked up") == ["gathered up", "lifted up"]
    assert tiny.inflect("mother-in-law", "NNS") == "mothers-in-law"


def test_the_most_frequent_use_comes_first(tiny):
    assert [(reading.lemma, reading.slot) for reading in tiny.readings("left")] == [
        ("leave", "VBD"),
        ("leave", "VBN"),
        ("left", "JJ"),
    ]
    assert words(tiny, "left") == ["departed"]
    assert words(tiny, "left", 2) == ["sinistral"]


@pytest.mark.parametrize("word", ["paris", "city of light"])
def test_proper_nouns_are_marked_and_neither_replaced_nor_proposed(tiny, word):
    assert tiny.flags(tiny.form_id(word)) & FormFlag.NAME
    assert words(tiny, word) == []


def test_first_names_are_marked_and_stay_what_else_they_are(tiny):
    assert tiny.flags(tiny.form_id("ada")) & FormFlag.NAME
    assert tiny.flags(tiny.form_id("queen")) & FormFlag.NAME
    assert words(tiny, "queen") == ["ruler"]


def test_words_that_offend_in_their_first_sense_are_blocked(tiny):
    assert tiny.flags(tiny.form_id("curs")) & FormFlag.BLOCKED
    assert words(tiny, "cur") == []


def test_an_offensive_minor_sense_is_skipped_without_blocking_the_word(tiny):
    assert not tiny.flags(tiny.form_id("queen")) & FormFlag.BLOCKED
    assert words(tiny, "ruler") == ["queen"]


def test_a_predicate_adjective_does_not_stand_in_for_any_adjective(tiny):
    assert words(tiny, "scared") == []
    assert words(tiny, "afraid") == ["scared"]


def test_a_plural_lemma_does_not_stand_in_for_a_singular_one(tiny):
    assert words(tiny, "apparel") == []
    assert tiny.inflect("clothes", "NNS") == "clothes"
    assert tiny.inflect("clothes", "NN") is None


def test_function_words_are_forms_although_wordnet_has_none(tiny):
    for word in ("the", "n't", "'s", "herself"):
        assert tiny.flags(tiny.form_id(word)) & FormFlag.FUNCTION
    assert tiny.flags(tiny.form_id("n't")) & FormFlag.NEGATION


def test_unimorph_overrules_an_inflection_it_does_not_know(tmp_path, wordnet):
    table = tmp_path / "verbs.tsv"
    table.write_text("program\tprogrammed\tV;PST\nprogram\tprogrammed\tV;V.PTCP;PST\n\n")
    summary = build(wordnet, table, None, tmp_path / "pack.safetensors")
    from augsvc.lexicon import Lexicon

    assert Lexicon.open(summary.path).inflect("program", "VBD") == "programmed"


def test_two_builds_under_other_hash_seeds_are_byte_identical(tmp_path, wordnet, names, tiny_path):
    code = "import sys, pathlib; from augsvc.lexicon.builder import build; p = map(pathlib.Path, sys.argv[1:]); "
    code += "w, n, o = p; build(w, None, n, o)"
    output = tmp_path / "again.safetensors"
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code, wordnet, names, output], check=True, env=environment)
    assert output.read_bytes() == tiny_path.read_bytes()


def test_the_summary_and_the_files_beside_the_pack_say_what_was_made(tmp_path, wordnet):
    steps = []
    summary = build(wordnet, None, None, tmp_path / "pack.safetensors", lambda *step: steps.append(step))
    header = json.loads((tmp_path / "pack.json").read_text())
    assert summary.digest == header["digest"] == verify(summary.path)
    assert {"data.noun", "infl_lu.csv.gz", "english/blocked.txt"} <= header["inputs"].keys()
    assert (tmp_path / "pack.safetensors.sha256").read_text().endswith("  pack.safetensors\n")
    assert summary.size == summary.path.stat().st_size
    assert [steps[0], steps[-1]] == [(STEPS[0], 0, len(STEPS)), (STEPS[-1], len(STEPS), len(STEPS))]


def test_a_directory_without_the_database_is_refused_by_naming_what_lacks(tmp_path):
    with pytest.raises(InvalidInput, match=r"not a WordNet database: data\.noun"):
        build(tmp_path, None, None, tmp_path / "pack.safetensors")


def test_a_folder_that_does_not_exist_is_told_before_the_work(tmp_path, wordnet):
    steps = []
    with pytest.raises(InvalidInput, match="nowhere does not exist"):
        build(wordnet, None, None, tmp_path / "nowhere" / "pack", lambda *step: steps.append(step))
    assert steps == []


@pytest.mark.parametrize("which", [1, 2])
def test_a_missing_optional_input_is_an_error_when_it_was_asked_for(tmp_path, wordnet, which):
    inputs = [wordnet, None, None, tmp_path / "pack.safetensors"]
    inputs[which] = tmp_path / "nowhere"
    with pytest.raises(InvalidInput, match="nowhere does not exist"):
        build(*inputs)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def zipped(tmp_path, wordnet):
    """Return a folder of NLTK data as its downloader leaves it: one zip, with a folder and a licence inside."""
    corpora = tmp_path / "nltk_data" / "corpora"
    corpora.mkdir(parents=True)
    with zipfile.ZipFile(corpora / "wordnet.zip", "w") as archive:
        archive.writestr("wordnet/LICENSE", "as is")
        for path in wordnet.iterdir():
            archive.write(path, f"wordnet/{path.name}")
    return corpora / "wordnet.zip"


def test_a_zip_of_the_database_gives_the_same_pack(tmp_path, zipped, names, tiny):
    assert build(zipped, None, names, tmp_path / "pack.safetensors").digest == tiny.digest


@pytest.mark.parametrize("unpacked", [False, True])
def test_without_a_database_the_one_of_nltk_is_used(tmp_path, zipped, names, tiny, monkeypatch, unpacked):
    if unpacked:
        zipfile.ZipFile(zipped).extractall(zipped.parent)
        zipped.unlink()
    monkeypatch.setattr("nltk.data.path", [str(tmp_path / "nowhere"), str(zipped.parent.parent)])
    assert build(None, None, names, tmp_path / "pack.safetensors").digest == tiny.digest


def test_without_any_database_the_download_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("nltk.data.path", [str(tmp_path)])
    with pytest.raises(InvalidInput, match=r"nltk\.download\('wordnet'\)"):
        build(None, None, None, tmp_path / "pack.safetensors")


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "wordnet.zip").write_text("not a zip")
    with pytest.raises(InvalidInput, match="neither a directory nor a zip"):
        build(tmp_path / "wordnet.zip", None, None, tmp_path / "pack.safetensors")


def test_words_that_only_treebanks_have_are_taken_for_names():
    flags = np.array([0, 0, int(FormFlag.FUNCTION), int(FormFlag.VOWEL)], np.uint16)
    marked = with_unlisted_names({"form.flags": flags, "form.reading": np.array([0, 1, 1, 1, 1], np.uint32)})
    assert marked.tolist() == [0, FormFlag.NAME, FormFlag.FUNCTION, FormFlag.VOWEL | FormFlag.NAME]
