from __future__ import annotations

import json
import math
import subprocess
import sys
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from augsvc.errors import InvalidInput, InvalidPipeline
from augsvc.torch import regularizers
from augsvc.torch.regularizers import (
    PLANS,
    DeepEnsemble,
    RegularizationPlan,
    load_plan,
    sparsity,
    weights,
)

from .models import Averaging, Encoder, ids_of

TEXTS = [f"Note {i}: the tired dog walked home and slept {'happily' if i % 2 else 'badly'}." for i in range(16)]
LABELS = torch.tensor([i % 2 for i in range(16)])


def trained(plan, model, steps=5, lr=0.05, **options):
    training = load_plan(plan).apply(model, lr=lr, **options)
    for _ in range(steps):
        training.loss(training.model(ids_of(TEXTS)), LABELS).backward()
        training.step()
    return training


@pytest.mark.parametrize("name", PLANS)
def test_presets_survive_their_json_and_name_their_sources(name):
    plan = load_plan(name)
    assert load_plan(json.loads(json.dumps(plan.document()))) == plan
    assert RegularizationPlan.model_validate_json(plan.model_dump_json()) == plan
    assert "arXiv" in PLANS[name].__doc__ or "ACL" in PLANS[name].__doc__


def test_a_plan_is_read_from_json_and_from_yaml(tmp_path):
    document = {"dropout": {"rate": 0.2}, "penalty": {"l1": 1e-4}, "augmentation": {"pipeline": "eda"}, "clip_norm": 1}
    (tmp_path / "plan.json").write_text(json.dumps(document))
    (tmp_path / "plan.yaml").write_text(
        "dropout: {rate: 0.2}\npenalty:\n  l1: 1e-4\naugmentation: {pipeline: eda}\nclip_norm: 1\n"
    )
    plans = [load_plan(tmp_path / "plan.json"), load_plan(str(tmp_path / "plan.yaml")), load_plan(document)]
    assert plans[0] == plans[1] == plans[2]
    assert plans[0].penalty.l1 == 1e-4


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"dropuot": {}}, "/dropuot: there is no such setting; did you mean dropout?"),
        ({"early_stopping": {"pateince": 3}}, "/early_stopping/pateince: .* did you mean patience"),
        ({"dropout": {"rate": 1.5}}, "/dropout/rate: Input should be less"),
        ({"dropout": {}}, "/dropout/rate: Field required"),
        ({"ensemble": {"kind": "snapshot"}}, "needs cycle_steps"),
        ({"clip_norm": 0}, "/clip_norm"),
        ({"early_stopping": {"threshold": math.nan}}, "/early_stopping/threshold"),
        ({"early_stopping": {"divergence": math.inf}}, "/early_stopping/divergence"),
        ("unknown", "finetune, single-epoch, multi-epoch"),
        ("nowhere.yaml", "cannot be read"),
        ([], "a file or a mapping, not list"),
    ],
)
def test_what_is_no_plan_is_refused_by_name(document, message):
    with pytest.raises(InvalidInput, match=message):
        load_plan(document)


@pytest.mark.parametrize(
    "text", ["a: [", "dropout: {rate: 0.1}\ndropout: {rate: 0.2}", "just words", "\x00", "? [a, b]\n: c"]
)
def test_yaml_that_is_no_plan_is_refused(tmp_path, text):
    (tmp_path / "plan.yml").write_text(text)
    with pytest.raises(InvalidInput):
        load_plan(tmp_path / "plan.yml")


def test_a_pipeline_that_is_none_is_refused_with_the_plan():
    with pytest.raises(InvalidPipeline, match="no preset"):
        load_plan({"augmentation": {"pipeline": "regularise"}})


def test_every_setting_is_described_in_the_schema():
    schema = RegularizationPlan.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    assert len(parts) == 8
    assert all(setting["description"] for part in parts for setting in part["properties"].values())
    assert all(part["additionalProperties"] is False for part in parts)


def test_a_plan_cannot_be_changed():
    plan = load_plan("finetune")
    with pytest.raises(ValueError, match="frozen"):
        plan.clip_norm = 2.0


def test_an_empty_plan_changes_nothing():
    torch.manual_seed(3)
    model = Averaging(2)
    torch.manual_seed(3)
    twin = Averaging(2)
    torch.manual_seed(4)
    trained({}, model)
    torch.manual_seed(4)
    optimizer = torch.optim.AdamW(twin.parameters(), lr=0.05, weight_decay=0)
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(twin(ids_of(TEXTS)), LABELS).backward()
        optimizer.step()
    assert all(torch.equal(one, other) for one, other in zip(model.parameters(), twin.parameters(), strict=True))


