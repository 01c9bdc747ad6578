"""Synonyms of one's own on the command line."""

from __future__ import annotations

import json
import os

import pytest

from augsvc.lexicon import Lexicon


@pytest.fixture
def overlays(tmp_path):
    first, second = tmp_path / "first.tsv", tmp_path / "second.tsv"
    first.write_text("parcel\tnoun\tgizmo\t1000\n")
    second.write_text("parcel\tnoun\tgizmo\t0\nparcel\tnoun\twidget\t1000\n")
    return first, second


@pytest.fixture
def parcels(tmp_path):
    path = tmp_path / "parcels.txt"
    path.write_text("The parcels.\n")
    return path


def augmented(run, source, *options):
    outcome = run("augment", source, "--seed", 1, "-p", '{"ops": [{"type": "synonym", "rate": 1}]}', *options)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.out


def test_augment_writes_synonyms_of_an_overlay_and_later_ones_win(run, parcels, overlays):
    first, second = overlays
    assert augmented(run, parcels, "--overlay", first) == "The gizmos.\n"
    assert augmented(run, parcels, "--overlay", first, "--overlay", second) == "The widgets.\n"
    assert augmented(run, parcels) not in {"The gizmos.\n", "The widgets.\n"}


def test_the_environment_names_overlays_like_a_path(run, parcels, overlays, monkeypatch):
    monkeypatch.setenv("AUGSVC_OVERLAY", os.pathsep.join(map(str, overlays)))
    assert augmented(run, parcels) == "The widgets.\n"


def test_the_lexicon_is_shown_with_an_overlay(run, overlays):
    assert "PARCEL" in run("lexicon", "show", "parcel").out.upper()
    assert "gizmo" in run("lexicon", "show", "parcel", "--overlay", overlays[0]).out
    assert run("lexicon", "show", "gizmos", "--overlay", overlays[0]).out.startswith("gizmos")
    told = json.loads(run("lexicon", "show", "--overlay", overlays[0]).out)
    assert (told["digest"], told["overlay"]["rows"]) == (Lexicon.open(overlay=overlays[0]).digest, 1)


COMMANDS = [["augment", "{source}", "--seed", "1"], ["lexicon", "show"], ["serve", "--data", "{data}"]]
FAULTS = [(b"parcel noun gizmo\n", "line 1"), (b"\xff\n", "UTF-8"), (None, "cannot be read")]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("content", "told"), FAULTS)
def test_a_bad_overlay_is_one_line_and_status_1(run, parcels, tmp_path, command, content, told):
    bad = tmp_path / "bad.tsv"
    if content is not None:
        bad.write_bytes(content)
    outcome = run(*(word.format(source=parcels, data=tmp_path / "data") for word in command), "--overlay", bad)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1
    assert "bad.tsv" in outcome.err
    assert told in outcome.err
