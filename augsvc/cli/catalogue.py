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
    from augsvc.ops import OPERATIONS
    from augsvc.pipeline import PRESETS

    operations = [kind.document() for kind in OPERATIONS]
    presets = [preset.document() for preset in PRESETS.values()]
    if as_json:
        typer.echo(json.dumps({"ops": operations, "pipelines": presets}, ensure_ascii=False, indent=2))
        return
    from augsvc.cli.show import console

    screen = console()
    for title, entries in (("Operations", operations), ("Presets", presets)):
        screen.print(title, style="bold")
        screen.print(_table(entries))


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
