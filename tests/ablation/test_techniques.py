from __future__ import annotations

from augsvc.ablation.defaults import PLAN
from augsvc.ablation.techniques import as_run, plans_of, unheeded
from augsvc.torch.regularizers import RegularizationPlan, load_plan

NAMES = ["dropout", "l1", "l2", "augmentation", "early_stopping", "ensemble", "batch_norm"]


def test_rows_are_none_each_all_and_all_but_each():
    assert list(plans_of(PLAN)) == ["none", *NAMES, "all", *(f"all_but_{name}" for name in NAMES)]


def test_each_alone_is_what_all_but_it_lack():
    plans, fields = plans_of(PLAN), ("dropout", "augmentation", "early_stopping", "ensemble", "batch_norm")
    assert plans["none"] == RegularizationPlan()
    assert plans["all"] == PLAN
    for name in fields:
        assert plans[name].document() == {name: PLAN.document()[name]}
        assert name not in plans[f"all_but_{name}"].document()
    assert plans["l1"].penalty == plans["all_but_l2"].penalty == PLAN.penalty.model_copy(update={"l2": None})
    assert plans["l2"].penalty == plans["all_but_l1"].penalty == PLAN.penalty.model_copy(update={"l1": 0.0})


def test_what_a_plan_lacks_has_no_row():
    assert list(plans_of(load_plan("single-epoch"))) == [
        "none",
        "dropout",
        "l2",
        "all",
        "all_but_dropout",
        "all_but_l2",
    ]


def test_what_an_experiment_has_of_its_own_is_not_followed_and_told():
    augmentation = {"pipeline": "eda", "copies": 4, "seed": 7, "include_original": "rows"}
    plan = load_plan({"augmentation": augmentation, "ensemble": {"members": 3, "seed": 2**60}})
    assert as_run(plan) == load_plan({"augmentation": {"pipeline": "eda"}, "ensemble": {"members": 3}})
    assert unheeded(plan) == [
        ("augmentation", "seed"),
        ("augmentation", "copies"),
        ("augmentation", "include_original"),
        ("ensemble", "seed"),
    ]
    assert as_run(PLAN) == PLAN
    assert unheeded(PLAN) == unheeded(RegularizationPlan()) == []


def test_a_model_without_batch_normalization_has_no_row_of_it():
    plans = plans_of(PLAN, batch_norm=False)
    assert not any("batch_norm" in name or plan.batch_norm for name, plan in plans.items())
