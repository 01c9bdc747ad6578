"""One address made of several, and the rules by which a call is made again of the next one. No I/O."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import randbelow
from typing import Any, NoReturn

import httpx
from tenacity import RetryCallState, retry_if_exception, wait_random_exponential

from augsvc.client.arguments import urls_of
from augsvc.client.failures import unanswered
from augsvc.errors import AugsvcError, InvalidInput, Unavailable

CONNECT_SECONDS = 10.0
MAX_WAIT_SECONDS = 60.0
# https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter: "full jitter"
_JITTER = wait_random_exponential(multiplier=0.25, max=8.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient a client is; see `Client`."""

    timeout: float = 60.0
    retries: int = 6
    deadline: float | None = None

    def __post_init__(self) -> None:
        if self.timeout <= 0 or (self.deadline is not None and self.deadline <= 0) or self.retries < 0:
            raise InvalidInput("timeout and deadline are more than 0 seconds, and retries are 0 or more.")


class Replicas:
    """Servers that hold the same data: one drawn by chance is asked, and once that has failed the next one."""

    def __init__(self, urls: str | Sequence[str], limits: Limits) -> None:
        self.urls = urls_of(urls)
        self.limits = limits
        # Many clients, ranks and workers among them, spread over the replicas so.
        self._current = randbelow(len(self.urls))

    @contextmanager
    def attempt(self) -> Iterator[str]:
        """The address for one attempt, whose failures become those of `augsvc.errors` and move on to the next one."""
        replica = self._current
        url = self.urls[replica]
        try:
            try:
                yield url
            except httpx.RequestError as error:
                raise unanswered(error, url) from None
        except AugsvcError as error:
            # Another thread may have moved on already: two steps would lead back to the replica that failed.
            if error.retryable and self._current == replica:
                self._current = (replica + 1) % len(self.urls)
            raise


class Effort:
    """One call's attempts: how long each may take, whether there is another, and after which pause."""

    def __init__(self, replicas: Replicas, repeatable: bool) -> None:
        self._limits = replicas.limits
        self._attempts = 1 + self._limits.retries * repeatable
        self._replicas = len(replicas.urls)
        self._ends = time.monotonic() + (self._limits.deadline or math.inf)

    @property
    def left(self) -> float | None:
        """Seconds until the deadline; None without one."""
        return None if self._ends == math.inf else max(0.0, self._ends - time.monotonic())

    def timeouts(self) -> httpx.Timeout:
        """How long one attempt may wait for the network."""
        silence = min(self._limits.timeout, self._limits.timeout if self.left is None else self.left)
        return httpx.Timeout(silence, connect=min(silence, CONNECT_SECONDS))

    def check(self) -> None:
        """Raise httpx.ReadTimeout past the deadline: an answer that comes in drops is never silent."""
        if self.left == 0.0:
            raise httpx.ReadTimeout("timed out")

    def rules(self) -> dict[str, Any]:
        """The arguments for tenacity's `Retrying` and `AsyncRetrying`."""
        return {
            "retry": retry_if_exception(lambda error: isinstance(error, AugsvcError) and error.retryable),
            "wait": self._pause,
            "stop": lambda state: self._used_up(state) or self._too_late(state),
            "retry_error_callback": self._give_up,
        }

    def _pause(self, state: RetryCallState) -> float:
        # What a replica asks for is waited for once the others have been asked; a proxy in maintenance may ask for
        # hours, which would look like a hang.
        asked = _failure(state).retry_after if state.attempt_number % self._replicas == 0 else None
        return min(asked or 0.0, MAX_WAIT_SECONDS) + _JITTER(state)

    def _used_up(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self._attempts

    def _too_late(self, state: RetryCallState) -> bool:
        return time.monotonic() + state.upcoming_sleep >= self._ends

    def _give_up(self, state: RetryCallState) -> NoReturn:
        last = _failure(state)
        if self._used_up(state):
            raise last
        raise Unavailable(
            f"No answer within the deadline of {self._limits.deadline:g} s, after {state.attempt_number} attempts. "
            f"The last failure: {last.detail}",
            retry_after=last.retry_after,
            **last.extra,
        ) from last


def _failure(state: RetryCallState) -> AugsvcError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, AugsvcError):
        raise TypeError("only such failures are tried again") from error
    return error