def test_l2_decays_weights_alone_in_any_optimizer():
    for make in (Averaging, Encoder):
        model = make()
        for optimizer in (None, partial(torch.optim.SGD, lr=0.1), torch.optim.Adam(model.parameters())):
            training = load_plan({"penalty": {"l2": 0.3}}).apply(model, optimizer)
            decays = {p: group["weight_decay"] for group in training.optimizer.param_groups for p in group["params"]}
            assert decays == {p: 0.3 if p in set(weights(model)) else 0.0 for p in model.parameters()}


def test_names_are_cut_with_their_parameters():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    training = load_plan({"penalty": {"l2": 0.3}}).apply(model, torch.optim.AdamW(model.named_parameters()))
    groups = training.optimizer.state_dict()["param_groups"]
    assert [group["param_names"] for group in groups] == [["0.weight", "1.weight"], ["0.bias", "1.bias"]]
    assert [len(group["params"]) for group in groups] == [2, 2]


def test_of_an_ensemble_what_is_decayed_is_what_is_in_a_member():
    training = load_plan({"penalty": {"l2": 0.3}, "ensemble": {"members": 2}}).apply(Encoder)
    decays = {p: group["weight_decay"] for group in training.optimizer.param_groups for p in group["params"]}
    module = training.model.module
    assert decays[module.scale] == decays[module.head.bias] == decays[module.norm.weight] == 0.0
    assert decays[module.head.weight] == decays[module.embedding.weight] == 0.3


def test_a_plan_that_names_no_decay_leaves_the_optimizers():
    model = Averaging()
    for optimizer in (torch.optim.AdamW(model.parameters(), weight_decay=0.05), torch.optim.Rprop(model.parameters())):
        training = load_plan({"penalty": {"l1": 0.1}}).apply(model, optimizer)
        assert [group.get("weight_decay", 0.05) for group in training.optimizer.param_groups] == [0.05]


def test_an_average_has_the_dropout_that_its_model_came_to():
    plan = {"dropout": {"rate": 0.3, "kind": "linear", "steps": 4}, "average": {"decay": 0.5}}
    training = trained(plan, Averaging(2))
    assert training.finish().layers[2].p == training.model.layers[2].p == 0.3


def test_l1_gives_exact_zeros():
    assert sparsity(trained({"penalty": {"l1": 0.5}}, Averaging(2), steps=40).model).share > 0.3
    assert sparsity(trained({}, Averaging(2), steps=40).model).share < 0.05


def test_what_is_frozen_after_a_plan_was_applied_is_not_penalized():
    model = Averaging(2)
    training = load_plan({"penalty": {"l1": 0.5}}).apply(model, lr=0.05)
    model.embedding.requires_grad_(requires_grad=False)
    before = model.embedding.weight.clone()
    training.loss(model(ids_of(TEXTS)), LABELS).backward()
    training.step()
    assert torch.equal(model.embedding.weight, before)


def test_gradients_are_clipped():
    model = Averaging(2)
    before = [p.detach().clone() for p in model.parameters()]
    trained({"clip_norm": 1e-3}, model, 1, optimizer=partial(torch.optim.SGD, lr=1.0))
    moved = torch.cat([(p - b).flatten() for p, b in zip(model.parameters(), before, strict=True)]).norm()
    assert moved.item() == pytest.approx(1e-3, rel=1e-2)


