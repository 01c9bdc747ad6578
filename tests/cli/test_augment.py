"""`augsvc augment`: a file in, the same rows out."""

from __future__ import annotations

import gzip
import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import augsvc


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_row_i_is_what_the_engine_gives_for_id_i(run, messages, tmp_path):
    target = tmp_path / "out.jsonl"
    assert run("augment", messages, "-o", target, "--seed", 5, "--epoch", 2, "--copies", 3).status == 0
    texts = [row["text"] for row in read(messages)]
    expected = [result.text for result in augsvc.augment(texts, seed=5, epoch=2, copies=3)]
    assert [row["text"] for row in read(target)] == expected
    assert any(text not in texts for text in expected)


def test_every_other_column_is_carried_along_and_copies_follow_their_row(run, messages, tmp_path):
    target = tmp_path / "out.jsonl"
    run("augment", messages, "-o", target, "--seed", 5, "--copies", 2)
    before = [row | {"text": ""} for row in read(messages) for _ in range(2)]
    assert [row | {"text": ""} for row in read(target)] == before
    assert [*read(target)[0]] == [*read(messages)[0]]


def test_integers_of_any_size_and_missing_keys_survive(run, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text":"a dog","n":123456789012345678901234567890}\n\n{"m":null,"text":"a dog"}\n')
    outcome = run("augment", source, "--seed", 1, "-p", '{"ops":[{"type":"synonym","rate":0}]}')
    assert outcome.out == source.read_text().replace("\n\n", "\n")


def test_the_id_column_keys_the_rows(run, messages, tmp_path):
    target = tmp_path / "out.jsonl"
    run("augment", messages, "-o", target, "--seed", 5, "--id-column", "id")
    rows = read(messages)
    expected = augsvc.augment([row["text"] for row in rows], seed=5, ids=[row["id"] for row in rows])
    assert [row["text"] for row in read(target)] == [result.text for result in expected]


def test_the_only_column_of_strings_is_the_text(run, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"n":1,"body":"The dogs ran home."}\n')
    pipeline = '{"ops":[{"type":"random_deletion","rate":1}]}'
    assert json.loads(run("augment", source, "--seed", 1, "-p", pipeline).out)["body"] != "The dogs ran home."


def test_text_keeps_blank_lines_and_line_ends(process):
    outcome = process("augment", "-", "--format", "text", "--seed", 1, stdin=b"A dog slept.\r\n\nNo end")
    lines = outcome.out.split("\n")
    assert len(lines) == 4
    assert lines[0].endswith("\r")
    assert (lines[1], lines[3]) == ("", "")


def test_text_has_a_line_for_each_copy(run, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("The dogs ran home.\nA cat slept.\n")
    lines = run("augment", source, "--seed", 3, "--copies", 4).out.splitlines()
    results = augsvc.augment(["The dogs ran home.", "A cat slept."], seed=3, copies=4)
    assert lines == [result.text for result in results]


def test_standard_input_and_output_give_what_files_give(process, run, messages):
    piped = process("augment", "-", "--seed", 5, stdin=messages.read_bytes())
    assert piped == run("augment", messages, "--seed", 5)


def test_a_drawn_seed_is_told_and_repeats_the_run(run, messages):
    first = run("augment", messages)
    seed = first.err.split("--seed ")[1].strip()
    assert int(seed) < 2**53
    assert run("augment", messages, "--seed", seed).out == first.out


def test_a_pipeline_is_a_name_a_file_or_json(run, messages, tmp_path):
    document = '{"ops": [{"type": "synonym", "rate": 0.1}]}'
    file = tmp_path / "pipeline.json"
    file.write_text(document)
    outputs = {run("augment", messages, "--seed", 1, "-p", value).out for value in ("regularize", file, document)}
    assert len(outputs) == 1


def test_show_marks_the_edits_and_writes_rows_only_to_a_file(run, messages, tmp_path):
    target = tmp_path / "out.jsonl"
    outcome = run("augment", messages, "--seed", 5, "--show", "-o", target)
    texts = [row["text"] for row in read(messages)]
    first = augsvc.augment(texts, seed=5)
    edit = next(edit for result in first for edit in result.edits)
    assert f"[-{edit.original}-]{{+{edit.replacement}+}}" in outcome.out
    assert [row["text"] for row in read(target)] == [result.text for result in first]
    assert '"text"' not in run("augment", messages, "--seed", 5, "--show").out


def test_the_output_may_be_the_input_and_keeps_the_permissions_of_new_files(run, messages, tmp_path):
    expected = run("augment", messages, "--seed", 5).out
    assert run("augment", messages, "-o", messages, "--seed", 5).status == 0
    assert messages.read_text(encoding="utf-8") == expected
    (tmp_path / "new").touch()
    assert stat.S_IMODE(messages.stat().st_mode) == stat.S_IMODE((tmp_path / "new").stat().st_mode)


def test_a_private_output_stays_private(run, messages, tmp_path):
    target = tmp_path / "out.jsonl"
    target.touch(mode=0o600)
    assert run("augment", messages, "-o", target, "--seed", 5).status == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("words", ["-o /dev/stdout | cat", "-o >(cat) | cat"])
def test_a_pipe_by_its_path_is_written_as_standard_output_is(run, messages, augsvc_command, words):
    command = ["bash", "-c", f'"$0" augment {messages} --seed 5 {words}', *augsvc_command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == (run("augment", messages, "--seed", 5).out, "")


def test_a_link_to_the_output_stays_a_link(run, messages, tmp_path):
    (tmp_path / "real.jsonl").touch()
    link = tmp_path / "link.jsonl"
    link.symlink_to(tmp_path / "real.jsonl")
    run("augment", messages, "-o", link, "--seed", 5)
    assert link.is_symlink()
    assert len(read(tmp_path / "real.jsonl")) == 12


def test_what_is_no_regular_file_is_written_directly(run, messages):
    assert run("augment", messages, "-o", "/dev/null", "--seed", 5).status == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("rows", [1, 4, 9])
def test_nothing_comes_of_nothing(run, tmp_path, rows):
    source = tmp_path / "in.jsonl"
    source.write_text("\n" * (rows - 1))
    assert run("augment", source, "--seed", 1).out == ""


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_compressed_file_gives_what_it_holds(run, messages, tmp_path, ending):
    path = tmp_path / f"messages.jsonl.{ending}"
    content = messages.read_bytes()
    path.write_bytes(gzip.compress(content) if ending == "gz" else pa.Codec("zstd").compress(content, asbytes=True))
    assert run("augment", path, "--seed", 1) == run("augment", messages, "--seed", 1)
    refused = run("augment", messages, "-o", path, "--seed", 1)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    path.write_bytes(path.read_bytes()[:-4])
    assert "damaged or cut off" in run("augment", path, "--seed", 1).err


PAIRS = [
    {"premise": "The big dog ran home.", "hypothesis": "The big dog ran home.", "label": 0},
    {"premise": "She bought a small car.", "hypothesis": "She bought a small car.", "label": 1},
]
COLUMNS = ("--text-column", "premise", "--text-column", "hypothesis")


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "csv"])
def test_pairs_of_sentences_are_fields_of_their_own(run, tmp_path, ending):
    source, target = tmp_path / "pairs.jsonl", tmp_path / f"out.{ending}"
    source.write_text("".join(json.dumps(row) + "\n" for row in PAIRS))
    every = '{"ops": [{"type": "synonym", "rate": 1}]}'
    assert run("augment", source, "-o", target, "--seed", 5, "--copies", 3, "-p", every, *COLUMNS).status == 0
    found = read(target) if ending == "jsonl" else read_table(target)
    for field, name in enumerate(("premise", "hypothesis")):
        texts = [row[name] for row in PAIRS]
        expected = augsvc.augment(texts, json.loads(every), seed=5, copies=3, field=field)
        assert [row[name] for row in found] == [one.text for one in expected]
    assert [row["label"] for row in found] == [0, 0, 0, 1, 1, 1]
    assert any(row["premise"] != row["hypothesis"] for row in found)


def read_table(path: Path) -> list[dict[str, Any]]:
    from pyarrow import csv, parquet

    table = parquet.read_table(path) if path.suffix == ".parquet" else csv.read_csv(path)
    return table.to_pylist()


def test_a_pair_that_lacks_a_sentence_is_told_by_line(run, tmp_path):
    source = tmp_path / "pairs.jsonl"
    source.write_text('{"premise": "a", "hypothesis": "b"}\n{"premise": "a"}\n')
    outcome = run("augment", source, "--seed", 1, *COLUMNS)
    assert outcome.status != 0
    assert "line 2 has null and no string in 'hypothesis'" in " ".join(outcome.err.split())
    assert "different ones" in " ".join(run("augment", source, "--text-column", "a", "--text-column", "a").err.split())
