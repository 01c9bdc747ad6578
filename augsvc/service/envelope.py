"""Outermost middleware: gives each request its id, and turns whatever escapes into a problem, never a traceback."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from augsvc.errors import AugsvcError, StorageFull, Unavailable
from augsvc.service import problems
from augsvc.store import is_full

HEADER = "x-request-id"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

logger = logging.getLogger("augsvc.service")


class Envelope:
    """Pure ASGI. A failure after the first byte is raised on, so that the server aborts the connection."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; other scopes unchanged."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_named(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message["headers"], (HEADER.encode(), request_id.encode())]}
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except ClientDisconnect:
            logger.info("request %s: the client went away", request_id)
        except asyncio.CancelledError:
            # A stopping server has run out of patience: another replica may answer the same request.
            if not started:
                stopping = Unavailable("The server is stopping; ask again, or another replica.", retry_after=1.0)
                await problems.response(stopping, request_id)(scope, receive, send_named)
            raise
        except Exception as failure:
            logger.exception("request %s failed", request_id)
            # A clean end would pass a part for the whole: only a broken connection tells the client.
            if started:
                raise
            await problems.response(told(failure), request_id)(scope, receive, send_named)


def told(failure: BaseException) -> AugsvcError:
    """What a client is told of a failure that nobody expected."""
    if is_full(failure):
        return StorageFull(
            "The disk of the server has no room left: nothing of this request was kept, and nothing is lost. "
            "Ask whoever runs the server to make room, then send it again."
        )
    return AugsvcError("Something broke inside the service; its log has the cause under this request's id.")


def _request_id(scope: Scope) -> str:
    """The caller's id if it can be logged as it is, else a fresh one."""
    given = Headers(scope=scope).get(HEADER, "")
    return given if ACCEPTED_ID.fullmatch(given) else secrets.token_hex(8)
