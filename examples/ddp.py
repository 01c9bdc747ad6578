"""DistributedDataParallel on two processes, one of them killed in mid-epoch, resumed as three: every row once.

What remains at the epoch's end is less than a step of all ranks, so they read unequal numbers of batches:
`drop_last=False` keeps these rows, and DDP's `join` lets ranks that are done take part in the last steps of the others.
Run it with `python examples/ddp.py`; in earnest, each rank is started by `torchrun`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import tempfile
from multiprocessing.connection import wait
from pathlib import Path

import torch
from classifier import LABELS, Classifier
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from augsvc.torch import AugmentedStream, Batch
from augsvc.views import Workspace

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
BATCH_ROWS, SAVED_EVERY, KILLED_AT = 10, 6, 9
SECONDS = 120


def main() -> None:
    """Train an epoch in two parts and count its rows; a row lost or doubled is an error."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with MESSAGES.open("rb") as file:
            rows = Workspace(folder).corpora.put("messages", file, "application/x-ndjson").rows
        launch(folder, world=2)
        state = torch.load(folder / "checkpoint.pt")["stream"]
        print(f"two ranks, one killed in step {KILLED_AT}: the checkpoint stands at {json.dumps(state)}")
        kept = [row for row in read(folder) if row < state["position"]]
        for log in folder.glob("*.rows"):
            log.unlink()
        launch(folder, world=3)
        rest = read(folder)
    print(f"rows trained on: {len(kept)} before the checkpoint by two ranks, {len(rest)} after it by three")
    if sorted(kept + rest) != list(range(rows)):
        raise SystemExit("rows were lost or doubled")
    print(f"all {rows} rows of the epoch, each once")


def launch(folder: Path, world: int) -> None:
    """Run a process for each rank until they end; where one is killed, so are the others, as `torchrun` does."""
    context = multiprocessing.get_context("forkserver")
    # imported once, not in each rank
    context.set_forkserver_preload(["__main__", "torch._dynamo"])
    ranks = [context.Process(target=train, args=(folder, world, rank), daemon=True) for rank in range(world)]
    for rank in ranks:
        rank.start()
    wait([rank.sentinel for rank in ranks], SECONDS)
    failed = any(rank.exitcode for rank in ranks)
    for rank in ranks:
        rank.kill() if failed else rank.join(SECONDS)
    if world == 3 and any(rank.exitcode != 0 for rank in ranks):
        raise SystemExit("a rank failed: see above")


def read(folder: Path) -> list[int]:
    """The positions of the epoch that all ranks have trained on."""
    return [int(line) for log in folder.glob("*.rows") for line in log.read_text().split()]


def train(folder: Path, world: int, rank: int) -> None:
    """A rank: one epoch, from the checkpoint where there is one."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", f"file://{folder}/ranks-{world}", rank=rank, world_size=world)
    stream = AugmentedStream(folder, "messages", seed=1, batch_size=BATCH_ROWS, drop_last=False, local=True)
    classifier = Classifier(seed=0)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        classifier.load_state_dict(saved["model"])
        stream.load_state_dict(saved["stream"])
    model = DistributedDataParallel(classifier)
    with model.join(), (folder / f"{rank}.rows").open("a") as log:
        for step, batch in enumerate(stream, 1):
            if world == 2 and rank == 1 and step == KILLED_AT:
                os.kill(os.getpid(), signal.SIGKILL)
            training_step(model, classifier.optimizer, batch)
            print(*batch["_position"], file=log, flush=True)
            # Rank 0 has a batch in every step, and all ranks' states are the same.
            if rank == 0 and step % SAVED_EVERY == 0:
                save(checkpoint, {"model": classifier.state_dict(), "stream": batch.state})
    # All leave together: one that is torn down while another still talks to it may hang.
    distributed.barrier()
    del model
    distributed.destroy_process_group()


def training_step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch) -> None:
    """One step of gradient descent, its gradient the mean of all ranks'."""
    labels = torch.tensor([LABELS.index(label) for label in batch["label"]])
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(batch["text"]), labels).backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def save(path: Path, state: dict[str, object]) -> None:
    """Write a checkpoint whole or not at all."""
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    main()
