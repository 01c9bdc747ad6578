"""What may stand in for what, on hand-made synsets: the rules one by one, and the weights to the digit."""

from __future__ import annotations

import numpy as np
import pytest

from augsvc.lexicon.builder.blocking import blocked_forms, is_decent
from augsvc.lexicon.builder.candidates import COMMONEST, COVERED, RAREST, SCALE, TEMPER, Proposer
from augsvc.lexicon.builder.columns import order_forms
from augsvc.lexicon.builder.entries import Entry, is_common, read_entries
from augsvc.lexicon.builder.flags import COMMON, first_names, form_flags, mark_replaceable, proper_nouns
from augsvc.lexicon.builder.frequencies import TAGGED_USE, UNTAGGED_SHARE, Frequencies, zipf_number
from augsvc.lexicon.builder.wordnet import Synset, Word
from augsvc.lexicon.wordlists import rows, words
from augsvc.types import FormFlag, Pos, Register

UNSEEN = Frequencies({})


def word(spelling, tag_count=1, rank=1, marker="", domains=()):
    return Word(spelling, rank, tag_count, marker, frozenset(domains))


def synset(*members, pos=Pos.NOUN, topic="noun.artifact"):
    return Synset(pos, members, topic)


def proposals(synsets, lemma, slot, pos=Pos.NOUN, forbidden=(), zipf=lambda _: 128):
    entries = read_entries(synsets)
    return Proposer(synsets, entries, frozenset(forbidden), zipf).proposals(entries[lemma, pos], slot)


def test_a_weight_is_the_square_of_the_sense_share_times_the_affinity():
    synsets = [
        synset(word("boat", 3), word("ship", 2), word("vessel", 1)),
        synset(word("boat", 0, rank=2), word("tureen", 1)),
        synset(word("vessel", 7, rank=2)),
    ]
    found = {proposal.form: proposal.weight for proposal in proposals(synsets, "boat", "NN")}
    first, second = (3 + 1) ** 2, (0 + 1) ** 2
    parts = {
        "ship": first * (1 + 4 * 2),
        "vessel": first * (1 + 4 * 1) * ((1 + 1) / (8 + 2)) ** 0.5,
        "tureen": second * (1 + 4 * 1),
    }
    whole = sum(part**TEMPER for part in parts.values())
    assert found == {form: round(SCALE * part**TEMPER / whole) for form, part in parts.items()}


def test_a_frequent_word_gains_by_the_fourth_root_up_to_a_point():
    synsets = [synset(word("ship"), word("boat"), word("scow"), word("vessel"))]
    zipf = {"ship": 5.0, "boat": 7.0, "scow": 2.5, "vessel": COMMONEST}
    found = proposals(synsets, "ship", "NN", zipf=lambda form: int(32 * zipf[form]))
    weights = {proposal.form: proposal.weight for proposal in found}
    assert weights["boat"] == weights["vessel"] == pytest.approx(weights["scow"] * 10 ** (2 / 4 * TEMPER), rel=1e-3)


def test_a_sense_without_candidates_takes_its_share_of_the_weight():
    synsets = [synset(word("house", 8)), synset(word("house", 1, rank=2), word("firm"))]
    (firm,) = proposals(synsets, "house", "NN")
    assert firm.weight == round(SCALE * (2 / (9 + 2)) ** COVERED)


def test_a_form_of_several_senses_has_the_first_rank_and_the_weights_together():
    alone = [synset(word("boat", 1), word("ship"))]
    twice = [*alone, synset(word("boat", 1, rank=2), word("ship", rank=2), word("vessel"))]
    (only,) = proposals(alone, "boat", "NN")
    ship, vessel = proposals(twice, "boat", "NN")
    assert (only.sense, ship.form, ship.sense, vessel.sense) == (0, "ship", 0, 1)
    assert only.weight == SCALE
    assert SCALE // 2 < ship.weight < SCALE
    assert ship.weight + vessel.weight in range(SCALE - 2, SCALE + 1)


def test_a_phrase_weighs_an_eighth_of_a_word():
    phrase, single = sorted(proposals([synset(word("car"), word("motor car"), word("auto"))], "car", "NN"))[::-1]
    assert phrase.form == "motor car"
    assert single.weight == pytest.approx(8**TEMPER * phrase.weight, abs=8)


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
        word("scow", domains=["disparagement"]),
        word("titanic", domains=["trade_name"]),
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


