"""Corpora: one digest for one content, all or nothing, any rows in any order."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from augsvc import corpus as room
from augsvc.corpus import Corpora, CorpusInfo
from augsvc.errors import InvalidCorpus, InvalidInput, UnknownCorpus, UnsupportedMedia
from augsvc.store import Store

NDJSON, TEXT = "application/x-ndjson", "text/plain"


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    return Corpora(Store(tmp_path / "data"))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of eight rows and batches of some hundred bytes: every boundary within a few rows."""
    monkeypatch.setattr(room, "CHUNK_ROWS", 8)
    monkeypatch.setattr(room, "SEGMENT_BYTES", 400)


def rows_of(count: int) -> list[dict[str, Any]]:
    return [
        {"id": n, "text": "é" * (n % 90), "tags": [n, None][: n % 3], "o": {"x": None if n % 2 else [n / 2]}, "z": None}
        for n in range(count)
    ]


def lines(rows: list[dict[str, Any]]) -> io.BytesIO:
    return io.BytesIO(b"\n".join(json.dumps(row).encode() for row in rows))


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_an_upload_is_described_as_it_was_registered(corpora: Corpora) -> None:
    found = corpora.put("reviews", io.BytesIO(b'{"text": "a", "n": 1, "f": 0.5}\n{"text": "b"}'), NDJSON)
    columns = [{"name": "text", "type": "string"}, {"name": "n", "type": "int64"}, {"name": "f", "type": "double"}]
    described = {"name": "reviews", "digest": found.digest, "rows": 2, "columns": columns, "text_column": "text"}
    assert found.created
    assert found.document() == described | {"skipped": 0}
    assert corpora.describe("reviews").document() == described
    assert corpora.describe(found.digest).document() == described | {"name": found.digest}
    assert [info.document() for info in corpora.list()] == [described]


def test_the_digest_is_the_sha256_of_the_canonical_manifest(corpora: Corpora, tmp_path: Path) -> None:
    digest = corpora.put("a", io.BytesIO(b"one\ntwo"), TEXT).digest
    content = (tmp_path / "data" / "manifests" / f"{digest}.json").read_bytes()
    manifest = json.loads(content)
    assert hashlib.sha256(content).hexdigest() == digest
    assert content == rfc8785.dumps(manifest)
    assert set(manifest) == {"version", "columns", "text_column", "rows", "chunk_rows", "chunks"}


def test_the_same_bytes_have_the_same_digest_under_any_name_and_in_any_store(corpora: Corpora, tmp_path: Path) -> None:
    first = corpora.put("a", lines(rows_of(50)), NDJSON)
    again = corpora.put("a", lines(rows_of(50)), NDJSON)
    other = corpora.put("b", lines(rows_of(50)), NDJSON)
    elsewhere = Corpora(Store(tmp_path / "elsewhere")).put("c", lines(rows_of(50)), NDJSON)
    assert {first.digest, again.digest, other.digest, elsewhere.digest} == {first.digest}
    assert (first.created, again.created, other.created) == (True, False, True)
    assert again.previous is None


def test_other_content_moves_the_name_and_the_old_digest_stays(corpora: Corpora) -> None:
    old = corpora.put("a", io.BytesIO(b"one"), TEXT)
    new = corpora.put("a", io.BytesIO(b"two"), TEXT)
    assert (new.previous, new.created) == (old.digest, False)
    assert new.document()["previous"] == old.digest
    assert corpora.open("a").digest == new.digest
    assert corpora.open(old.digest).take(np.array([0])).to_pylist() == [{"text": "one"}]


def test_another_text_column_is_another_corpus(corpora: Corpora) -> None:
    content = b'{"text": "a", "title": "b"}'
    first = corpora.put("a", io.BytesIO(content), NDJSON)
    second = corpora.put("b", io.BytesIO(content), NDJSON, text_column="title")
    assert first.digest != second.digest
    assert corpora.open("b").text_columns == ("title",)


