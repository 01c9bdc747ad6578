"""On real and on hostile text: what no edit lists is identical, and nothing crashes."""

from __future__ import annotations

import pytest

import augsvc
from augsvc.errors import InvalidText

BOTH = {"ops": [{"type": "synonym", "rate": 0.2, "senses": 3}, {"type": "random_deletion", "rate": 0.1}]}
SEQUENCE = {"passes": [BOTH["ops"], BOTH["ops"]]}

HOSTILE = {
    "empty": "",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 dogs 👍🏽 ran 😀" * 50,
    "CJK": "我有二十本书，很好。日本語のテキスト 한국어 텍스트 ภาษาไทย" * 50,
    "right to left": "שלום dogs עולם \u200fمرحبا بالعالم\u200e houses" * 50,
    "control characters": "".join(map(chr, range(32))) + "dogs\x00ran\x7f\x85\u2028\u2029\ufeff" * 50,
    "combining marks": "d" + "\u0301" * 1000 + "ogs ran z̸̡̢͎a̷lgo",
    "HTML": '<p class="big dogs">The big <b>dogs</b> ran &amp; <a href="https://x.org/dogs">slept</a></p><!-- dogs -->'
    * 50,
    "unclosed": "<a <b <c `code (((( [[[[ {{{{ \"\"\"\" ''''" * 200,
    "apostrophes": "'" * 1000 + "dogs''''s n't't's ' '" * 50,
    "private use and unassigned": "\ue000dogs\U0010ffff ran\u0378",
}


def replay(text: str, result: augsvc.Augmented) -> tuple[str, str]:
    """Return the text rebuilt from edits, and what of the result lies outside them."""
    rebuilt, kept, done, result_done = [], [], 0, 0
    for edit in result.edits:
        assert text[edit.start : edit.end] == edit.original
        rebuilt += [text[done : edit.start], edit.replacement]
        kept.append(result.text[result_done : edit.result_start] == text[done : edit.start])
        done, result_done = edit.end, edit.result_end
    kept.append(result.text[result_done:] == text[done:])
    return "".join([*rebuilt, text[done:]]), "" if all(kept) else "changed"


@pytest.mark.parametrize("pipeline", [BOTH, SEQUENCE], ids=["one pass", "two passes"])
def test_over_ten_thousand_real_sentences_only_listed_edits_change_bytes(
    pipeline: object, sentences: list[str]
) -> None:
    assert len(sentences) > 10_000
    results = augsvc.augment(sentences, pipeline, seed=11)
    for text, result in zip(sentences, results, strict=True):
        assert replay(text, result) == (result.text, "")
    assert sum(bool(result.edits) for result in results) > len(sentences) / 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("pipeline", [BOTH, SEQUENCE], ids=["one pass", "two passes"])
def test_hostile_text_is_augmented_like_any_other(text: str, pipeline: object) -> None:
    for result in augsvc.augment([text, "They purchased it.", text], pipeline, seed=1, copies=2):
        original = text if result.id != 1 else "They purchased it."
        assert replay(original, result) == (result.text, "")


@pytest.mark.parametrize("word", ["a", "é", "'", "a-", "<a", "(a", "a.", "😀", "a'", "@", "&#"])
def test_ten_megabytes_without_a_space_take_one_linear_look(word: str) -> None:
    text = word * (10_000_000 // len(word.encode()))
    assert len(augsvc.augment([text], seed=1)[0].text) > 0


def test_a_lone_surrogate_is_refused_by_its_index() -> None:
    with pytest.raises(InvalidText) as caught:
        augsvc.augment(["fine", "\ud83d"], seed=1)
    assert caught.value.index == 1


def test_urls_numbers_and_names_survive_on_real_text(sentences: list[str]) -> None:
    marked = [text for text in sentences if "http" in text or "@" in text or any(c.isdigit() for c in text)]
    results = augsvc.augment(marked, {"ops": [op | {"rate": 1} for op in BOTH["ops"]]}, seed=1)
    for text, result in zip(marked, results, strict=True):
        for edit in result.edits:
            assert not any(character.isdigit() or character in "@/\\#_<>" for character in edit.original), text
