"""Public shapes of the items of an incident, with the reason for each, and of moves."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from api.schemas.incidents import Asked, Public
from summarizer.domain.assignments import Member, PairScore
from summarizer.domain.reviews import ReviewState
from summarizer.incidents.similar import Similar


class MoveRequest(Asked):
    """Items to move, or to show as well, and the other incident."""

    items: list[str] = Field(min_length=1, max_length=10_000, examples=[["a3", "a9"]])
    into: str = Field(min_length=1, max_length=40, examples=["INC-000007"])


class LikenessView(Public):
    """Similarity of an item to the nearest one."""

    score: float
    days: float | None = Field(description="Days between the two; null if one is undated.")
    features: dict[str, float] = Field(description="Compared features by name.")

    @classmethod
    def of(cls, likeness: PairScore) -> LikenessView:
        """The public shape of a similarity."""
        return cls(score=likeness.score, days=likeness.days, features=dict(likeness.features))


class MemberView(Public):
    """An item of an incident with the reason for its assignment."""

    key: str = Field(examples=["a3"])
    title: str
    source: str
    url: str | None
    published_at: dt.datetime | None
    origin: str = Field(
        description="Key of the item it is a copy of; its own key if it is an independent origin."
    )
    reason: str
    by: str | None = Field(description="Editor who assigned it; null if assigned automatically.")
    also_shown: bool = Field(
        description="Whether it is at home in another incident, and shown here as well."
    )
    elsewhere: list[str] = Field(
        description="Other incidents that have it, its home first; empty without scope `review`."
    )
    score: float | None = Field(
        description="Score of the incident at the assignment; null if assigned by an editor."
    )
    nearest: str | None
    likeness: LikenessView | None = Field(description="Similarity to the nearest item.")

    @classmethod
    def of(cls, member: Member) -> MemberView:
        """The public shape of a member."""
        item, found = member.item, member.assignment
        by_hand = member.showing or member.ruling
        likeness = found.likeness if found else None
        return cls(
            key=item.key,
            title=item.heading,
            source=item.source_name,
            url=item.url,
            published_at=item.published_at,
            origin=item.origin,
            reason=member.reason,
            by=by_hand.by if by_hand else None,
            also_shown=member.showing is not None,
            elsewhere=list(member.elsewhere),
            score=found.score if found else None,
            nearest=found.nearest if found else None,
            likeness=None if likeness is None else LikenessView.of(likeness),
        )


class SimilarView(Public):
    """An incident that looks like the same story, with what tells so."""

    id: str = Field(examples=["INC-000007"])
    title: str
    items: int
    outlets: list[str] = Field(description="Names of its sources, sorted.")
    newest_at: dt.datetime = Field(description="Time of its newest item.")
    revision: int | None = Field(description="Newest revision; null before the first draft.")
    review: ReviewState
    score: float = Field(description="0–1; from 0.5 on an arriving item would have joined.")
    why: list[str] = Field(
        description="What the two most similar items have in common.",
        examples=[["same day", "both name Quince"]],
    )
    item: str = Field(description="The most similar item of the incident asked for.")
    nearest: str = Field(description="The most similar item of this incident.")
    likeness: LikenessView

    @classmethod
    def of(cls, found: Similar) -> SimilarView:
        """The public shape of a suggestion."""
        return cls(
            id=found.id,
            title=found.title,
            items=found.items,
            outlets=list(found.outlets),
            newest_at=found.newest_at,
            revision=found.revision,
            review=found.review,
            score=found.score,
            why=list(found.why),
            item=found.mine.key,
            nearest=found.theirs.key,
            likeness=LikenessView.of(found.likeness),
        )


class SimilarList(Public):
    """Incidents that look like the story of one, best first."""

    incident: str = Field(examples=["INC-000042"])
    similar: list[SimilarView] = Field(description="Best first.")


class Members(Public):
    """The items of an incident, oldest first."""

    incident: str = Field(examples=["INC-000042"])
    items: list[MemberView]
    next: str | None = Field(description="`cursor` of the next page; null at the end.")
