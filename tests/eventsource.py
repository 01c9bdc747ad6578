"""What a browser's EventSource does with the bytes it gets (WHATWG HTML, section 9.2.6), a few bytes at a time."""

from __future__ import annotations

import re
from typing import NamedTuple

LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r(?=.))", re.DOTALL)


class Event(NamedTuple):
    """One dispatched event; `id` is what Last-Event-ID would say after it."""

    type: str
    data: str
    id: str


class EventSource:
    """Bytes in, events out; `last_event_id` is what a reconnection sends."""

    def __init__(self) -> None:
        self.last_event_id = ""
        self._rest = b""
        self._id = ""
        self._clear()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that the chunk completes."""
        events, self._rest, end = [], self._rest + chunk, 0
        for match in LINE.finditer(self._rest):
            end = match.end()
            events += self._line(match[1].decode())
        self._rest = self._rest[end:]
        return events

    def _line(self, line: str) -> list[Event]:
        if not line:
            return self._dispatched()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._type = value
        elif name == "id" and "\0" not in value:
            self._id = value
        return []

    def _dispatched(self) -> list[Event]:
        self.last_event_id = self._id
        found = [Event(self._type or "message", "\n".join(self._data), self._id)] if self._data else []
        self._clear()
        return found

    def _clear(self) -> None:
        self._type, self._data = "", list[str]()
