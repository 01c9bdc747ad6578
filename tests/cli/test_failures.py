"""Every misuse is one line that names the fix, and a status; nothing half-written stays behind."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

GOOD = '{"text":"The dogs ran home."}\n'


def one_line(err: str) -> str:
    assert err.startswith("augsvc: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (["augment"], "--help"),
        (["augment", "missing.jsonl"], "name a file"),
        (["augment", "{file}", "-o", "missing/out.jsonl"], "create it"),
        (["augment", "{file}", "--seed", "-1"], "--seed"),
        (["augment", "{file}", "--seed", "x"], "--seed"),
        (["augment", "{file}", "--copies", "0"], "--copies"),
        (["augment", "{file}", "--format", "xml"], "jsonl"),
        (["augment", "{file}", "-o", "out.txt"], "another format"),
        (["augment", "data.xml"], "--format"),
        (["augment", "notes.txt", "--id-column", "id"], "drop --text-column and --id-column"),
        (["augment", "{file}", "-p", "nonesuch"], "regularize"),
        (["augment", "{file}", "-p", "missing.json"], "--pipeline"),
        (["augment", "{file}", "-p", "{"], "--pipeline"),
        (["augment", "{file}", "-p", '{"ops": [{"type": "nonesuch"}]}'], "/ops/0"),
        (["augment", "{file}", "-p", '{"ops": [{"type": "synonym", "rate": 2}]}'], "/ops/0/rate"),
        (["augment", "{file}", "--nonesuch"], "--help"),
        (["nonesuch"], "--help"),
        (["corpora"], "--help"),
        (["corpora", "put", "name", "-"], "--media-type"),
        (["corpora", "put", "name", "missing.jsonl"], "name one"),
        (["serve", "--port", "70000"], "--port"),
        (["stream", "name", "--lane", "5:5:5"], "--lane"),
        (["stream", "name", "--lane", "0:1:4:100", "--start", "99"], "--lane"),
        (["stream", "name", "--copies", "2000"], "--copies"),
    ],
)
def test_misuse_is_one_line_and_status_2(run, tmp_path, arguments, fix):
    file = tmp_path / "in.jsonl"
    file.write_text(GOOD)
    outcome = run(*[argument.replace("{file}", str(file)) for argument in arguments])
    assert outcome.status == 2
    assert fix in one_line(outcome.err)
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('{"text": 1}', "line 2 has a number"),
        ('{"other": "x"}', "line 2 has null"),
        ('{"text": "x"', "line 2 cannot be read as JSON"),
        ('{"text": "x", "w": 1e400}', "line 2 cannot be read as JSON (a number is too large"),
        ('{"text": "x", "w": NaN}', "line 2 cannot be read as JSON (NaN"),
        ('{"text": "x", "w": {"a": 1, "a": 2}}', "line 2 cannot be read as JSON (a name appears twice"),
        ("[1]", "line 2 is not a JSON object but an array"),
        ('{"text": "\\ud800"}', "line 2 is not valid Unicode"),
        ('{"text": "x", "other": "\\ud800"}', "line 2 holds a lone surrogate"),
        ("[" * 100_000, "line 2 cannot be read as JSON"),
    ],
)
def test_a_bad_row_is_named_and_leaves_the_target_alone(run, tmp_path, line, fix):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(GOOD + line + "\n")
    target.write_text("before")
    outcome = run("augment", source, "-o", target, "--seed", 1)
    assert (outcome.status, target.read_text()) == (1, "before")
    assert fix in one_line(outcome.err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_bytes_that_are_no_utf8_are_named_by_line(run, tmp_path):
    source = tmp_path / "in.txt"
    source.write_bytes(b"good\n\xff\n")
    outcome = run("augment", source, "--seed", 1)
    assert outcome.status == 1
    assert "line 2 is not UTF-8 at byte 1" in one_line(outcome.err)


@pytest.mark.parametrize("ids", [["1", '"a"'], ["true", "false"], ["null", "null"], ["1", "1.5"]])
def test_ids_are_all_integers_or_all_strings(run, tmp_path, ids):
    source = tmp_path / "in.jsonl"
    source.write_text("".join(f'{{"text":"x","id":{value}}}\n' for value in ids))
    outcome = run("augment", source, "--seed", 1, "--id-column", "id")
    assert outcome.status == 1
    assert "all integers or all strings" in one_line(outcome.err)


@pytest.mark.parametrize("identifier", ["-1", str(2**64)])
def test_an_integer_that_is_no_id_is_named_by_line(run, tmp_path, identifier):
    source = tmp_path / "in.jsonl"
    source.write_text(f'{{"text":"x","id":1}}\n\n{{"text":"x","id":{identifier}}}\n')
    outcome = run("augment", source, "--seed", 1, "--id-column", "id")
    assert outcome.status == 1
    assert "line 3 has no usable id in 'id': an id is an integer" in one_line(outcome.err)
    assert identifier in outcome.err


def test_a_lone_surrogate_in_an_id_is_named_by_line(run, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text":"x","id":"a"}\n{"text":"x","id":"\\ud800"}\n')
    assert "line 2 has no usable id in 'id'" in one_line(run("augment", source, "--seed", 1, "--id-column", "id").err)


def test_an_unclear_text_column_is_asked_for(run, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"a":"x","b":"y"}\n')
    assert "--text-column (it is one of a, b)" in one_line(run("augment", source, "--seed", 1).err)


def test_a_full_disk_is_told(process, messages):
    outcome = process("augment", messages, "-o", "/dev/full", "--seed", 1)
    assert outcome.status == 1
    assert "No space left" in one_line(outcome.err)


def test_a_target_that_cannot_be_made_is_told_by_its_own_name(run, messages, tmp_path):
    # a name so long that the temporary one beside it is too long
    target = tmp_path / f"{'x' * 245}.jsonl"
    outcome = run("augment", messages, "-o", target, "--seed", 1)
    assert outcome.status == 1
    assert one_line(outcome.err).startswith(f"augsvc: {target}: ")


@pytest.mark.parametrize(
    "words",
    ["augment - <&-", "augment {file} >&-", "augment {file} --show >&-", "corpora put x - --media-type text/plain <&-"],
)
def test_a_closed_standard_stream_is_one_line(messages, augsvc_command, words):
    words = f'"$0" {words.replace("{file}", str(messages))}'
    done = subprocess.run(["sh", "-c", words, *augsvc_command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "closed" in one_line(done.stderr)


def many(path: Path) -> Path:
    path.write_text(GOOD * 100_000)
    return path


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing_behind(tmp_path, augsvc_command, number, status):
    target = tmp_path / "out" / "out.jsonl"
    target.parent.mkdir()
    command = [*augsvc_command, "augment", many(tmp_path / "in.jsonl"), "-o", target, "--seed", "1", "--copies", "50"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"PYTHONWARNINGS": "error"})
    while not any(path.stat().st_size for path in target.parent.iterdir()):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(number)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err, [*target.parent.iterdir()]) == (status, b"", [])


def test_an_interruption_while_the_command_loads_is_no_traceback():
    interrupted = "def find_spec(self, name, *_): name == 'typer' and signal.raise_signal(signal.SIGINT)"
    code = f"""
