"""Whether a server can be reached, without asking it for anything."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

SECONDS = 2.0


def can_connect(url: str) -> bool:
    """Whether something listens at the host and port of a URL; waits 2 seconds at most."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), SECONDS).close()
    except OSError:
        return False
    return True
