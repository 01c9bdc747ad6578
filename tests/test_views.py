"""A view's rows are a function of their position: pages, lanes and picks agree, and its id is its content."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import augsvc
from augsvc import views
from augsvc.errors import InvalidInput, InvalidPipeline, TooLarge, UnknownCorpus, UnknownView, ViewSuperseded
from augsvc.lexicon import Lexicon
from augsvc.ops.synonym import Synonym
from augsvc.order import Lane
from augsvc.views import LocalSource, Workspace
from augsvc.wire import NDJSON, encode

ROWS = 37
TEXTS = [f"They purchased {i} big red houses near an old river bank, and nobody noticed row {i}." for i in range(ROWS)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("data"))
    lines = "\n".join(json.dumps({"text": text, "label": i % 3}) for i, text in enumerate(TEXTS))
    workspace.corpora.put("houses", io.BytesIO(lines.encode()), "application/x-ndjson")
    return workspace


def source_of(workspace: Workspace, **settings: object) -> LocalSource:
    view, _ = workspace.create_view({"corpus": "houses", "seed": 5} | settings)
    return workspace.source(view.view_id)


def read_all(source: LocalSource, lane: Lane, rows: int, start: int = 0, epoch: int = 0) -> pa.Table:
    tables, position = [], start
    while position is not None:
        page = source.page(epoch, position, rows, lane)
        tables.append(page.table)
        position = page.next
    return pa.concat_tables(tables)


@pytest.mark.parametrize("include_original", [False, "rows", "column"])
def test_an_epoch_holds_every_row_and_copy_once(workspace: Workspace, include_original: object) -> None:
    source = source_of(workspace, copies=2, include_original=include_original)
    rows = read_all(source, Lane(), 10).to_pylist()
    variants = [-1, 0, 1] if include_original == "rows" else [0, 1]
    assert sorted((r["_row"], r["_copy"]) for r in rows) == [(i, c) for i in range(ROWS) for c in variants]
    assert [r["_position"] for r in rows] == list(range(source.rows))
    assert all(r["text"] == TEXTS[r["_row"]] for r in rows if r["_copy"] == -1)
    assert all(r.get("_original", TEXTS[r["_row"]]) == TEXTS[r["_row"]] for r in rows)
    assert all(r["label"] == r["_row"] % 3 for r in rows)


def test_the_streams_copies_are_those_of_augment(workspace: Workspace) -> None:
    rows = read_all(source_of(workspace, copies=3, include_original="rows"), Lane(), 50, epoch=4).to_pylist()
    streamed = {(r["_row"], r["_copy"]): r["text"] for r in rows if r["_copy"] >= 0}
    direct = augsvc.augment(TEXTS, seed=5, epoch=4, copies=3)
    assert streamed == {(r.id, r.copy): r.text for r in direct}


lanes = st.tuples(st.integers(0, 4), st.integers(1, 4), st.integers(0, 4)).map(lambda x: Lane(x[0], x[1], sum(x)))


@given(lanes, st.integers(1, 50), st.integers(0, 2), st.sampled_from(["global", "block", "none"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_lane_read_in_pages_is_the_epoch_cut_by_its_definition(
    workspace: Workspace, lane: Lane, rows: int, epoch: int, shuffle: str
) -> None:
    source = source_of(workspace, shuffle=shuffle)
    whole = read_all(source, Lane(), 1000, epoch=epoch)
    mine = [g for g in range(source.rows) if lane.offset <= g % lane.total < lane.offset + lane.rows]
    assert read_all(source, lane, rows, epoch=epoch).equals(whole.take(pa.array(mine, pa.int64())))


@pytest.mark.parametrize("include_original", [False, "rows", "column"])
def test_the_checksum_on_the_wire_is_that_of_the_rows(workspace: Workspace, include_original: object) -> None:
    source = source_of(workspace, include_original=include_original)
    table = source.page(0, 0, 100, Lane()).table
    expected = b""
    for row in table.to_pylist():
        expected += row["_position"].to_bytes(8, "little")
        for text in (row["text"], row.get("_original")):
            if text is not None:
                expected += len(text.encode()).to_bytes(8, "little") + text.encode()
    chunks = encode([table], NDJSON, schema=source.schema, text_columns=source.text_columns, next=lambda: None)
    end = json.loads(b"".join(chunks).splitlines()[-1])["_end"]
    assert end == {"rows": len(table), "checksum": format(zlib.crc32(expected), "08x"), "next": None}


def test_any_positions_can_be_picked(workspace: Workspace) -> None:
    source = source_of(workspace)
    whole = read_all(source, Lane(), 1000)
    positions = np.array([5, 0, 5, 36])
    assert source.pick(0, positions).table.equals(whole.take(positions))
    for bad in ([-1], [ROWS]):
        with pytest.raises(InvalidInput):
            source.pick(0, np.array(bad))


def test_a_page_tells_what_comes_next(workspace: Workspace) -> None:
    source, lane = source_of(workspace), Lane(0, 1, 5)
    assert [source.page(0, start, 2, lane).next for start in (0, 21, 31, 99)] == [6, 31, None, None]
    assert len(source.page(0, 99, 2, lane).table) == 0
    assert source.page(0, 99, 2, lane).table.schema == source.schema


def test_long_texts_come_in_shorter_pages(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of(workspace)
    whole = read_all(source, Lane(), 1000)
    monkeypatch.setattr(views, "MAX_PAGE_BYTES", 300)
    with pytest.raises(TooLarge, match="rows at a time"):
        source.page(0, 0, 1000, Lane())
    first = views.read(source, 0, 0, 1000, Lane())
    assert 1 <= len(first.table) < 5
    assert first.table.equals(whole.slice(0, first.next))


def test_views_beyond_the_last_few_are_closed(workspace: Workspace) -> None:
    for seed in range(1_000, 1_300):
        source_of(workspace, seed=seed)
    assert workspace._source.cache_info().currsize <= 256


def test_a_page_out_of_range_is_refused(workspace: Workspace) -> None:
    source = source_of(workspace)
    with pytest.raises(InvalidInput):
        source.page(0, 0, 65_537, Lane())
    with pytest.raises(InvalidInput):
        source.page(0, 3, 1, Lane(0, 1, 2, origin=4))


def test_a_view_is_named_by_its_content(workspace: Workspace) -> None:
    first, created = workspace.create_view({"corpus": "houses", "seed": 77})
    again, recreated = workspace.create_view(first.document())
    other, _ = workspace.create_view({"corpus": "houses", "seed": 78})
    assert (created, recreated) == (True, False)
    assert first.view_id == again.view_id != other.view_id
    assert workspace.view(first.view_id) == first


def test_a_large_seed_keeps_its_digits(workspace: Workspace) -> None:
    view, _ = workspace.create_view({"corpus": "houses", "seed": 2**63 - 1})
    assert view.document()["seed"] == str(2**63 - 1)
    assert workspace.view(view.view_id).seed == 2**63 - 1


def test_a_view_keeps_its_corpus_when_the_name_moves(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.corpora.put("c", io.BytesIO(b"first line"), "text/plain")
    view, _ = workspace.create_view({"corpus": "c", "pipeline": {"ops": [{"type": "synonym", "rate": 0}]}})
    workspace.corpora.put("c", io.BytesIO(b"second line"), "text/plain")
    workspace.corpora.delete("c")
    assert workspace.source(view.view_id).page(0, 0, 1, Lane()).table["text"].to_pylist() == ["first line"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"corpus": "nowhere"}, UnknownCorpus),
        ({"pipeline": "nonsense"}, InvalidPipeline),
        ({"pipeline": {"ops": [{"type": "synonym", "rate": 7}]}}, InvalidPipeline),
        ({"copies": 0}, InvalidInput),
        ({"seed": -1}, InvalidInput),
        ({"shuffle": "some"}, InvalidInput),
        ({"include_original": True}, InvalidInput),
        ({"extra": 1}, InvalidInput),
        ({"versions": {"shuffle": 0}}, InvalidInput),
    ],
)
def test_a_bad_view_is_refused(workspace: Workspace, change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        workspace.create_view({"corpus": "houses"} | change)


IMPOSSIBLE = [
    ({"shuffle": "1"}, ["/versions/shuffle"]),
    ({"shuffle": -1, "scanner": True}, ["/versions/shuffle", "/versions/scanner"]),
    ({"lexicon": "latest"}, ["/versions/lexicon"]),
    ({"ops": ["synonym"]}, ["/versions/ops"]),
    ({"ops": {"synonym": 1.5}}, ["/versions/ops/synonym"]),
    ({"colour": "red"}, ["/versions/colour"]),
]


@pytest.mark.parametrize(("change", "pointers"), IMPOSSIBLE)
def test_versions_that_no_build_has_are_pointed_at(
    workspace: Workspace, change: dict[str, object], pointers: list[str]
) -> None:
    document = workspace.create_view({"corpus": "houses"})[0].document()
    with pytest.raises(InvalidInput, match="no build has such versions") as caught:
        workspace.create_view(document | {"versions": document["versions"] | change})
    assert [fault.pointer for fault in caught.value.faults] == pointers


@pytest.mark.parametrize("change", [{"shuffle": 9}, {"ops": {"synonym": 99}}, {"lexicon": "0" * 64}, {"parser": 1}])
def test_versions_that_another_build_may_have_are_superseded(workspace: Workspace, change: dict[str, object]) -> None:
    document = workspace.create_view({"corpus": "houses"})[0].document()
    with pytest.raises(ViewSuperseded):
        workspace.create_view(document | {"versions": document["versions"] | change})


def test_an_unknown_view_is_told(workspace: Workspace) -> None:
    with pytest.raises(UnknownView):
        workspace.source("0" * 32)


@pytest.mark.parametrize("later", [{"skip": 3}, {"pipeline": {"ops": [{"type": "paraphrase", "rate": 0.1}]}}])
def test_a_view_of_a_later_release_is_superseded(workspace: Workspace, later: dict[str, object]) -> None:
    view, _ = workspace.create_view({"corpus": "houses"})
    name = format(len(str(later)), "032x")
    workspace.store.put_document("views", name, view.document() | later)
    with pytest.raises(ViewSuperseded, match="release"):
        workspace.view(name)


def test_a_view_of_other_versions_is_superseded(workspace: Workspace) -> None:
    view, _ = workspace.create_view({"corpus": "houses"})
    versions = view.versions | {"ops": {"synonym": 0}}
    old = view.model_copy(update={"versions": versions})
    workspace.store.put_document("views", "f" * 32, old.document())
    with pytest.raises(ViewSuperseded, match=rf"made with synonym 0; .* here has synonym {Synonym.version}: pin"):
        workspace.source("f" * 32)


def test_a_view_is_kept_with_the_release_that_made_it_and_superseded_by_naming_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, _ = workspace.create_view({"corpus": "houses", "seed": 123})
    assert workspace.view(view.view_id) == view
    monkeypatch.setattr(views, "__version__", "9.8.7")
    monkeypatch.setattr(views, "SHUFFLE_VERSION", 5)
    with pytest.raises(
        ViewSuperseded, match=rf"made with shuffle 1; augsvc 9\.8\.7 .* pin augsvc=={augsvc.__version__}"
    ):
        workspace.view(view.view_id)


def test_a_view_made_with_an_overlay_is_another_and_superseded_without_it(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text("house\tnoun\tcrib\t1000\n")
    over = Workspace(workspace.store.scratch.parent, Lexicon.open(overlay=tmp_path / "mine.tsv"))
    mine, plain = source_of(over), source_of(workspace)
    assert mine.view_id != plain.view_id
    assert "crib" in "".join(mine.page(0, 0, ROWS, Lane()).table.column("text").to_pylist())
    for other, source in ((workspace, mine), (over, plain)):
        with pytest.raises(ViewSuperseded, match=r"^the lexicon here has the digest [0-9a-f]{64}, .*overlays"):
            other.view(source.view_id)
