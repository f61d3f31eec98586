"""Endpoint for stateless verification of a claim."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.schemas.incidents import VerifyAnswer, VerifyRequest
from summarizer.verification import rows

router = APIRouter(prefix="/v1", tags=["verification"], route_class=GuardedRoute)


@router.post("/verify", summary="Check a claim against sources")
def verify_claim(asked: VerifyRequest, service: Service, actor: Reader) -> VerifyAnswer:
    """Verifies a claim against sources in the request; nothing is stored."""
    row = {"id": asked.id, "claim": asked.claim, "sources": asked.sources}
    answer = rows.verify_row(row, service.pipeline.verifier.entailment)
    return VerifyAnswer.model_validate(answer)
