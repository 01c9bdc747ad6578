"""A plan in the trainers of Lightning and of Hugging Face, against a plain loop over the same handle."""

from __future__ import annotations

import lightning.pytorch as lightning
import pytest
import torch
import transformers
from lightning.pytorch import callbacks as lightnings
from torch.utils.data import DataLoader
from torchdata.stateful_dataloader import StatefulDataLoader

from augsvc.errors import InvalidInput
from augsvc.torch.regularizers import lightning_callbacks, load_plan, trainer_arguments, trainer_callbacks

from .models import Averaging, ids_of

# They warn of one another, and of what they leave to us.
pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = [f"Note {i}: the tired dog walked home and slept {'happily' if i % 2 else 'badly'}." for i in range(24)]
ROWS = [{"ids": ids_of([text])[0], "labels": i % 2} for i, text in enumerate(TEXTS)]
PLAN = {
    "dropout": {"rate": 0.0},
    "penalty": {"l1": 0.02, "l2": 0.1},
    "average": {"decay": 0.8},
    "batch_norm": {},
    "label_smoothing": 0.1,
    "clip_norm": 0.5,
}
NOISY = PLAN | {"dropout": {"rate": 0.5, "kind": "linear", "steps": 12}}
STOPPING = {"metric": "accuracy", "mode": "max", "patience": 2, "threshold": None}
BATCH = 8


def applied(plan):
    torch.manual_seed(0)
    return load_plan(plan).apply(Averaging(2), lr=0.02)


def in_a_plain_loop(plan, epochs):
    training = applied(plan)
    for _ in range(epochs):
        for batch in DataLoader(ROWS, batch_size=BATCH):
            training.loss(training.model(batch["ids"]), batch["labels"]).backward()
            training.step()
    return training


class Module(lightning.LightningModule):
    """A plan's model, whose accuracy is given by hand, epoch by epoch."""

    def __init__(self, training, accuracies=()):
        super().__init__()
        self.training_, self.model = training, training.model
        self.accuracies = accuracies

    def training_step(self, batch, _):
        return self.training_.loss(self.model(batch["ids"]), batch["labels"])

    def validation_step(self, *_):
        if not self.trainer.sanity_checking:
            self.log("accuracy", self.accuracies[self.current_epoch])

    def configure_optimizers(self):
        return self.training_.optimizer


def by_lightning(training, epochs, folder, accuracies=(), resume=None, save_every=None):
    saving = lightnings.ModelCheckpoint(folder, "{step}", every_n_train_steps=save_every, save_top_k=-1)
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        callbacks=[*lightning_callbacks(training), *([saving] if save_every else [])],
        default_root_dir=folder,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=bool(save_every),
    )
    validation = DataLoader(ROWS, batch_size=24) if accuracies else None
    trainer.fit(Module(training, accuracies), StatefulDataLoader(ROWS, BATCH), validation, ckpt_path=resume)
    return trainer


def assert_alike(one, other):
    for part in (
        lambda t: t.model.state_dict(),
        lambda t: t.optimizer.state_dict()["state"],
        lambda t: t.average.state_dict(),
    ):
        torch.testing.assert_close(part(one), part(other), atol=0, rtol=0)


def test_lightning_trains_as_a_plain_loop_does(tmp_path):
    training = applied(PLAN)
    by_lightning(training, 3, tmp_path)
    assert training.steps == 9
    assert_alike(training, in_a_plain_loop(PLAN, 3))


def test_lightning_resumes_a_plan_with_its_checkpoint(tmp_path):
    whole = applied(NOISY)
    by_lightning(whole, 4, tmp_path, save_every=5)
    resumed = applied(NOISY)
    torch.manual_seed(99)
    by_lightning(resumed, 4, tmp_path / "again", resume=tmp_path / "step=5.ckpt")
    assert (resumed.steps, resumed.dropout.rate) == (12, 0.5)
    assert_alike(resumed, whole)


ACCURACIES = [0.5, 0.7, 0.6, 0.7, 0.9, 0.9]


@pytest.mark.parametrize(("warmup", "epochs"), [(0, 4), (3, 6)])
def test_lightning_stops_when_the_plan_says_and_the_best_weights_come_back(tmp_path, warmup, epochs):
    training = applied({"dropout": {"rate": 0}, "early_stopping": STOPPING | {"warmup": warmup}})
    trainer = by_lightning(training, 6, tmp_path, ACCURACIES)
    assert trainer.current_epoch == training.evaluations == epochs
    assert any(isinstance(one, lightnings.EarlyStopping) for one in trainer.callbacks) == (warmup == 0)
    best = in_a_plain_loop({"dropout": {"rate": 0}}, 2 if warmup == 0 else 5)
    assert torch.equal(training.finish().layers[0].weight, best.model.layers[0].weight)


