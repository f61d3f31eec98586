"""The editors' desk: server-rendered pages over the same service as ``/v1``."""

from api.desk import hooks, pages
from api.desk.templating import refused

routers = (pages.router, hooks.router)

__all__ = ["refused", "routers"]
