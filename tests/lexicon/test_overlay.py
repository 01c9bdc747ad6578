"""Users' synonyms laid over a pack: what may stand in for a word afterwards, and that nothing else changes."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augsvc
from augsvc.errors import InvalidInput
from augsvc.lexicon import Lexicon
from augsvc.lexicon.enlarge import with_classes, with_forms
from augsvc.lexicon.tagging import tag_words
from augsvc.lexicon.tensors import digest_of
from augsvc.lexicon.thesaurus import Row
from augsvc.types import FormFlag, Pos, Register

NOUN, VERB, ADJ, ADV = Pos


def of_slot(lexicon, word, slot):
    """The candidates of a word's reading as a slot, by their text."""
    numbers = [number for number, reading in enumerate(lexicon.readings(word)) if reading.slot == slot]
    return {candidate.text: candidate for number in numbers for candidate in lexicon.candidates(word, number)}


@pytest.fixture
def overlay(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("dog\tnoun\tdoggo\t2\ngo\tverb\tyeet off\t1\n")
    return path


@pytest.mark.parametrize(
    ("row", "forms"),
    [
        (Row("dog", NOUN, "cad", 1000), "NN dog cad, NNS dogs cads"),
        (Row("dog", NOUN, "doggo", 1000), "NN dog doggo, NNS dogs doggos"),
        (Row("dog", NOUN, "box of joy", 1000), "NN dog box of joy, NNS dogs boxes of joy"),
        (Row("go", VERB, "vlog", 1000), "VB go vlog, VBZ goes vlogs, VBD went vlogged, VBN gone vlogged"),
        (Row("vlog", VERB, "go", 1000), "VB vlog go, VBG vlogging going, VBD vlogged went, VBN vlogged gone"),
        (Row("go", VERB, "yeet off", 1000), "VBG going yeeting off, VBD went yeeted off"),
        (Row("travel", VERB, "forego", 1000), "VBD traveled forewent, VBN traveled foregone"),
        (Row("big", ADJ, "comfy", 1000), "JJ big comfy, JJR bigger comfier, JJS biggest comfiest"),
        (Row("quickly", ADV, "speedy-like", 1000), "RB quickly speedy-like"),
    ],
)
def test_a_synonym_stands_in_for_each_form_in_the_same_slot(tiny, row, forms):
    over = tiny.with_rows((row,))
    for slot, word, synonym in (case.split(" ", 2) for case in forms.split(", ")):
        candidate = of_slot(over, word, slot)[synonym]
        assert (candidate.sense, candidate.register) == (0, Register.USER)
        assert over.flags(over.form_id(word)) & FormFlag.REPLACEABLE


def test_a_slot_that_either_lacks_gets_nothing(tiny):
    over = tiny.with_rows((Row("big", ADJ, "sinistral", 1000), Row("clothes", NOUN, "doggo", 1000)))
    assert "sinistral" in of_slot(over, "big", "JJ")
    assert Register.USER not in {candidate.register for candidate in of_slot(over, "bigger", "JJR").values()}
    assert of_slot(over, "clothes", "NNS")["doggos"].register == Register.USER
    assert over.inflect("clothes", "NN") is None
    assert tiny.with_rows((Row("big", ADJ, "as big", 1000),)).inflect("as big", "JJR") is None


@pytest.mark.parametrize("units", [1, 500, 1000, 3000, 1_000_000])
def test_a_weight_counts_in_all_others_of_the_first_sense_together(tiny, units):
    found = of_slot(tiny.with_rows((Row("go", VERB, "proceed", units),)), "go", "VB")
    weights = {text: candidate.weight for text, candidate in found.items() if candidate.sense == 0}
    own = weights.pop("proceed")
    assert own == pytest.approx(sum(weights.values()) * units / 1000, rel=0.05, abs=1)
    assert 1 <= min(weights.values()) <= own or units < 1000
    assert max(own, *weights.values()) < 2**16


def test_of_readings_alike_the_one_with_a_users_synonyms_is_drawn_from(english):
    over = english.with_rows((Row("axis", NOUN, "gizmo", 1000),))
    before, after = ([(r.lemma, r.slot) for r in lexicon.readings("axes")] for lexicon in (english, over))
    assert before[:2] == [("axe", "NNS"), ("axis", "NNS")]
    assert after == [("axis", "NNS"), *(reading for reading in before if reading != ("axis", "NNS"))]
    pipeline = {"ops": [{"type": "synonym", "rate": 1}]}
    written = {augsvc.augment(["The axes."], pipeline, seed=seed, lexicon=over)[0].text for seed in range(30)}
    assert "The gizmos." in written


def test_what_only_removes_moves_no_reading(english):
    over = english.with_rows((Row("axis", NOUN, "axis of rotation", 0),))
    assert over.readings("axes") == english.readings("axes")


def tags_of(lexicon, *sentences):
    return [fine for _, fine in tag_words([sentence.split() for sentence in sentences], lexicon)]


def test_ordinary_text_is_tagged_as_ever(english, sentences):
    rows = (
        Row("laptop", VERB, "gizmo", 1000), Row("of", NOUN, "gizmo", 1000), Row("the", ADV, "gizmo", 1000),
        Row("vlog", NOUN, "to", 1000),
    )  # fmt: skip
    over = english.with_rows(rows)
    assert over.readings("the")
    for form in map(english.form_id, ("the", "of", "to")):
        assert over.tables.form_class[form] == english.tables.form_class[form]
    ordinary = [text for text in sentences if not re.search("laptop|vlog|gizmo", text, re.IGNORECASE)]
    assert tags_of(over, *ordinary) == tags_of(english, *ordinary)


def test_a_noun_is_a_verb_where_a_user_says_so_and_the_sentence_too(english):
    over = english.with_rows((Row("gift", VERB, "gizmo", 10**6), Row("laptop", VERB, "gizmo", 10**6)))
    texts = ["They laptop it.", "You should gift it.", "The laptop and the gift."]
    written = augsvc.augment(texts, {"ops": [{"type": "synonym", "rate": 1}]}, seed=1, lexicon=over)
    assert [result.text for result in written[:2]] == ["They gizmo it.", "You should gizmo it."]
    assert "gizmo" not in written[2].text


def test_without_a_tagger_a_word_has_the_tag_that_a_user_gives_synonyms(tiny):
    assert tags_of(tiny, "clothes dog") == [["NNS", "NN"]]
    over = tiny.with_rows((Row("dog", VERB, "go", 1000),))
    assert tags_of(over, "clothes dog dogs hound") == [["NNS", "VB", "VBZ", "NN"]]


def test_a_weight_of_zero_removes_a_synonym_from_every_sense(tiny):
    assert {"travel", "move"} <= of_slot(tiny, "go", "VB").keys()
    over = tiny.with_rows((Row("go", VERB, "travel", 0),))
    for word, slot, synonym in (("go", "VB", "travel"), ("went", "VBD", "traveled"), ("going", "VBG", "traveling")):
        assert of_slot(over, word, slot).keys() == of_slot(tiny, word, slot).keys() - {synonym}
    assert of_slot(over, "travel", "VB") == of_slot(tiny, "travel", "VB")


def test_a_word_whose_synonyms_are_all_removed_is_not_replaceable(tiny):
    over = tiny.with_rows((Row("quickly", ADV, "rapidly", 0),))
    assert tiny.flags(tiny.form_id("quickly")) & FormFlag.REPLACEABLE
    assert not over.flags(over.form_id("quickly")) & FormFlag.REPLACEABLE


def test_a_synonym_of_a_later_sense_comes_to_the_first(tiny):
    assert of_slot(tiny, "dog", "NN")["cad"].sense == 1
    assert of_slot(tiny.with_rows((Row("dog", NOUN, "cad", 1),)), "dog", "NN")["cad"].sense == 0


def test_a_compound_has_the_number_of_its_head(tiny):
    over = tiny.with_rows((Row("dog", NOUN, "work clothes", 1000),))
    assert (over.inflect("work clothes", "NN"), over.inflect("work clothes", "NNS")) == (None, "work clothes")
    assert Register.USER not in {candidate.register for candidate in of_slot(over, "dog", "NN").values()}


def test_what_is_removed_without_being_there_adds_no_word(tiny):
    over = tiny.with_rows((Row("zzz", NOUN, "yyy", 0), Row("dog", NOUN, "yyy", 0)))
    assert over.form_id("zzz") is over.form_id("yyy") is None
    assert over.digest != tiny.digest


def test_blocked_words_are_a_users_choice(tiny):
    blocked = next(
        tiny.text(form) for form in range(len(tiny.tables.form_flags)) if tiny.flags(form) & FormFlag.BLOCKED
    )
    assert blocked in of_slot(tiny.with_rows((Row("dog", NOUN, blocked, 1000),)), "dog", "NN")


def test_new_words_know_their_sound_and_pass_any_frequency_floor(tiny):
    over = tiny.with_rows((Row("dog", NOUN, "upvote", 1000), Row("dog", NOUN, "hour glass", 1000)))
    flags = {word: over.flags(over.form_id(word)) for word in ("upvote", "upvotes", "hour glass")}
    assert flags["upvote"] == flags["upvotes"] == FormFlag.VOWEL
    assert flags["hour glass"] == FormFlag.VOWEL | FormFlag.PHRASE
    assert over.zipf(over.form_id("upvote")) > 7


WORDS = {
    NOUN: ["dog", "hound", "cad", "queen", "clothes", "doggo", "box of joy", "ulf"],
    VERB: ["go", "travel", "leave", "program", "pick up", "vlog", "yeet off"],
    ADJ: ["big", "large", "sinistral", "comfy"],
}
ROWS = st.sampled_from(list(WORDS)).flatmap(
    lambda pos: st.builds(
        Row,
        st.sampled_from(WORDS[pos]),
        st.just(pos),
        st.sampled_from(WORDS[pos]),
        st.sampled_from([0, 1, 1000, 10**6]),
    )
)


@settings(max_examples=60)
@given(st.lists(ROWS.filter(lambda row: row.lemma != row.synonym), unique_by=lambda row: row[:3], max_size=8))
def test_every_reading_has_the_candidates_that_rows_and_pack_give_it(tiny, rows):
    over = tiny.with_rows(tuple(sorted(rows)))
    for form in range(len(over.tables.form_flags)):
        word = over.text(form)
        assert over.find(word) == form
        for number, reading in enumerate(over.readings(word)):
            assert reading.lemma in over.lemmas(over.inflect(reading.lemma, reading.slot), reading.slot)
            wished = {
                over.inflect(row.synonym, reading.slot): row.weight
                for row in rows
                if (row.lemma, row.pos) == (reading.lemma, reading.pos)
            }
            before = of_slot_of(tiny, word, reading)
            kept = [candidate for candidate in before if candidate.text not in wished]
            users = {text for text, weight in wished.items() if weight and text is not None and text != word}
            after = over.candidates(word, number)
            assert {candidate.text for candidate in after if candidate.register & Register.USER} == users
            others = [candidate for candidate in after if not candidate.register & Register.USER]
            assert [(c.text, c.sense, c.register) for c in others] == [(c.text, c.sense, c.register) for c in kept]
            assert after == sorted(after, key=of_users_by_sense_and_weight)


def of_users_by_sense_and_weight(candidate):
    return candidate.sense, not candidate.register & Register.USER, -candidate.weight


def of_slot_of(lexicon, word, reading):
    """The candidates of the same reading in another lexicon; none where it has no such reading."""
    for number, known in enumerate(lexicon.readings(word)):
        if (known.lemma, known.pos, known.slot) == (reading.lemma, reading.pos, reading.slot):
            return lexicon.candidates(word, number)
    return []


def test_the_columns_keep_their_types_and_what_does_not_change_stays_mapped(tiny):
    over = tiny.with_rows((Row("dog", NOUN, "doggo", 1000),))
    for name, column in over.tensors.items():
        assert (column.dtype, column.shape[1:]) == (tiny.tensors[name].dtype, tiny.tensors[name].shape[1:])
        assert column.flags.c_contiguous
        assert not column.flags.writeable
    assert np.shares_memory(over.tables.unicode_class, tiny.tables.unicode_class)
    assert np.shares_memory(over.tensors["synonym.entry"], tiny.tensors["synonym.entry"])
    assert over.tensors.keys() == tiny.tensors.keys()


def test_every_column_of_a_kind_has_a_row_for_each_one(tiny):
    over = tiny.with_rows((Row("dog", NOUN, "doggo", 1000), Row("vlog", VERB, "yeet", 1000)))
    for kind in ("form", "entry", "reading"):
        columns = [name for name in tiny.tensors if name.startswith(f"{kind}.")]
        added = {len(over.tensors[name]) - len(tiny.tensors[name]) for name in columns}
        assert len(added) == 1
        assert min(added) > 0


def test_without_rows_the_pack_is_itself(tiny, tiny_path, tmp_path):
    (tmp_path / "empty.tsv").write_text("# nothing yet\n")
    for lexicon in (Lexicon.open(tiny_path, tmp_path / "empty.tsv"), Lexicon.open(tiny_path, []), tiny.with_rows(())):
        assert (lexicon.digest, lexicon.metadata) == (tiny.digest, tiny.metadata)
        assert not lexicon.tables.text_blob.flags.owndata


def test_the_digest_is_of_the_content_not_of_the_file(tiny_path, overlay, tmp_path):
    other = tmp_path / "another name"
    other.write_text("# the same\ngo\tv\tYeet off\r\n\r\ndog\tn\tdoggo\t2.0\r\n")
    first, second = Lexicon.open(tiny_path, overlay), Lexicon.open(tiny_path, [other])
    assert first.digest == second.digest != Lexicon.open(tiny_path).digest
    other.write_text("dog\tn\tdoggo\t3\n")
    assert Lexicon.open(tiny_path, [overlay, other]).digest != first.digest
    assert Lexicon.open(tiny_path, [other, overlay]).digest == first.digest


def test_a_pickled_overlay_needs_its_file_no_more(tiny_path, overlay):
    over = Lexicon.open(tiny_path, overlay)
    pickled = pickle.dumps(over)
    overlay.unlink()
    again = pickle.loads(pickled)
    assert (again.digest, again.metadata) == (over.digest, over.metadata)
    assert "doggo" in of_slot(again, "dog", "NN")


def test_a_bad_line_lays_nothing_over(tiny_path, overlay, tmp_path):
    (tmp_path / "bad.tsv").write_text("dog\tnoun\tpup\ndog\tnoun\n")
    with pytest.raises(InvalidInput, match=r"bad\.tsv, line 2"):
        Lexicon.open(tiny_path, [overlay, tmp_path / "bad.tsv"])


def test_more_words_than_the_index_has_room_for_are_refused(tiny):
    letters = "abcdefghijklmnopqrstuvwxyz"
    rows = tuple(Row("dog", NOUN, f"qu{a}{b}{c}", 1) for a in letters for b in letters for c in letters)
    with pytest.raises(InvalidInput, match="at most"):
        tiny.with_rows(rows)


def test_there_are_no_more_words_than_ids(tiny):
    flags, slots = np.zeros(2**20 - 2, np.uint16), np.zeros(2**21, np.uint32)
    with pytest.raises(InvalidInput, match="2 words and forms, 1 at most"):
        with_forms({**tiny.tensors, "form.flags": flags, "index.slot": slots}, {"one": 0, "two": 1})


def test_a_class_that_a_pack_has_twice_is_refused(tiny):
    twice = {name: np.repeat(tiny.tensors[name], 2) for name in ("class.lexical", "class.tags")}
    with pytest.raises(InvalidInput, match="twice"):
        with_classes({**tiny.tensors, **twice}, 0, [])


def test_two_processes_lay_the_same_bytes(tiny_path, overlay):
    code = "import sys; from augsvc.lexicon import Lexicon; from augsvc.lexicon.tensors import digest_of; "
    code += "print(digest_of(Lexicon.open(sys.argv[1], sys.argv[2]).tensors))"
    command = [sys.executable, "-c", code, tiny_path, overlay]
    outputs = {
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in "123"
    }
    assert outputs == {f"{digest_of(Lexicon.open(tiny_path, overlay).tensors)}\n".encode()}


def test_the_engine_writes_a_users_synonyms_whatever_the_floor(english):
    over = english.with_rows((Row("parcel", NOUN, "gizmo", 10**6), Row("purchase", VERB, "yeet", 10**6)))
    pipeline = {"ops": [{"type": "synonym", "rate": 1, "min_zipf": 7}]}
    texts = ["Parcels came.", "He purchased it."]
    for seed in range(10):
        written = [result.text for result in augsvc.augment(texts, pipeline, seed=seed, lexicon=over)]
        assert written == ["Gizmos came.", "He yeeted it."]


@pytest.mark.parametrize("phrase", ["mean house", "without house", "the house rules"])
def test_a_users_phrase_is_left_whole(english, phrase):
    sentence = f"They bought {phrase} there."
    over = english.with_rows((Row("villa", NOUN, phrase, 1000),))
    pipeline = {"ops": [{"type": "synonym", "rate": 1}]}
    before, after = (augsvc.augment([sentence], pipeline, seed=1, copies=40, lexicon=pack) for pack in (english, over))
    assert all(phrase in result.text for result in after)
    assert not all(phrase in result.text for result in before)
