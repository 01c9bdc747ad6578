"""Reading a pack: looking words up, and refusing what is no pack."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.lexicon.inspect import verify
from augsvc.lexicon.pack import PACK_VERSION
from augsvc.lexicon.tensors import digest_of, read_tensors
from augsvc.types import NOTHING, FormFlag, PackTables, Pos


def test_every_form_is_found_by_its_text(tiny):
    count = len(tiny.tables.form_flags)
    assert [tiny.form_id(tiny.text(form)) for form in range(count)] == list(range(count))


@pytest.mark.parametrize("word", ["Dogs", "DOGS", "dogs"])
def test_case_does_not_matter(tiny, word):
    assert tiny.text(tiny.form_id(word)) == "dogs"


def test_a_curly_apostrophe_is_an_apostrophe(tiny):
    assert tiny.form_id("N’T") == tiny.form_id("n't")


def test_folding_changes_only_letters_that_keep_their_length(tiny):
    assert tiny.fold("ÉLAN ΣΊΓΜΑ ЖУК ẞ İ") == "élan σίγμα жук ẞ İ"


@pytest.mark.parametrize("word", ["", "zzz", "dogss", "\U0001f600"])
def test_unknown_words_have_no_id_readings_or_candidates(tiny, word):
    assert tiny.form_id(word) is None
    assert tiny.readings(word) == []
    assert tiny.candidates(word) == []


def test_a_reading_that_is_not_there_has_no_candidates(tiny):
    assert tiny.candidates("quickly", 7) == []


def test_synonyms_are_told_by_sense(tiny):
    assert tiny.synonyms("dog", Pos.NOUN) == [["hound", "domestic dog"], ["cad", "blackguard", "bounder"]]
    assert tiny.synonyms("dog", Pos.ADV) == []


def test_inflection_answers_none_for_what_has_no_form(tiny):
    assert tiny.inflect("go", "VBD") == "went"
    assert tiny.inflect("big", "JJR") == "bigger"
    assert tiny.inflect("sinistral", "JJR") is None
    assert tiny.inflect("go", "NNS") is None
    assert tiny.inflect("zzz", "VBD") is None


def test_the_tables_are_read_only_views_of_the_file(tiny):
    assert tiny.tables._fields == PackTables._fields
    for column in tiny.tables:
        assert not column.flags.writeable
        assert not column.flags.owndata
        assert column.flags.aligned


def test_a_pickled_lexicon_is_its_path_and_opens_the_same_file(tiny):
    pickled = pickle.dumps(tiny)
    assert len(pickled) < 1000
    assert pickle.loads(pickled).digest == tiny.digest


def test_what_the_library_wrote_is_read_back_unchanged(tmp_path):
    arrays = {name: np.arange(7).astype(name) for name in ("uint8", "uint16", "uint32", "int32")}
    save_file(arrays | {"square": np.eye(3, dtype=np.uint32)}, tmp_path / "t", {"key": "value"})
    metadata, tensors = read_tensors(tmp_path / "t")
    assert metadata == {"key": "value"}
    assert tensors.keys() == arrays.keys() | {"square"}
    for name, array in load_file(tmp_path / "t").items():
        np.testing.assert_array_equal(tensors[name], array)


def test_the_digest_depends_on_names_and_bytes():
    column = np.arange(3, dtype=np.uint8)
    digests = {digest_of(tensors) for tensors in ({"a": column}, {"b": column}, {"a": column + 1}, {})}
    assert len(digests) == 4


@pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"not a pack at all", b"\xff" * 64])
def test_a_file_that_is_no_pack_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "pack"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="is not a"):
        Lexicon.open(path)


@pytest.mark.parametrize("cut", [1, 8, 1000])
def test_a_pack_that_ends_early_is_refused_when_it_is_opened(tmp_path, tiny_path, cut):
    path = tmp_path / "pack"
    path.write_bytes(tiny_path.read_bytes()[:-cut])
    with pytest.raises(InvalidInput, match="not a readable"):
        Lexicon.open(path)


def malformed(path, body=8, pad=True, **entry):
    """Write a file of one tensor whose entry in the header is this."""
    header = json.dumps({"a": {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]} | entry}).encode()
    header = header.ljust(-(-len(header) // 8) * 8 + (not pad))
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(body))
    return path


@pytest.mark.parametrize(
    "entry",
    [
        {"shape": [-2, -4]}, {"shape": [8.0]}, {"shape": [16, 0.5]}, {"shape": [True, 8]}, {"shape": [8] + [1] * 70},
        {"shape": [0, -5], "data_offsets": [0, 0]}, {"shape": [0, 10**30], "data_offsets": [0, 0]}, {"shape": [9]},
        {"data_offsets": [0.0, 8.0]}, {"data_offsets": [1, 9]}, {"data_offsets": [8, 0]}, {"dtype": "F32"},
        {"dtype": "U16", "shape": [2], "data_offsets": [1, 5]}, {"dtype": "U16", "shape": [4], "pad": False},
        {"body": 7}, {"extra": 1},
    ],
)  # fmt: skip
def test_a_malformed_tensor_is_refused_when_the_file_is_opened(tmp_path, entry):
    assert read_tensors(malformed(tmp_path / "good"))[1]["a"].tolist() == [0] * 8
    with pytest.raises(InvalidInput, match="not a readable"):
        read_tensors(malformed(tmp_path / "bad", **entry))


@pytest.mark.parametrize(
    "metadata",
    [
        {}, {"augsvc": "{"}, {"augsvc": "[]"}, {"augsvc": "7"}, {"augsvc": "[" * 200_000},
        {"augsvc": json.dumps({"pack_version": PACK_VERSION, "language": "en"})},
    ],
    ids=range(6),
)  # fmt: skip
def test_a_pack_that_does_not_say_what_it_is_is_refused(tmp_path, metadata):
    save_file({"a": np.zeros(1, np.uint8)}, tmp_path / "pack", metadata)
    with pytest.raises(InvalidInput, match="is not a lexicon pack of version"):
        Lexicon.open(tmp_path / "pack")


def test_opening_does_not_wait_for_numpy():
    code = "import sys, augsvc; augsvc.Lexicon.open(); sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_tensor_is_made_once(tiny):
    assert tiny.tensors["form.key"] is tiny.tensors["form.key"] is tiny.tables.form_key


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="build it"):
        Lexicon.open(tmp_path / "nothing")


def test_a_pack_of_another_layout_is_refused(tmp_path):
    save_file({"a": np.zeros(1, np.uint8)}, tmp_path / "pack", {"augsvc": '{"pack_version":99}'})
    with pytest.raises(InvalidInput, match=f"version {PACK_VERSION}"):
        Lexicon.open(tmp_path / "pack")


def test_one_changed_byte_is_noticed(tmp_path, tiny_path):
    data = bytearray(tiny_path.read_bytes())
    data[-1] ^= 1
    (tmp_path / "damaged").write_bytes(data)
    with pytest.raises(InvalidInput, match="damaged"):
        verify(tmp_path / "damaged")


def test_opening_the_pack_loads_none_of_the_heavy_libraries():
    heavy = ["numba", "nltk", "lemminflect", "pyarrow", "safetensors", "pydantic", "torch"]
    code = "import sys; from augsvc.lexicon import Lexicon; Lexicon.open(); "
    code += f"print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_empty_slots_are_marked_as_nothing(tiny):
    assert (tiny.tables.index_slot == NOTHING).sum() == len(tiny.tables.index_slot) - len(tiny.tables.form_flags)
    assert FormFlag(int(tiny.tables.form_flags[0])) & FormFlag.FUNCTION
