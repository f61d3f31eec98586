"""The HTTP service: the operations of the pipeline that never wait for a model, under ``/v1``."""

from api.app import create_app

__all__ = ["create_app"]
