"""Learning curves: a line is printed each epoch, and all are plotted to a file where matplotlib is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

Row = Mapping[str, float]
"""What was measured after an epoch, by name, in one order; the first names are drawn as losses, shares apart."""


def tell(epoch: int, row: Row) -> None:
    """Print an epoch's figures."""
    print(f"epoch {epoch:3}: " + ", ".join(f"{name} {value:.3f}" for name, value in row.items()), flush=True)


def plot(rows: Sequence[Row], best: int, path: Path) -> None:
    """Draw the curves to a file, whose ending says in what format, with the epoch whose weights were kept."""
    if find_spec("matplotlib") is None:
        print("no plot: pip install 'augsvc[examples]' brings matplotlib")
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    losses = figure.subplots()
    losses.set(xlabel="epoch", ylabel="loss (nats)")
    shares = None
    for name in rows[0]:
        if name.endswith("accuracy"):
            shares = shares or losses.twinx()
            shares.set(ylabel="accuracy", ylim=(0, 1))
        axes = shares if shares and name.endswith("accuracy") else losses
        axes.plot(range(len(rows)), [row[name] for row in rows], ":" if axes is shares else "-", label=name)
    losses.axvline(best, color="grey", linewidth=0.8, label="kept")
    figure.legend(loc="outside upper center", ncols=4)
    figure.savefig(path)
    print(f"learning curve: {path}")
