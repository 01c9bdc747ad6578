"""`ablate`: the whole experiment, and the report that comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import BaseModel, ConfigDict

from augsvc.ablation.experiment import Experiment
from augsvc.ablation.figures import Figures
from augsvc.ablation.results import Results
from augsvc.ablation.schedule import finished, run_all
from augsvc.ablation.settings import Settings
from augsvc.ablation.table import Row, rows_of, target_of
from augsvc.ablation.techniques import NONE, plans_of
from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import RegularizationPlan

Advance = Callable[[float, float | None], None]
"""Called with how many runs are done, and how many there are."""


class Report(BaseModel):
    """What an ablation found; `target` is the accuracy that steps and seconds are counted to, in per cent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: Settings
    classes: int
    train_rows: int
    test_rows: int
    target: float
    left_out: tuple[str, ...]
    """Techniques that the model has no form of."""
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        """Return a row by its name."""
        return next(row for row in self.rows if row.name == name)


def ablate(
    settings: Settings,
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    target: float | None = None,
    folder: Path | None = None,
    advance: Advance = lambda _, __: None,
) -> Report:
    """Train a model with each technique of a plan alone, with all of them, with all but one and with none.

    All rows see the same training rows, first weights and orders under the same seed, so they are compared pairwise.

    Args:
        settings: data, model, plan and course.
        seeds: of the draws; two or more give intervals.
        jobs: processes, of one thread each.
        target: the accuracy that steps and seconds are counted to, in per cent; by default a little below the
            baseline's last.
        folder: where the figures of every finished run are kept, and looked for; by default in the user's cache.
        advance: is told how far the work is.

    Raises InvalidInput, InvalidCorpus or UnsupportedMedia for data that cannot be read or make no experiment.
    """
    experiment = Experiment(settings)
    plans = plans_of(settings.plan, batch_norm=experiment.batch_norm)
    return compare(experiment, plans, seeds, jobs=jobs, target=target, folder=folder, advance=advance)


def compare(
    experiment: Experiment,
    plans: Mapping[str, RegularizationPlan],
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    target: float | None = None,
    folder: Path | None = None,
    advance: Advance = lambda _, __: None,
) -> Report:
    """Train a model under each of several plans, the first of which, `none`, is what the others are compared with.

    Arguments and errors are those of `ablate`.
    """
    if not seeds:
        raise InvalidInput("an ablation needs one seed at least")
    settings = experiment.settings
    kept = (folder or user_cache_path("augsvc") / "ablations") / settings.fingerprint()
    done, missing = finished(plans, seeds, Results(kept))
    total = len(done) + len(missing)
    advance(len(done), total)
    for found in run_all(experiment, missing, kept, jobs):
        done.append(found)
        advance(len(done), total)
    figures = {name: _of(name, done) for name in plans}
    goal = target_of(figures[NONE]) if target is None else target
    return Report(
        settings=settings,
        classes=len(experiment.train.classes()),
        train_rows=len(experiment.train),
        test_rows=len(experiment.test),
        target=goal,
        left_out=() if experiment.batch_norm or settings.plan.batch_norm is None else ("batch_norm",),
        rows=tuple(rows_of(figures, goal)),
    )


def _of(name: str, done: Sequence[tuple[str, Figures]]) -> list[Figures]:
    return sorted((figures for row, figures in done if row == name), key=lambda one: one.seed)
