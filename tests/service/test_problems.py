"""Problem details: pointers, codes and headers of the errors themselves."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from starlette.exceptions import HTTPException

from augsvc import errors
from augsvc.errors import AugsvcError, Fault
from augsvc.service import problems

MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "retryable", "errors"}


def _all(kind: type[AugsvcError]) -> list[type[AugsvcError]]:
    return [kind, *(deeper for sub in kind.__subclasses__() for deeper in _all(sub))]


@pytest.mark.parametrize("kind", _all(AugsvcError), ids=lambda kind: kind.__name__)
def test_every_error_class_has_a_problem_with_all_members(kind: type[AugsvcError]) -> None:
    extra = {"index": 0} if kind is errors.InvalidText else {}
    answer = problems.response(kind("Because.", faults=[Fault("/a", "No.")], **extra), "id")
    document = json.loads(bytes(answer.body))
    assert document.keys() >= MEMBERS
    assert answer.status_code == document["status"] == kind.status
    assert document["code"] == kind.code
    assert document["errors"] == [{"pointer": "/a", "detail": "No."}]
    problems.Problem.model_validate(document)


@pytest.mark.parametrize("kind", _all(AugsvcError), ids=lambda kind: kind.__name__)
def test_the_title_is_the_phrase_of_the_status_as_rfc_9457_has_it(kind: type[AugsvcError]) -> None:
    # Python 3.13 took over the names that RFC 9110 has for these.
    newer = {413: "Content Too Large", 422: "Unprocessable Content"}
    assert kind.title == newer.get(kind.status, HTTPStatus(kind.status).phrase)


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in _all(AugsvcError)]
    assert len(codes) == len(set(codes))


def test_a_time_to_come_back_is_told_in_whole_seconds() -> None:
    answer = problems.response(errors.Overloaded("Later.", retry_after=0.3), "id")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("location", "kind", "expected"),
    [
        (("texts", 0), "int_type", "/texts/0"),
        (("texts", 3), "int_type", "/texts"),
        (("nothing",), "missing", "/nothing"),
        (("a/b", "dict[str,any]"), "dict_type", "/a~1b"),
        (("spans", 0, 0, "tuple[int, int]", 1), "int_type", "/spans/0/0/1"),
        (("ids", 0, "int"), "int_type", "/ids/0"),
        (("a/b", "c~d"), "int_type", "/a~1b/c~0d"),
        ((), "model_type", ""),
    ],
)
def test_pointers_lead_through_the_body_past_names_of_types(
    location: tuple[int | str, ...], kind: str, expected: str
) -> None:
    body = {"texts": [1], "spans": [[[0, "x"]]], "ids": [None], "a/b": {"c~d": 1}}
    assert problems.pointer(location, body, kind) == expected


def test_the_frameworks_errors_become_the_products() -> None:
    codes = {status: problems.expected(HTTPException(status), "/x").code for status in (400, 404, 405)}
    assert codes == {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


def test_a_flood_of_faults_is_cut() -> None:
    details = [{"loc": (n,), "msg": "No", "type": "string_type"} for n in range(100)]
    assert len(problems.parameter_faults(details)) == problems.MAX_FAULTS