import signal, sys
class Interrupting:
    {interrupted}
sys.meta_path.insert(0, Interrupting())
from augsvc.cli.main import main
sys.exit(main(["--version"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_reader_that_leaves_early_is_no_error(tmp_path, augsvc_command):
    command = [*augsvc_command, "augment", many(tmp_path / "in.jsonl"), "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


DELETE = '{"ops": [{"type": "random_deletion", "rate": 1}]}'


def on_a_terminal(*command: object) -> str:
    """What a terminal shows of a command."""
    screen, terminal = pty.openpty()
    colourful = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    with subprocess.Popen([*command], stdin=terminal, stdout=terminal, stderr=terminal, env=colourful):
        os.close(terminal)
        return drained(screen)


def test_a_terminal_sees_progress_where_rows_go_to_a_file(tmp_path, augsvc_command):
    source = many(tmp_path / "in.jsonl")
    assert "augmenting" in on_a_terminal(
        *augsvc_command, "augment", source, "--seed", "1", "-o", tmp_path / "out.jsonl"
    )


@pytest.mark.parametrize("more", [["--show"], []])
def test_a_terminal_sees_no_bar_among_rows_and_edits(tmp_path, augsvc_command, more):
    source = tmp_path / "in.jsonl"
    source.write_text(GOOD * 2000)
    seen = on_a_terminal(*augsvc_command, "augment", source, "--seed", "1", "-p", DELETE, *more)
    assert "augmenting" not in seen
    assert seen.count("\n") == 2000


def test_a_terminal_sees_edits_in_colours(tmp_path, augsvc_command):
    source = tmp_path / "in.jsonl"
    source.write_text(GOOD)
    seen = on_a_terminal(*augsvc_command, "augment", source, "--seed", "1", "--show", "-p", DELETE)
    assert "\x1b[9;31mdogs" in seen or "\x1b[9;31m dogs" in seen
    assert "[-" not in seen


def drained(screen: int) -> str:
    parts = []
    with os.fdopen(screen, "rb", buffering=0) as stream, contextlib.suppress(OSError):
        while part := stream.read(65536):
            parts.append(part)
    return b"".join(parts).decode()
