"""The project itself: its Makefile, its script, its layers and what its wheel holds."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = ["help", "dev", "demo", "serve", "test", "check", "bench", "docs", "lexicon"]
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_makefile_has_the_targets_and_only_calls_the_script():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^([a-z]+):", makefile, re.MULTILINE) == TARGETS
    recipes = re.findall(r"^\t(.*)$", makefile, re.MULTILINE)[1:]
    assert recipes == [f"$(PYTHON) scripts/project.py {target}" for target in TARGETS[1:]]


def test_make_help_tells_every_target():
    assert re.findall(r"make ([a-z]+)", output("make", "help")) == TARGETS


def test_the_script_knows_every_target():
    tasks = output(sys.executable, "scripts/project.py", "--help")
    assert all(re.search(rf"\b{target}\b", tasks) for target in TARGETS[1:])


def test_the_readme_gives_each_command_with_and_without_make():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"`make {target}` | `python3 scripts/project.py {target}`" in readme


def test_continuous_integration_runs_the_readmes_test_command():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "make test"


def test_the_page_of_operations_is_that_of_the_catalogue():
    page = runpy.run_path(str(ROOT / "scripts" / "catalogue.py"))["page"]()
    assert (ROOT / "docs" / "operations.md").read_text(encoding="utf-8") == page


def test_imports_point_down_the_layers():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_room_is_in_the_layers():
    layers = METADATA["tool"]["importlinter"]["contracts"][0]["layers"]
    named = re.findall(r"\w+", " ".join(layers))
    built = {path.stem for path in (ROOT / "augsvc").iterdir() if path.name[0].isalpha() and path.suffix in ("", ".py")}
    assert built <= set(named)
    optional = re.findall(r"\((\w+)\)", " ".join(layers))
    assert set(named) - built == set(optional)


def test_constraints_pin_every_dependency_once():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert len(pins) == len([line for line in lines if not line.startswith("#")])
    project = METADATA["project"]
    extras = project["optional-dependencies"].values()
    wanted = project["dependencies"] + [line for lines in extras for line in lines]
    names = {re.split(r"[^\w-]", line)[0].lower() for line in wanted} - {"augsvc"}
    assert names <= pins.keys()


def test_importing_the_package_loads_nothing_heavy():
    heavy = ["numba", "numpy", "pyarrow", "fastapi", "httpx", "torch", "pydantic"]
    code = f"import sys, augsvc; print([name for name in {heavy} if name in sys.modules])"
    assert output(sys.executable, "-c", code) == "[]\n"


def test_the_sample_corpus_is_varied_and_balanced():
    lines = (ROOT / "examples" / "data" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len({row["text"] for row in rows}) == len(rows) >= 300
    assert set(Counter(row["label"] for row in rows).values()) == {80}


@pytest.mark.parametrize("name", ["augsvc/py.typed", "wordnet_data/py.typed", "LICENSE", "NOTICE", "CHANGELOG.md"])
def test_what_a_release_needs_is_there(name):
    assert (ROOT / name).is_file()


def test_the_changelog_has_the_version():
    assert f"## {METADATA['project']['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
