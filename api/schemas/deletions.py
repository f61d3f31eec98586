"""Public shapes of deletions."""

from __future__ import annotations

from pydantic import Field

from api.schemas.incidents import Public
from summarizer.domain.deletions import Plan
from summarizer.review.deletion import Deleted


class DeletionHit(Public):
    """An incident that a deletion concerns."""

    incident: str = Field(examples=["INC-000042"])
    revisions: int = Field(description="Stored revisions that lose something.")
    sentences: int = Field(description="Shown sentences that are withheld from then on.")
    goes: bool = Field(description="Whether nothing is left of it, so that it goes too.")


class DeletionView(Public):
    """What a deletion took, or would take."""

    deletion: int | None = Field(description="Number of the deletion; null if nothing was deleted.")
    items: list[str] = Field(examples=[["a3"]], description="Keys of the items.")
    incidents: list[DeletionHit]
    waits: str | None = Field(
        description="Why vectors are in the index still; they go by themselves."
    )

    @classmethod
    def planned(cls, plan: Plan) -> DeletionView:
        """The public shape of what would go."""
        return cls._of(None, plan, None)

    @classmethod
    def of(cls, done: Deleted) -> DeletionView:
        """The public shape of what went."""
        return cls._of(done.number, done.plan, done.waits)

    @classmethod
    def _of(cls, number: int | None, plan: Plan, waits: str | None) -> DeletionView:
        return cls(
            deletion=number,
            items=[item.key for item in plan.items],
            incidents=[DeletionHit(**hit.model_dump()) for hit in plan.incidents],
            waits=waits,
        )
