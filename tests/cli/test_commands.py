"""The commands that talk to a running service, and those that look things up."""

from __future__ import annotations

import json
import subprocess

from augsvc.ops import OPERATIONS
from augsvc.pipeline import PRESETS


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_corpus_comes_and_goes(run, service, messages):
    put = run("corpora", "put", "come-and-go", messages, "--url", service)
    assert json.loads(put.out)["rows"] == 12
    assert json.loads(run("corpora", "show", "come-and-go", "--url", service).out)["text_column"] == "text"
    assert "come-and-go" in run("corpora", "list", "--url", service).out
    assert "come-and-go" in {row["name"] for row in lines(run("corpora", "list", "--json", "--url", service).out)}
    assert run("corpora", "delete", "come-and-go", "--url", service) == (0, "", "")
    missing = run("corpora", "show", "come-and-go", "--url", service)
    assert missing.status == 1
    assert missing.err.count("\n") == 1


def test_a_corpus_comes_from_standard_input(process, service):
    options = ["--media-type", "text/plain", "--url", service]
    assert json.loads(process("corpora", "put", "piped", "-", *options, stdin=b"one\ntwo\n").out)["rows"] == 2


def test_the_stream_is_what_augment_gives_for_each_row(run, service, messages):
    run("corpora", "put", "streamed", messages, "--url", service)
    wanted = ["--seed", 3, "--epoch", 1, "--copies", 2]
    *rows, end = lines(run("stream", "streamed", *wanted, "--shuffle", "none", "--url", service).out)
    assert [row["text"] for row in rows] == [row["text"] for row in lines(run("augment", messages, *wanted).out)]
    assert end["_end"]["rows"] == len(rows) == 24
    assert end["_end"]["next"] is None


def test_lanes_share_an_epoch_out(run, service, messages):
    run("corpora", "put", "shared-out", messages, "--url", service)
    outputs = [run("stream", "shared-out", "--lane", f"{n}:1:3", "--url", service).out for n in range(3)]
    positions = [row["_position"] for output in outputs for row in lines(output)[:-1]]
    assert sorted(positions) == list(range(12))


def test_the_stream_ends_quietly_when_its_reader_leaves(service, messages, run, augsvc_command):
    run("corpora", "put", "left-early", messages, "--url", service)
    command = [*augsvc_command, "stream", "left-early", "--copies", "1000", "--url", service]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_no_service_is_one_line(run, free_port):
    outcome = run("corpora", "list", "--url", f"http://127.0.0.1:{free_port}")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err


def test_a_port_in_use_is_one_line(process, service, tmp_path):
    outcome = process("serve", "--port", service.rpartition(":")[2], "--data", tmp_path)
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1


def test_ops_lists_operations_and_presets(run):
    plain = run("ops").out
    listed = json.loads(run("ops", "--json").out)
    assert {"synonym", "random_deletion"} <= {op["type"] for op in listed["ops"]}
    assert all(op["type"] in plain for op in listed["ops"])
    assert listed["ops"] == [operation.document() for operation in OPERATIONS]
    assert {"errant", "languages"} < listed["ops"][0].keys()
    assert [preset["name"] for preset in listed["pipelines"]] == [*PRESETS]


def test_ops_shows_an_example_of_each_variant_of_one(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    plain, (listed,) = run("ops", "determiner").out, json.loads(run("ops", "determiner", "--json").out)["ops"]
    examples = listed["schema"]["properties"]["variant"]["x-examples"]
    assert len(examples) == 5
    assert all(f"{name}: {shown['before']} → {shown['after']}" in plain for name, shown in examples.items())
    assert "synonym" not in plain
    wrong = run("ops", "determinant")
    assert wrong.status == 2
    assert "augsvc ops" in wrong.err


def test_the_lexicon_is_verified_and_looked_up(run):
    digest = run("lexicon", "verify").out.strip()
    assert json.loads(run("lexicon", "show").out)["digest"] == digest
    assert "hounds" in run("lexicon", "show", "dogs").out
    assert run("lexicon", "show", "qqqz").status == 1


def test_a_damaged_pack_is_one_line(run, tmp_path):
    pack = tmp_path / "pack.safetensors"
    pack.write_bytes(b"\x00" * 100)
    for command in ("verify", "show"):
        outcome = run("lexicon", command, "--pack", pack)
        assert outcome.status == 1
        assert outcome.err.count("\n") == 1


def test_warmup_says_when_kernels_are_ready(run):
    outcome = run("warmup")
    assert outcome.status == 0
    assert "ready" in outcome.err
