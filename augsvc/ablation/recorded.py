"""A plan as a report records it."""

from __future__ import annotations

from augsvc.pipeline import parse
from augsvc.torch.regularizers import RegularizationPlan
from augsvc.types import JsonObject


def recorded(plan: RegularizationPlan) -> JsonObject:
    """Return a plan as JSON with every setting, and the pipeline in the place of a preset's name.

    It is a plan that `load_plan` reads, and stays the same where presets and defaults become others.
    """
    document: JsonObject = plan.model_dump(mode="json")
    if plan.augmentation:
        document["augmentation"]["pipeline"] = parse(plan.augmentation.pipeline).document()
    return document