def test_lightnings_callbacks_are_configured_from_the_plan():
    settings = {"metric": "f1", "mode": "max", "patience": 7, "min_delta": 0.1, "divergence": 0.1}
    training = applied({"early_stopping": settings | {"budget_seconds": 90}})
    _, stopping, timer = lightning_callbacks(training)
    assert (stopping.monitor, stopping.mode, stopping.patience, stopping.min_delta) == ("f1", "max", 7, 0.1)
    assert (stopping.stopping_threshold, stopping.divergence_threshold) == (None, 0.1)
    assert timer.time_remaining() == pytest.approx(90)


def test_a_threshold_is_reached_by_what_equals_it(tmp_path):
    # what is logged becomes a float32, which has one half exactly
    settings = {"metric": "accuracy", "mode": "max", "patience": 7, "threshold": 0.5}
    training = applied({"early_stopping": settings})
    by_lightning(training, 6, tmp_path, ACCURACIES)
    assert training.stopping.reason == "threshold"
    assert training.evaluations == 1


SNAPSHOTS = {"dropout": {"rate": 0.0}, "ensemble": {"kind": "snapshot", "members": 2, "cycle_steps": 3}}


def test_lightning_takes_snapshots_at_the_ends_of_cycles(tmp_path):
    training = applied(SNAPSHOTS)
    by_lightning(training, 3, tmp_path)
    ensemble = training.finish()
    assert ensemble.members == 2
    for member, epochs in enumerate((2, 3)):
        until_then = in_a_plain_loop(SNAPSHOTS, epochs).model.state_dict()
        torch.testing.assert_close(ensemble.member(member).state_dict(), until_then, atol=0, rtol=0)
    ids = torch.stack([row["ids"] for row in ROWS])
    expected = in_a_plain_loop(SNAPSHOTS, 3).finish().predict(ids)
    found = ensemble.predict(ids)
    assert torch.equal(found.mean, expected.mean)
    assert not torch.equal(found.probabilities[0], found.probabilities[1])


def test_lightning_resumes_in_the_middle_of_a_cycle(tmp_path):
    whole = applied(SNAPSHOTS)
    by_lightning(whole, 3, tmp_path, save_every=5)
    resumed = applied(SNAPSHOTS)
    by_lightning(resumed, 3, tmp_path / "again", resume=tmp_path / "step=5.ckpt")
    assert resumed.finish().members == 2
    torch.testing.assert_close(resumed.finish().state_dict(), whole.finish().state_dict(), atol=0, rtol=0)


def test_a_trainer_takes_no_snapshots():
    with pytest.raises(InvalidInput, match="learning rate"):
        trainer_callbacks(applied({"ensemble": {"kind": "snapshot", "members": 2, "cycle_steps": 2}}))


def test_a_metric_that_lightning_has_not_logged_is_named(tmp_path):
    with pytest.raises(InvalidInput, match="watches 'f1', but the module has logged accuracy"):
        by_lightning(applied({"early_stopping": {"metric": "f1", "warmup": 1}}), 1, tmp_path, [0.5])


class Classifier(torch.nn.Module):
    """A model as the Trainer calls it, around a plan's."""

    def __init__(self, training):
        super().__init__()
        self.model, self.loss = training.model, training.loss

    def forward(self, ids, labels):
        logits = self.model(ids)
        return {"loss": self.loss(logits, labels), "logits": logits}


def by_trainer(training, epochs, folder, accuracies=(), resume=None, sets=ROWS, **options):
    given = iter(accuracies)
    arguments = transformers.TrainingArguments(
        folder, num_train_epochs=epochs, per_device_train_batch_size=BATCH, report_to=[], use_cpu=True,
        disable_tqdm=True, lr_scheduler_type="constant", remove_unused_columns=False,
        **trainer_arguments(training.plan) | {"label_smoothing_factor": 0.0} | options,
    )  # fmt: skip
    trainer = transformers.Trainer(
        Classifier(training), arguments, train_dataset=ROWS, eval_dataset=sets,
        optimizers=(training.optimizer, None), callbacks=trainer_callbacks(training),
        compute_metrics=(lambda _: {"accuracy": next(given)}) if accuracies else None,
    )  # fmt: skip
    trainer._get_train_sampler = lambda *_: torch.utils.data.SequentialSampler(ROWS)
    trainer.train(resume_from_checkpoint=resume)
    return trainer


def test_the_trainer_trains_as_a_plain_loop_does(tmp_path):
    training = applied(PLAN)
    by_trainer(training, 3, tmp_path, save_strategy="no")
    assert training.steps == 9
    assert_alike(training, in_a_plain_loop(PLAN, 3))


