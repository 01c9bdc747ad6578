"""The service from Python: calls with retries over replicas, verified pages read ahead, and a view as a `Source`."""

from __future__ import annotations

from augsvc.client.ahead import Ahead
from augsvc.client.asynchronous import AsyncClient
from augsvc.client.client import Client
from augsvc.client.source import RemoteSource, pages
from augsvc.client.stall import Stall
from augsvc.client.view import RemoteView

__all__ = ["Ahead", "AsyncClient", "Client", "RemoteSource", "RemoteView", "Stall", "pages"]
