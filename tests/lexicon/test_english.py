"""The pack that ships: whole, within its rules, and right where anyone would look."""

from __future__ import annotations

import hashlib
import itertools
import json

import numpy as np
import pytest

import wordnet_data
from augsvc.batch import TextBatch, TokenBatch
from augsvc.lexicon.builder.write import BUILDER_VERSION
from augsvc.lexicon.candidates import CandidateColumns
from augsvc.lexicon.inspect import verify
from augsvc.lexicon.wordlists import digests
from augsvc.types import NOTHING, SLOTS, TAGS, FormFlag, Pos


def candidates(lexicon):
    return CandidateColumns.unpacked(lexicon.tables.candidate_word)


def readings_of_candidates(lexicon):
    first = lexicon.tables.reading_head.astype(np.int64) >> 8
    return np.repeat(np.arange(len(first) - 1), np.diff(first))


def test_the_digest_and_the_checksum_are_those_of_the_file(english):
    assert verify() == english.digest == json.loads(wordnet_data.PACK.with_suffix(".json").read_text())["digest"]
    checksum = hashlib.sha256(wordnet_data.PACK.read_bytes()).hexdigest()
    assert wordnet_data.PACK.with_name("en.safetensors.sha256").read_text() == f"{checksum}  en.safetensors\n"


def test_the_pack_was_built_by_this_builder_from_these_lists(english):
    assert english.language == "en"
    assert english.metadata["builder_version"] == BUILDER_VERSION
    assert digests().items() <= english.metadata["inputs"].items()


def test_the_pack_is_small_enough_to_ship():
    assert wordnet_data.PACK.stat().st_size < 32 * 2**20


def test_offsets_rise_and_end_where_their_columns_end(english):
    columns = english.tensors
    pairs = [
        ("form.offset", "text.blob"),
        ("form.reading", "reading.entry"),
    ]
    for offsets, column in pairs:
        assert columns[offsets][0] == 0
        assert (np.diff(columns[offsets].astype(np.int64)) >= 0).all()
        assert columns[offsets][-1] == len(columns[column])
    assert columns["sense.size"].sum(dtype=np.int64) == len(columns["synonym.entry"])
    assert int(columns["reading.head"][-1]) >> 8 == len(columns["candidate.word"])


def test_every_form_of_letters_is_found_by_the_kernels(english):
    # a script without spaces has no words to look up
    forms = [
        form
        for form in range(len(english.tables.form_flags))
        if english.text(form).isascii() and english.text(form).isalpha()
    ]
    batch = TokenBatch.scan(TextBatch.from_strings([english.text(form) for form in forms]), english.tables)
    assert len(forms) > 50_000
    assert batch.columns.form.tolist() == forms


def test_forms_are_unique_and_folded(english):
    offsets = english.tables.form_offset.tolist()
    blob = english.tables.text_blob.tobytes()
    texts = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
    assert len(set(texts)) == len(texts)
    assert all(text == text.lower() and "_" not in text and "’" not in text for text in texts)


def test_no_candidate_breaks_a_rule(english):
    flags = english.tables.form_flags[candidates(english).form]
    assert not (flags & (FormFlag.BLOCKED | FormFlag.FUNCTION | FormFlag.NEGATION)).any()
    offsets = english.tables.form_offset.astype(np.int64)
    lengths = np.diff(offsets)[candidates(english).form]
    assert (lengths >= 2).all()
    blob = english.tables.text_blob.tobytes()
    for form in np.unique(candidates(english).form).tolist():
        text = blob[offsets[form] : offsets[form + 1]].decode()
        assert text.replace(" ", "").replace("-", "").replace("'", "").isalpha(), text


def test_no_candidate_is_the_form_or_the_lemma_it_would_replace(english):
    columns = english.tensors
    readings = readings_of_candidates(english)
    forms = np.repeat(np.arange(len(columns["form.flags"])), np.diff(columns["form.reading"]))[readings]
    lemmas = columns["entry.form"][columns["reading.entry"][readings]]
    assert not (candidates(english).form == forms).any()
    assert not (candidates(english).form == lemmas).any()


def test_candidates_run_by_sense_then_falling_weight(english):
    found = candidates(english)
    within = np.diff(readings_of_candidates(english)) == 0
    assert (np.diff(found.sense)[within] >= 0).all()
    assert (np.diff(found.weight)[within & (np.diff(found.sense) == 0)] <= 0).all()
    assert ((found.weight >= 1) & (found.weight < 2**16)).all()
    assert (found.zipf == english.tables.form_zipf[found.form]).all()


def test_candidates_come_in_the_slot_of_what_they_replace(english):
    columns = english.tensors
    paradigms = columns["entry.inflection"]
    assert paradigms.shape == (len(columns["entry.form"]), 5)
    in_slot = [set(paradigms[:, slot].tolist()) for slot in range(5)]
    tags = (columns["reading.head"] & 255)[readings_of_candidates(english)]
    for slots in SLOTS.values():
        for slot, tag in enumerate(slots):
            found = candidates(english).form[tags == TAGS.index(tag)]
            assert set(found.tolist()) <= in_slot[slot] - {NOTHING}


