"""Endpoints of auto-drafting: plan, budget, pause and resume."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import Field

from api.auth import Admin
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.incidents import Asked, Public
from summarizer.jobs.budget import Limit, Unit, Window
from summarizer.jobs.planner import Action, Decision, Reason
from summarizer.jobs.snapshot import LOOKED_AT

router = APIRouter(prefix="/v1/autodrafting", tags=["auto-drafting"], route_class=GuardedRoute)


class Left(Public):
    """One limit of the budget."""

    unit: Unit
    window: Window
    limit: float
    spent: float = Field(description="By all calls of the last hour or day.")
    reserved: float = Field(description="For queued and running drafts.")
    in_batches: float = Field(description="For unanswered requests in message batches.")
    left: float

    @classmethod
    def of(cls, limit: Limit) -> Left:
        """The public shape of a limit."""
        return cls(**{name: getattr(limit, name) for name in cls.model_fields})


class Planned(Public):
    """Decision on one incident."""

    incident: str = Field(examples=["INC-000042"])
    action: Action
    reason: Reason
    words: str
    noise: int
    until: dt.datetime | None = Field(description="Time from which the decision may change.")

    @classmethod
    def of(cls, decision: Decision) -> Planned:
        """The public shape of a decision."""
        shared = {name: getattr(decision, name) for name in cls.model_fields if name != "incident"}
        return cls(incident=decision.incident_id, **shared)


class Autodrafting(Public):
    """State of auto-drafting."""

    in_service: bool = Field(description="Whether this service runs the auto-drafting worker.")
    paused_by: str | None
    rules: str = Field(description="Version of the rules.")
    budget: list[Left]
    nothing_new: int = Field(
        description="Incidents without new items since their newest draft, at the last look of a "
        "worker; 10,000 at most."
    )
    plan: list[Planned] = Field(description="The 200 loudest of the others, the loudest first.")


class ReleaseRequest(Asked):
    """An incident that was set aside after failed drafts."""

    incident: str = Field(examples=["INC-000042"])


@router.get("", summary="Show the plan of auto-drafting")
def show_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """The decision on each of the loudest incidents with its reason, and the budget; nothing is
    changed. `summarizer worker --dry-run` shows the whole plan."""
    survey = service.worker.survey
    news = [d for d in survey.loudest_open() if d.reason is not Reason.NOTHING_NEW]
    return Autodrafting(
        in_service=service.settings.autodrafting == "on",
        paused_by=survey.paused_by(),
        rules=survey.rules.version,
        budget=[Left.of(limit) for limit in survey.purses()],
        nothing_new=survey.counts()[Reason.NOTHING_NEW],
        plan=[Planned.of(decision) for decision in news[:LOOKED_AT]],
    )


@router.post("/pause", summary="Pause auto-drafting")
def pause_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """Pauses every worker on the data until it is resumed. Running drafts are finished."""
    service.worker.pause(actor.name)
    return show_autodrafting(service, actor)


@router.post("/resume", summary="Resume auto-drafting")
def resume_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """Has no effect if it is not paused."""
    service.worker.resume(actor.name)
    return show_autodrafting(service, actor)


@router.post("/release", summary="Release an incident", responses=answers(404))
def release_incident(service: Service, actor: Admin, asked: ReleaseRequest) -> Autodrafting:
    """Resets the failures of an incident that was set aside, so that it is drafted again."""
    service.worker.release(asked.incident, actor.name)
    return show_autodrafting(service, actor)
