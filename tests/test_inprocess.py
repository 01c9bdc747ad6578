"""The library's calls: strings, arrays and tables, one and the same output."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest

import augsvc
from augsvc.errors import InvalidInput, InvalidPipeline, InvalidText

TEXTS = ["They purchased a big house.", "", "An old dog 😀 slept."]


def test_strings_arrays_and_tables_agree() -> None:
    texts = [r.text for r in augsvc.augment(TEXTS, seed=3, copies=2, epoch=1)]
    assert augsvc.augment_arrow(pa.array(TEXTS), seed=3, copies=2, epoch=1).to_pylist() == texts
    table = augsvc.augment_table(pa.table({"label": [0, 1, 2], "text": TEXTS}), seed=3, copies=2, epoch=1)
    assert table.to_pydict() == {"label": [0, 0, 1, 1, 2, 2], "text": texts}


def test_each_text_column_is_a_field_of_its_own() -> None:
    pairs = pa.table({"premise": TEXTS, "label": [0, 1, 2], "hypothesis": TEXTS})
    done = augsvc.augment_table(pairs, text_column=["premise", "hypothesis"], seed=3, copies=8).to_pydict()
    for field, name in enumerate(("premise", "hypothesis")):
        assert done[name] == [r.text for r in augsvc.augment(TEXTS, seed=3, copies=8, field=field)]
        assert done[name] == [r.text for r in augsvc.augment(TEXTS, seed=3, copies=8, field=field, spans=[[]] * 3)]
    assert done["premise"] != done["hypothesis"]
    assert done["label"] == [label for label in (0, 1, 2) for _ in range(8)]
    turned = augsvc.augment_table(pairs, text_column=["hypothesis", "premise"], seed=3, copies=8).to_pydict()
    assert turned["premise"] == done["hypothesis"]


def test_null_stays_null_and_types_stay_what_they_are() -> None:
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        out = augsvc.augment_arrow(pa.array([TEXTS[0], None], kind), seed=1, copies=2)
        assert out.type == kind
        assert out.null_count == 2
        assert out[2].as_py() is None


def test_a_split_gives_the_same_only_with_ids() -> None:
    long = TEXTS[0] * 20
    whole = [r.text for r in augsvc.augment([long] * 4, seed=1)]
    with_ids = [r.text for i in range(4) for r in augsvc.augment([long], seed=1, ids=[i])]
    without = [r.text for i in range(4) for r in augsvc.augment([long], seed=1)]
    assert whole == with_ids != without


def test_texts_and_ids_may_come_from_anywhere() -> None:
    result = augsvc.augment((text for text in TEXTS), seed=1, ids=np.array([5, 6, 7]))
    assert result == augsvc.augment(TEXTS, seed=1, ids=[5, 6, 7])
    assert json.dumps([r.id for r in result]) == "[5, 6, 7]"


def test_any_mapping_is_a_pipeline() -> None:
    pipeline = MappingProxyType({"ops": [{"type": "synonym", "rate": 0.1}]})
    assert augsvc.augment(TEXTS, pipeline, seed=1) == augsvc.augment(TEXTS, seed=1)


def test_an_array_of_chunks_is_one_column() -> None:
    chunks = pa.chunked_array([TEXTS[:1], TEXTS[1:]])
    assert augsvc.augment_table(pa.table({"text": chunks}), seed=1).to_pydict()["text"] == [
        r.text for r in augsvc.augment(TEXTS, seed=1)
    ]


MISUSES = {
    "one string": (lambda: augsvc.augment("a string", seed=0), InvalidInput),
    "a lone surrogate": (lambda: augsvc.augment(["\ud800"], seed=0), InvalidText),
    "no such preset": (lambda: augsvc.augment(["a"], "nonsense", seed=0), InvalidPipeline),
    "a negative seed": (lambda: augsvc.augment(["a"], seed=-1), InvalidInput),
    "no copies": (lambda: augsvc.augment(["a"], seed=0, copies=0), InvalidInput),
    "no copies of an array": (lambda: augsvc.augment_arrow(pa.array(["a"]), seed=0, copies=0), InvalidInput),
    "too many ids": (lambda: augsvc.augment_arrow(pa.array(["a"]), seed=0, ids=[1, 2]), InvalidInput),
    "an array of numbers": (lambda: augsvc.augment_arrow(pa.array([1]), seed=0), InvalidInput),
    "half a seed": (lambda: augsvc.augment(["a"], seed=1.5), InvalidInput),
    "a seed in quotes": (lambda: augsvc.augment(["a"], seed="1"), InvalidInput),
    "half a copy": (lambda: augsvc.augment(["a"], seed=0, copies=1.5), InvalidInput),
    "an id that is no text": (lambda: augsvc.augment(["a"], seed=0, ids=["\ud800"]), InvalidInput),
    "one id": (lambda: augsvc.augment(["a"], seed=0, ids=5), InvalidInput),
    "one id of an array": (lambda: augsvc.augment_arrow(pa.array(["a"]), seed=0, ids=5), InvalidInput),
    "an id for a list": (lambda: augsvc.augment(["a"], seed=0, ids="5"), InvalidInput),
    "half an id": (lambda: augsvc.augment(["a"], seed=0, ids=[0.5]), InvalidInput),
    "ids of a set for an array": (lambda: augsvc.augment_arrow(pa.array(["a"]), seed=0, ids={"a", 2}), InvalidInput),
    "a number for texts": (lambda: augsvc.augment(5, seed=0), InvalidInput),
    "nothing for texts": (lambda: augsvc.augment(None, seed=0), InvalidInput),
    "a number for spans": (lambda: augsvc.augment(["a"], seed=0, spans=5), InvalidInput),
    "a path for a lexicon": (lambda: augsvc.augment(["a"], seed=0, lexicon="x"), InvalidInput),
    "an empty path for a lexicon": (lambda: augsvc.augment(["a"], seed=0, lexicon=""), InvalidInput),
    "a path for an array's lexicon": (lambda: augsvc.augment_arrow(pa.array(["a"]), seed=0, lexicon="x"), InvalidInput),
    "a column that is a number": (
        lambda: augsvc.augment_table(pa.table({"text": ["a"]}), text_column=0, seed=0),
        InvalidInput,
    ),
    "copies of a table in words": (
        lambda: augsvc.augment_table(pa.table({"text": ["a"]}), seed=0, copies="two"),
        InvalidInput,
    ),
    "no text column": (lambda: augsvc.augment_table(pa.table({"text": ["a"]}), text_column=[], seed=0), InvalidInput),
    "a text column twice": (
        lambda: augsvc.augment_table(pa.table({"text": ["a"]}), text_column=["text", "text"], seed=0),
        InvalidInput,
    ),
    "a field below 0": (lambda: augsvc.augment(["a"], seed=0, field=-1), InvalidInput),
    "spans that are none": (lambda: augsvc.augment(["a"], seed=0, spans=[None]), InvalidInput),
    "a span that is a number": (lambda: augsvc.augment(["a"], seed=0, spans=[[3]]), InvalidInput),
    "a span of booleans": (lambda: augsvc.augment(["a"], seed=0, spans=[[[False, True]]]), InvalidInput),
    "two columns of a name": (
        lambda: augsvc.augment_table(pa.Table.from_arrays([pa.array(["a"])] * 2, ["text"] * 2), seed=0),
        InvalidInput,
    ),
    "a pipeline that is a number": (lambda: augsvc.augment(["a"], 5, seed=0), InvalidPipeline),
    "a list for an array": (lambda: augsvc.augment_arrow(["a"], seed=0), InvalidInput),
    "a dict for a table": (lambda: augsvc.augment_table({"text": ["a"]}, seed=0), InvalidInput),
    "no such column": (lambda: augsvc.augment_table(pa.table({"a": ["b"]}), seed=0), InvalidInput),
}


@pytest.mark.parametrize(("call", "error"), MISUSES.values(), ids=MISUSES.keys())
def test_misuse_is_refused(call: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        call()


def test_every_public_name_can_be_had() -> None:
    assert all(getattr(augsvc, name) is not None for name in augsvc.__all__)
    with pytest.raises(AttributeError):
        _ = augsvc.nonsense


def test_importing_is_light() -> None:
    heavy = ["numba", "torch", "fastapi", "pyarrow", "pydantic", "numpy", "nltk", "httpx"]
    code = f"import sys, augsvc; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_seed_of_numpy_does_not_narrow_the_seeds_after_it() -> None:
    texts = ["The big dogs found a small house near the old river."]
    wide = augsvc.augment(texts, seed=5 + 2**40, epoch=257)[0].text
    code = (
        "import numpy as np, augsvc; t = "
        f"{texts!r}; augsvc.augment(t, seed=np.int32(5), epoch=np.uint8(1));"
        "print(augsvc.augment(t, seed=5 + 2**40, epoch=257)[0].text)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == f"{wide}\n"
    )
