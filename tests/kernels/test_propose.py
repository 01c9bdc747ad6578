"""What a drawn word becomes, on sentences worked out by hand, and its draw among candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.kernels.draft import Step
from augsvc.types import TAGS, CandidateBits, PackTables, Register

from . import compiled
from .plain import Edit, scan
from .planning import deletions, groups_of, planned, synonyms
from .texts import QUICK
from .twin_propose import Words, is_allowed

Outcomes = Callable[[str, int | None], set[str]]


@pytest.fixture(scope="module")
def words(mini: PackTables) -> Words:
    return Words(mini)


@pytest.fixture(scope="module")
def outcomes(mini: PackTables, words: Words) -> Outcomes:
    """Return what one group makes of a text, over many keys: `senses` for synonyms, None for deletions."""

    def outcomes(text: str, senses: int | None) -> set[str]:
        step = deletions(most=1) if senses is None else synonyms(most=1, senses=senses)
        rows = planned(scan([text], mini), [step], mini, words, [0] * 100)
        return {applied(text, group, [*words.ids]) for edits in rows for group in groups_of(edits)}

    return outcomes


def applied(text: str, group: list[Edit], forms: list[str]) -> str:
    for edit in reversed(group):
        form = forms[edit.form] if edit.form >= 0 else ""
        text = text[: edit.start] + {0: form, 16: form.capitalize(), 32: form.upper()}[edit.case] + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("text", "senses", "becomes"),
    [
        ("the dog", 1, {"the hound"}),
        ("the dog", 2, {"the hound", "the animal"}),
        ("a dog", 2, {"a hound", "an animal"}),
        ("an animal", 1, {"a beast", "a creature"}),
        ("A DOG", 2, {"A HOUND", "AN ANIMAL"}),
        ("A dog", 2, {"A hound", "An animal"}),
        ("An old", 1, {"An aged"}),
        ("a  dog", 2, {"a  hound", "an  animal"}),
        ("a 'dog'", 2, {"a 'hound'", "an 'animal'"}),
        ('a ("dog")', 2, {'a ("hound")', 'an ("animal")'}),
        ('a (("dog', 2, {'a (("hound', 'an (("animal'}),
        ("a ((\"'dog", 2, {"a ((\"'hound", "a ((\"'animal"}),
        ('a" dog', 2, {'a" hound', 'a" animal'}),
        ("a (dog) animal", 1, {"a (hound) animal", "a (dog) beast", "a (dog) creature"}),
        ("A 'DOG'", 2, {"A 'HOUND'", "AN 'ANIMAL'"}),
        ("AN ANIMAL", 1, {"A BEAST", "A CREATURE"}),
        ("Friend", 1, {"Ally", "Soul mate"}),
        ("dog's", 1, {"hound's"}),
        ("top-dog dog/friend", 1, set()),
        ("idle aged", 255, set()),
        ("the old boy", 1, set()),
        ("Old BOY", 1, set()),
        ("old  boy", 1, {"aged  boy", "old  chum", "old  lad", "old  youth"}),
        ("old, boy", 1, {"aged, boy", "old, chum", "old, lad", "old, youth"}),
        ("big old dog", 1, set()),
        ("big old boy", 1, {"large old boy", "enormous old boy"}),
        ("The old animal friend", 1, set()),
        ("the old animal", 1, {"the aged animal", "the old beast", "the old creature"}),
    ],
)
def test_a_synonym_keeps_case_and_mends_its_article(
    text: str, senses: int, becomes: set[str], outcomes: Outcomes
) -> None:
    assert outcomes(text, senses) == becomes


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("big dog", {"dog", "big"}),
        ("big, dog", {", dog", "big,"}),
        ("big", {""}),
        ("  big", {"  "}),
        ("big\ndog", {"\ndog", "big\n"}),
        ("(big)", {"()"}),
        ("dog's friend", {"dog's"}),
        ("an old dog", {"old dog", "a dog", "an old"}),
        ("An old DOG", {"old DOG", "A DOG", "An old"}),
        ("A BIG ANIMAL", {"BIG ANIMAL", "AN ANIMAL", "A BIG"}),
        ("a big", {"big"}),
        ("a big, dog", {"big, dog", "a big,"}),
        ("a big zzz", {"big zzz", "a big"}),
        ('an "old" dog', {'"old" dog', 'an "old"'}),
        ('an "old dog"', {'"old dog"', 'an "old"'}),
        ("well-big", set()),
    ],
)
def test_a_deletion_takes_one_gap_and_leaves_articles_right(text: str, becomes: set[str], outcomes: Outcomes) -> None:
    assert outcomes(text, None) == becomes


@pytest.mark.parametrize(
    ("form", "tag", "number"),
    [
        ("rose", "VBD", 0),
        ("rose", "NN", 1),
        ("rose", "JJ", None),
        ("dog", "VBP", 1),
        ("the", "DT", None),
    ],
)
def test_a_form_is_read_by_its_tag_and_vbp_as_vb(
    form: str, tag: str, number: int | None, mini: PackTables, words: Words
) -> None:
    found = compiled.reading_of(words.ids[form], TAGS.index(tag), mini)
    assert found == (-1 if number is None else mini.form_reading[words.ids[form]] + number)


@given(
    zipf=st.integers(0, 255), register=st.integers(0, 255), weight=st.integers(1, 2**16 - 1),
    least=st.integers(0, 255), allowed=st.integers(0, 127),
)  # fmt: skip
@QUICK
def test_a_candidate_weighs_its_weight_or_nothing(
    zipf: int, register: int, weight: int, least: int, allowed: int
) -> None:
    word = (
        (2**20 - 1) | zipf << CandidateBits.ZIPF | register << CandidateBits.REGISTER | weight << CandidateBits.WEIGHT
    )
    step = Step(0, 0, 0, 0, 0, 1, least, allowed)
    assert compiled.allowed_weight(word, step) == (weight if is_allowed(word, step) else 0)


BOY = {"lad": 2, "nipper": 3, "youth": 5, "chum": 1, "cub": 4}


@pytest.mark.parametrize(
    ("senses", "zipf", "register", "left"),
    [
        (1, 0, Register(0), "lad youth chum"),
        (1, 0, Register.INFORMAL, "lad nipper youth chum"),
        (2, 0, Register.INFORMAL, "lad nipper youth chum"),
        (2, 0, Register.INFORMAL | Register.REGIONAL, "lad nipper youth chum cub"),
        (1, 101, Register.INFORMAL, "youth chum"),
        (2, 255, Register(0), "chum"),
    ],
)
def test_candidates_are_drawn_in_proportion_to_their_weights_among_those_allowed(
    senses: int, zipf: int, register: Register, left: str, mini: PackTables, words: Words
) -> None:
    """Over 6,000 draws each count lies within five standard deviations of its expectation."""
    randoms, out = np.empty(6000, np.uint32), np.empty(6000, np.int64)
    compiled.draws(np.array([3, 4, 0], np.uint32), 7, 5, randoms)
    step = Step(7, 0, 0, 0, 0, senses, zipf, int(register))
    compiled.candidates_of(int(mini.form_reading[words.ids["boy"]]), step, randoms, out, mini)
    counts, total = Counter([*words.ids][form] for form in out.tolist()), sum(BOY[word] for word in left.split())
    assert set(counts) == {*left.split()}
    for word, count in counts.items():
        share = BOY[word] / total
        assert abs(count - 6000 * share) <= 5 * (6000 * share * (1 - share)) ** 0.5


def test_where_no_candidate_is_allowed_another_word_is_drawn(mini: PackTables, words: Words) -> None:
    batch = scan(["idle dog big"], mini)
    step = synonyms(most=1)._replace(second=129)
    assert planned(batch, [step], mini, words, [0] * 10) == [[]] * 10
    boy = planned(scan(["dog boy big"], mini), [step], mini, words, [0] * 30)
    assert {edit.start for edits in boy for edit in edits} == {4}
    assert all(len(edits) == 1 for edits in boy)
