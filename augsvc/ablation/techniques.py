"""The rows of an ablation: which parts of a plan each has."""

from __future__ import annotations

from collections.abc import Callable

from augsvc.torch.regularizers import RegularizationPlan
from augsvc.torch.regularizers.settings import PenaltySettings, Settings

NONE, ALL, BUT = "none", "all", "all_but_"
PARTS = ("dropout", "penalty", "augmentation", "early_stopping", "ensemble", "batch_norm")

Keep = Callable[[RegularizationPlan], RegularizationPlan]

NOT_A_PLAN_S = {"augmentation": ("seed", "copies", "include_original", "shuffle"), "ensemble": ("seed",)}
"""Settings that an experiment has of its own: a seed for each run, and one copy of a row for each member an epoch."""


def as_run(plan: RegularizationPlan) -> RegularizationPlan:
    """Return a plan as an experiment follows it, with the defaults of what it has of its own."""
    parts = {part: getattr(plan, part) for part, _ in unheeded(plan)}
    changed = {
        part: settings.model_copy(update={name: _default(settings, name) for name in NOT_A_PLAN_S[part]})
        for part, settings in parts.items()
    }
    return _with(plan, **changed)


def unheeded(plan: RegularizationPlan) -> list[tuple[str, str]]:
    """Return the settings of a plan, (part, name), that ask for something else than an experiment does."""
    return [
        (part, name)
        for part, names in NOT_A_PLAN_S.items()
        for name in names
        if (settings := getattr(plan, part)) and getattr(settings, name) != _default(settings, name)
    ]


def _default(settings: Settings, name: str) -> object:
    return type(settings).model_fields[name].default


def plans_of(plan: RegularizationPlan, *, batch_norm: bool = True) -> dict[str, RegularizationPlan]:
    """Return the plan of each row: `none`, each technique that the plan has alone, `all`, and all but each.

    What is no technique of its own, as label smoothing, is in `all` and `all_but_*` alone; without `batch_norm` that
    technique is in none, as the model has no form of it.
    """
    whole = plan if batch_norm else _with(plan, batch_norm=None)
    settings = {name: setting for name, setting in _techniques(whole).items() if setting}
    alone = {name: RegularizationPlan(**setting) for name, setting in settings.items()}
    but = {BUT + name: _without(whole, name) for name in settings}
    return {NONE: RegularizationPlan(), **alone, ALL: whole, **but}


def _techniques(plan: RegularizationPlan) -> dict[str, dict[str, object]]:
    """Return for each technique, in the order of the rows, what a plan of it alone has; nothing where it is off."""
    penalty = plan.penalty or PenaltySettings()
    parts = {name: {name: part} if (part := getattr(plan, name)) else {} for name in PARTS}
    return {
        "dropout": parts["dropout"],
        "l1": {"penalty": PenaltySettings(l1=penalty.l1)} if penalty.l1 else {},
        "l2": {"penalty": PenaltySettings(l2=penalty.l2)} if penalty.l2 else {},
        **{name: parts[name] for name in PARTS[2:]},
    }


def _without(plan: RegularizationPlan, technique: str) -> RegularizationPlan:
    if technique in ("l1", "l2") and plan.penalty:
        off = None if technique == "l2" else 0.0
        return _with(plan, penalty=plan.penalty.model_copy(update={technique: off}))
    return _with(plan, **{technique: None})


def _with(plan: RegularizationPlan, **changed: object) -> RegularizationPlan:
    return plan.model_copy(update=changed)
