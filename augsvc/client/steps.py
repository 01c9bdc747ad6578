"""Conversations of several requests, written once as generators and led from ordinary code or from a coroutine.

A conversation yields what to ask for, is sent the answer or thrown its AugsvcError, and returns its result.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

from augsvc.client.calls import Call, post_view
from augsvc.client.view import RemoteView
from augsvc.errors import AugsvcError, UnknownView

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")


def led(steps: Generator[A, B, T], ask: Callable[[A], B]) -> T:
    """The result of a conversation with `ask`."""
    try:
        asked = next(steps)
        while True:
            try:
                answer = ask(asked)
            except AugsvcError as error:
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        result: T = done.value
        return result


async def led_async(steps: Generator[A, B, T], ask: Callable[[A], Awaitable[B]]) -> T:
    """The same with a coroutine function."""
    try:
        asked = next(steps)
        while True:
            try:
                answer = await ask(asked)
            except AugsvcError as error:
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        result: T = done.value
        return result


def told(call: Call[T], view: RemoteView) -> Generator[Call[Any], Any, T]:
    """A call about a view; a server that does not know the view is told its document and asked again, once."""
    try:
        answer: T = yield call
    except UnknownView:
        # Safe to repeat on any replica: the id is a hash of the document.
        yield post_view(view.document)
        answer = yield call
    return answer
