"""Base of every domain model."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of every domain model: immutable, and closed against misspelled fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
