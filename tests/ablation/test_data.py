from __future__ import annotations

import csv
import gzip
import json

import pytest

from augsvc.ablation.data import Labelled, check, draw, read
from augsvc.errors import InvalidCorpus, InvalidInput

ROWS = [("1", "It was good, and cheap."), ("0", 'He said "no"\u2028twice'), ("1", "fine")]
EXPECTED = Labelled(tuple(text for _, text in ROWS), tuple(label for label, _ in ROWS))


def written(path, header=""):
    path.write_text(header + "".join(f"{label}\t{text}\r\n" for label, text in ROWS), encoding="utf-8", newline="")
    return path


def as_json(path, text="text", label="label"):
    lines = (json.dumps({text: content, label: int(name), "n": 1.5}) for name, content in ROWS)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["rows.tsv", "rows.txt"])
def test_lines_are_a_label_a_tab_and_a_text(tmp_path, name):
    assert read(written(tmp_path / name)) == EXPECTED


def test_a_text_may_have_tabs(tmp_path):
    path = tmp_path / "rows.txt"
    path.write_bytes(b"1\tgood\tand cheap\n0\tbad\n")
    assert read(path).texts == ("good\tand cheap", "bad")


def test_a_header_tells_which_field_is_the_label(tmp_path):
    path = tmp_path / "glue.tsv"
    path.write_text("sentence\tlabel\n" + "".join(f"{text}\t{label}\n" for label, text in ROWS), encoding="utf-8")
    assert read(path) == EXPECTED


@pytest.mark.parametrize("header", ["Label\tText\n", "LABEL\tsentence\n"])
def test_a_header_may_be_in_any_case(tmp_path, header):
    assert read(written(tmp_path / "rows.tsv", header)) == EXPECTED


def test_a_header_without_a_label_is_no_row(tmp_path):
    path = written(tmp_path / "rows.tsv", "sentiment\ttext\n")
    with pytest.raises(InvalidInput, match="columns sentiment, text, and none 'label': pass --label-column"):
        read(path)
    assert read(path, label_column="sentiment") == EXPECTED
    assert read(written(tmp_path / "rows.tsv", "1\ttext\n")).texts == ("text", *EXPECTED.texts)
    with pytest.raises(InvalidInput, match="none 'stars': pass --label-column"):
        read(path, label_column="stars")


def test_what_occurs_again_is_a_label_and_names_are_first_taken_as_they_are(tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_text("Label\tI love it\nLabel\tor not\n", encoding="utf-8")
    assert read(path).labels == ("Label", "Label")
    path.write_text("id\tText\tlabel\ttext\n1\tno\tx\tyes\n", encoding="utf-8")
    assert read(path) == Labelled(("yes",), ("x",))


def test_compressed_lines_are_read(tmp_path):
    path = tmp_path / "rows.tsv.gz"
    path.write_bytes(gzip.compress(written(tmp_path / "rows.tsv").read_bytes()))
    assert read(path) == EXPECTED


def test_json_lines_and_csv_hold_the_same(tmp_path):
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("label", "text"), *ROWS])
    assert read(path) == read(as_json(tmp_path / "rows.jsonl")) == EXPECTED


def test_the_only_strings_beside_the_labels_are_the_texts(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps({"sentence": text, "label": label}) for label, text in ROWS), "utf-8")
    assert read(path) == EXPECTED


def test_columns_may_be_named(tmp_path):
    assert read(as_json(tmp_path / "rows.jsonl", "body", "stars"), "body", "stars") == EXPECTED


@pytest.mark.filterwarnings("ignore")  # of the library, of its own parts
def test_a_saved_data_set_of_hugging_face_is_a_folder(tmp_path):
    datasets = pytest.importorskip("datasets")
    rows = {"text": list(EXPECTED.texts), "label": list(EXPECTED.labels)}
    datasets.Dataset.from_dict(rows).save_to_disk(tmp_path / "one")
    assert read(tmp_path / "one") == EXPECTED
    datasets.DatasetDict({"train": datasets.Dataset.from_dict(rows)}).save_to_disk(tmp_path / "several")
    assert read(tmp_path / "several" / "train") == EXPECTED
    with pytest.raises(InvalidInput, match="several splits: name one of its folders, train"):
        read(tmp_path / "several")
    with pytest.raises(InvalidInput, match="no folder that"):
        read(tmp_path)


def test_what_is_no_labelled_text_is_told_by_its_place(tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_bytes(b"1\tgood\nno tab\n")
    with pytest.raises(InvalidCorpus, match="Line 2"):
        read(path)
    path.write_bytes(b"1\tg\xe9")
    with pytest.raises(InvalidCorpus, match="not UTF-8"):
        read(path)
    with pytest.raises(InvalidInput, match="no column 'label' but text, stars, n: pass --label-column"):
        read(as_json(tmp_path / "rows.jsonl", label="stars"))


def test_draws_are_without_repetition_and_the_same_for_a_seed():
    assert sorted(draw(50, 50, seed=1)) == list(range(50))
    assert draw(50, 20, seed=1) == draw(50, 50, seed=1)[:20] != draw(50, 20, seed=2)


@pytest.mark.parametrize(
    ("train", "test", "wanted", "said"),
    [
        (EXPECTED, EXPECTED, 4, "TRAIN has 3: ask for 3 at most"),
        (EXPECTED.rows([0, 2]), EXPECTED, 2, "two are needed"),
        (EXPECTED, Labelled(("x",), ("2",)), 3, "labels that TRAIN has not: '2'"),
        (EXPECTED, EXPECTED.rows([]), 3, "TEST has no rows"),
    ],
)
def test_what_makes_no_experiment_is_refused(train, test, wanted, said):
    check(EXPECTED, EXPECTED, 3)
    with pytest.raises(InvalidInput, match=said):
        check(train, test, wanted)
