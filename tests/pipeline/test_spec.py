"""A pipeline is one document with one fingerprint, whatever way it was written."""

from __future__ import annotations

import json
import re

import pytest

import augsvc
from augsvc.constraints import Protect
from augsvc.errors import InvalidPipeline
from augsvc.lexicon import Lexicon
from augsvc.ops import RandomDeletion, Synonym
from augsvc.pipeline import PRESETS, Pipeline, parse


def test_a_string_is_always_a_presets_name() -> None:
    assert parse("regularize") == PRESETS["regularize"].pipeline == Pipeline(ops=(Synonym(rate=0.1),))
    with pytest.raises(InvalidPipeline, match="regularize"):
        parse('{"ops": []}')


def test_equal_pipelines_have_one_fingerprint_and_different_ones_have_others() -> None:
    lexicon = Lexicon.open()
    written = [{"ops": [{"type": "synonym"}]}, {"ops": [{"rate": 0.1, "senses": 12, "type": "synonym"}], "protect": {}}]
    other = {"ops": [{"type": "synonym", "rate": 0.2}]}
    first, second, third = (parse(document).fingerprint(lexicon) for document in [*written, other])
    assert first == second != third
    assert re.fullmatch("[0-9a-f]{32}", first)


def test_the_order_of_what_is_a_set_does_not_matter() -> None:
    lexicon = Lexicon.open()

    def fingerprint(registers: list[str], kinds: list[str]) -> str:
        synonym = {"type": "synonym", "registers": registers}
        return parse({"ops": [synonym], "protect": {"kinds": kinds}}).fingerprint(lexicon)

    kinds = [*Protect().kinds]
    assert fingerprint(["dated", "informal"], kinds) == fingerprint(["informal", "dated", "dated"], kinds[::-1])
    assert fingerprint([], kinds[::-1]) == parse({"ops": [{"type": "synonym"}]}).fingerprint(lexicon)
    assert fingerprint(["dated"], kinds) != fingerprint(["dated", "informal"], kinds)
    with pytest.raises(InvalidPipeline):
        fingerprint(["dated"] * 7, kinds)


def test_a_pipeline_written_otherwise_has_its_fingerprint_after_it_has_run() -> None:
    lexicon = Lexicon.open()
    texts = ["A dog ran."]
    one, other = {"ops": [{"type": "synonym", "rate": 0.5}]}, {"ops": [{"rate": 0.5, "type": "synonym"}]}
    found = set()
    for document in (one, other, other):
        augsvc.augment(texts, document, seed=0)
        found.add(parse(document).fingerprint(lexicon))
    assert len(found) == 1
    assert parse(one) == parse(other) != parse({"ops": [{"type": "synonym", "rate": 0.4}]})


def test_one_pass_and_two_are_different_pipelines() -> None:
    lexicon = Lexicon.open()
    ops = [{"type": "synonym"}, {"type": "random_deletion"}]
    assert parse({"ops": ops}).fingerprint(lexicon) != parse({"passes": [ops]}).fingerprint(lexicon)


def test_operations_of_a_type_are_counted_over_all_passes() -> None:
    pipeline = Pipeline(passes=((Synonym(), RandomDeletion()), (Synonym(), Synonym(rate=0.2))))
    names = [[named.name for named in stage] for stage in pipeline.stages]
    assert names == [["synonym#0", "random_deletion#0"], ["synonym#1", "synonym#2"]]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, ""),
        ({"ops": []}, "/ops"),
        ({"passes": [[]]}, "/passes/0"),
        ({"ops": [{"type": "synonym"}], "passes": [[{"type": "synonym"}]]}, ""),
        ({"ops": [{"type": "nonsense"}]}, "/ops/0"),
        ({"ops": [{"rate": 0.1}]}, "/ops/0"),
        ({"ops": [{"type": "synonym", "rate": 2}]}, "/ops/0/rate"),
        ({"ops": [{"type": "synonym", "rate": "0.1"}]}, "/ops/0/rate"),
        ({"ops": [{"type": "synonym", "ratio": 0.1}]}, "/ops/0/ratio"),
        ({"passes": [[{"type": "synonym", "min_edits": -1}]]}, "/passes/0/0/min_edits"),
        ({"ops": [{"type": "synonym"}], "protect": {"patterns": ["("]}}, "/protect/patterns/0"),
        ({"ops": [{"type": "synonym"}], "protect": {"kinds": ["verb"]}}, "/protect/kinds/0"),
        ({"ops": [{"type": "synonym"}], "protect": {"words": [""]}}, "/protect/words/0"),
    ],
)
def test_a_fault_is_pointed_at(document: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidPipeline) as caught:
        parse(document)
    assert pointer in [fault.pointer for fault in caught.value.faults]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_a_preset_says_what_it_is_for_and_whose_it_is(preset: object) -> None:
    assert preset.summary
    assert preset.source
    assert parse(json.loads(json.dumps(preset.pipeline.document()))) == preset.pipeline


def test_eda_takes_one_of_its_four_operations_for_a_text() -> None:
    texts = ["The young dog chased an old cat over the big wall of a house this morning."] * 200
    found = [{edit.op for edit in result.edits} - {"article"} for result in augsvc.augment(texts, "eda", seed=1)]
    assert {op for ops in found for op in ops} == {"synonym", "random_insertion", "random_swap", "random_deletion"}
    assert all(len(ops) <= 1 for ops in found)
    assert sum(map(len, found)) > 180