@pytest.mark.parametrize(
    ("word", "lemma", "slot"),
    [
        ("left", "leave", "VBD"),
        ("ran", "run", "VBD"),
        ("dogs", "dog", "NNS"),
        ("saw", "see", "VBD"),
        ("better", "good", "JJR"),
        ("men", "man", "NNS"),
        ("found", "find", "VBD"),
        ("thought", "think", "VBD"),
        ("lives", "life", "NNS"),
        ("rose", "rise", "VBD"),
        ("children", "child", "NNS"),
        ("picked up", "pick up", "VBD"),
        ("quickly", "quickly", "RB"),
        ("bigger", "big", "JJR"),
    ],
)
def test_the_most_frequent_use_of_a_form(english, word, lemma, slot):
    first = english.readings(word)[0]
    assert (first.lemma, first.slot) == (lemma, slot)


@pytest.mark.parametrize(
    "paradigm",
    [
        "noun: child children; wolf wolves; criterion criteria; hero heroes; mother-in-law mothers-in-law",
        "noun: passer-by passers-by; alewife alewives; alumnus alumni; amygdala amygdalae; casino casinos",
        "noun: fish fish; attorney general|attorneys general; hot dog|hot dogs; man of letters|men of letters",
        "verb: be is was been being; have has had had having; go goes went gone going; buy buys bought bought buying",
        "verb: stop stops stopped stopped stopping; die dies died died dying; panic panics panicked panicked panicking",
        "verb: enrol enrols enrolled enrolled enrolling; degas degasses degassed degassed degassing",
        "verb: program programs programmed programmed programming; focus focuses focused focused focusing",
        "verb: bullshit bullshits bullshitted bullshitted bullshitting",
        "verb: romanize romanizes romanized romanized romanizing",
        "verb: fistfight fistfights fistfought fistfought fistfighting",
        "verb: pick up|picks up|picked up|picked up|picking up",
        "verb: water ski|water skis|water skied|water skied|water skiing",
        "adj: good better best; big bigger biggest; happy happier happiest; vague vaguer vaguest; free freer freest",
        "adv: well better best; fast faster fastest",
    ],
)
def test_hand_checked_inflections(english, paradigm):
    kind, _, listed = paradigm.partition(": ")
    pos = Pos[kind.upper()]
    for forms in listed.split("; "):
        expected = forms.split("|" if "|" in forms else " ")
        assert [english.inflect(expected[0], slot) for slot in SLOTS[pos]] == expected


def test_every_form_of_the_table_leads_back_to_its_lemma(english):
    paradigms, readings = english.tensors["entry.inflection"], english.tensors["reading.entry"]
    forms = np.repeat(np.arange(len(english.tables.form_flags)), np.diff(english.tables.form_reading.astype(np.int64)))
    tags = english.tables.reading_head[:-1] & 255
    known = set(zip(forms.tolist(), tags.tolist(), readings.tolist(), strict=True))
    parts = english.tensors["entry.pos"].tolist()
    for entry, (pos, row) in enumerate(zip(parts, paradigms.tolist(), strict=True)):
        for tag, form in zip(SLOTS[Pos(pos)], row, strict=False):
            assert form == NOTHING or (form, TAGS.index(tag), entry) in known


@pytest.mark.parametrize(
    ("form", "tag", "lemmas"),
    [("costs", "VBZ", ["cost"]), ("leaves", "NNS", ["leaf", "leave"]), ("run", "VBP", ["run"]), ("ran", "VBN", [])],
)
def test_the_lemmas_of_a_form(english, form, tag, lemmas):
    assert english.lemmas(form, tag) == lemmas


@pytest.mark.parametrize("lemma", ["beautiful", "more", "most", "perfect"])
def test_adjectives_without_a_comparative(english, lemma):
    assert english.inflect(lemma, "JJR") is None


@pytest.mark.parametrize("lemma", ["clothes", "pants", "thanks", "people"])
def test_plural_nouns_have_only_that_form(english, lemma):
    assert (english.inflect(lemma, "NN"), english.inflect(lemma, "NNS")) == (None, lemma)


@pytest.mark.parametrize("lemma", ["information", "furniture", "equipment", "news", "money", "advice"])
def test_nouns_without_a_plural(english, lemma):
    assert english.inflect(lemma, "NNS") is None


@pytest.mark.parametrize(
    ("flag", "yes", "no"),
    [
        (FormFlag.FUNCTION, "the his would three n't 's although into very", "dog walk quickly big nation"),
        (FormFlag.NEGATION, "not n't never no without cannot hardly", "yes dog always"),
        (FormFlag.VOWEL, "apple hour honest umbrella heir", "university one european dog union"),
        (FormFlag.NAME, "paris peter monday american", "dog walk chair say see way"),
        (FormFlag.ATTESTED, "dog walk dogs", "hebdomad"),
    ],
)
def test_flags(english, flag, yes, no):
    assert all(english.flags(english.form_id(word)) & flag for word in yes.split())
    assert not any(english.flags(english.form_id(word)) & flag for word in no.split())


def test_phrases_are_flagged(english):
    assert english.flags(english.form_id("new york")) & FormFlag.PHRASE
    assert not english.flags(english.form_id("mother-in-law")) & FormFlag.PHRASE


@pytest.mark.parametrize(
    ("word", "never"),
    [("water", "piss"), ("he", "helium"), ("i", "iodine"), ("twenty", "xx"), ("peter", "cock")],
)
def test_famous_blunders_of_wordnet_substitution_are_impossible(english, word, never):
    for reading in range(len(english.readings(word))):
        assert never not in [candidate.text for candidate in english.candidates(word, reading)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dogs", "hounds"),
        ("bought", "purchased"),
        ("cars", "automobiles"),
        ("larger", "bigger"),
        ("rapidly", "quickly"),
    ],
)
def test_good_synonyms_are_there_in_the_right_form(english, word, expected):
    assert expected in [candidate.text for candidate in english.candidates(word)]