def test_the_trainer_resumes_a_plan_with_its_checkpoint(tmp_path):
    whole = applied(NOISY)
    by_trainer(whole, 4, tmp_path, save_steps=5)
    resumed = applied(NOISY)
    by_trainer(resumed, 4, tmp_path, resume=str(tmp_path / "checkpoint-5"), save_strategy="no")
    assert (resumed.steps, resumed.dropout.rate) == (12, 0.5)
    assert_alike(resumed, whole)
    (tmp_path / "checkpoint-5" / "regularizers.pt").unlink()
    with pytest.raises(InvalidInput, match=r"regularizers\.pt is not there"):
        by_trainer(resumed, 4, tmp_path, resume=str(tmp_path / "checkpoint-5"), save_strategy="no")


@pytest.mark.parametrize(("warmup", "epochs"), [(0, 4), (3, 6)])
def test_the_trainer_stops_when_the_plan_says_and_loads_the_best_model(tmp_path, warmup, epochs):
    training = applied({"dropout": {"rate": 0}, "early_stopping": STOPPING | {"warmup": warmup}})
    trainer = by_trainer(training, 6, tmp_path, ACCURACIES, **EVERY_EPOCH)
    assert trainer.state.epoch == training.evaluations == epochs
    callbacks = trainer.callback_handler.callbacks
    assert any(isinstance(one, transformers.EarlyStoppingCallback) for one in callbacks) == (warmup == 0)
    best = in_a_plain_loop({"dropout": {"rate": 0}}, 2 if warmup == 0 else 5)
    assert torch.equal(training.finish().layers[0].weight, best.model.layers[0].weight)


EVERY_EPOCH = {"eval_strategy": "epoch", "save_strategy": "epoch"}
SETS = {"a": ROWS[:8], "b": ROWS[8:]}


@pytest.mark.parametrize("metric", ["b_accuracy", "eval_b_accuracy"])
@pytest.mark.parametrize("warmup", [0, 1])
def test_of_several_sets_the_trainer_watches_one(tmp_path, metric, warmup):
    training = applied({"early_stopping": STOPPING | {"metric": metric, "warmup": warmup}})
    of_both = [0.9, 0.5, 0.1, 0.7, 0.9, 0.6, 0.9, 0.6, 0.9, 0.9, 0.9, 0.9]  # a's and b's in turn
    trainer = by_trainer(training, 6, tmp_path, of_both, sets=SETS, **EVERY_EPOCH)
    assert trainer.state.epoch == training.evaluations == 4
    assert training.stopping.best == 0.7


WITHOUT = {"metric_for_best_model": None, "load_best_model_at_end": False}


@pytest.mark.parametrize(
    ("sets", "epochs", "options", "steps"),
    [(ROWS, 3, {}, 3), (SETS, 3, WITHOUT, 6), (SETS, 1, WITHOUT, 3)],
    ids=["one set", "a set again", "the end"],
)
def test_a_metric_that_no_evaluation_has_is_named(tmp_path, sets, epochs, options, steps):
    training = applied({"early_stopping": {"metric": "f1", "warmup": 1}})
    with pytest.raises(InvalidInput, match=r"watches 'eval_f1', but there are eval_.*loss.*: .* compute_metrics"):
        by_trainer(training, epochs, tmp_path, sets=sets, **EVERY_EPOCH | options)
    assert training.steps == steps


def test_what_else_is_evaluated_in_training_is_passed_over():
    training = applied({"early_stopping": STOPPING | {"metric": "loss", "mode": "min"}})
    watching = trainer_callbacks(training)[0]
    control = transformers.TrainerControl()
    watching.on_train_begin(None, transformers.TrainerState(), control)
    for metrics in ({"test_loss": 1.0}, {"test_loss": 1.0}, {"eval_loss": 1.0}, {"eval_b_loss": 1.0}):
        watching.on_evaluate(None, None, control, metrics=metrics)
    watching.on_train_end()
    assert training.evaluations == 1


def test_a_metric_may_be_named_as_the_trainer_does():
    arguments = trainer_arguments(load_plan({"early_stopping": STOPPING | {"metric": "eval_accuracy"}}))
    assert arguments["metric_for_best_model"] == "eval_accuracy"


def test_the_trainers_own_arguments_come_from_the_plan():
    plan = load_plan(PLAN | {"early_stopping": STOPPING})
    assert trainer_arguments(plan) == {
        "label_smoothing_factor": 0.1,
        "max_grad_norm": 0.5,
        "metric_for_best_model": "eval_accuracy",
        "greater_is_better": True,
        "load_best_model_at_end": True,
    }
