"""The whole product in a few minutes: augment, train from a stream, kill the server in mid-epoch, resume exactly.

Run it with `make demo` or `python3 scripts/project.py demo`.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import torch
from classifier import LABELS, Classifier, accuracy, training_step
from torch.utils.data import DataLoader

from augsvc import Client, Edit
from augsvc.cli import show
from augsvc.torch import AugmentedStream

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
EPOCHS, BATCH_ROWS, COPIES = 6, 32, 4
KILLED_AT = (2, 11)  # epoch and step, both counted from 0
READY_SECONDS = 150

console = show.console()


def main() -> None:
    """Run the demonstration; any difference between the resumed and the uninterrupted training is an error."""
    # Sums in one order: the weights are compared bit for bit.
    torch.set_num_threads(1)
    training, held_out = split()
    with tempfile.TemporaryDirectory(prefix="augsvc-demo-") as folder:
        data, port = Path(folder, "data"), free_port()
        url = f"http://127.0.0.1:{port}"
        heading("Start a server and upload a corpus")
        with serving(data, port) as server, Client(url) as client:
            corpus = client.put_corpus("messages", training, media_type="application/x-ndjson")
            console.print(f"{corpus['rows']} labelled messages are now corpus [bold]{corpus['name']}[/] at {url}")
            heading("Augment a few of them")
            show_edits(client)
            heading("Train a classifier from the stream, and kill the server in mid-epoch")
            model, state = train_until_killed(url, server, held_out)
        heading("Start it again on the same data, and go on")
        with serving(data, port) as server:
            finish(url, model, state, held_out)
            heading("Compare with a training that was never interrupted")
            compare(data, model)
            heading("Stop the server")
            server.terminate()
            console.print(f"asked to stop, it ended with status {server.wait(timeout=30)}")


def split() -> tuple[bytes, list[dict[str, str]]]:
    """The lines to train on, and every fifth message, which only tests."""
    lines = MESSAGES.read_bytes().splitlines(keepends=True)
    held_out = [json.loads(line) for line in lines[::5]]
    del lines[::5]
    return b"".join(lines), held_out


def show_edits(client: Client) -> None:
    """Print a few augmented texts with what was replaced struck out in red and what replaced it in green."""
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[:8]]
    for text, result in zip(texts, client.augment(texts, seed=1)["results"], strict=True):
        edits = [Edit(**edit) for edit in result["edits"]]
        console.print("  ", show.shown(text, edits, colour=console.color_system is not None), sep="")


def train_until_killed(
    url: str, server: subprocess.Popen[bytes], held_out: list[dict[str, str]]
) -> tuple[Classifier, dict[str, object]]:
    """Train until the server is killed at KILLED_AT; return the model and the state saved after its last batch."""
    model = Classifier(seed=0)
    stream = training_stream(url)
    for epoch in range(KILLED_AT[0] + 1):
        for step, batch in enumerate(DataLoader(stream, batch_size=None)):
            loss = training_step(model, batch)
            if (epoch, step) == KILLED_AT:
                server.kill()
                console.print(
                    f"epoch {epoch}: step {step + 1} of {len(stream)} is done: [bold red]kill -9 {server.pid}[/]"
                )
                console.print(f"saved beside the model: {json.dumps(batch.state)}")
                return model, batch.state
        report(epoch, loss, model, held_out)
    raise AssertionError("the server is killed before training ends")


def finish(url: str, model: Classifier, state: dict[str, object], held_out: list[dict[str, str]]) -> None:
    """Go on from the saved state with a new stream, as a new process would, to the last epoch."""
    stream = training_stream(url)
    stream.load_state_dict(state)
    for epoch in range(KILLED_AT[0], EPOCHS):
        for step, batch in enumerate(DataLoader(stream, batch_size=None)):
            if epoch == KILLED_AT[0] and step == 0:
                console.print(f"the next batch is positions {batch['_position'][0]} to {batch['_position'][-1]}")
            loss = training_step(model, batch)
        report(epoch, loss, model, held_out)


def compare(data: Path, resumed: Classifier) -> None:
    """Train without a server and without a break, and exit with an error unless every weight comes out the same."""
    model = Classifier(seed=0)
    stream = training_stream(str(data), local=True)
    for _ in range(EPOCHS):
        for batch in DataLoader(stream, batch_size=None):
            training_step(model, batch)
    pairs = zip(model.parameters(), resumed.parameters(), strict=True)
    if not all(torch.equal(one, other) for one, other in pairs):
        raise SystemExit("the weights differ: training did not resume on exactly the next batch")
    weights = sum(parameter.numel() for parameter in model.parameters())
    console.print(f"all {weights:,} weights are equal, bit for bit: no row was lost, repeated or changed")


def report(epoch: int, loss: float, model: Classifier, held_out: list[dict[str, str]]) -> None:
    """Print how an epoch went."""
    score = f"{accuracy(model, held_out):.0%} of unseen messages right (guessing: {1 / len(LABELS):.0%})"
    console.print(f"epoch {epoch}: loss {loss:.3f}, {score}")


def training_stream(source: str, *, local: bool = False) -> AugmentedStream:
    """The stream that all trainings here read; only its source differs."""
    return AugmentedStream(source, "messages", seed=1, copies=COPIES, batch_size=BATCH_ROWS, local=local)


@contextmanager
def serving(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server on a data directory that answers once the block begins, and is gone after it."""
    log = data.with_name("server.log")
    command = [str(Path(sys.executable).with_name("augsvc")), "serve", "--port", str(port), "--data", str(data)]
    with log.open("ab") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server, log)
            yield server
        finally:
            server.kill()


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the kernels to be compiled, and say how far they are."""
    started = time.monotonic()
    told = ""
    while time.monotonic() < started + READY_SECONDS and server.poll() is None:
        detail = readiness(url)
        if detail is None:
            console.print(f"ready after {time.monotonic() - started:.1f} s")
            return
        if detail != told:
            console.print(told := detail, style="dim")
        time.sleep(0.2)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")


def readiness(url: str) -> str | None:
    """What a server still waits for; None once it is ready."""
    try:
        answer = httpx.get(f"{url}/readyz")
    except httpx.TransportError:
        return "Starting."
    return None if answer.is_success else str(answer.json()["detail"])


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def heading(text: str) -> None:
    """Print what comes next."""
    console.print(f"\n[bold cyan]{text}[/]")


if __name__ == "__main__":
    main()
