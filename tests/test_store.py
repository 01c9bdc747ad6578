"""The store keeps whole values or none, whoever races and whatever is killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rfc8785

from augsvc.errors import InvalidInput, NotFound
from augsvc.store import STALE_SECONDS, Store

A, B = "a" * 64, "b" * 64

RACER = """
import sys
from augsvc.store import Store
store = Store(sys.argv[1])
sys.stdin.readline()
wins = [n for n in range(200) if store.put_document("views", f"v{n}", {"racer": sys.argv[2], "n": n})]
print(*wins)
"""

WRITER = """
import sys
from augsvc.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
for n in range(10**9):
    with store.temporary() as path:
        path.write_bytes(b"%d " % n * 50_000)
        digest = store.put_object(path)
    store.put_document("manifests", digest, {"n": n, "filler": "x" * 100_000})
    store.set_tag(f"name{n % 7}", digest)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def put(store: Store, content: bytes) -> str:
    with store.temporary() as path:
        path.write_bytes(content)
        return store.put_object(path)


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_an_object_is_found_under_the_sha256_of_its_bytes(store: Store) -> None:
    digest = put(store, b"content")
    assert digest == hashlib.sha256(b"content").hexdigest()
    path = store.object_path(digest)
    assert path.read_bytes() == b"content"
    assert path.parts[-4:] == ("objects", "sha256", digest[:2], digest[2:])


def test_the_same_object_twice_is_one_and_a_damaged_one_is_healed(store: Store) -> None:
    path = store.object_path(put(store, b"content"))
    path.write_bytes(b"damage!")
    assert store.object_path(put(store, b"content")) == path
    assert path.read_bytes() == b"content"


def test_an_object_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.object_path(A)


def test_a_temporary_file_is_gone_after_success_and_failure(store: Store) -> None:
    put(store, b"content")
    with pytest.raises(NotADirectoryError), store.temporary() as path:
        store.put_object(path.joinpath("half", str(path.write_bytes(b"half"))))
    assert list(store.scratch.iterdir()) == []


def test_only_old_temporary_files_are_swept_when_a_store_is_opened(store: Store) -> None:
    fresh, stale = store.scratch / "fresh", store.scratch / "stale"
    for path in (fresh, stale):
        path.touch()
    then = time.time() - STALE_SECONDS - 60
    os.utime(stale, (then, then))
    Store(store.scratch.parent)
    assert list(store.scratch.iterdir()) == [fresh]


def test_a_document_is_created_once_and_never_changed(store: Store) -> None:
    assert store.put_document("views", "v", {"b": 1, "a": [None, "é"]})
    assert not store.put_document("views", "v", {"b": 2})
    assert store.get_document("views", "v") == {"b": 1, "a": [None, "é"]}
    assert store.get_document("manifests", "v") is None
    assert store.list_documents("views") == ["v"]
    assert store.list_documents("manifests") == []
    assert list(store.scratch.iterdir()) == []


def test_a_document_lies_there_as_canonical_json(store: Store, tmp_path: Path) -> None:
    document = {"b": 1, "a": "\u20ac", "\U0001f600": [], "\ufb33": {}}
    store.put_document("manifests", A, document)
    assert (tmp_path / "data" / "manifests" / f"{A}.json").read_bytes() == rfc8785.dumps(document)


def test_a_tag_moves_tells_what_was_before_and_can_be_deleted(store: Store) -> None:
    assert store.get_tag("news") is None
    assert store.set_tag("news", A) is None
    assert store.set_tag("news", B) == A
    assert store.set_tag("Other.1_-", A) is None
    assert store.tags() == {"Other.1_-": A, "news": B}
    assert store.delete_tag("news")
    assert not store.delete_tag("news")
    assert store.tags() == {"Other.1_-": A}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", ".hidden", "a\0", "a\n", "é", "x" * 129]
)
def test_no_name_leaves_its_folder(store: Store, name: str) -> None:
    for call in (
        lambda: store.set_tag(name, A),
        lambda: store.get_tag(name),
        lambda: store.delete_tag(name),
        lambda: store.put_document("views", name, {}),
        lambda: store.get_document("views", name),
        lambda: store.object_path(name),
    ):
        with pytest.raises(InvalidInput):
            call()