@given(st.floats(0, 0.5), st.booleans())
def test_labels_are_smoothed_as_torch_does(smoothing, sequence):
    logits = torch.randn(4, 3, 5, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([[0, 1, 2], [3, 4, 0], [1, -100, 2], [3, 3, 3]])
    if not sequence:
        logits, targets = logits[:, 0], targets[:, 0]
    training = RegularizationPlan(label_smoothing=smoothing).apply(nn.Linear(1, 1))
    expected = nn.CrossEntropyLoss(label_smoothing=smoothing)(logits.reshape(-1, 5), targets.reshape(-1))
    torch.testing.assert_close(training.loss(logits, targets), expected)


def test_the_loss_of_an_ensemble_is_the_sum_of_its_members():
    training = load_plan({"ensemble": {"members": 3}, "label_smoothing": 0.1}).apply(partial(Averaging, 2))
    logits = training.model(ids_of(TEXTS))
    entropy = nn.CrossEntropyLoss(label_smoothing=0.1)
    torch.testing.assert_close(training.loss(logits, LABELS), sum(entropy(own, LABELS) for own in logits))
    torch.testing.assert_close(training.loss(logits, LABELS.expand(3, -1)), training.loss(logits, LABELS))


def test_what_is_evaluated_and_kept_is_the_average_with_its_own_statistics():
    plan = {"average": {"decay": 0.9}, "batch_norm": {}, "early_stopping": {"patience": 1}}
    training = trained(plan, Averaging(2))
    assert training.evaluated is not training.model
    assert not training.epoch_end(1.0)
    best = training.evaluated.layers[0].weight.detach().clone()
    training.loss(training.model(ids_of(TEXTS)), LABELS).backward()
    training.step()
    assert training.epoch_end(2.0)
    with pytest.raises(InvalidInput, match="batches"):
        training.finish()
    model = training.finish([ids_of(TEXTS)])
    assert torch.equal(model.layers[0].weight, best)
    embedded = model.embedding(ids_of(TEXTS))[ids_of(TEXTS) != 0]
    torch.testing.assert_close(model.norm.running_mean, embedded.mean(0))


def test_snapshots_come_back_as_an_ensemble():
    training = trained({"ensemble": {"kind": "snapshot", "members": 2, "cycle_steps": 2}}, Averaging(2), steps=6)
    assert isinstance(training.finish(), DeepEnsemble)
    assert training.finish().members == 2


def test_snapshots_are_asked_in_turn_where_the_plan_says_so():
    plan = {"ensemble": {"kind": "snapshot", "members": 2, "cycle_steps": 1, "vectorised": False}}
    assert not trained(plan, Averaging(2), steps=2).finish().vectorised


@pytest.mark.parametrize(("cycle", "kind"), [(9, Averaging), (2, DeepEnsemble)])
def test_a_training_too_short_for_two_snapshots_is_told(cycle, kind):
    training = trained({"ensemble": {"kind": "snapshot", "members": 3, "cycle_steps": cycle}}, Averaging(2), steps=3)
    with pytest.warns(UserWarning, match=f"took 3 steps, and a snapshot is taken every {cycle}") as warned:
        assert isinstance(training.finish(), kind)
    assert warned[0].filename == __file__


def test_one_snapshot_is_enough_for_a_plan_of_one():
    training = trained({"ensemble": {"kind": "snapshot", "members": 1, "cycle_steps": 2}}, Averaging(2), steps=3)
    assert training.finish().members == 1


@pytest.mark.parametrize(
    ("plan", "model", "message"),
    [
        ({"dropout": {"rate": 0.1}}, lambda: nn.Linear(1, 1), "dropout"),
        ({"batch_norm": {}}, lambda: nn.Linear(1, 1), "batch normalization"),
        ({"ensemble": {}}, nn.Linear(1, 1), "function that makes a model"),
        ({"ensemble": {}, "batch_norm": {"synchronized": True}}, Averaging, "vectorised"),
        ({"ensemble": {"members": 5}}, DeepEnsemble.create(Averaging, 3), "5 members, but .* given 3"),
    ],
)
def test_a_model_that_a_plan_does_not_fit_is_refused(plan, model, message):
    with pytest.raises(InvalidInput, match=message):
        load_plan(plan).apply(model)


def test_an_optimizer_that_a_plan_does_not_fit_is_refused():
    model, plan = Averaging(), load_plan({"penalty": {"l2": 0.1}})
    with pytest.raises(InvalidInput, match="another model"):
        plan.apply(model, torch.optim.SGD(Averaging().parameters(), lr=0.1))
    with pytest.raises(InvalidInput, match="no weight decay"):
        plan.apply(model, torch.optim.LBFGS(model.parameters()))


def test_a_state_of_another_plan_is_refused():
    state = trained({"average": {}}, Averaging(2), 1).state_dict()
    with pytest.raises(InvalidInput, match="only one of the two has average"):
        load_plan({}).apply(Averaging(2)).load_state_dict(state)


def test_batch_normalization_is_synchronized_ours_masked_and_others_as_torch_has_it():
    for make, kind in ((Averaging, "MaskedBatchNorm1d"), (Encoder, "SyncBatchNorm")):
        training = load_plan({"batch_norm": {"synchronized": True}}).apply(make())
        assert type(training.model.norm).__name__ == kind
        assert getattr(training.model.norm, "synchronized", True)


def test_importing_regularizers_loads_no_trainer():
    late = ["lightning", "transformers"]
    code = f"import sys, augsvc.torch.regularizers; print([name for name in {late} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    with pytest.raises(AttributeError, match="nothing_such"):
        regularizers.nothing_such  # noqa: B018


def test_a_plan_without_augmentation_streams_texts_as_they_are(data):
    stream = load_plan({}).stream(data, "notes", batch_size=50, local=True, include_original="column")
    batch = next(iter(stream))
    assert batch["text"] == batch["_original"]
    plan = load_plan({"augmentation": {"pipeline": "eda", "seed": 7, "include_original": "column"}})
    batch = next(iter(plan.stream(data, "notes", batch_size=50, local=True)))
    assert batch["text"] != batch["_original"]
    rows = plan.augmented([{"text": text} for text in TEXTS])
    assert [row["text"] for row in rows] != TEXTS
    assert [row["_original"] for row in rows] == TEXTS
    with pytest.raises(InvalidInput, match="are for streams"):
        load_plan({"augmentation": {"copies": 2}}).augmented([])
