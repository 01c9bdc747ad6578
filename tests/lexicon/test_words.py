"""Sounds, phrases, inflection and Unicode: the parts of the builder that know a language."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.lexicon.builder.frequencies import Frequencies
from augsvc.lexicon.builder.inflection import UNSOURCED, Inflector, Sources, read_exceptions, read_unimorph
from augsvc.lexicon.builder.unicode import PAGE, char_class, fold_delta, tables
from augsvc.lexicon.phrases import split
from augsvc.lexicon.sounds import begins_with_vowel_sound
from augsvc.lexicon.wordlists import rows, words
from augsvc.types import SLOTS, CharClass, Pos

VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])


@pytest.fixture(scope="module")
def inflector() -> Inflector:
    verbs = ["pick", "take", "go", "make", "dry", "break", "give"]
    return Inflector(UNSOURCED, ["authority", "ground", "word", "force", "dog"], verbs)


@pytest.mark.parametrize(
    "word",
    ["honest", "hour", "heir", "un", "uninteresting", "f.b.i.", "mph", "x-ray", "onerous", "upon", "unimportant", "us"],
)
def test_takes_an(word):
    assert begins_with_vowel_sound(word)


@pytest.mark.parametrize(
    "word",
    ["house", "university", "one", "one-way", "european", "u.n.", "usa", "unit", "user", "eunuch", "ewe", "once", "mr"],
)
def test_takes_a(word):
    assert not begins_with_vowel_sound(word)


def test_the_sounds_agree_with_the_pronouncing_dictionary(shared_data):
    said = defaultdict(set)
    for line in (shared_data / "cmudict" / "cmudict").read_text("latin-1").splitlines():
        word, _, first, *_ = line.split()
        said[word.lower()].add(first.rstrip("012") in VOWELS)
    wrong = [word for word, sounds in said.items() if begins_with_vowel_sound(word) not in sounds]
    assert len(wrong) < 0.003 * len(said)
    open_to_doubt = [word for word in said if word[0] in "aeiouh"]
    assert len([word for word in wrong if word[0] in "aeiouh"]) < 0.01 * len(open_to_doubt)


@pytest.mark.parametrize(
    ("lemma", "pos", "head"),
    [
        ("mother-in-law", Pos.NOUN, "mother"),
        ("man of letters", Pos.NOUN, "man"),
        ("passer-by", Pos.NOUN, "passer"),
        ("close-up", Pos.NOUN, "up"),
        ("taxi driver", Pos.NOUN, "driver"),
        ("pick up", Pos.VERB, "pick"),
        ("eke out", Pos.VERB, "eke"),
        ("take care of", Pos.VERB, "take"),
        ("dry clean", Pos.VERB, "clean"),
        ("baby-sit", Pos.VERB, "sit"),
    ],
)
def test_phrases_are_split_at_the_word_that_inflects(lemma, pos, head):
    before, found, after = split(lemma, pos, frozenset({"pick", "take", "dry"}))
    assert (found, before + found + after) == (head, lemma)


@pytest.mark.parametrize(
    ("lemma", "pos", "forms"),
    [
        ("dog", Pos.NOUN, "dog dogs"),
        ("man", Pos.NOUN, "man men"),
        ("sheep", Pos.NOUN, "sheep sheep"),
        ("information", Pos.NOUN, "information -"),
        ("furniture", Pos.NOUN, "furniture -"),
        ("authorities", Pos.NOUN, "- authorities"),
        ("ground forces", Pos.NOUN, "-|ground forces"),
        ("attorney general", Pos.NOUN, "attorney general|attorneys general"),
        ("go", Pos.VERB, "go goes went gone going"),
        ("get", Pos.VERB, "get gets got got getting"),
        ("lie", Pos.VERB, "lie lies lay lain lying"),
        ("learn", Pos.VERB, "learn learns learned learned learning"),
        ("break down", Pos.VERB, "break down|breaks down|broke down|broken down|breaking down"),
        ("good", Pos.ADJ, "good better best"),
        ("vague", Pos.ADJ, "vague vaguer vaguest"),
        ("nosey", Pos.ADJ, "nosey nosier nosiest"),
        ("beautiful", Pos.ADJ, "beautiful - -"),
        ("well", Pos.ADV, "well better best"),
    ],
)
def test_first_choice_of_inflection(inflector, lemma, pos, forms):
    found = inflector.forms(lemma, pos)
    expected = forms.split("|" if "|" in forms else " ")
    assert [found.get(slot, ("-",))[0] for slot in SLOTS[pos]] == expected


def test_other_spellings_are_recognised_after_the_first(inflector):
    assert inflector.forms("travel", Pos.VERB)["VBD"] == ("traveled", "travelled")


@pytest.mark.parametrize("lemma", ["people", "authorities", "clothes", "ground forces"])
def test_lemmas_that_take_a_plural_verb(inflector, lemma):
    assert inflector.is_plural(lemma)


@pytest.mark.parametrize("lemma", ["dog", "news", "physics", "series", "bus", "grass", "analysis", "atlas"])
def test_lemmas_that_take_a_singular_verb(inflector, lemma):
    assert not inflector.is_plural(lemma)


def test_unimorph_is_read_by_slot(tmp_path):
    path = tmp_path / "verbs.tsv"
    path.write_text("go\twent\tV;PST\ngo\tgoes\tV;3;SG;PRS\ngo\tgo\tV;NFIN\n\n")
    assert read_unimorph(path) == {("go", "VBD"): ("went",), ("go", "VBZ"): ("goes",)}


def test_exception_lists_are_read_by_lemma_and_part_of_speech(tmp_path):
    for pos in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"{pos}.exc").write_text("men_of_war man_of_war\ncurricula curriculum\n" if pos == "noun" else "")
    found = {("man of war", Pos.NOUN): ("men of war",), ("curriculum", Pos.NOUN): ("curricula",)}
    assert read_exceptions(tmp_path) == found


def test_where_the_dictionary_is_silent_the_more_frequent_spelling_is_written():
    exceptions = {("zzzus", Pos.NOUN): ("zzzi",), ("zzza", Pos.NOUN): ("zzzae",), ("zzz", Pos.ADJ): ("zzzer", "zzzest")}
    inflector = Inflector(Sources({}, exceptions, Frequencies({"zzzi": 1e-6, "zzzas": 1e-6})), [], [])
    assert inflector.forms("zzzus", Pos.NOUN)["NNS"][0] == "zzzi"
    assert inflector.forms("zzza", Pos.NOUN)["NNS"] == ("zzzas", "zzzae")
    assert inflector.forms("zzz", Pos.ADJ) == {"JJ": ("zzz",), "JJR": ("zzzer",), "JJS": ("zzzest",)}


def test_an_unknown_compound_inflects_like_its_last_part(inflector):
    assert inflector.forms("dogbreak", Pos.VERB)["VBD"][0] == "dogbroke"


def test_exceptions_decide_between_spellings_that_the_dictionary_offers():
    offered = Inflector(UNSOURCED, [], []).forms("honey", Pos.VERB)["VBD"]
    inflector = Inflector(UNSOURCED._replace(exceptions={("honey", Pos.VERB): offered[-1:]}), [], [])
    assert inflector.forms("honey", Pos.VERB)["VBD"] == (offered[-1], *offered[:-1])


def test_corrections_name_a_real_slot():
    for _, pos, slot, _ in rows("inflections"):
        assert slot in SLOTS[Pos[pos.upper()]]


def test_no_list_holds_upper_case_or_stray_space():
    for name in (
        "function",
        "negation",
        "blocked",
        "crude",
        "profane",
        "filtered",
        "uncountable",
        "plural",
        "zero_plural",
        "abbreviations",
    ):
        assert all(word == word.lower().strip() and "  " not in word and word for word in words(name))


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("a", CharClass.LOWER),
        ("ß", CharClass.LOWER),
        ("ª", CharClass.LOWER),
        ("Ж", CharClass.UPPER),
        ("ǅ", CharClass.UPPER),
        ("\u0301", CharClass.MARK),
        ("\u200d", CharClass.MARK),
        ("7", CharClass.DIGIT),
        ("Ⅻ", CharClass.DIGIT),
        ("\t", CharClass.SPACE),
        ("\u00a0", CharClass.SPACE),
        ("\u2028", CharClass.SPACE),
        ("\x00", CharClass.OTHER),
        ("’", CharClass.PUNCT),
        ("€", CharClass.SYMBOL),
        ("😀", CharClass.SYMBOL),
        ("漢", CharClass.UNSEGMENTED),
        ("カ", CharClass.UNSEGMENTED),
        ("ไ", CharClass.UNSEGMENTED),
        ("한", CharClass.LOWER),
    ],
)
def test_character_classes(character, expected):
    assert char_class(character) is expected


@given(st.characters(categories=["Lu", "Lt"]))
def test_a_letter_folds_to_its_lower_case_or_stays(character):
    folded = chr(ord(character) + fold_delta(character))
    assert folded == character or folded == character.lower()
    assert len(folded.encode()) == len(character.encode())


def test_the_two_stage_tables_say_the_same_as_the_functions():
    page, classes, deltas = tables()
    assert len(classes) == len(deltas) == PAGE * (int(page.max()) + 1)
    for point in [*range(0, 0x3000, 7), *range(0x3000, 0x110000, 1009)]:
        at = int(page[point // PAGE]) * PAGE + point % PAGE
        assert classes[at] == char_class(chr(point))
        assert deltas[at] == fold_delta(chr(point))


def test_letters_that_python_knows_fold_as_python_does():
    letters = [chr(point) for point in range(0x530) if unicodedata.category(chr(point)) == "Lu"]
    same_size = [letter for letter in letters if len(letter.lower().encode()) == len(letter.encode())]
    assert all(chr(ord(letter) + fold_delta(letter)) == letter.lower() for letter in same_size)
