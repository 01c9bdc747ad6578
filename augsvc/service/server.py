"""Serving the application with uvicorn, until a signal says stop."""

from __future__ import annotations

import copy
import logging
import math
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from uvicorn.config import LOGGING_CONFIG

from augsvc.errors import InvalidInput
from augsvc.service.app import create_app
from augsvc.service.settings import Settings

BACKLOG = 2_048

logger = logging.getLogger("augsvc.service")


class Server(uvicorn.Server):
    """Tells the application that it is stopping before it waits for the answers under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let streams end with a cursor, then close."""
        self.config.app.state.service.drain()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises InvalidInput where address, data directory or overlays cannot be used."""
    app = _application(settings)
    # Opened here: an address in use is told in a sentence, and the port that 0 stood for is known before serving.
    with _listening(settings) as listener:
        config = uvicorn.Config(
            app,
            lifespan="on",
            ws="none",
            log_config=_log_config(settings.log_level),
            log_level=settings.log_level,
            server_header=False,
            timeout_graceful_shutdown=math.ceil(settings.shutdown_seconds),
        )
        # uvicorn tells its address only where it has opened the socket itself.
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        logger.info("Serving %s at http://%s:%d", settings.data, host, listener.getsockname()[1])
        lexicon = app.state.service.workspace.lexicon
        logger.info("Lexicon %s with %d synonyms of overlays", lexicon.digest, len(lexicon.overlay))
        with suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listener])


def _application(settings: Settings) -> FastAPI:
    try:
        return create_app(settings)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"Cannot keep data in {settings.data}: {reason}. Choose another directory.") from None


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(
            f"Cannot listen on {settings.host} port {settings.port}: {reason}. Choose another host or port."
        ) from None


def _log_config(level: str) -> dict[str, object]:
    """Uvicorn's own, with the product's loggers beside it."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["loggers"]["augsvc"] = {"handlers": ["default"], "level": level.upper(), "propagate": False}
    return config
