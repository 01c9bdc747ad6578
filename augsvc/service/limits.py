"""Limits on request bodies, kept while they arrive, so that nothing too large is ever held."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from augsvc.errors import TooLarge
from augsvc.service import problems


class BodyLimit:
    """Pure ASGI: 413 at once where Content-Length tells, else as soon as the body passes the limit.

    Bodies under `/corpora/` are files and may have `corpus_bytes`, all others `body_bytes`.
    """

    def __init__(self, app: ASGIApp, *, body_bytes: int, corpus_bytes: int) -> None:
        self.app = app
        self.body_bytes = body_bytes
        self.corpus_bytes = corpus_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, counting its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.corpus_bytes if scope["path"].startswith("/corpora/") else self.body_bytes
        error = TooLarge(f"The body is larger than this server takes: {limit} bytes at most.", limit=limit)
        # A server refuses a Content-Length that is no number before any application sees it.
        if int(Headers(scope=scope).get("content-length", "0")) > limit:
            await problems.response(error, scope["state"]["request_id"])(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise error
            return message

        await self.app(scope, receive_counted, send)
