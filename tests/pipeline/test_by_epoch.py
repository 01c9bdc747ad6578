"""A rate by epoch: each epoch is that of the pipeline which has its share for a rate."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augsvc
from augsvc.errors import InvalidPipeline
from augsvc.lexicon import Lexicon
from augsvc.ops import Synonym
from augsvc.pipeline import PRESETS, Pipeline, parse

TEXTS = [
    "The old dog chased a young cat over the big wall of an empty house.",
    "She purchased a car, and it has not moved since.",
    "",
    "Zoë said that the meeting would begin at nine, didn't she?",
]
TYPES = ["synonym", "random_deletion", "random_swap", "keyboard_noise", "aeda", "contraction", "determiner"]

shares = st.floats(0, 1)
rates = shares | st.fixed_dictionaries({"by_epoch": st.lists(shares, min_size=1, max_size=4)})
ops = st.fixed_dictionaries({"type": st.sampled_from(TYPES), "rate": rates})
compositions = st.fixed_dictionaries(
    {"type": st.just("sometimes"), "p": rates, "ops": st.lists(ops, min_size=1, max_size=2)}
) | st.fixed_dictionaries({"type": st.just("one_of"), "ops": st.lists(ops, min_size=1, max_size=3)})
passes = st.lists(ops | compositions, min_size=1, max_size=3)
protects = st.sampled_from([{}, {"words": ["dog"]}, {"max_changed": 0.3}])
pipelines = st.fixed_dictionaries({"ops": passes, "protect": protects}) | st.fixed_dictionaries(
    {"passes": st.lists(passes, min_size=1, max_size=2), "protect": protects}
)


def in_epoch(value: Any, epoch: int) -> Any:
    """Return a document with the epoch's share in the place of each schedule: the plain twin of `Pipeline.at`."""
    if isinstance(value, list):
        return [in_epoch(item, epoch) for item in value]
    if not isinstance(value, dict):
        return value
    if "by_epoch" in value:
        return value["by_epoch"][min(epoch, len(value["by_epoch"]) - 1)]
    return {name: in_epoch(item, epoch) for name, item in value.items()}


@settings(max_examples=150)
@given(pipeline=pipelines, epoch=st.integers(0, 6), copies=st.integers(1, 2))
def test_an_epoch_is_that_of_the_pipeline_with_its_rates(pipeline: dict[str, Any], epoch: int, copies: int) -> None:
    constant = in_epoch(pipeline, epoch)
    assert parse(pipeline).at(epoch) == parse(constant)
    options: dict[str, Any] = {"seed": 7, "epoch": epoch, "copies": copies}
    assert augsvc.augment(TEXTS, pipeline, **options) == augsvc.augment(TEXTS, constant, **options)


@given(pipeline=pipelines)
def test_a_document_reads_back(pipeline: dict[str, Any]) -> None:
    document = parse(pipeline).document()
    assert parse(json.loads(json.dumps(document))) == parse(pipeline)
    assert parse(document).document() == document


def test_the_last_share_holds_for_ever() -> None:
    pipeline = {"ops": [{"type": "synonym", "rate": {"by_epoch": [0, 1]}}]}
    assert augsvc.augment(TEXTS[:1], pipeline, seed=1)[0].edits == []
    assert all(augsvc.augment(TEXTS[:1], pipeline, seed=1, epoch=epoch)[0].edits for epoch in (1, 2, 2**32 - 1))


def test_a_number_stays_one_and_has_the_fingerprint_that_it_had() -> None:
    pipeline = parse("regularize")
    assert pipeline.at(3) is pipeline
    assert pipeline.document() == {"ops": [{"type": "synonym", "rate": 0.1}]}
    lexicon = Lexicon.open()
    schedules = [{"by_epoch": [0.1, 0.2]}, {"by_epoch": [0.2, 0.1]}, {"by_epoch": [0.1]}, 0.1]
    found = {Pipeline(ops=(Synonym.model_validate({"rate": rate}),)).fingerprint(lexicon) for rate in schedules}
    assert len(found) == 4
    assert pipeline.fingerprint(lexicon) in found


def test_epochs_with_the_same_rates_run_the_same_program() -> None:
    pipeline = parse({"ops": [{"type": "synonym", "rate": {"by_epoch": [0.1, 0.2]}}]})
    assert pipeline.at(1) is pipeline.at(2) is pipeline.at(2**32 - 1)
    assert pipeline.at(0) != pipeline.at(1)


def test_one_that_no_epoch_was_asked_of_does_not_run() -> None:
    pipeline = parse({"ops": [{"type": "synonym", "rate": {"by_epoch": [0.1]}}]})
    with pytest.raises(TypeError, match=r"Pipeline\.at"):
        pipeline.programs(Lexicon.open())


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_any_preset_can_follow_a_schedule(preset: Any) -> None:
    plain = preset.pipeline.document()

    def scheduled(value: Any) -> Any:
        if isinstance(value, list):
            return [scheduled(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {name: {"by_epoch": [0, item]} if name == "rate" else scheduled(item) for name, item in value.items()}

    options: dict[str, Any] = {"seed": 3, "epoch": 9}
    assert augsvc.augment(TEXTS, scheduled(plain), **options) == augsvc.augment(TEXTS, plain, **options)


@pytest.mark.parametrize(
    ("rate", "pointer"),
    [
        ({"by_epoch": []}, "/by_epoch"),
        ({"by_epoch": [0.1, 1.1]}, "/by_epoch/1"),
        ({"by_epoch": [0.1, "0.2"]}, "/by_epoch/1"),
        ({"by_epoch": 0.1}, "/by_epoch"),
        ({"by_epoch": [0.1] * 10_001}, "/by_epoch"),
        ({"by_epoch": [0.1], "then": 0.2}, "/then"),
        ({}, "/by_epoch"),
        ([0.1, 0.2], ""),
        (2, ""),
        (None, ""),
    ],
)
def test_a_fault_is_pointed_at(rate: object, pointer: str) -> None:
    members = [{"type": "synonym", "rate": rate}, {"type": "sometimes", "p": rate, "ops": [{"type": "aeda"}]}]
    with pytest.raises(InvalidPipeline) as caught:
        parse({"ops": members})
    assert {f"/ops/0/rate{pointer}", f"/ops/1/p{pointer}"} <= {fault.pointer for fault in caught.value.faults}
