"""Check whether a server accepts connections."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

SECONDS = 2.0
"""Longest wait for a connection."""


def can_connect(url: str) -> bool:
    """Whether the host and port of a URL accept a connection within 2 seconds."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), SECONDS).close()
    except OSError:
        return False
    return True
