"""Regular forms of words that no dictionary has."""

from __future__ import annotations

from collections import defaultdict

import pytest

from augsvc.lexicon.spelling import regular, without_prefix
from augsvc.types import SLOTS, Pos


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("google", "googles googled googled googling"),
        ("vlog", "vlogs vlogged vlogged vlogging"),
        ("quiz", "quizzes quizzed quizzed quizzing"),
        ("waltz", "waltzes waltzed waltzed waltzing"),
        ("doomscroll", "doomscrolls doomscrolled doomscrolled doomscrolling"),
        ("refactor", "refactors refactored refactored refactoring"),
        ("defrag", "defrags defragged defragged defragging"),
        ("panic", "panics panicked panicked panicking"),
        ("dye", "dyes dyed dyed dyeing"),
        ("untie", "unties untied untied untying"),
        ("copy", "copies copied copied copying"),
        ("decoy", "decoys decoyed decoyed decoying"),
        ("fax", "faxes faxed faxed faxing"),
        ("squee", "squees squeed squeed squeeing"),
    ],
)
def test_verbs_inflect_by_their_spelling(word, forms):
    assert list(regular(word, Pos.VERB).values()) == [word, *forms.split()]


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("selfie", "selfies"),
        ("wiki", "wikis"),
        ("hottie", "hotties"),
        ("bus", "buses"),
        ("lobby", "lobbies"),
        ("glitch", "glitches"),
    ],
)
def test_nouns_take_an_s(word, plural):
    assert regular(word, Pos.NOUN) == {"NN": word, "NNS": plural}


def test_short_adjectives_are_compared_and_long_ones_and_adverbs_are_not():
    assert list(regular("comfy", Pos.ADJ).values()) == ["comfy", "comfier", "comfiest"]
    assert list(regular("woke", Pos.ADJ).values()) == ["woke", "woker", "wokest"]
    assert list(regular("mad", Pos.ADJ).values()) == ["mad", "madder", "maddest"]
    assert regular("bespoke", Pos.ADJ) == {"JJ": "bespoke"}
    assert [*regular("top-notch", Pos.ADJ), *regular("so so", Pos.ADJ)] == ["JJ", "JJ"]
    assert regular("anyhow", Pos.ADV) == {"RB": "anyhow"}


def test_a_prefix_is_told_from_the_verb_behind_it():
    found = [without_prefix(verb) for verb in ("rerun", "underrun", "unfriend", "sing", "re")]
    assert found == ["run", "run", "friend", None, None]


def test_the_slots_are_those_of_the_part_of_speech():
    assert all(tuple(regular("big", pos)) == SLOTS[pos][: len(regular("big", pos))] for pos in Pos)


def test_most_verbs_that_the_pack_lacks_are_inflected_rightly(shared_data, english):
    attested = defaultdict(set)
    slots = {"V;3;SG;PRS": "VBZ", "V;PST": "VBD", "V;V.PTCP;PST": "VBN", "V;V.PTCP;PRS": "VBG"}
    for line in (shared_data / "unimorph" / "eng_2018.tsv").read_text("utf-8").splitlines():
        lemma, form, tag = line.split("\t") if line else ("", "", "")
        if tag in slots and lemma.isascii() and lemma.isalpha() and lemma.islower():
            attested[lemma, slots[tag]].add(form)
    lacking = {key: forms for key, forms in attested.items() if english.inflect(key[0], "VB") is None}
    right = sum(regular(lemma, Pos.VERB)[slot] in forms for (lemma, slot), forms in lacking.items())
    assert right >= 0.93 * len(lacking) > 10_000
