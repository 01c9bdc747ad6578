"""The contract of an operation, run on every member of the catalogue."""

from __future__ import annotations

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import augsvc
from augsvc.ops import OPERATIONS, Op
from augsvc.ops.orthography import Orthography
from augsvc.ops.rules import RuleOp
from augsvc.ops.spans import SpanOp
from augsvc.pipeline import Augmented, Pipeline, parse

from .outcomes import outcomes

NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?= [a-z])")
"""Words with a capital between words without: names, or written as such."""

WORD = re.compile(r"\w+")

# operations on spans have a contract of their own: test_span_ops.py
every = pytest.mark.parametrize(
    "op", [op for op in OPERATIONS if not issubclass(op, SpanOp)], ids=lambda op: op.__name__
)
texts = st.lists(st.text(max_size=60) | st.text("aeion dogs' -.,A\n\t<>@#1é’😀", max_size=60), min_size=1, max_size=5)


def pipeline(op: type[Op], **settings: object) -> dict[str, object]:
    return {"ops": [{"type": op.model_fields["type"].default, "rate": 0.5} | settings]}


def replay(text: str, result: Augmented) -> str:
    for edit in reversed(result.edits):
        assert text[edit.start : edit.end] == edit.original
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def test_every_type_is_named_once() -> None:
    types = [op.model_fields["type"].default for op in OPERATIONS]
    assert len(set(types)) == len(types)


@every
def test_its_document_reads_back(op: type[Op]) -> None:
    first = parse(pipeline(op, max_edits=3))
    assert parse(json.loads(json.dumps(first.document()))) == first


@every
def test_its_worked_example_is_what_it_does(op: type[Op]) -> None:
    example = op.example
    result = augsvc.augment([example.before], pipeline(op, **example.settings), seed=example.seed)[0]
    assert result.text == example.after


@pytest.mark.parametrize("op", [op for op in OPERATIONS if "variant" in op.model_fields], ids=lambda op: op.__name__)
def test_the_example_of_each_variant_is_what_it_does(op: type[RuleOp]) -> None:
    kind = op.model_fields["type"].default
    examples = op.document()["schema"]["properties"]["variant"]["x-examples"]
    assert [*examples] == op.model_json_schema()["properties"]["variant"]["anyOf"][0]["enum"]
    for variant, example in examples.items():
        assert example["after"] in outcomes(example["before"], kind, variant)


@every
@given(texts=texts, seed=st.integers(0, 2**63 - 1))
def test_replaying_its_edits_gives_its_output(op: type[Op], texts: list[str], seed: int) -> None:
    for text, result in zip(texts, augsvc.augment(texts, pipeline(op, rate=1), seed=seed), strict=True):
        assert replay(text, result) == result.text
        assert all(result.text[e.result_start : e.result_end] == e.replacement for e in result.edits)
        assert all(a.end <= b.start for a, b in zip(result.edits, result.edits[1:], strict=False))


@every
@given(texts=texts)
def test_at_rate_zero_it_does_nothing(op: type[Op], texts: list[str]) -> None:
    assert [r.text for r in augsvc.augment(texts, pipeline(op, rate=0), seed=1)] == texts


@every
@given(texts=texts, cut=st.integers(0, 5))
def test_neighbours_do_not_matter(op: type[Op], texts: list[str], cut: int) -> None:
    ids = list(range(100, 100 + len(texts)))
    whole = augsvc.augment(texts, pipeline(op), seed=3, ids=ids)
    parts = [
        result
        for some in (slice(cut, None), slice(0, cut))
        for result in augsvc.augment(texts[some], pipeline(op), seed=3, ids=ids[some])
    ]
    assert sorted(parts, key=lambda r: r.id) == whole


@every
def test_threads_do_not_matter(op: type[Op], sentences: list[str]) -> None:
    some = sentences[:2000]
    alone = augsvc.augment(some, pipeline(op), seed=5)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(augsvc.augment, some, pipeline(op), seed=5) for _ in range(4)]
    assert all(run.result() == alone for run in runs)


