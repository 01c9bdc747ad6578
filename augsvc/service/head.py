"""HEAD on every GET route: the same status and headers, no body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _AnsweredError(Exception):
    """Stops an application whose headers are all that was wanted, before a stream computes its rows."""


def wanted(request: Request) -> bool:
    """Whether only the headers are wanted: an answer that knows them may leave out the rest of its work."""
    return bool(getattr(request.state, "head", False))


class Head:
    """Pure ASGI: asks the application with GET, and stops it after the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; only HEAD is changed."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send(message)
            await send({"type": "http.response.body", "body": b""})
            # Unwinds the application as a disconnect would: whatever it holds, a stream's slot too, is given back.
            raise _AnsweredError

        scope.setdefault("state", {})["head"] = True
        with suppress(_AnsweredError):
            await self.app({**scope, "method": "GET"}, receive, send_head)
