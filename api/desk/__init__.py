"""Editors' desk: server-rendered pages on the same service as ``/v1``."""

from api.desk import pages, webhooks
from api.desk.jinja import refused

routers = (pages.router, webhooks.router)

__all__ = ["refused", "routers"]
