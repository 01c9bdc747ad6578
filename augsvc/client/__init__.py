"""The service from Python: calls with retries over replicas, verified pages, and a view as a `Source`."""

from __future__ import annotations

from augsvc.client.client import Client
from augsvc.client.source import RemoteSource, RemoteView

__all__ = ["Client", "RemoteSource", "RemoteView"]
