"""The contract of operations on labelled spans, and what each of them promises."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import augsvc
from augsvc.errors import InvalidPipeline
from augsvc.ops import OPERATIONS, Op
from augsvc.ops.spans import SpanOp
from augsvc.pipeline import Augmented, parse
from augsvc.views import Workspace

OPS = [op for op in OPERATIONS if issubclass(op, SpanOp)]
every = pytest.mark.parametrize("op", OPS, ids=lambda op: op.__name__)
SETTINGS = {
    "mention_replacement": {"mentions": {"X": ["Ada Lovelace", "Oslo", "éé", "Bob"], "Y": ["the Nile", "Peru"]}},
    "label_wise_replacement": {"words": {"B-X": {"Ada": 3, "Émile": 1}, "I-X": {"Bo": 1}, "O": {"ran": 1, "idle": 5}}},
    "shuffle_within_segments": {},
}
texts = st.text("aeion Adas dog' .,A\n\té😀", max_size=60) | st.text(max_size=30)
TEXT = "Ada Lovelace met Bob Stone in an old house near a Paris street and New York City."
SPANS = [[0, 12, "X"], [17, 26, "X"], [50, 55, "Y"], [67, 80, "Y"]]


def pipeline(op: type[Op], **settings: object) -> dict[str, object]:
    kind = op.model_fields["type"].default
    return {"ops": [{"type": kind, "rate": 0.5} | SETTINGS[kind] | settings], "protect": {"kinds": ["number"]}}


@st.composite
def labelled(draw: st.DrawFn) -> tuple[str, list[list[object]]]:
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return text, [[a, b, draw(st.sampled_from("XYZ"))] for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def replay(text: str, result: Augmented) -> str:
    for edit in reversed(result.edits):
        assert text[edit.start : edit.end] == edit.original
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


@every
def test_its_worked_example_is_what_it_does(op: type[Op]) -> None:
    example = op.example
    chain = {"ops": [{"type": op.model_fields["type"].default} | example.settings]}
    assert augsvc.augment([example.before], chain, seed=example.seed, spans=[example.spans])[0].text == example.after


@every
def test_its_golden_output_holds(op: type[Op]) -> None:
    name = f"{op.model_fields['type'].default}.{op.version}.json"
    golden = json.loads((Path(__file__).parent / "golden" / name).read_text())
    options = {"seed": golden["seed"], "spans": golden["spans"], "copies": 3}
    assert [r.text for r in augsvc.augment(golden["texts"], golden["pipeline"], **options)] == golden["outputs"]


@pytest.mark.parametrize("text", ["A A", "a A met a A"])
def test_an_article_that_is_a_mention_is_not_repaired(text: str) -> None:
    spans = [[start, start + 1, "X"] for start, letter in enumerate(text) if letter in "aA"]
    chain = {"ops": [{"type": "mention_replacement", "rate": 1, "mentions": {"X": ["Oslo"]}}]}
    result = augsvc.augment([text], chain, seed=0, spans=[spans])[0]
    assert result.text == text.replace("A", "Oslo").replace("a", "Oslo")
    assert [result.text[start:end] for start, end, _ in result.spans] == ["Oslo"] * len(spans)


@pytest.mark.parametrize(
    ("before", "spans", "after"),
    [
        ("A Rome met.", [[0, 1, "Z"], [2, 6, "X"]], "An Oslo met."),
        ("Vitamin A Rome met.", [[0, 9, "Z"], [10, 14, "X"]], "Vitamin A Oslo met."),
        ("A Rome met.", [[0, 1, "Y"], [2, 6, "H"]], "Paris The Hague met."),
    ],
)
def test_only_what_belongs_to_no_other_mention_is_an_article(
    before: str, spans: list[list[object]], after: str
) -> None:
    mentions = {"X": ["Oslo"], "Y": ["Paris"], "H": ["The Hague"]}
    chain = {"ops": [{"type": "mention_replacement", "rate": 1, "mentions": mentions}]}
    assert augsvc.augment([before], chain, seed=0, spans=[spans])[0].text == after


NAMED = [[0, 9, "Z"], [10, 20, "X"]]


@pytest.mark.parametrize(
    ("op", "before", "spans", "after"),
    [
        ({"words": {"B-X": {"Oslo": 1}}}, "Vitamin A Rome Treaty.", NAMED, "Vitamin A Oslo Treaty."),
        ({"words": {"B-X": {"Oslo": 1}}}, "Take a Rome Treaty.", [[7, 11, "X"]], "Take an Oslo Treaty."),
        ({"words": {"I-X": {"Ohio": 1}}}, "Take a Rome.", [[0, 11, "X"]], "Take an Ohio."),
        ({}, "Vitamin A Rome Oslo.", [[0, 9, "Z"], [10, 19, "X"]], "Vitamin A Oslo Rome."),
        ({}, "Take a Rome Oslo.", [[7, 16, "X"]], "Take an Oslo Rome."),
    ],
)
def test_an_a_that_ends_a_name_is_no_article(
    op: dict[str, object], before: str, spans: list[list[object]], after: str
) -> None:
    kind = "label_wise_replacement" if op else "shuffle_within_segments"
    chain = {"ops": [{"type": kind, "rate": 1} | op], "protect": {"kinds": []}}
    found = augsvc.augment([before], chain, seed=0, spans=[spans], copies=8)
    assert {one.text for one in found} - {before} == {after}


@every
def test_its_document_reads_back_and_documents_itself(op: type[Op]) -> None:
    first = parse(pipeline(op, max_edits=3))
    assert parse(json.loads(json.dumps(first.document()))) == first
    assert hash(parse(json.loads(json.dumps(first.document())))) == hash(first)
    assert op.summary()
    assert "Source:" in (op.__doc__ or "")
    fields = op.model_json_schema()["properties"]
    assert all("description" in field for name, field in fields.items() if name != "type")


@every
@given(row=labelled(), seed=st.integers(0, 2**63 - 1))
def test_edits_replay_and_spans_stay_in_order(op: type[Op], row: tuple[str, list[list[object]]], seed: int) -> None:
    text, spans = row
    result = augsvc.augment([text], pipeline(op, rate=1), seed=seed, spans=[spans])[0]
    assert replay(text, result) == result.text
    assert len(result.spans) == len(spans)
    for before, after in zip(spans, result.spans, strict=True):
        assert after is not None
        assert after[2] == before[2]
        assert 0 <= after[0] <= after[1] <= len(result.text)
    assert sorted(result.spans, key=lambda span: span[:2]) == [*result.spans]


@every
@given(row=labelled())
def test_rate_zero_and_texts_without_spans_change_nothing(op: type[Op], row: tuple[str, list[list[object]]]) -> None:
    text, spans = row
    assert augsvc.augment([text], pipeline(op, rate=0), seed=1, spans=[spans])[0].text == text
    assert augsvc.augment([text], pipeline(op, rate=1), seed=1)[0].text == text


@every
@given(rows=st.lists(labelled(), min_size=1, max_size=3))
def test_neighbours_do_not_matter_nor_how_many_copies(op: type[Op], rows: list[tuple[str, list[list[object]]]]) -> None:
    some, spans = [text for text, _ in rows], [found for _, found in rows]
    whole = augsvc.augment(some, pipeline(op), seed=3, spans=spans, copies=3)
    for number, (text, found) in enumerate(rows):
        alone = augsvc.augment([text], pipeline(op), seed=3, spans=[found], ids=[number], copies=2)
        assert alone == whole[3 * number : 3 * number + 2]


@every
def test_its_rate_follows_a_schedule(op: type[Op]) -> None:
    edits = []
    for epoch, share in enumerate([0, 1, 1]):
        options = {"seed": 1, "epoch": epoch, "copies": 10, "spans": [SPANS]}
        scheduled = augsvc.augment([TEXT], pipeline(op, rate={"by_epoch": [0, 1]}), **options)
        assert scheduled == augsvc.augment([TEXT], pipeline(op, rate=share), **options)
        edits.append(sum(len(one.edits) for one in scheduled))
    assert edits[0] == 0 < min(edits[1:])


@every
def test_its_limits_hold_and_copies_differ(op: type[Op]) -> None:
    for limits, least, most in (({"rate": 1, "max_edits": 1}, 0, 1), ({"rate": 0, "min_edits": 1}, 1, 1)):
        found = augsvc.augment([TEXT], pipeline(op, **limits), seed=2, spans=[SPANS], copies=20)
        groups = [len({edit.group for edit in one.edits}) for one in found]
        assert least <= min(groups) <= max(groups) <= most
        assert len({one.text for one in found}) > 2
    other = augsvc.augment([TEXT], pipeline(op), seed=2, spans=[SPANS], epoch=1, copies=20)
    assert [one.text for one in other] != [one.text for one in found]


@every
@pytest.mark.parametrize("mode", ["keep", "follow", "drop"])
def test_it_goes_before_the_others_which_treat_its_spans_as_asked(op: type[Op], mode: str) -> None:
    first = pipeline(op, rate=1)["ops"]
    chain = {"passes": [[{"type": "synonym", "rate": 1}], first], "protect": {"spans": mode, "kinds": ["name"]}}
    alone = augsvc.augment([TEXT], {"ops": first, "protect": chain["protect"]}, seed=5, spans=[SPANS], copies=10)
    for result, before in zip(augsvc.augment([TEXT], chain, seed=5, spans=[SPANS], copies=10), alone, strict=True):
        assert replay(TEXT, result) == result.text
        for span, old in zip(result.spans, before.spans, strict=True):
            if mode == "keep":
                assert result.text[span[0] : span[1]] == before.text[old[0] : old[1]]


@every
def test_protected_words_stay(op: type[Op]) -> None:
    chain = pipeline(op, rate=1)
    chain["protect"] = {"words": ["Lovelace", "Bob Stone", "Paris", "York"], "kinds": []}
    for result in augsvc.augment([TEXT], chain, seed=1, spans=[SPANS], copies=20):
        assert all(word in result.text for word in ("Lovelace", "Bob Stone", "Paris", "York"))


@every
def test_where_texts_come_without_spans_it_is_refused(op: type[Op], tmp_path: object) -> None:
    with pytest.raises(InvalidPipeline, match="labelled spans"):
        augsvc.augment_arrow(pa.array(["a"]), pipeline(op), seed=1)
    with pytest.raises(InvalidPipeline, match="labelled spans"):
        Workspace(str(tmp_path)).create_view({"corpus": "notes", "pipeline": pipeline(op)})


def went(text: str, mentions: list[str], span: list[object], **protect: object) -> set[str]:
    op = {"type": "mention_replacement", "rate": 1, "mentions": {"X": mentions}}
    found = augsvc.augment([text], {"ops": [op], "protect": protect}, seed=1, spans=[[[*span, "X"]]], copies=20)
    for one in found:
        start, end, label = one.spans[0]
        assert one.text[start:end] in {*mentions, text[span[0] : span[1]], *(m[0].upper() + m[1:] for m in mentions)}
        assert label == "X"
    return {one.text for one in found}


@pytest.mark.parametrize(
    ("text", "mentions", "span", "after"),
    [
        ("A Dane came.", ["Italian"], [2, 6], {"An Italian came."}),
        ("It was an Ohio firm.", ["Paris"], [10, 14], {"It was a Paris firm."}),
        ("AN Ohio firm.", ["Paris"], [3, 7], {"A Paris firm."}),
        ("Cats sleep.", ["dogs", "a horse"], [0, 4], {"Dogs sleep."}),
        ("I saw the Nile.", ["the Rhine", "Rhine"], [10, 14], {"I saw the Rhine."}),
        ("I saw a Dane.", ["Żuk"], [8, 12], {"I saw a Dane."}),
        ("I saw Ada.", ["Ada"], [6, 9], {"I saw Ada."}),
        ("I saw Adams.", ["Eve"], [6, 9], {"I saw Adams."}),
        ("I saw Ada.", ["Eve", "Zoë Å"], [6, 9], {"I saw Eve.", "I saw Zoë Å."}),
    ],
)
def test_a_mention_takes_another_ones_place_or_nothing_happens(
    text: str, mentions: list[str], span: list[object], after: set[str]
) -> None:
    assert went(text, mentions, span) == after


def test_spans_that_overlap_stay() -> None:
    op = {"type": "mention_replacement", "rate": 1, "mentions": {"X": ["Oslo"]}}
    spans = [[[0, 3, "X"], [0, 12, "X"], [17, 26, "X"]]]
    result = augsvc.augment([TEXT], {"ops": [op]}, seed=1, spans=spans)[0]
    assert result.text.startswith("Ada Lovelace met Oslo in")
    assert result.spans == [[0, 3, "X"], [0, 12, "X"], [17, 21, "X"]]


@pytest.mark.parametrize("mentions", [{"X": [""]}, {"X": [" a"]}, {"X": ["a\nb"]}, {"X": "a"}, ["a"]])
def test_mentions_that_are_none_are_refused(mentions: object) -> None:
    with pytest.raises(InvalidPipeline):
        parse({"ops": [{"type": "mention_replacement", "mentions": mentions}]})


TOKENS = [["Ada", "Lovelace", "met", "Bob", "in", "New", "York", "."], ["Bob", "saw", "Oslo", "."]]
TAGS = [["B-PER", "I-PER", "O", "B-PER", "O", "B-LOC", "I-LOC", "O"], ["B-PER", "O", "B-LOC", "O"]]
MENTIONS = {"LOC": ["New York", "Oslo"], "PER": ["Ada Lovelace", "Bob"]}


def test_a_corpus_lends_its_own_mentions_and_words() -> None:
    assert augsvc.mentions_of_tokens(TOKENS, TAGS) == MENTIONS
    assert list(augsvc.mentions_of_tokens(TOKENS[::-1], TAGS[::-1])) == ["LOC", "PER"]
    names = sorted({tag for row in TAGS for tag in row})
    numbers = [[names.index(tag) for tag in row] for row in TAGS]
    assert augsvc.mentions_of_tokens(TOKENS, numbers, names) == MENTIONS
    spans = [[[0, 12, "PER"], [17, 20, "PER"], [4, 12]], [[8, 12, "LOC"]]]
    assert augsvc.mentions_of(["Ada Lovelace met Bob.", "Bob saw Oslo."], spans) == {
        "LOC": ["Oslo"],
        "PER": ["Ada Lovelace", "Bob"],
    }
    words = augsvc.words_of_tokens(TOKENS, TAGS)
    assert words["B-PER"] == {"Ada": 1, "Bob": 2}
    assert words["O"] == {"in": 1, "met": 1, "saw": 1}


def test_tokens_bear_the_tags_of_what_took_their_place() -> None:
    chain = {"ops": [{"type": "mention_replacement", "rate": 1, "mentions": MENTIONS}]}
    seen = set()
    for result in augsvc.augment_tokens(TOKENS, chain, seed=1, tags=TAGS, copies=10):
        mentions = augsvc.mentions_of_tokens([result.tokens], [result.tags])
        assert all(set(mentions[label]) <= set(MENTIONS[label]) for label in mentions)
        assert [tag for tag in result.tags if tag[0] == "B"] == [tag for tag in TAGS[result.id] if tag[0] == "B"]
        seen.add(tuple(result.tokens))
    assert ("Ada", "Lovelace", "saw", "New", "York", ".") in seen


def test_words_are_drawn_by_their_tag() -> None:
    words = {"B-PER": {"Eve": 1}, "I-PER": {"Stone": 1}, "O": {"idle": 1}}
    chain = {"ops": [{"type": "label_wise_replacement", "rate": 1, "words": words}], "protect": {"kinds": []}}
    text = "An Ada Lovelace met a big man."
    result = augsvc.augment([text], chain, seed=1, spans=[[[3, 15, "PER"]]])[0]
    assert result.text == "An Eve Stone idle an idle idle."
    assert result.spans == [[3, 12, "PER"]]


def test_abbreviations_keep_their_places() -> None:
    chain = {"ops": [{"type": "shuffle_within_segments", "rate": 1}]}
    found = augsvc.augment(["We saw Mr. Bob Stone."], chain, seed=1, spans=[[[7, 20, "X"]]], copies=20)
    assert {one.text for one in found} == {"We saw Mr. Bob Stone.", "We saw Mr. Stone Bob."}
    words = {"B-X": {"Ada": 1}, "I-X": {"Ida": 1}}
    chain = {"ops": [{"type": "label_wise_replacement", "rate": 1, "words": words}]}
    found = augsvc.augment(["Mr. Bob J. Stone."], chain, seed=1, spans=[[[0, 16, "X"]]])
    assert found[0].text == "Mr. Ida J. Ida."
    found = augsvc.augment(["Rome, Bob."], chain, seed=1, spans=[[[0, 9, "X"]]])
    assert found[0].text == "Ada, Ida."


def words_of(text: str) -> list[str]:
    return sorted(text.replace(" a ", " an ").strip(".").split())


def test_a_shuffle_moves_words_within_their_segment_alone() -> None:
    chain = {"ops": [{"type": "shuffle_within_segments", "rate": 1}], "protect": {"kinds": []}}
    for result in augsvc.augment([TEXT], chain, seed=1, spans=[SPANS], copies=20):
        for before, after in zip(SPANS, result.spans, strict=True):
            old, new = TEXT[before[0] : before[1]], result.text[after[0] : after[1]]
            assert sorted(old.split()) == sorted(new.split())
        assert words_of(result.text) == words_of(TEXT)
        assert all(TEXT[slice(*edit.source)] == edit.replacement for edit in result.edits if edit.op != "article")
