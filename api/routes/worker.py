"""Auto-drafting: what it would do and why, what is left of its budget, and its switch."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import Field

from api.auth import Admin
from api.dependencies import Service
from api.problems import answers
from api.schemas.incidents import Public
from summarizer.jobs.budget import Limit, Unit, Window
from summarizer.jobs.planner import Action, Decision, Reason

router = APIRouter(prefix="/v1/autodrafting", tags=["auto-drafting"])


class Left(Public):
    """One limit of the budget."""

    unit: Unit
    window: Window
    limit: float
    spent: float = Field(description="By all calls of the last hour or day, whoever asked.")
    reserved: float = Field(description="For drafts that are asked for or under way.")
    in_batches: float = Field(description="For questions in message batches, not answered yet.")
    left: float

    @classmethod
    def of(cls, purse: Limit) -> Left:
        """The public shape of a purse."""
        return cls(**{name: getattr(purse, name) for name in cls.model_fields})


class Planned(Public):
    """What is done about one incident now."""

    incident: str = Field(examples=["INC-000042"])
    action: Action
    reason: Reason
    words: str
    noise: int
    until: dt.datetime | None = Field(description="When it will be looked at with another outcome.")

    @classmethod
    def of(cls, decision: Decision) -> Planned:
        """The public shape of a decision."""
        shared = {name: getattr(decision, name) for name in cls.model_fields if name != "incident"}
        return cls(incident=decision.incident_id, **shared)


class Autodrafting(Public):
    """How auto-drafting stands."""

    in_service: bool = Field(description="Whether this service drafts by itself.")
    paused_by: str | None
    rules: str = Field(description="Version of the rules.")
    budget: list[Left]
    nothing_new: int = Field(description="Incidents whose newest draft has seen everything.")
    plan: list[Planned] = Field(description="All others, the loudest first.")


class ReleaseRequest(Public):
    """An incident that was set aside."""

    incident: str = Field(examples=["INC-000042"])


@router.get("", summary="What would be drafted and why")
def show_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """As things stand now; nothing is changed."""
    survey = service.worker.survey
    decisions = survey.plan()
    news = [d for d in decisions if d.reason is not Reason.NOTHING_NEW]
    return Autodrafting(
        in_service=service.settings.autodrafting == "on",
        paused_by=survey.paused_by(),
        rules=survey.rules.version,
        budget=[Left.of(purse) for purse in survey.purses()],
        nothing_new=len(decisions) - len(news),
        plan=[Planned.of(decision) for decision in news],
    )


@router.post("/pause", summary="Begin no draft by itself")
def pause_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """For every worker on the data, until it is resumed. Drafts under way are finished."""
    service.worker.pause(actor.name)
    return show_autodrafting(service, actor)


@router.post("/resume", summary="Draft by itself again")
def resume_autodrafting(service: Service, actor: Admin) -> Autodrafting:
    """Does nothing where it is not paused."""
    service.worker.resume(actor.name)
    return show_autodrafting(service, actor)


@router.post("/release", summary="Try an incident again", responses=answers(404))
def release_incident(service: Service, actor: Admin, asked: ReleaseRequest) -> Autodrafting:
    """Its failures so far count no more."""
    service.worker.release(asked.incident, actor.name)
    return show_autodrafting(service, actor)
