"""The code in the README and in docs/ runs, and what they link to is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SKIPPED = ("pip install", "augsvc serve", "make ", "python3 scripts/project.py")
SHOWN = ("json", "text", "nginx", "yaml")
"""Languages of what is shown and cannot be run."""
GOING_ON = ("regularizers.md",)
"""Documents whose blocks of Python go on from one another."""
ADDRESS = "http://127.0.0.1:8000"


class Block(NamedTuple):
    """A block of code in a document."""

    name: str
    language: str
    code: str
    line: int


def blocks() -> list[Block]:
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            line = text[: match.start()].count("\n") + 1
            if match[1] not in SHOWN:
                found.append(Block(f"{path.name}:{line}", match[1], match[2], line))
        if path.name in GOING_ON:
            parts = [block for block in found if block.name.startswith(path.name)]
            found = [block for block in found if block not in parts]
            found.append(parts[0]._replace(code="\n".join(block.code for block in parts)))
    return found


BLOCKS = blocks()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A directory where what the documents name by a relative path is found, and what they write does no harm."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.fixture
def corpus(run, service):
    """The corpus that the documents talk about."""
    run("corpora", "put", "messages", ROOT / "examples" / "data" / "messages.jsonl", "--url", service)


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("block", [pytest.param(block, id=block.name) for block in BLOCKS])
def test_a_block_of_code_runs(block, service, checkout):
    code = block.code.replace(ADDRESS, service)
    if block.language == "bash":
        kept = [line for line in code.splitlines(keepends=True) if not line.startswith(SKIPPED)]
        command = ["bash", "-euo", "pipefail", "-c", "".join(kept)]
    else:
        assert block.language == "python"
        command = [sys.executable, "-W", "error", "-c", code]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "AUGSVC_URL": service}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_first_code_in_process_shows_an_edit():
    code = next(block.code for block in BLOCKS if "result.edits" in block.code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert "[('" in done.stdout


def test_the_first_code_of_the_readme_comes_before_line_20():
    assert min(block.line for block in BLOCKS if block.name.startswith("README")) < 20


def test_the_readme_trains_in_five_lines_after_its_imports():
    loop = next(block.code for block in BLOCKS if "DataLoader" in block.code)
    lines = [line for line in loop.splitlines() if line]
    assert len(lines) == 5


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_commands_in_backquotes_exist(run):
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    for command in sorted(set(re.findall(r"`augsvc ((?:corpora |lexicon )?[a-z]+)", text))):
        assert run(*command.split(), "--help").status == 0, command
