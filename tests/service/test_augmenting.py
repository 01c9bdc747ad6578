"""The work behind POST /augment, on texts that hypothesis makes up."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augsvc.errors import InvalidInput, TooLarge
from augsvc.lexicon import Lexicon
from augsvc.service.augmenting import JSON, augment
from augsvc.wire import ARROW

WORDS = st.sampled_from(
    ["the", "an", "old", "house", "dogs", "ran", "home", "good", "not", "don't", "https://a.b", "7", "#tag", "😀", "犬"]
)
TEXTS = st.lists(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)), max_size=6)
CODINGS = {"codepoint": ("utf-32-le", 4), "utf8": ("utf-8", 1), "utf16": ("utf-16-le", 2)}
BOTH = {"ops": [{"type": "synonym", "rate": 0.5}, {"type": "random_deletion", "rate": 0.2}]}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """The English pack."""
    return Lexicon.open()


def _answer(lexicon: Lexicon, **request: Any) -> dict[str, Any]:
    body = json.dumps({"seed": 3, "pipeline": BOTH, **request}).encode()
    answer: dict[str, Any] = json.loads(augment(body, JSON, lexicon, 10**6, lambda: False))
    return answer


@given(TEXTS, st.integers(1, 3), st.sampled_from(sorted(CODINGS)))
@settings(deadline=None, max_examples=60)
def test_the_original_outside_the_edits_is_untouched(
    lexicon: Lexicon, texts: list[str], copies: int, unit: str
) -> None:
    coding, width = CODINGS[unit]
    results = _answer(lexicon, texts=texts, copies=copies, offset_unit=unit)["results"]
    assert [result["copy"] for result in results] == list(range(copies)) * len(texts)
    for index, result in enumerate(results):
        raw, parts, at = texts[index // copies].encode(coding), [], 0
        for edit in result["edits"]:
            parts += [raw[at : edit["start"] * width], edit["replacement"].encode(coding)]
            at = edit["end"] * width
        assert b"".join([*parts, raw[at:]]).decode(coding) == result["text"]


@given(TEXTS, st.integers(0, 6))
@settings(deadline=None, max_examples=40)
def test_a_request_cut_in_two_gives_the_same_results(lexicon: Lexicon, texts: list[str], cut: int) -> None:
    ids = list(range(len(texts)))
    whole = _answer(lexicon, texts=texts, ids=ids)["results"]
    parts = [_answer(lexicon, texts=texts[part], ids=ids[part])["results"] for part in (slice(cut), slice(cut, None))]
    assert parts[0] + parts[1] == whole


@given(TEXTS)
@settings(deadline=None, max_examples=30)
def test_rows_of_the_arrow_answer_are_those_of_the_json(lexicon: Lexicon, texts: list[str]) -> None:
    body = json.dumps({"texts": texts, "seed": 3, "pipeline": BOTH}).encode()
    plain = json.loads(augment(body, JSON, lexicon, 10**6, lambda: False))
    table = pa.ipc.open_stream(augment(body, ARROW, lexicon, 10**6, lambda: False)).read_all()
    assert table.to_pylist() == plain["results"]
    told = {name: table.schema.metadata[f"augsvc:{name}".encode()].decode() for name in ("seed", "epoch", "pipeline")}
    assert told == {name: str(plain[name]) for name in told}


def test_a_bad_span_far_behind_is_found_where_it_is(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("augsvc.service.augmenting.SLICE_BYTES", 1)
    spans = [[[0, 1]]] * 9 + [[[0, 1], [0, 99]]]
    with pytest.raises(InvalidInput, match="/spans/9/1") as refused:
        _answer(lexicon, texts=["A dog."] * 10, spans=spans)
    assert refused.value.faults[0].pointer == "/spans/9/1"


def test_the_limit_counts_copies(lexicon: Lexicon) -> None:
    _answer(lexicon, texts=["a" * 1_000], copies=1_000)
    with pytest.raises(TooLarge, match="1001000 characters"):
        _answer(lexicon, texts=["a" * 1_001], copies=1_000)


@pytest.mark.parametrize("seed", [0, 2**53, 2**63 - 1])
def test_every_seed_is_echoed_exactly(lexicon: Lexicon, seed: int) -> None:
    assert _answer(lexicon, texts=["A good dog."], seed=seed)["seed"] == seed
