"""Compositions: decided per text, from the key alone, and never in the way of what stands beside them."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augsvc
from augsvc.errors import InvalidPipeline
from augsvc.lexicon import Lexicon
from augsvc.ops.synonym import Synonym
from augsvc.pipeline import parse

TEXT = "The old dog chased a young cat over the big wall."
MASK = {"type": "masking", "rate": 1, "max_edits": 1}
COPIES = 600


def masks(*tokens: str) -> list[dict[str, object]]:
    return [MASK | {"token": token} for token in tokens]


def kinds(pipeline: dict[str, object], copies: int = COPIES) -> list[frozenset[str]]:
    """Return which of the single letters in brackets each copy holds."""
    results = augsvc.augment([TEXT], pipeline, seed=5, copies=copies)
    return [frozenset(edit.replacement for edit in result.edits) for result in results]


def about(count: int, share: float) -> bool:
    """Say whether a count of COPIES lies within four standard deviations of a share."""
    return abs(count - COPIES * share) < 4 * (COPIES * share * (1 - share)) ** 0.5


def test_one_of_takes_one_member_a_text_as_often_as_its_weight_says() -> None:
    found = Counter(kinds({"ops": [{"type": "one_of", "ops": masks("A", "B", "C"), "weights": [1, 0, 3]}]}))
    assert set(found) == {frozenset("A"), frozenset("C")}
    assert about(found[frozenset("A")], 0.25)
    equally = Counter(kinds({"ops": [{"type": "one_of", "ops": masks("A", "B", "C")}]}))
    assert all(about(equally[frozenset(token)], 1 / 3) for token in "ABC")


def test_some_of_takes_so_many_each_set_as_likely() -> None:
    found = Counter(kinds({"ops": [{"type": "some_of", "n": 2, "ops": masks("A", "B", "C", "D")}]}))
    assert len(found) == 6
    assert all(len(tokens) == 2 and about(count, 1 / 6) for tokens, count in found.items())
    sizes = Counter(map(len, kinds({"ops": [{"type": "some_of", "n": [1, 3], "ops": masks("A", "B", "C")}]})))
    assert set(sizes) == {1, 2, 3}
    assert all(about(count, 1 / 3) for count in sizes.values())


def test_sometimes_takes_all_of_its_members_or_none() -> None:
    found = Counter(kinds({"ops": [{"type": "sometimes", "p": 0.3, "ops": masks("A", "B")}]}))
    assert set(found) == {frozenset("AB"), frozenset()}
    assert about(found[frozenset("AB")], 0.3)


def test_nested_members_happen_only_where_all_around_them_does() -> None:
    inner = {"type": "sometimes", "p": 0.5, "ops": masks("B")}
    found = Counter(kinds({"ops": [{"type": "one_of", "ops": [*masks("A"), inner]}]}))
    assert about(found[frozenset("A")], 0.5)
    assert about(found[frozenset("B")], 0.25)
    assert about(found[frozenset()], 0.25)


def test_a_composition_beside_another_changes_none_of_its_draws() -> None:
    one = {"type": "one_of", "ops": [{"type": "synonym", "rate": 0.2}, {"type": "random_swap", "rate": 0.2}]}
    other = {"type": "sometimes", "p": 0.5, "ops": [{"type": "aeda", "rate": 0.2}]}
    texts = [f"{TEXT} Number {n} sleeps." for n in range(50)]
    alone = augsvc.augment(texts, {"ops": [one]}, seed=1)
    for before, after in zip(alone, augsvc.augment(texts, {"ops": [one, other]}, seed=1), strict=True):
        own = [edit for edit in after.edits if edit.op != "aeda"]
        assert [(e.start, e.replacement) for e in own] == [(e.start, e.replacement) for e in before.edits]


def test_operations_inside_and_outside_are_counted_depth_first_over_all_passes() -> None:
    inner = {"type": "sometimes", "ops": [{"type": "synonym"}, {"type": "one_of", "ops": [{"type": "synonym"}]}]}
    pipeline = parse({"passes": [[{"type": "synonym"}, inner], [{"type": "synonym"}]]})
    assert [[named.name for named in stage] for stage in pipeline.stages] == [
        ["synonym#0", "synonym#1", "synonym#2"],
        ["synonym#3"],
    ]
    versions = pipeline.versions(Lexicon.open())["ops"]
    assert versions == {"synonym": Synonym.version, "sometimes": 1, "one_of": 1}


MEMBERS = st.recursive(
    st.sampled_from([{"type": "synonym", "rate": 0.3}, {"type": "random_swap"}, {"type": "aeda", "marks": ["!"]}]),
    lambda inner: st.builds(
        lambda ops, form: form | {"ops": ops},
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from([{"type": "one_of"}, {"type": "some_of", "n": [0, 1]}, {"type": "sometimes", "p": 0.7}]),
    ),
    max_leaves=8,
)


@given(ops=st.lists(MEMBERS, min_size=1, max_size=3), seed=st.integers(0, 2**63 - 1))
@settings(max_examples=40)
def test_any_nesting_reads_back_and_gives_one_output_however_a_batch_is_cut(ops: list[object], seed: int) -> None:
    pipeline = parse({"ops": ops})
    assert parse(json.loads(json.dumps(pipeline.document()))) == pipeline
    whole = augsvc.augment([TEXT, "", TEXT], pipeline, seed=seed)
    assert whole[2:] == augsvc.augment([TEXT], pipeline, seed=seed, ids=[2])
    first = augsvc.augment([TEXT], pipeline, seed=seed, copies=2)
    assert first[0] == whole[0]


def test_the_schema_of_a_pipeline_names_compositions() -> None:
    schema = type(parse("regularize")).model_json_schema()
    assert {"OneOf", "SomeOf", "Sometimes", "Synonym"} <= set(schema["$defs"])


def nested(depth: int) -> dict[str, object]:
    member: dict[str, object] = {"type": "synonym"}
    for _ in range(depth):
        member = {"type": "sometimes", "ops": [member]}
    return {"ops": [member]}


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"ops": [{"type": "one_of", "ops": []}]}, "/ops/0/ops"),
        ({"ops": [{"type": "one_of", "ops": [{"type": "aeda"}, {"type": "aeda", "rate": 2}]}]}, "/ops/0/ops/1/rate"),
        ({"ops": [{"type": "one_of", "ops": [{"type": "nonsense"}]}]}, "/ops/0/ops/0"),
        ({"ops": [{"type": "one_of", "ops": [{"type": "synonym"}], "weights": [1, 1]}]}, "/ops/0"),
        ({"ops": [{"type": "one_of", "ops": [{"type": "synonym"}], "weights": [0]}]}, "/ops/0"),
        ({"ops": [{"type": "some_of", "ops": [{"type": "synonym"}]}]}, "/ops/0/n"),
        ({"ops": [{"type": "some_of", "n": "two", "ops": [{"type": "synonym"}]}]}, "/ops/0/n"),
        ({"ops": [{"type": "some_of", "n": 2, "ops": [{"type": "synonym"}]}]}, "/ops/0"),
        ({"passes": [[{"type": "sometimes", "p": 2, "ops": [{"type": "synonym"}]}]]}, "/passes/0/0/p"),
        (nested(9), "/ops"),
        ({"ops": [{"type": "one_of", "ops": [{"type": "synonym"}] * 100}] * 5}, "/ops"),
    ],
)  # fmt: skip
def test_a_fault_is_pointed_at(document: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidPipeline) as caught:
        parse(document)
    assert pointer in [fault.pointer for fault in caught.value.faults]


def test_compositions_are_nested_as_deep_as_is_said() -> None:
    assert parse(nested(8)).names == [["synonym"]]


def test_absurd_depth_is_a_fault_too() -> None:
    with pytest.raises(InvalidPipeline):
        parse(nested(3000))
