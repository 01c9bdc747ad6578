"""What may stand in for what, on hand-made synsets: the rules one by one, and the weights to the digit."""

from __future__ import annotations

import pytest

from augsvc.lexicon.builder.blocking import blocked_forms, is_decent
from augsvc.lexicon.builder.candidates import SCALE, Proposer
from augsvc.lexicon.builder.columns import order_forms
from augsvc.lexicon.builder.entries import Entry, is_common, read_entries
from augsvc.lexicon.builder.flags import COMMON, first_names, form_flags, proper_nouns
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.types import FormFlag, Pos


def word(spelling, tag_count=1, rank=1, marker="", usage=()):
    return Word(spelling, rank, tag_count, marker, frozenset(usage))


def synset(*members, pos=Pos.NOUN, topic="noun.artifact"):
    return Synset(pos, members, topic)


def proposals(synsets, lemma, slot, pos=Pos.NOUN, forbidden=()):
    entries = read_entries(synsets, {})
    return Proposer(synsets, entries, frozenset(forbidden)).proposals(entries[lemma, pos], slot)


def test_a_weight_is_the_sense_share_times_the_word_share():
    synsets = [
        synset(word("boat", 3), word("ship", 2), word("vessel", 1)),
        synset(word("boat", 0, rank=2), word("tureen", 1)),
    ]
    found = {proposal.form: proposal.weight for proposal in proposals(synsets, "boat", "NN")}
    affinity = {"ship": 4 * (1 + 4 * 2), "vessel": 4 * (1 + 4 * 1)}
    first, second = SCALE * 4, SCALE * 1  # of 5 tags, one added to each sense
    assert found == {
        "ship": first * affinity["ship"] // (5 * sum(affinity.values())),
        "vessel": first * affinity["vessel"] // (5 * sum(affinity.values())),
        "tureen": second // 5,
    }


def test_a_form_of_several_senses_has_the_first_rank_and_the_weights_together():
    alone = [synset(word("boat", 1), word("ship"))]
    twice = [*alone, synset(word("boat", 1, rank=2), word("ship", rank=2), word("vessel"))]
    (only,) = proposals(alone, "boat", "NN")
    ship, vessel = proposals(twice, "boat", "NN")
    assert (only.sense, ship.form, ship.sense, vessel.sense) == (0, "ship", 0, 1)
    assert only.weight == SCALE
    assert SCALE // 2 < ship.weight < SCALE
    assert ship.weight + vessel.weight in range(SCALE - 2, SCALE + 1)


def test_a_phrase_weighs_a_quarter_of_a_word():
    phrase, single = sorted(proposals([synset(word("car"), word("motor car"), word("auto"))], "car", "NN"))[::-1]
    assert phrase.form == "motor car"
    assert single.weight == pytest.approx(4 * phrase.weight, abs=4)


@pytest.mark.parametrize(
    "other",
    [
        word("Boat"),
        word("boat 3"),
        word("U.K."),
        word("lb"),
        word("xii"),
        word("x"),
        word("give one's all"),
        word("never tagged", 0),
        word("scow", usage=["slang"]),
        word("galleon", usage=["archaism"]),
        word("afloat", marker="p"),
    ],
)
def test_what_is_never_proposed(other):
    assert proposals([synset(word("ship"), other)], "ship", "NN") == []


def test_a_word_with_the_same_marker_may_be_proposed():
    afloat = synset(word("afloat", marker="p"), word("awash", marker="p"), pos=Pos.ADJ)
    assert [proposal.form for proposal in proposals([afloat], "afloat", "JJ", Pos.ADJ)] == ["awash"]


def test_only_a_verb_may_end_in_a_preposition():
    adjectives = [synset(word("related"), word("related to"), pos=Pos.ADJ)]
    verbs = [synset(word("affect"), word("bear on"), pos=Pos.VERB)]
    assert proposals(adjectives, "related", "JJ", Pos.ADJ) == []
    assert [proposal.form for proposal in proposals(verbs, "affect", "VBZ", Pos.VERB)] == ["bears on"]


@pytest.mark.parametrize(
    ("lemma", "slot", "expected"),
    [
        ("find", "VB", "detect see"),
        ("find", "VBD", "detected"),
        ("find", "VBN", "detected"),
        ("see", "VBD", "detected found"),
    ],
)
def test_an_ambiguous_form_is_only_replaced_by_forms_as_ambiguous(lemma, slot, expected):
    synsets = [synset(word("find"), word("see"), word("detect"), pos=Pos.VERB)]
    assert [proposal.form for proposal in proposals(synsets, lemma, slot, Pos.VERB)] == expected.split()


def test_forbidden_forms_and_lemmas_are_left_out():
    synsets = [synset(word("ship"), word("boat"))]
    assert proposals(synsets, "ship", "NNS", forbidden={"boats"}) == []
    assert proposals(synsets, "ship", "NNS", forbidden={"boat"}) == []


