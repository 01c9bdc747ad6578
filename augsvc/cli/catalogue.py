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
    for family in dict.fromkeys(entry["family"] for entry in operations):
        screen.print(f"Operations: {family}", style="bold")
        screen.print(_operations([entry for entry in operations if entry["family"] == family]))
    screen.print("Presets", style="bold")
    screen.print(_presets(presets))


def _operations(entries: list[dict[str, Any]]) -> Table:
    """Return a table of operations with their variants, ERRANT types, languages and examples."""
    table = _grid()
    for entry in entries:
        variants = entry["schema"]["properties"].get("variant", {}).get("anyOf", [{}])[0]
        names = " ".join([*variants.get("enum", ()), *filter(None, [variants.get("const")])])
        marks = " ".join([*entry["errant"], *entry["languages"]])
        example = f"{entry['example']['before']} → {entry['example']['after']}"
        told = [entry["summary"], f"[dim]{names}[/]" if names else "", f"[dim]{example}[/]"]
        table.add_row(f"[cyan]{entry['type']}[/]", "\n".join(filter(None, told)), f"[dim]{marks}[/]")
    return table


def _presets(entries: list[dict[str, Any]]) -> Table:
    table = _grid()
    for entry in entries:
        table.add_row(f"[cyan]{entry['name']}[/]", entry["summary"], f"[dim]{json.dumps(entry['pipeline'])}[/]")
    return table


def _grid() -> Table:
    from rich.table import Table

    return Table.grid(padding=(0, 3, 0, 2))
