"""Endpoints of holds on incidents: for the senior desk, embargoes, legal holds."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth import Reader, Reviewer
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.holds import HoldList, HoldRequest, HoldView, LiftRequest
from summarizer.domain.holds import HoldKind

router = APIRouter(
    prefix="/v1/incidents/{incident_id}/holds", tags=["holds"], route_class=GuardedRoute
)


@router.get("", summary="List holds on an incident", responses=answers(404))
def list_holds(service: Service, actor: Reader, incident_id: str) -> HoldList:
    """Those in force, also of incidents merged into it."""
    return HoldList(holds=[HoldView.of(hold) for hold in service.holds.of(incident_id)])


@router.put("/{kind}", summary="Put a hold on an incident", responses=answers(404))
def put_hold(
    service: Service, actor: Reviewer, incident_id: str, kind: HoldKind, asked: HoldRequest
) -> HoldView:
    """`senior_desk`: only the senior desk approves it. `embargo`: only editors read it, until a
    time. `legal_hold`: only editors read it and nobody approves it, until it is lifted. Takes the
    place of one of the same kind.
    """
    made = service.holds.put(incident_id, kind, actor.name, asked.reason, asked.until)
    return HoldView.of(made)


@router.post("/{kind}/lift", summary="Lift a hold", responses=answers(404, 409))
def lift_hold(
    service: Service, actor: Reviewer, incident_id: str, kind: HoldKind, asked: LiftRequest
) -> HoldList:
    """Returns the holds that are left. Any editor lifts an embargo; the other kinds need the scope
    `senior`.
    """
    service.holds.lift(incident_id, kind, actor.name, asked.reason, senior=actor.is_senior)
    return list_holds(service, actor, incident_id)
