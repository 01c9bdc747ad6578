"""Overlay files as people write them: what is read, and what is refused in one sentence."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augsvc.errors import InvalidInput
from augsvc.lexicon.thesaurus import MAX_LENGTH, Row, digest_of_rows, read_rows
from augsvc.types import Pos

LINES = ["dog\tnoun\tpooch\t2", "dog\tn\tpup", "go\tverb\tproceed\t.5", "big\ta\thuge\t0", "fast\tr\tquickly\t1.25"]
ROWS = (
    Row("big", Pos.ADJ, "huge", 0),
    Row("dog", Pos.NOUN, "pooch", 2000),
    Row("dog", Pos.NOUN, "pup", 1000),
    Row("fast", Pos.ADV, "quickly", 1250),
    Row("go", Pos.VERB, "proceed", 500),
)


@pytest.fixture
def read(tiny, tmp_path):
    def read(*contents):
        paths = [tmp_path / f"{number}.tsv" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_rows(paths, tiny)

    return read


def test_rows_are_folded_sorted_and_counted_in_thousandths(read):
    assert read("\n".join(LINES)) == ROWS


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n") + "\r\n",
        lambda text: "# mine\n\n  \n" + text.replace("\n", "\n#dog\tnoun\tcat\n\n"),
        lambda text: text.replace("dog", " Dog ").replace("pooch", "POOCH"),
    ],
    ids=["byte order mark", "CRLF", "comments", "case and spaces"],
)
def test_how_a_file_is_dressed_does_not_matter(read, dress):
    assert read(dress("\n".join(LINES))) == ROWS


def test_the_order_of_lines_and_files_does_not_matter_where_none_says_another_again(read):
    for order in permutations(LINES):
        assert read("\n".join(order[:2]), "\n".join(order[2:])) == ROWS


def test_the_last_of_equal_rows_wins_in_a_file_and_over_files(read):
    assert read("dog\tn\tpup\t1\ndog\tnoun\tPup\t3") == (Row("dog", Pos.NOUN, "pup", 3000),)
    assert read("dog\tn\tpup\t1", "dog\tn\tpup\t0") == (Row("dog", Pos.NOUN, "pup", 0),)


def test_an_empty_weight_is_the_default(read):
    assert read("dog\tnoun\tpup\t\r\n")[0].weight == 1000


def test_phrases_keep_single_spaces_and_apostrophes_are_straight(read):
    assert read("dog\tn\tman’s  best   friend")[0].synonym == "man's best friend"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("dog\tnoun", ", not 2"),
        ("dog noun pup", ", not 1"),
        ("dog\tnoun\tpup\t1\tx", ", not 5"),
        ("dog\tnuon\tpup", "'nuon' is no part of speech"),
        ("\tnoun\tpup", "lemma is empty"),
        ("dog\tnoun\t ", "synonym is empty"),
        ("dog\tnoun\tDOG", "name another"),
        ("dogs\tnoun\tpups", "'dogs' is a form of the noun 'dog': write that"),
        ("travel\tverb\twent", "'went' is a form of the verb 'go'"),
        ("dog\tnoun\tpup!", "no word"),
        ("dog\tnoun\t42", "no word"),
        ("dog\tnoun\tpu\u0007p", "no word"),
        (f"dog\tnoun\t{'p' * (MAX_LENGTH + 1)}", "too long"),
        *((f"dog\tnoun\tpup\t{weight}", "weight") for weight in ("-1", "nan", "inf", "1e3", "1001", "1_0", ".0001")),
    ],
)
def test_a_bad_line_is_refused_with_its_place(read, line, fault):
    with pytest.raises(InvalidInput, match=f"^[^\n]*0.tsv, line 3: [^\n]*{fault}") as raised:
        read(f"# comment\ndog\tnoun\tpup\n{line}")
    assert raised.value.detail.endswith(".")


def test_what_is_not_utf8_is_refused_with_its_line(read):
    with pytest.raises(InvalidInput, match="line 2: not UTF-8"):
        read(b"dog\tnoun\tpup\n" + "dog\tnoun\tpuppé".encode("latin-1"))


def test_a_missing_file_and_a_directory_are_refused_by_name(tiny, tmp_path):
    for path in (tmp_path / "missing.tsv", tmp_path):
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_rows(path, tiny)


@given(st.binary(max_size=200) | st.text("dogn\t#\n .0é’", max_size=60).map(str.encode))
def test_any_file_is_rows_or_one_sentence(tiny, tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.tsv"
    path.write_bytes(content)
    told = re.escape(str(path)) + ", line [0-9]+: .*[.]"
    try:
        rows = read_rows(path, tiny)
    except InvalidInput as error:
        found = re.fullmatch(told, str(error))
    else:
        found = all(tiny.fold(row.lemma) == row.lemma != row.synonym for row in rows)
    assert found


def test_the_digest_depends_on_the_pack_and_on_every_cell():
    row = Row("dog", Pos.NOUN, "pup", 1000)
    others = [("cat", *row[1:]), ("dog", Pos.VERB, *row[2:]), ("dog", Pos.NOUN, "cur", 1000), (*row[:3], 1)]
    digests = {digest_of_rows("pack", [Row(*cells)]) for cells in [row, *others]} | {digest_of_rows("other", [row])}
    assert len(digests) == 6
