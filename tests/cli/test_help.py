"""What `--help` says: everything, and truly."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from augsvc import views
from augsvc.cli import options
from augsvc.cli.app import app
from augsvc.service.settings import Settings
from augsvc.types import MAX_ROW


def commands():
    def walk(command, name):
        children = getattr(command, "commands", {})
        yield name, command
        for child in children.values():
            yield from walk(child, f"{name} {child.name}")

    return dict(walk(typer.main.get_command(app), "augsvc"))


LEAVES = {name: command for name, command in commands().items() if not hasattr(command, "commands")}


def test_the_commands_are_these():
    assert [name.removeprefix("augsvc ") for name in LEAVES] == [
        "serve",
        "augment",
        "stream",
        "ops",
        "warmup",
        "ablate",
        *("corpora list", "corpora put", "corpora show", "corpora delete"),
        *("lexicon build", "lexicon rules", "lexicon verify", "lexicon show", "lexicon tag"),
    ]


@pytest.mark.parametrize("name", LEAVES)
def test_help_explains_every_option_and_gives_an_example(run, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    outcome = run(*name.split()[1:], "--help")
    assert outcome.status == 0
    assert f"{name}" in outcome.out.split("Example")[1]
    for option in LEAVES[name].params:
        assert option.help
        assert max(option.opts, key=len) in outcome.out or option.metavar in outcome.out


def test_every_setting_of_the_service_is_an_option_and_an_environment_variable():
    options = {option.name: option for option in LEAVES["augsvc serve"].params if option.name != "help"}
    assert options.keys() == Settings.model_fields.keys()
    for name, option in options.items():
        assert option.envvar == f"AUGSVC_{name.upper()}"
        assert option.help == Settings.model_fields[name].description
        if name != "data":
            assert option.show_default == shown(name, Settings.model_fields[name].default)


def test_the_limits_of_options_are_those_of_what_they_ask_for():
    assert (options.MAX_COPIES, options.MAX_ROW) == (views.MAX_COPIES, MAX_ROW)


def shown(name, default):
    if name.endswith("_bytes"):
        return f"{default >> 30} GiB" if default >= 2**30 else f"{default >> 20} MiB"
    return f"{default:g}" if isinstance(default, float) else str("none" if default == () else default)


def test_no_words_at_all_ask_for_help(run):
    assert run().out == run("--help").out


def test_the_version_is_told(run):
    assert run("--version").out.startswith("augsvc 0.")


def test_help_loads_neither_kernels_nor_pyarrow_nor_the_web_framework():
    heavy = ["numba", "numpy", "pyarrow", "fastapi", "httpx", "torch", "pydantic"]
    code = f"import sys, augsvc.cli.main, augsvc.cli.run; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