def test_a_capitalised_sense_of_a_common_word_gives_nothing():
    synsets = [synset(word("Turkey", 9), word("republic")), synset(word("turkey", 1, rank=2), word("gobbler"))]
    assert [proposal.form for proposal in proposals(synsets, "turkey", "NN")] == ["gobbler"]


def test_a_slot_that_the_other_word_lacks_has_no_candidate():
    synsets = [synset(word("fact"), word("information"))]
    assert [proposal.form for proposal in proposals(synsets, "fact", "NN")] == ["information"]
    assert proposals(synsets, "fact", "NNS") == []


def test_the_company_of_a_listed_word_gives_nothing_and_it_is_blocked_in_every_form():
    vulgar = synset(word("turd"), word("dirt"))
    entries = read_entries([vulgar, synset(word("turd blossom"))], {})
    assert not is_decent(vulgar)
    assert proposals([vulgar], "dirt", "NN") == []
    assert {"turd", "turds", "turd blossom", "turd blossoms"} <= blocked_forms(entries.values())
    assert "dirt" not in blocked_forms(entries.values())


@pytest.mark.parametrize(
    ("spelling", "common"), [("ship", True), ("Ship", False), ("b52", False), ("mothers-in-law", True)]
)
def test_common_words_have_no_capital_and_no_digit(spelling, common):
    assert is_common(word(spelling)) is common


def test_capitalised_classes_have_plurals_and_individuals_have_none():
    synsets = [synset(word("American"), topic="noun.person"), synset(word("Paris"), topic="noun.location")]
    entries = read_entries(synsets, {})
    assert entries["american", Pos.NOUN].forms["NNS"] == ("americans",)
    assert entries["paris", Pos.NOUN].forms.keys() == {"NN"}


def test_forms_run_from_closed_classes_over_frequent_words_to_the_rest_by_bytes():
    entries = list(
        read_entries([synset(word("boat", 1)), synset(word("ship", 50)), synset(word("ark", 0))], {}).values()
    )
    forms = order_forms(entries, {"the", "zzz"}, frozenset({"the"}))
    assert forms.texts == ("the", "ship", "ships", "boat", "boats", "ark", "arks", "zzz")
    assert forms.counts == (0, 35, 15, 1, 1, 0, 0, 0)


def test_a_comparative_is_that_before_it_is_a_lemma_of_its_own():
    synsets = [synset(word("good", 1), pos=Pos.ADJ), synset(word("better", 90), pos=Pos.ADJ)]
    entries = list(read_entries(synsets, {}).values())
    forms = order_forms(entries, (), frozenset())
    uses = forms.uses[forms.ids["better"]]
    assert [(entries[use.entry].lemma, use.slot) for use in uses] == [("good", "JJR"), ("better", "JJ")]


def test_a_rare_capitalised_sense_does_not_make_a_proper_noun():
    synsets = [
        synset(word("Say", 0)),
        synset(word("say", 90), pos=Pos.VERB),
        synset(word("Earth", 5), word("earth", 0)),
        synset(word("Oslo", 0)),
    ]
    entries = [*read_entries(synsets, {}).values()]
    forms = order_forms(entries, (), frozenset())
    assert proper_nouns(entries, forms) == {"earth", "oslo"}


def test_first_names_that_are_common_words_are_not_names():
    entries = [*read_entries([synset(word("way", 2 * COMMON)), synset(word("rose", 3))], {}).values()]
    forms = order_forms(entries, {"ada"}, frozenset())
    assert first_names({"way", "rose", "ada"}, forms) == {"rose", "ada"}


def test_flags_are_independent_of_each_other():
    entries = [*read_entries([synset(word("hour", 3)), synset(word("ice age", 0))], {}).values()]
    forms = order_forms(entries, {"not", "anna"}, frozenset({"not"}))
    flags = dict(zip(forms.texts, form_flags(forms, blocked={"hours"}, names={"anna"}), strict=True))
    assert flags["not"] == FormFlag.FUNCTION | FormFlag.NEGATION
    assert flags["anna"] == FormFlag.NAME | FormFlag.VOWEL
    assert flags["hour"] == FormFlag.VOWEL | FormFlag.ATTESTED
    assert flags["hours"] == FormFlag.VOWEL | FormFlag.ATTESTED | FormFlag.BLOCKED
    assert flags["ice age"] == FormFlag.VOWEL | FormFlag.PHRASE


def test_an_entry_counts_its_senses():
    (entry,) = read_entries([synset(word("boat", 3)), synset(word("boat", 2, rank=2))], {}).values()
    assert isinstance(entry, Entry)
    assert (entry.count, entry.key) == (5, ("boat", Pos.NOUN))
