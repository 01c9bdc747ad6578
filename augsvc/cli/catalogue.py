"""`augsvc ops`: what a pipeline may be made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table


def ops(
    name: Annotated[
        str | None, typer.Argument(metavar="OPERATION", help="Only this one, with an example of each variant.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output, the schemas included.")
    ] = False,
) -> None:
    """List the operations and the presets, each with what it does.

    Examples:

    * augsvc ops

    * augsvc ops determiner

    * augsvc ops --json | jq '.ops[].schema'
    """
    from augsvc.ops import OPERATIONS
    from augsvc.pipeline import PRESETS

    operations = [kind.document() for kind in OPERATIONS]
    presets = [preset.document() for preset in PRESETS.values()]
    if name is not None:
        operations, presets = [entry for entry in operations if entry["type"] == name], []
        if not operations:
            raise typer.BadParameter(f"there is no operation {name}: `augsvc ops` lists them")
    if as_json:
        typer.echo(json.dumps({"ops": operations, "pipelines": presets}, ensure_ascii=False, indent=2))
        return
    from augsvc.cli.show import console

    screen = console()
    for family in dict.fromkeys(entry["family"] for entry in operations):
        screen.print(f"Operations: {family}", style="bold")
        screen.print(_operations([entry for entry in operations if entry["family"] == family], each=name is not None))
    if presets:
        screen.print("Presets", style="bold")
        screen.print(_presets(presets))


def _operations(entries: list[dict[str, Any]], *, each: bool) -> Table:
    """Return a table of operations, with one example, or one of `each` variant that has its own."""
    table = _grid()
    for entry in entries:
        variant = entry["schema"]["properties"].get("variant", {})
        examples = variant.get("x-examples", {}) if each else {}
        shown = [f"[dim]{name}: {_example(example)}[/]" for name, example in examples.items()]
        options = variant.get("anyOf", [{}])[0]
        names = " ".join([*options.get("enum", ()), *filter(None, [options.get("const")])])
        marks = " ".join([*entry["errant"], *entry["languages"]])
        told = shown or [f"[dim]{names}[/]" if names else "", f"[dim]{_example(entry['example'])}[/]"]
        table.add_row(
            f"[cyan]{entry['type']}[/]", "\n".join(filter(None, [entry["summary"], *told])), f"[dim]{marks}[/]"
        )
    return table


def _example(example: dict[str, str]) -> str:
    return f"{example['before']} → {example['after']}"


def _presets(entries: list[dict[str, Any]]) -> Table:
    table = _grid()
    for entry in entries:
        table.add_row(f"[cyan]{entry['name']}[/]", entry["summary"], f"[dim]{json.dumps(entry['pipeline'])}[/]")
    return table


def _grid() -> Table:
    from rich.table import Table

    return Table.grid(padding=(0, 3, 0, 2))
