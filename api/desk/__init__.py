"""The editors' desk: server-rendered pages over the same service as ``/v1``."""

from api.desk.pages import router

__all__ = ["router"]
