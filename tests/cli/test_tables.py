"""`augsvc augment` on files of columns: every format in, every format out, whole or not at all."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from pyarrow import parquet

import augsvc
from augsvc.errors import InvalidCorpus
from augsvc.formats import media_type_of, read_batches

ENDINGS = ["jsonl", "csv", "parquet", "arrow", "arrows", "feather"]
ROWS = [{"id": 7 * n, "text": f'The "old" dog, number {n}, slept.\nIt ran.', "n": n / 4, "of": "é"} for n in range(9)]
TABLE = pa.Table.from_pylist(ROWS)
MANY = pa.table({"text": ["a dog"] * 5000})


def write(path: Path, table: pa.Table = TABLE) -> Path:
    match path.suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
        case ".csv":
            pyarrow.csv.write_csv(table, path)
        case ".parquet":
            parquet.write_table(table, path, row_group_size=4)
        case ".arrows":
            with pa.ipc.new_stream(path, table.schema) as writer:
                writer.write_table(table, max_chunksize=4)
        case _:
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table, max_chunksize=4)
    return path


def read(path: Path) -> pa.Table:
    with path.open("rb") as stream:
        reader = read_batches(stream, media_type_of(path))
        return pa.Table.from_batches(list(reader), reader.schema)


def expected(ids: list[Any] | None = None, copies: int = 1) -> list[dict[str, Any]]:
    results = augsvc.augment([row["text"] for row in ROWS], seed=5, epoch=2, copies=copies, ids=ids)
    rows = [row for row in ROWS for _ in range(copies)]
    return [row | {"text": result.text} for row, result in zip(rows, results, strict=True)]


@pytest.mark.parametrize("becomes", ENDINGS)
@pytest.mark.parametrize("holds", ENDINGS)
def test_any_format_becomes_any_other_with_the_texts_of_the_engine(run, tmp_path, holds, becomes):
    source, target = write(tmp_path / f"in.{holds}"), tmp_path / f"out.{becomes}"
    outcome = run("augment", source, "-o", target, "--seed", 5, "--epoch", 2, "--text-column", "text")
    assert outcome == (0, "", "")
    assert read(target).to_pylist() == expected() != ROWS
    assert read(target).schema.types == TABLE.schema.types


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_id_column_keys_the_rows_and_copies_follow_their_row(run, tmp_path, ending):
    target = tmp_path / f"out.{ending}"
    words = ["--seed", 5, "--epoch", 2, "--copies", 3, "--id-column", "id"]
    assert run("augment", write(tmp_path / "in.csv"), "-o", target, *words).status == 0
    assert read(target).to_pylist() == expected([row["id"] for row in ROWS], 3)


def test_ids_may_be_strings(run, tmp_path):
    names = [f"row {number}" for number in range(9)]
    source = write(tmp_path / "in.parquet", TABLE.append_column("name", [names]))
    run("augment", source, "-o", tmp_path / "out.csv", "--seed", 5, "--epoch", 2, "--id-column", "name")
    assert read(tmp_path / "out.csv")["text"].to_pylist() == [row["text"] for row in expected(names)]


@pytest.mark.parametrize("ending", ["parquet", "arrow", "arrows"])
def test_columns_of_any_type_keep_it(run, tmp_path, ending):
    table = pa.table({
        "text": pa.array(["The dogs ran.", "A dog."], pa.large_string()),
        "tags": pa.array([["a", None], None], pa.list_(pa.string())),
        "at": pa.array([1, None], pa.timestamp("ms", "UTC")),
        "view": pa.array(["b", None], pa.string_view()),
        "kind": pa.array(["c", None], pa.dictionary(pa.int8(), pa.string())),
        "price": pa.array([2, None], pa.decimal128(9, 2)),
        "spans": pa.array([[{"a": 1}], None], pa.list_(pa.struct([("a", pa.int32())]))),
    })  # fmt: skip
    target = tmp_path / f"out.{ending}"
    words = ["--seed", 1, "--copies", 2, "--text-column", "text"]
    assert run("augment", write(tmp_path / "in.arrow", table), "-o", target, *words).status == 0
    with target.open("rb") as stream:
        reader = read_batches(stream, media_type_of(target), text_column="text")
        found = pa.Table.from_batches(list(reader), reader.schema)
    twice = [row for row in table.drop_columns("text").to_pylist() for _ in range(2)]
    assert found.drop_columns("text").to_pylist() == twice
    assert found["text"].type == pa.large_string()
    assert ending == "parquet" or found.schema == table.schema


def test_standard_input_and_output_give_what_files_give(process, run, tmp_path):
    source, zipped, target = write(tmp_path / "in.csv"), tmp_path / "in.csv.gz", tmp_path / "out.csv"
    zipped.write_bytes(gzip.compress(source.read_bytes()))
    run("augment", source, "-o", target, "--seed", 5, "--text-column", "text")
    piped = process("augment", "-", "--format", "csv", "--seed", 5, stdin=source.read_bytes())
    assert piped == run("augment", zipped, "--seed", 5) == (0, target.read_text(), "")


@pytest.mark.parametrize("ending", ["parquet", "arrows"])
def test_a_pipe_carries_binary_formats(run, tmp_path, augsvc_command, ending):
    source, target = write(tmp_path / f"in.{ending}"), tmp_path / f"out.{ending}"
    line = f'cat {source} | "$0" augment - --format {ending[:7].removesuffix("s")} --seed 5 --epoch 2 | cat > {target}'
    done = subprocess.run(["bash", "-c", line, *augsvc_command], capture_output=True, check=False, timeout=60)
    assert done.stderr == b""
    assert read(target).to_pylist() == expected()


def test_show_marks_the_edits_of_a_table(run, tmp_path):
    outcome = run("augment", write(tmp_path / "in.parquet"), "--seed", 5, "--show", "--text-column", "text")
    edit = augsvc.augment([ROWS[0]["text"]], seed=5)[0].edits[0]
    assert f"[-{edit.original}-]{{+{edit.replacement}+}}" in outcome.out


def test_text_becomes_a_table_and_a_table_no_text(run, tmp_path):
    (tmp_path / "in.txt").write_text("The dogs ran.\n\nA cat slept.\n")
    assert run("augment", tmp_path / "in.txt", "-o", tmp_path / "out.csv", "--seed", 5).status == 0
    texts = [result.text for result in augsvc.augment(["The dogs ran.", "", "A cat slept."], seed=5)]
    assert read(tmp_path / "out.csv")["text"].to_pylist() == texts
    refused = run("augment", tmp_path / "out.csv", "-o", tmp_path / "new.txt", "--seed", 5)
    assert (refused.status, refused.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("becomes", ENDINGS)
@pytest.mark.parametrize(
    ("table", "words", "told"),
    [
        (TABLE, ["--id-column", "none"], "no column is named 'none'"),
        (TABLE, ["--id-column", "n"], "ids are all integers or all strings"),
        (TABLE, ["--text-column", "id"], "no column of texts"),
        (MANY.append_column("id", [[*range(4999), -1]]), ["--id-column", "id"], "row 4999 has no usable id"),
        (MANY.append_column("id", [[*range(4999), None]]), ["--id-column", "id"], "row 4999 has no usable id"),
        (pa.concat_tables([MANY, pa.table({"text": pa.nulls(1, pa.string())})]), [], "the first on row 5000"),
    ],
)
def test_what_cannot_be_augmented_is_told_in_a_line_and_leaves_the_output_as_it_was(
    run, tmp_path, becomes, table, words, told
):
    target = tmp_path / f"out.{becomes}"
    target.write_text("before")
    outcome = run("augment", write(tmp_path / "in.parquet", table), "-o", target, "--seed", 1, *words)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert told in outcome.err
    assert target.read_text() == "before"
    assert len([*tmp_path.iterdir()]) == 2


def test_columns_that_a_format_does_not_hold_are_told_before_anything_is_written(run, tmp_path):
    source = write(tmp_path / "in.parquet", pa.table({"text": ["a dog"], "tags": [["a"]]}))
    outcome = run("augment", source, "-o", tmp_path / "out.csv", "--seed", 1)
    assert outcome.status == 1
    assert "'tags'" in outcome.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("ending", ["parquet", "arrow", "arrows"])
def test_what_went_into_a_pipe_before_a_failure_is_no_whole_file(tmp_path, augsvc_command, ending):
    source = write(tmp_path / f"in.{ending}", MANY.append_column("id", [[*range(4999), -1]]))
    command = [*augsvc_command, "augment", source, "--seed", "1", "--id-column", "id"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    (tmp_path / f"out.{ending}").write_bytes(done.stdout)
    with pytest.raises(InvalidCorpus):
        read(tmp_path / f"out.{ending}")


def test_a_table_of_no_rows_keeps_its_columns(run, tmp_path):
    assert run("augment", write(tmp_path / "in.parquet", TABLE[:0]), "-o", tmp_path / "out.csv").status == 0
    assert (tmp_path / "out.csv").read_text() == '"id","text","n","of"\n'
