"""`augsvc ops`: what a pipeline may be made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table


def ops(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output, the schemas included.")
    ] = False,
) -> None:
    """List the operations and the presets, each with what it does.

    Examples:

    * augsvc ops

    * augsvc ops --json | jq '.ops[].schema'
    """
    if as_json:
        typer.echo(json.dumps({"ops": _operations(), "pipelines": _presets()}, ensure_ascii=False, indent=2))
        return
    from augsvc.cli.show import console

    screen = console()
    for title, entries in (("Operations", _operations()), ("Presets", _presets())):
        screen.print(title, style="bold")
        screen.print(_table(entries))


def _operations() -> list[dict[str, Any]]:
    from augsvc.ops import OPERATIONS

    return [
        {
            "type": kind.model_fields["type"].default,
            "version": kind.version,
            "family": kind.family,
            "summary": kind.summary(),
            "example": {"before": kind.example.before, "after": kind.example.after},
            "schema": kind.model_json_schema(),
        }
        for kind in OPERATIONS
    ]


def _presets() -> list[dict[str, Any]]:
    from augsvc.pipeline import PRESETS

    return [
        {
            "name": preset.name,
            "summary": preset.summary,
            "source": preset.source,
            "pipeline": preset.pipeline.document(),
        }
        for preset in PRESETS.values()
    ]


def _table(entries: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 3, 0, 2))
    for entry in entries:
        table.add_row(f"[cyan]{entry.get('type') or entry['name']}[/]", entry["summary"], _example(entry))
    return table


def _example(entry: dict[str, Any]) -> str:
    example = entry.get("example")
    return (
        f"[dim]{example['before']} → {example['after']}[/]" if example else f"[dim]{json.dumps(entry['pipeline'])}[/]"
    )
