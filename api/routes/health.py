"""Whether the service runs."""

from __future__ import annotations

from fastapi import APIRouter

from api.models import Health
from summarizer import __version__

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Whether the service runs")
def health() -> Health:
    """Answers as long as the process does."""
    return Health(version=__version__)