def test_what_is_too_rare_to_be_written_is_left_out():
    synsets = [synset(word("ship"), word("boat"), word("argosy"))]
    found = proposals(synsets, "ship", "NN", zipf=lambda form: RAREST - (form == "argosy"))
    assert [proposal.form for proposal in found] == ["boat"]


@pytest.mark.parametrize(
    ("domains", "register"),
    [
        (["slang"], Register.INFORMAL),
        (["archaism", "Scotland"], Register.DATED | Register.REGIONAL),
        (["Japan", "blend"], Register(0)),
    ],
)
def test_a_candidate_is_marked_with_the_register_of_its_word(domains, register):
    (only,) = proposals([synset(word("ship"), word("scow", domains=domains))], "ship", "NN")
    assert only.register == register


def test_forms_of_be_that_agree_in_person_are_not_proposed():
    synsets = [synset(word("tend"), word("be given"), word("incline"), pos=Pos.VERB)]
    assert [proposal.form for proposal in proposals(synsets, "tend", "VBD", Pos.VERB)] == ["inclined"]


@pytest.mark.parametrize(
    ("lemma", "slot", "expected"),
    [
        ("find", "VB", "detect see"),
        ("find", "VBD", "detected"),
        ("find", "VBN", "detected"),
        ("see", "VBD", "detected found"),
    ],
)
def test_a_past_that_is_also_the_participle_is_only_replaced_by_such(lemma, slot, expected):
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
    entries = read_entries([vulgar, synset(word("turd blossom"))])
    assert not is_decent(vulgar)
    assert proposals([vulgar], "dirt", "NN") == []
    assert {"turd", "turds", "turd blossom", "turd blossoms"} <= blocked_forms(entries.values())
    assert "dirt" not in blocked_forms(entries.values())


def test_the_company_of_a_crude_word_gives_candidates_but_not_the_word():
    bird = [synset(word("titmouse"), word("tomtit")), synset(word("nut"), word("seed")), synset(word("whorl"))]
    entries = read_entries([*bird, synset(word("outwhoring"), word("nut case"))])
    blocked = blocked_forms(entries.values())
    assert {"titmouse", "titmice", "nuts", "outwhoring", "nut case"} <= blocked
    assert blocked.isdisjoint({"tomtit", "seed", "whorl", "whorls"})
    assert is_decent(bird[0])


def test_a_word_of_a_public_list_is_blocked_in_every_form_and_one_that_no_dictionary_has_adds_nothing():
    entries = read_entries([synset(word("quickie"), word("fling")), synset(word("quickie divorce"), word("revue"))])
    blocked = blocked_forms(entries.values())
    assert {"quickie", "quickies", "quickie divorces", "revues"} <= blocked
    assert "fling" not in blocked
    assert "zoophilia" in words("profane") - blocked


@pytest.mark.parametrize(
    ("spelling", "common"), [("ship", True), ("Ship", False), ("b52", False), ("mothers-in-law", True)]
)
def test_common_words_have_no_capital_and_no_digit(spelling, common):
    assert is_common(word(spelling)) is common


def test_capitalised_classes_have_plurals_and_individuals_have_none():
    synsets = [synset(word("American"), topic="noun.person"), synset(word("Paris"), topic="noun.location")]
    entries = read_entries(synsets)
    assert entries["american", Pos.NOUN].forms["NNS"] == ("americans",)
    assert entries["paris", Pos.NOUN].forms.keys() == {"NN"}


def test_forms_run_by_falling_frequency_then_by_bytes():
    entries = list(read_entries([synset(word("boat", 1)), synset(word("ship", 50))]).values())
    forms = order_forms(entries, {"the", "zzz", "zzy"}, Frequencies({"the": 0.05, "ship": 1e-4, "boats": 1e-5}))
    assert forms.texts == ("the", "ship", "boats", "ships", "boat", "zzy", "zzz")
    assert forms.counts == (0, 35, 1, 15, 1, 0, 0)
    assert forms.zipf == (246, 160, 128, 0, 0, 0, 0)