@every
def test_epochs_and_copies_differ_and_repeat(op: type[Op], sentences: list[str]) -> None:
    long = [s for s in sentences if len(s) > 200][:200]
    # rules fit few places: at a higher rate they would take all of them, every time
    rate = 0.01 if issubclass(op, RuleOp) else 0.1
    first, again, other = (augsvc.augment(long, pipeline(op, rate=rate), seed=1, epoch=epoch) for epoch in (0, 0, 1))
    assert first == again
    edited = sum(bool(a.edits or b.edits) for a, b in zip(first, other, strict=True))
    least = int(edited >= 10) if issubclass(op, RuleOp) else 180
    assert sum(a.text != b.text for a, b in zip(first, other, strict=True)) >= least


@every
def test_its_rate_follows_a_schedule(op: type[Op], sentences: list[str]) -> None:
    shares, some = [0.05, 0.5], sentences[:100]
    for epoch, share in enumerate([*shares, shares[-1]]):
        found = augsvc.augment(some, pipeline(op, rate={"by_epoch": shares}), seed=1, epoch=epoch)
        assert found == augsvc.augment(some, pipeline(op, rate=share), seed=1, epoch=epoch)


@every
def test_its_limits_hold(op: type[Op], sentences: list[str]) -> None:
    text = max(sentences, key=len)
    groups = [
        len({e.group for e in augsvc.augment([text], pipeline(op, **limits), seed=2)[0].edits})
        for limits in ({"rate": 1, "max_edits": 2}, {"rate": 0, "min_edits": 3}, {"rate": 0.5, "max_edits": 0})
    ]
    most = [2, 3, 0]
    assert groups == most or (issubclass(op, RuleOp) and all(map(int.__le__, groups, most)))


@every
@given(text=st.text("abcdefgh ionsted.,", min_size=5, max_size=80), data=st.data())
def test_protected_spans_stay_as_they_are(op: type[Op], text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    result = augsvc.augment([text], pipeline(op, rate=1), seed=4, spans=[[[start, end, "X"]]])[0]
    assert result.spans is not None
    moved = result.spans[0]
    assert moved is not None
    assert result.text[int(moved[0]) : int(moved[1])] == text[start:end]


@every
@pytest.mark.parametrize("point", [False, True])
def test_a_protected_gap_or_point_between_words_stays(op: type[Op], point: bool, sentences: list[str]) -> None:
    texts = [text for text in sentences[:600] if " " in text]
    gaps = [[*re.finditer(" ", text)] for text in texts]
    places = [found[number % len(found)].span() for number, found in enumerate(gaps)]
    spans = [[[start, start if point else end, "X"]] for start, end in places]
    results = augsvc.augment(texts, pipeline(op, rate=1), seed=5, spans=spans)
    for text, (low, high), result in zip(texts, places, results, strict=True):
        assert result.spans is not None
        assert result.spans[0] is not None
        start, end, _ = result.spans[0]
        assert result.text[int(start) : int(end)] == ("" if point else text[low:high])


@every
def test_names_stay_by_default(op: type[Op], sentences: list[str]) -> None:
    # errors of orthography in the variant "case" are about the capitals of names
    settings = {"variant": "joined"} if op is Orthography else {}
    results = augsvc.augment(sentences[:1500], pipeline(op, rate=1, **settings), seed=6)
    for text, result in zip(sentences[:1500], results, strict=True):
        names = {*NAME.findall(text)}
        left = Counter(WORD.findall(result.text))
        assert all(left[name] >= count for name, count in Counter(WORD.findall(text)).items() if name in names)


@every
def test_it_documents_itself(op: type[Op]) -> None:
    assert op.summary()
    assert "Source:" in (op.__doc__ or "")
    fields = op.model_json_schema()["properties"]
    assert all("description" in field for name, field in fields.items() if name != "type")


@every
def test_its_golden_output_holds(op: type[Op]) -> None:
    """A change here is a new version of the operation and a line under "Output changes" in the changelog."""
    name = f"{op.model_fields['type'].default}.{op.version}.json"
    golden = json.loads((Path(__file__).parent / "golden" / name).read_text())
    built = Pipeline.model_validate(golden["pipeline"])
    assert [r.text for r in augsvc.augment(golden["texts"], built, seed=golden["seed"], copies=3)] == golden["outputs"]
