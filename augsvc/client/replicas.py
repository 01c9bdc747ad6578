"""One address made of several: a request goes to a replica, and after a failure that may pass to the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from augsvc.client.failures import refused, unanswered
from augsvc.errors import AugsvcError, InvalidInput

CONNECT_SECONDS = 10.0
MAX_WAIT_SECONDS = 60.0
_JITTER = wait_random_exponential(multiplier=0.25, max=8.0)

T = TypeVar("T")


class Replicas:
    """Servers that hold the same data, asked as one.

    Every call of the service may be repeated: all are idempotent. What failed without a verdict (no connection, a
    broken answer, 429, 503) is asked again of the next replica, up to `retries` times, after what Retry-After says plus
    a pause drawn from an exponentially growing range ("full jitter"). Connects on first use.
    """

    def __init__(
        self, urls: str | Sequence[str], transport: httpx.BaseTransport | None, timeout: float, retries: int
    ) -> None:
        self._urls = [_checked(url) for url in ([urls] if isinstance(urls, str) else urls)]
        if not self._urls:
            raise InvalidInput("Name at least one server, for instance http://127.0.0.1:8000.")
        self._transport = transport
        self._timeout = timeout
        self._current = 0
        self._http: httpx.Client | None = None
        self._connecting = Lock()
        self._retrying = Retrying(
            retry=retry_if_exception(_may_pass), stop=stop_after_attempt(retries + 1), wait=_pause, reraise=True
        )

    def ask(self, method: str, path: str, read: Callable[[httpx.Response], T], **request: Any) -> T:
        """`read` of a successful answer; a TransferError that it raises counts as a failure of the replica.

        `request` is handed to httpx, but `content` may be a function that makes the body for each attempt.
        Raises the exceptions of `augsvc.errors` alone.
        """
        answer: T = self._retrying(self._attempt, method, path, read, request)
        return answer

    def ask_once(self, method: str, path: str, read: Callable[[httpx.Response], T], **request: Any) -> T:
        """The same without a second attempt, for a body that cannot be read twice."""
        return self._attempt(method, path, read, request)

    def close(self) -> None:
        """Close the connections, if any were made."""
        if self._http is not None:
            self._http.close()

    def _connected(self) -> httpx.Client:
        with self._connecting:
            if self._http is None:
                # Made late: it loads the certificates, some 20 ms of CPU that most scripts never need.
                timeout = httpx.Timeout(self._timeout, connect=min(self._timeout, CONNECT_SECONDS))
                self._http = httpx.Client(transport=self._transport, timeout=timeout)
            return self._http

    def _attempt(self, method: str, path: str, read: Callable[[httpx.Response], T], request: dict[str, Any]) -> T:
        replica = self._current
        try:
            return read(self._send(method, self._urls[replica] + path, request))
        except AugsvcError as error:
            # Another thread may have moved on already: two steps would lead back to the replica that failed.
            if error.retryable and self._current == replica:
                self._current = (replica + 1) % len(self._urls)
            raise

    def _send(self, method: str, url: str, request: dict[str, Any]) -> httpx.Response:
        content = request.get("content")
        body = content() if callable(content) else content
        try:
            response = self._connected().request(method, url, **{**request, "content": body})
        except httpx.RequestError as error:
            raise unanswered(error, url) from None
        if not response.is_success:
            raise refused(response)
        return response


def _checked(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InvalidInput(f"{url!r} is no server's address: write for instance http://127.0.0.1:8000.")
    return url.rstrip("/")


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, AugsvcError) and error.retryable


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, AugsvcError) else None
    # A proxy in maintenance may ask for hours, which would look like a hang.
    return min(asked or 0.0, MAX_WAIT_SECONDS) + _JITTER(state)