def test_kinds_and_digests_are_checked(store: Store) -> None:
    with pytest.raises(InvalidInput):
        store.put_document("../views", "v", {})
    with pytest.raises(InvalidInput):
        store.list_documents("tags")
    with pytest.raises(InvalidInput):
        store.set_tag("name", "../../etc/passwd")


def test_of_processes_that_create_one_document_exactly_one_wins(store: Store) -> None:
    racers = [start(RACER, store.scratch.parent, name) for name in "abc"]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = {name: {int(n) for n in racer.communicate()[0].split()} for name, racer in zip("abc", racers, strict=True)}
    assert sum(map(len, won.values())) == 200
    for n in range(200):
        document = store.get_document("views", f"v{n}")
        assert document is not None
        assert n in won[document["racer"]]


@pytest.mark.parametrize("delay", [0.02, 0.09, 0.23])
def test_a_writer_killed_at_any_time_leaves_a_readable_store(store: Store, delay: float) -> None:
    writer = start(WRITER, store.scratch.parent)
    assert writer.stdout is not None
    writer.stdout.readline()
    while not store.tags():
        assert writer.poll() is None
        time.sleep(0.01)
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert store.tags()
    for digest in store.tags().values():
        content = store.object_path(digest).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        document = store.get_document("manifests", digest)
        assert document is not None
        assert content == b"%d " % document["n"] * 50_000
    assert set(store.list_documents("manifests")) >= set(store.tags().values())
    assert store.set_tag("after", A) is None


def test_what_the_disk_does_not_confirm_is_never_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.set_tag("name", A)

    def failing(descriptor: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="disk"):
        store.put_document("views", "v", {})
    with pytest.raises(OSError, match="disk"):
        store.set_tag("name", B)
    with pytest.raises(OSError, match="disk"):
        put(store, b"content")
    assert store.get_document("views", "v") is None
    assert store.get_tag("name") == A
    with pytest.raises(NotFound):
        store.object_path(hashlib.sha256(b"content").hexdigest())
    assert list(store.scratch.iterdir()) == []


def test_files_that_a_file_system_left_are_no_names(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.set_tag("c", "0" * 64)
    (tmp_path / "tags" / ".nfs0001").write_text("x")
    assert list(store.tags()) == ["c"]


PUBLISHER = """
import os, signal, sys
from augsvc.store import Store
store = Store(sys.argv[1])
with store.folder() as folder:
    paths = [folder / "a", folder / "b"]
    for path in paths:
        path.write_bytes(path.name.encode())
    with store.publishing(folder, paths) as digests:
        if len(sys.argv) > 2:
            store.put_document("manifests", "0" * 64, {"chunks": digests[:1]})
        os.kill(os.getpid(), signal.SIGKILL)
"""


def objects(store: Store) -> list[bytes]:
    return sorted(path.read_bytes() for path in store.scratch.parent.rglob("objects/*/*/*") if path.is_file())


@pytest.mark.parametrize(("more", "kept"), [([], []), (["manifest"], [b"a"])])
def test_objects_of_a_killed_upload_go_when_the_store_is_opened_but_for_those_that_a_manifest_names(
    store: Store, more: list[str], kept: list[bytes]
) -> None:
    start(PUBLISHER, store.scratch.parent, *more).communicate()
    assert objects(store) == [b"a", b"b"]
    Store(store.scratch.parent)
    assert objects(store) == kept
    assert list(store.scratch.iterdir()) == []


def publish_and_fail(store: Store) -> None:
    with store.folder() as folder:
        (folder / "a").write_bytes(b"a")
        (folder / "b").write_bytes(b"b")
        with store.publishing(folder, [folder / "a", folder / "b"]):
            assert objects(store) == [b"a", b"b"]
            raise OSError("no manifest")


def test_objects_of_an_upload_that_fails_go_at_once_but_for_those_that_a_manifest_names(store: Store) -> None:
    shared = put(store, b"a")
    store.put_document("manifests", A, {"chunks": [shared]})
    with pytest.raises(OSError, match="no manifest"):
        publish_and_fail(store)
    assert objects(store) == [b"a"]
    assert list(store.scratch.iterdir()) == []


def test_the_folder_of_a_process_that_lives_is_left_alone(store: Store) -> None:
    with store.folder() as folder:
        (folder / "file").write_bytes(b"unfinished")
        Store(store.scratch.parent)
        assert (folder / "file").read_bytes() == b"unfinished"
    assert not folder.exists()
