"""Rows of tokens with BIO tags go in and come out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc import AugmentedTokens, augment, augment_tokens
from augsvc.errors import InvalidInput, InvalidText
from augsvc.inprocess import default_lexicon
from augsvc.pipeline.bio import entities, tags_of
from augsvc.pipeline.tokens import augment_rows, join

from .moving import PARTICLE, SENTENCE, SWAP, moves, moving_lexicon

TOKENS = ["Ada", "Lovelace", "did", "n't", "see", "an", "old", "dog", "'s", "tail", "(", "big", ")", "in", "Paris", "."]
TAGS = ["B-PER", "I-PER", *["O"] * 12, "B-LOC", "O"]
NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
ALL = {"ops": [{"type": "synonym", "rate": 1}, {"type": "random_deletion", "rate": 0.3}]}
tag = st.sampled_from(NAMES)
token = st.text(max_size=6) | st.sampled_from(
    ["dog", "'s", "n't", ",", "(", ")", "New York", "", " ", "old", "Ada", "bought"]
)


def invalid(tags: list[str]) -> list[int]:
    """Return where an I follows what it cannot go on from."""
    before = ["O", *tags]
    return [n for n, (b, t) in enumerate(zip(before, tags, strict=False)) if t[0] == "I" and b[2:] != t[2:]]


def test_tokens_are_joined_as_people_write() -> None:
    joined = join(TOKENS, 0, default_lexicon().tables)
    assert joined.text.decode() == "Ada Lovelace didn't see an old dog's tail (big) in Paris."
    assert [joined.text[a:b].decode() for a, b in joined.places] == TOKENS


@given(rows=st.lists(st.lists(st.tuples(token, tag), max_size=12), max_size=3))
def test_at_rate_zero_every_token_comes_back_and_tags_are_valid(rows: list[list[tuple[str, str]]]) -> None:
    tokens, tags = [[t for t, _ in row] for row in rows], [[t for _, t in row] for row in rows]
    idle = {"ops": [{"type": "synonym", "rate": 0}]}
    results = augment_tokens(tokens, idle, seed=1, tags=tags)
    assert [result.tokens for result in results] == tokens
    for result, before in zip(results, tags, strict=True):
        assert result.tags == tags_of(entities(before, ""), len(before))
        assert result.sources == [*range(len(before))]
        assert invalid(before) or result.tags == before


@given(
    row=st.lists(st.tuples(token, tag), max_size=12),
    mode=st.sampled_from(["keep", "follow", "drop"]),
    seed=st.integers(0, 2**63 - 1),
)
def test_tags_are_always_valid_and_kept_entities_keep_their_tokens(
    row: list[tuple[str, str]], mode: str, seed: int
) -> None:
    tokens, tags = [t for t, _ in row], [t for _, t in row]
    chain = ALL | {"protect": {"spans": mode, "kinds": []}}
    for result in augment_tokens([tokens], chain, seed=seed, tags=[tags], copies=2):
        assert len(result.tokens) == len(result.tags) == len(result.sources)
        assert not invalid(result.tags)
        if mode == "keep":
            before = [
                (tokens[e.start : e.stop], e.label)
                for e in entities(tags, "")
                if "".join(tokens[e.start : e.stop]).strip()
            ]
            after = [(result.tokens[e.start : e.stop], e.label) for e in entities(result.tags, "")]
            assert [one for one in after if "".join(one[0]).strip()] == before


def test_a_token_knows_which_one_it_stands_for() -> None:
    for result in augment_tokens([TOKENS], ALL, seed=1, copies=20):
        assert result.tags is None
        assert [TOKENS[n] for n in (0, 1, 3, 14)] == [
            text for text, n in zip(result.tokens, result.sources, strict=True) if n in (0, 1, 3, 14)
        ]
        assert all(" " not in text for text in result.tokens)


def test_the_text_is_what_augment_makes_of_the_joined_one() -> None:
    text = join(TOKENS, 0, default_lexicon().tables).text.decode()
    for one, other in zip(
        augment_tokens([TOKENS], ALL, seed=3, copies=8), augment([text], ALL, seed=3, copies=8), strict=True
    ):
        assert join(one.tokens, 0, default_lexicon().tables).text.decode() == other.text


def test_numbers_stand_for_names() -> None:
    numbers = [NAMES.index(one) for one in TAGS]
    named = augment_tokens([TOKENS], ALL, seed=1, tags=[TAGS], copies=4)
    for one, other in zip(
        augment_tokens([TOKENS], ALL, seed=1, tags=[numbers], names=NAMES, copies=4), named, strict=True
    ):
        assert [NAMES[number] for number in one.tags] == other.tags


def moved(tokens: list[str], tags: list[str], variant: str, mode: str = "follow") -> AugmentedTokens:
    return next(augment_rows([tokens], moves(variant, mode), moving_lexicon(), seed=1, tags=[tags]))


def test_entities_move_with_their_tokens() -> None:
    tokens = ["Ada", "Lovelace", "wrote", "the", "program", "."]
    result = moved(tokens, ["B-PER", "I-PER", "O", "O", "B-MISC", "O"], SENTENCE)
    assert result.tokens == ["The", "program", "was", "written", "by", "Ada", "Lovelace", "."]
    assert result.tags == ["O", "B-MISC", "O", "O", "O", "B-PER", "I-PER", "O"]
    assert result.sources == [3, 4, None, None, None, 0, 1, 5]


def test_an_entity_that_is_cut_is_dropped_or_kept_whole() -> None:
    tokens, tags = ["He", "picked", "up", "the", "book", "."], ["O", "B-X", "I-X", "O", "O", "O"]
    cut, kept = moved(tokens, tags, PARTICLE), moved(tokens, tags, PARTICLE, "keep")
    assert (cut.tokens, cut.tags) == (["He", "picked", "the", "book", "up", "."], ["O"] * 6)
    assert (kept.tokens, kept.tags) == (tokens, tags)


@given(
    row=st.lists(st.tuples(st.sampled_from(["Ada", "Rosa", "saw", "the", "old", "book", "up", "of"]), tag), max_size=9)
)
def test_tags_are_valid_whatever_moves(row: list[tuple[str, str]]) -> None:
    for variant in (SWAP, PARTICLE, SENTENCE):
        result = moved([t for t, _ in row], [t for _, t in row], variant)
        assert not invalid(result.tags)
        assert len(result.tokens) == len(result.tags)


@pytest.mark.parametrize(
    ("tags", "names", "wrong"),
    [
        ([["O"]], None, "2 tokens but 1 tags"),
        ([["NN", "NN"]], None, "no tag of the BIO scheme"),
        ([["S-PER", "O"]], None, "no tag of the BIO scheme"),
        ([[0, 1]], None, "names="),
        ([[0, 9]], NAMES, "none of the tags"),
        ([[0, -100]], NAMES, "none of the tags"),
        ([["O", "O"]], NAMES, "none of the tags"),
        ([[0, 0]], ["O", "B-PER"], "lacks I-PER"),
        ([[0, 0]], ["B-PER", "I-PER"], "lacks O"),
        ([], None, "1 rows of tokens but 0 tags"),
    ],
)
def test_tags_that_are_none_are_refused(tags: list[list[object]], names: list[str] | None, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=wrong):
        augment_tokens([["a", "b"]], seed=1, tags=tags, names=names)


def test_tokens_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidInput, match="is a list"):
        augment_tokens(["a b"], seed=1)
    with pytest.raises(InvalidText) as refused:
        augment_tokens([["a"], ["\ud800"]], seed=1)
    assert refused.value.index == 1
