"""Answers that are no success, and requests that got none, as the exceptions of `augsvc.errors`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from augsvc.errors import AugsvcError, Fault, NotFound, Overloaded, TransferError, Unavailable
from augsvc.types import JsonObject

_OWN_MEMBERS = {"type", "title", "status", "detail", "code", "retryable", "errors", "instance", "faults", "retry_after"}
_UNANSWERED = (httpx.ConnectError, httpx.TimeoutException)
# What proxies answer in the service's stead, without problem details.
_BY_STATUS = {404: NotFound, 429: Overloaded, **dict.fromkeys((502, 503, 504), Unavailable)}


def refused(response: httpx.Response) -> AugsvcError:
    """The error that an answer of status 300 or more tells, by its problem's `code`.

    Further members of the problem, `request_id` first among them, are the error's `extra`.
    """
    problem = _problem(response)
    kind = _by_code(AugsvcError).get(problem.get("code", "")) or _BY_STATUS.get(response.status_code, AugsvcError)
    return kind(
        problem.get("detail") or f"{response.request.url} answered {response.status_code} without saying why.",
        faults=[Fault(fault["pointer"], fault["detail"]) for fault in problem.get("errors", ())],
        retry_after=_seconds(response.headers),
        **{name: value for name, value in problem.items() if name not in _OWN_MEMBERS},
    )


def unanswered(error: httpx.RequestError, url: str) -> AugsvcError:
    """The error for a request that failed on its way: Unavailable before an answer began, TransferError afterwards."""
    reason = str(error) or type(error).__name__
    if isinstance(error, _UNANSWERED):
        return Unavailable(f"No answer from {url} ({reason}): check the address, and that the server runs.")
    return TransferError(f"The answer from {url} broke off ({reason}).")


def _problem(response: httpx.Response) -> JsonObject:
    try:
        problem: Any = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _by_code(kind: type[AugsvcError]) -> dict[str, type[AugsvcError]]:
    """The tree of errors below `kind`, by code."""
    found = {kind.code: kind}
    for narrower in kind.__subclasses__():
        found |= _by_code(narrower)
    return found


def _seconds(headers: httpx.Headers) -> float | None:
    """Retry-After in seconds (RFC 9110, section 10.2.3); a date counts from the answer's own, by the server's clock."""
    asked = headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return max(0.0, (parsedate_to_datetime(asked) - now).total_seconds())
    except (ValueError, TypeError):  # no date, or one without its zone
        return None
