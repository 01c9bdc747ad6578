"""Warming up: nothing is left to compile when the first text comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
from augsvc.kernels.jit import KERNELS
from augsvc.lexicon import Lexicon
from augsvc.lexicon.tagging import tag_words
from augsvc.pipeline.warm import warm

def compiled():
    return [len(kernel.signatures) for kernel in KERNELS]

lexicon = Lexicon.open()
steps = []
warm(lexicon, lambda *step: steps.append(step), tagging=sys.argv[1] == "tagging")
assert steps[-1][1] == steps[-1][2] == len(steps) - 1
before = compiled()
tag_words([["Dogs", "ran", "."], ["They", "slept"]], lexicon)
print(before == compiled())
"""


@pytest.mark.parametrize(("what", "ready"), [("tagging", True), ("augmentation", False)])
def test_tagging_finds_its_kernels_where_it_was_asked_for(what: str, ready: bool) -> None:
    outcome = subprocess.run([sys.executable, "-c", CODE, what], capture_output=True, text=True, check=True)
    assert outcome.stdout == f"{ready}\n"