def test_a_deleted_name_is_unknown_and_its_digest_is_not(corpora: Corpora) -> None:
    digest = corpora.put("a", io.BytesIO(b"one"), TEXT).digest
    corpora.delete("a")
    assert corpora.list() == []
    assert corpora.describe(digest).rows == 1
    for call in (corpora.delete, corpora.describe, corpora.open):
        with pytest.raises(UnknownCorpus, match="'a'"):
            call("a")


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".a", "-a", "a b", "ä", "x" * 129, "0" * 64])
def test_names_that_are_none_cannot_be_given_and_are_unknown(corpora: Corpora, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        corpora.put(name, io.BytesIO(b"one"), TEXT)
    for call in (corpora.delete, corpora.describe, corpora.open):
        with pytest.raises(UnknownCorpus):
            call(name)


def test_skipped_rows_are_counted_and_no_row_at_all_is_refused(corpora: Corpora) -> None:
    found = corpora.put("a", io.BytesIO(b"one\n\xff\ntwo"), TEXT, on_bad="skip")
    assert (found.rows, found.document()["skipped"]) == (2, 1)
    assert found.digest == corpora.put("b", io.BytesIO(b"one\ntwo"), TEXT).digest
    for content, media_type in [(b"", TEXT), (b"\xff", TEXT), (b"", NDJSON), (b"{}", NDJSON), (b"[]", NDJSON)]:
        with pytest.raises(InvalidCorpus, match="no rows") as caught:
            corpora.put("c", io.BytesIO(content), media_type, on_bad="skip")
        assert bool(caught.value.faults) == (content in (b"\xff", b"[]"))


class Torn(io.RawIOBase):
    """A body whose sender goes away."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._stream = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        if part := self._stream.read(min(size, 1000)):
            return part
        raise ConnectionResetError("the sender went away")


@pytest.mark.parametrize("media_type", [NDJSON, TEXT])
@pytest.mark.parametrize("name", ["kept", "new"])
def test_a_broken_upload_leaves_everything_as_it_was(
    corpora: Corpora, tmp_path: Path, media_type: str, name: str
) -> None:
    corpora.put("kept", io.BytesIO(b"one"), TEXT)
    before = files(tmp_path)
    with pytest.raises(ConnectionResetError):
        corpora.put(name, Torn(b'{"text": "a"}\n' * 300_000), media_type)
    with pytest.raises(InvalidCorpus):
        corpora.put(name, io.BytesIO(b'{"text": "a"}\n' * 200_000 + b"\xff"), media_type)
    with pytest.raises(UnsupportedMedia):
        corpora.put(name, io.BytesIO(b""), "image/png")
    assert files(tmp_path) == before


FULL_DISK = """
import io, resource, sys
from pathlib import Path
from augsvc.corpus import Corpora
from augsvc.store import Store
corpora = Corpora(Store(sys.argv[1]))
content = b"".join(b'{"text": "%d"}\\n' % n for n in range(400_000))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    corpora.put("a", io.BytesIO(content), sys.argv[2])
except OSError as error:
    print(error.errno)
"""


@pytest.mark.parametrize(("media_type", "limit"), [(NDJSON, 100_000), (NDJSON, 1_000_000), (TEXT, 100_000)])
def test_a_full_disk_leaves_nothing(tmp_path: Path, media_type: str, limit: int) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), media_type, str(limit)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "27"  # EFBIG, what a full disk looks like to a process with a file size limit
    assert files(tmp_path) == set()


ENDLESS = """
import io, sys
from augsvc.corpus import Corpora
from augsvc.store import Store
corpora = Corpora(Store(sys.argv[1]))
print("ready", flush=True)
for n in range(10**9):
    corpora.put(f"name{n % 5}", io.BytesIO(b"".join(b"%d %d\\n" % (n, row) for row in range(70_000))), "text/plain")
"""


@pytest.mark.parametrize("delay", [0.11, 0.24, 0.41])
def test_an_upload_killed_at_any_time_leaves_whole_corpora_only(corpora: Corpora, tmp_path: Path, delay: float) -> None:
    root = tmp_path / "data"
    writer = subprocess.Popen([sys.executable, "-c", ENDLESS, str(root)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()
    while not corpora.list():
        assert writer.poll() is None
        time.sleep(0.01)
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    for info in corpora.list():
        texts = corpora.open(info.name).take(np.arange(info.rows))["text"].to_pylist()
        number = texts[0].split()[0]
        assert texts == [f"{number} {row}" for row in range(70_000)]
    assert corpora.put("after", io.BytesIO(b"one"), TEXT).created


def test_threads_that_upload_the_same_name_agree(corpora: Corpora) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: corpora.put("a", io.BytesIO(b"one\ntwo %d" % (n % 2)), TEXT), range(32)))
    assert corpora.describe("a").digest in {info.digest for info in found}
    assert len({info.digest for info in found}) == 2


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], room.Corpus]:
    rows = rows_of(61)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "CHUNK_ROWS", 8)
        patch.setattr(room, "SEGMENT_BYTES", 400)
        corpora = Corpora(Store(tmp_path_factory.mktemp("sample")))
        corpora.put("a", lines(rows), NDJSON)
    return rows, corpora.open("a")


@given(wanted=st.lists(st.integers(0, 60), max_size=40))
def test_any_rows_come_in_the_order_asked_for_with_repeats(sample: Any, wanted: list[int]) -> None:
    rows, corpus = sample
    table = corpus.take(np.array(wanted, dtype=np.int64))
    assert table.schema == corpus.schema
    assert table.to_pylist() == [rows[n] for n in wanted]
    table.validate(full=True)


@pytest.mark.parametrize("wanted", [[-1], [0, 61], [2**62]])
def test_rows_outside_the_corpus_are_an_index_error(sample: Any, wanted: list[int]) -> None:
    with pytest.raises(IndexError, match=r"\[0, 61\)"):
        sample[1].take(np.array(wanted))


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 17, 100])
def test_every_row_is_there_around_chunk_boundaries(corpora: Corpora, tmp_path: Path, count: int) -> None:
    found = corpora.put("a", lines(rows_of(count)), NDJSON)
    manifest = json.loads((tmp_path / "data" / "manifests" / f"{found.digest}.json").read_bytes())
    assert found.rows == count
    assert (manifest["chunk_rows"], len(manifest["chunks"])) == (8, -(-count // 8))
    assert corpora.open("a").take(np.arange(count)).to_pylist() == rows_of(count)


def test_a_page_opens_only_the_chunks_it_needs(sample: Any, tmp_path: Path) -> None:
    rows, _ = sample
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "CHUNK_ROWS", 8)
        corpora = Corpora(Store(tmp_path / "data"))
        digest = corpora.put("a", lines(rows), NDJSON).digest
    chunks = json.loads((tmp_path / "data" / "manifests" / f"{digest}.json").read_bytes())["chunks"]
    for chunk in chunks[:2] + chunks[3:]:
        Store(tmp_path / "data").object_path(chunk).unlink()
    assert corpora.open("a").take(np.array([23, 16])).to_pylist() == [rows[23], rows[16]]


def test_a_corpus_of_several_chunks_reads_the_same_as_its_file(corpora: Corpora, shared_data: Path) -> None:
    content = (shared_data / "text" / "movie_reviews.txt").read_bytes()
    texts = content.decode().removesuffix("\n").split("\n")
    info: CorpusInfo = corpora.put("reviews", io.BytesIO(content), TEXT)
    wanted = np.arange(info.rows)[:: -(info.rows // 5000)]
    assert info.rows == len(texts)
    assert corpora.open("reviews").take(wanted)["text"].to_pylist() == [texts[n].removesuffix("\r") for n in wanted]


def test_a_corpus_of_today_has_the_digest_that_it_had_before(corpora: Corpora) -> None:
    found = corpora.put("golden", lines(rows_of(50)), NDJSON)
    assert found.digest == "ba19b54a97bee6da8c7157f32db16b70bec6dc87bb7fc7cc01ad61467d577cc1"


GIANTS = """
import io, resource, sys
from pathlib import Path
from augsvc.corpus import Corpora
from augsvc.store import Store

class Giants(io.RawIOBase):
    left = 120
    def read(self, size):
        self.left -= 1
        return b"x" * (4 << 20) + b"\\n" if self.left >= 0 else b""

assert Corpora(Store(sys.argv[1])).put("giants", Giants(), "text/plain").rows == 120
status = Path("/proc/self/status")
if status.exists():  # the peak that getrusage tells begins with that of the process this one was forked from
    print(next(int(line.split()[1]) << 10 for line in status.open() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_chunk_of_giant_rows_is_written_in_bounded_memory(tmp_path: Path) -> None:
    answer = subprocess.run([sys.executable, "-c", GIANTS, str(tmp_path)], capture_output=True, text=True, check=True)
    assert int(answer.stdout) < 400 << 20  # of 480 MiB of text
    (info,) = Corpora(Store(tmp_path)).list()
    assert (
        Corpora(Store(tmp_path)).open(info.digest).take(np.array([119, 0]))["text"].to_pylist() == ["x" * (4 << 20)] * 2
    )
