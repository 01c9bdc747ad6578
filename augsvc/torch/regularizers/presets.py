"""Plans by name, each with its sources, and reading a plan from a name, a file or a document."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from augsvc.errors import Fault, InvalidInput
from augsvc.pipeline import faults_of
from augsvc.torch.regularizers.plan import RegularizationPlan
from augsvc.torch.regularizers.settings import (
    AugmentationSettings,
    AverageSettings,
    DropoutSettings,
    EnsembleSettings,
    PenaltySettings,
    StoppingSettings,
)


def finetune() -> RegularizationPlan:
    """For a pretrained encoder and a small labelled set.

    Dropout of 0.1, weight decay of 0.01 and gradients of norm 1 as Devlin et al., BERT, NAACL 2019, and the code beside
    it; early stopping as Dodge et al., Fine-tuning pretrained language models, 2020; one word in ten replaced by a
    synonym (Zhang, Zhao and LeCun, NeurIPS 2015), though augmentation adds least where an encoder is pretrained and
    labels are many (Longpre, Wang and DuBois, How effective is task-agnostic data augmentation for pretrained
    transformers?, Findings of EMNLP 2020).
    """
    return RegularizationPlan(
        dropout=DropoutSettings(rate=0.1),
        penalty=PenaltySettings(l2=0.01),
        augmentation=AugmentationSettings(pipeline="regularize"),
        early_stopping=StoppingSettings(metric="accuracy", mode="max", patience=3),
        clip_norm=1.0,
    )


def single_epoch() -> RegularizationPlan:
    """For a language model that sees each text once: no dropout, which would only slow it down.

    Liu, Bauer and Manning, Drop dropout on single-epoch language model pretraining, Findings of ACL 2025, arXiv
    2505.24788; weight decay of 0.1 and gradients of norm 1 as Brown et al., Language models are few-shot learners,
    NeurIPS 2020. A text that is new needs no augmentation, and what is stopped early is only seen less.
    """
    return RegularizationPlan(dropout=DropoutSettings(rate=0.0), penalty=PenaltySettings(l2=0.1), clip_norm=1.0)


def multi_epoch() -> RegularizationPlan:
    """For a language model that sees its texts many times: strong weight decay, dropout, EMA and an ensemble.

    Kim, Kotha, Liang and Hashimoto, Pre-training under infinite compute, 2025, arXiv 2509.14786: the best weight decay
    is up to 30 times the usual 0.1 and grows with the model (0.8 for 150 million parameters, 1.6 for 300, 3.2 for 600
    and more; here 1.6), and an ensemble goes below what any one model reaches. Dropout of 0.1 for repeated text: Xue et
    al., To repeat or not to repeat, NeurIPS 2023. Average of weights: Morales-Brotons, Vogels and Hendrikx, Exponential
    moving average of weights in deep learning, TMLR 2024.
    """
    return RegularizationPlan(
        dropout=DropoutSettings(rate=0.1),
        penalty=PenaltySettings(l2=1.6),
        augmentation=AugmentationSettings(pipeline="regularize"),
        early_stopping=StoppingSettings(metric="loss", mode="min", patience=3),
        ensemble=EnsembleSettings(kind="deep", members=5),
        average=AverageSettings(kind="ema", decay=0.999),
        clip_norm=1.0,
    )


PLANS: dict[str, Callable[[], RegularizationPlan]] = {
    "finetune": finetune,
    "single-epoch": single_epoch,
    "multi-epoch": multi_epoch,
}
"""Plans by name."""


def load_plan(source: str | os.PathLike[str] | Mapping[str, Any] | RegularizationPlan) -> RegularizationPlan:
    """Return the plan of a preset's name, a file of JSON or YAML, or a mapping.

    A file's name ends in .json, .yaml or .yml. Raises InvalidInput, whose faults hold JSON pointers into the document,
    for no such preset or file, or what is no plan.
    """
    if isinstance(source, RegularizationPlan):
        return source
    if isinstance(source, str) and source in PLANS:
        return PLANS[source]()
    if not isinstance(source, str | os.PathLike | Mapping):
        raise InvalidInput(f"a plan is a preset's name, a file or a mapping, not {type(source).__name__}")
    document = source if isinstance(source, Mapping) else _read(Path(source))
    try:
        return RegularizationPlan.model_validate(document)
    except ValidationError as error:
        faults = _faults(error)
        detail = "; ".join(f"{pointer or '/'}: {reason}" for pointer, reason in faults[:3])
        raise InvalidInput(f"not a plan: {detail}", faults=faults) from None


def _read(path: Path) -> Any:
    if path.suffix not in _READERS:
        raise InvalidInput(
            f"no plan is named {str(path)!r}: there are {', '.join(PLANS)}, and files .json, .yaml and .yml"
        )
    try:
        return _READERS[path.suffix](path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} cannot be read: {' '.join(str(error).split())}") from None


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _yaml(text: str) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """One that refuses a name that comes twice, of which YAML would silently take the last."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            _once([(self.construct_object(key), None) for key, _ in node.value])
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(text, Loader)  # noqa: S506  a safe loader it is
    except yaml.YAMLError as error:
        raise ValueError(error) from None


def _once(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    names = [name for name, _ in pairs]
    if odd := [name for name in names if not isinstance(name, str)]:
        raise ValueError(f"{odd[0]!r} is no setting's name")
    if twice := {str(name) for name in names if names.count(name) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))} comes twice")
    return dict(pairs)


_READERS: dict[str, Callable[[str], Any]] = {".json": _json, ".yaml": _yaml, ".yml": _yaml}


def _faults(error: ValidationError) -> list[Fault]:
    """Return what is wrong, unknown names with the one that was probably meant."""
    return [
        fault._replace(detail=_unknown(fault.pointer.rpartition("/")[2])) if "Extra inputs" in fault.detail else fault
        for fault in faults_of(error)
    ]


def _unknown(name: str) -> str:
    schema = RegularizationPlan.model_json_schema()
    parts = (schema, *schema["$defs"].values())
    close = get_close_matches(name, {known for part in parts for known in part["properties"]}, 1)
    return "there is no such setting" + (f"; did you mean {close[0]}?" if close else "")
