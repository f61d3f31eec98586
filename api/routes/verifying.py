"""Stateless verification."""

from __future__ import annotations

from fastapi import APIRouter

from api.models import VerifyAnswer, VerifyRequest
from api.security import Reader
from api.serving import Service
from summarizer import verification

router = APIRouter(prefix="/v1", tags=["verification"])


@router.post("/verify", summary="Check a claim against sources")
def verify_claim(asked: VerifyRequest, service: Service, actor: Reader) -> VerifyAnswer:
    """Stateless: nothing is stored."""
    answer = verification.verify_row(asked.model_dump(), service.pipeline.entailment)
    return VerifyAnswer.model_validate(answer)
