"""HTTP API under ``/v1`` and the editors' desk."""

from api.app import create_app

__all__ = ["create_app"]
