"""Reading JSON bodies: models out, or an error that says where or which."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from augsvc.errors import AugsvcError, BadRequest, InvalidInput, InvalidText
from augsvc.service.bodies import parse


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    texts: list[str]


@given(st.lists(st.text()))
def test_every_list_of_strings_arrives_as_it_was_sent(texts: list[str]) -> None:
    for ascii_only in (True, False):
        assert parse(Texts, json.dumps({"texts": texts}, ensure_ascii=ascii_only).encode()).texts == texts


@given(st.lists(st.text(max_size=5), max_size=5), st.integers(0xD800, 0xDFFF), st.text(max_size=5))
def test_a_lone_surrogate_is_told_by_its_index(before: list[str], surrogate: int, text: str) -> None:
    broken = text + chr(surrogate)
    with pytest.raises(InvalidText) as refused:
        parse(Texts, json.dumps({"texts": [*before, broken]}).encode())
    assert refused.value.index == len(before)


@given(st.binary(max_size=50))
def test_arbitrary_bytes_are_refused_on_purpose(body: bytes) -> None:
    with pytest.raises(AugsvcError):
        parse(Texts, body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"texts"', b"7"])
def test_json_that_is_no_object_is_invalid_as_a_whole(body: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(Texts, body)
    assert [fault.pointer for fault in refused.value.faults] == [""]


@pytest.mark.parametrize("body", [b'{"texts": ["a"]', b'{"texts": [\xff]}', b'{"\\ud800": 1}', b'{"texts": "\\ud800"}'])
def test_what_is_no_json_of_unicode_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(Texts, body)