def test_a_comparative_is_that_before_it_is_a_lemma_of_its_own():
    synsets = [synset(word("good", 1), pos=Pos.ADJ), synset(word("better", 90), pos=Pos.ADJ)]
    entries = list(read_entries(synsets).values())
    forms = order_forms(entries, (), UNSEEN)
    uses = forms.uses[forms.ids["better"]]
    assert [(entries[use.entry].lemma, use.slot) for use in uses] == [("good", "JJR"), ("better", "JJ")]


def test_a_rare_capitalised_sense_does_not_make_a_proper_noun():
    synsets = [
        synset(word("Say", 0)),
        synset(word("say", 90), pos=Pos.VERB),
        synset(word("Earth", 5), word("earth", 0)),
        synset(word("Oslo", 0)),
    ]
    entries = [*read_entries(synsets).values()]
    forms = order_forms(entries, (), UNSEEN)
    assert proper_nouns(entries, forms) == {"earth", "oslo"}


def test_first_names_that_are_common_words_are_not_names():
    entries = [*read_entries([synset(word("way", 2 * COMMON)), synset(word("rose", 3))]).values()]
    forms = order_forms(entries, {"ada"}, UNSEEN)
    assert first_names({"way", "rose", "ada"}, forms) == {"rose", "ada"}


def test_flags_are_independent_of_each_other():
    entries = [*read_entries([synset(word("hour", 3)), synset(word("ice age", 0))]).values()]
    forms = order_forms(entries, {"not", "anna"}, UNSEEN)
    flags = dict(zip(forms.texts, form_flags(forms, blocked={"hours"}, names={"anna"}), strict=True))
    assert flags["not"] == FormFlag.FUNCTION | FormFlag.NEGATION
    assert flags["anna"] == FormFlag.NAME | FormFlag.VOWEL
    assert flags["hour"] == FormFlag.VOWEL | FormFlag.ATTESTED
    assert flags["hours"] == FormFlag.VOWEL | FormFlag.ATTESTED | FormFlag.BLOCKED
    assert flags["ice age"] == FormFlag.VOWEL | FormFlag.PHRASE


def test_an_entry_counts_its_senses():
    (entry,) = read_entries([synset(word("boat", 3)), synset(word("boat", 2, rank=2))]).values()
    assert isinstance(entry, Entry)
    assert (entry.count, entry.key) == (5, ("boat", Pos.NOUN))


def test_a_phrase_is_as_frequent_as_its_tagged_uses_or_a_share_of_its_rarest_word():
    frequencies = Frequencies({"new": 1e-3, "york": 1e-4, "u.s": 1e-5})
    assert frequencies.of("new york", 20) == 20 * TAGGED_USE
    assert frequencies.of("new york", 2000) == 1e-4
    assert frequencies.of("new-york") == 1e-4 * UNTAGGED_SHARE
    assert frequencies.of("new zealand", 5) == 0
    assert frequencies.of("u.s.") == 1e-5


def test_a_clitic_is_as_frequent_as_the_words_it_ends():
    frequencies = Frequencies({"it's": 1e-3, "dog's": 1e-5, "don't": 1e-4})
    assert frequencies.of("'s") == pytest.approx(1.01e-3)
    assert frequencies.of("n't") == 1e-4


@pytest.mark.parametrize(("frequency", "number"), [(0, 0), (1e-12, 1), (1e-9, 1), (1e-6, 96), (0.05, 246), (1, 255)])
def test_frequencies_are_stored_in_steps_of_the_zipf_scale(frequency, number):
    assert zipf_number(frequency) == number


def test_every_register_is_one_of_the_names():
    assert all(name in Register.__members__ for _, name in rows("registers"))


def test_forms_with_candidates_are_marked_replaceable():
    entries = [*read_entries([synset(word("ship"), word("boat")), synset(word("ark"))]).values()]
    forms = order_forms(entries, (), UNSEEN)
    has = [entries[use.entry].lemma != "ark" for uses in forms.uses for use in uses]
    flags = mark_replaceable([FormFlag.VOWEL] * len(forms.texts), forms, np.cumsum([0, *has]))
    assert [form for form, flag in zip(forms.texts, flags, strict=True) if flag == FormFlag.VOWEL] == ["ark", "arks"]
