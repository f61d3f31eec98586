"""Scripted Messages API server on loopback, so that tests and evals use the SDK over HTTP."""

from evals.mock_server.answers import (
    any_answer,
    asked_keys,
    asked_labels,
    copied_answer,
    cut_off_body,
    cut_off_by_limit,
    drafting_answer,
    error,
    expired,
    garbage,
    message,
    never,
    passage_ids,
    passages,
    refusal,
    says,
)
from evals.mock_server.requests import Recorded, Reply
from evals.mock_server.server import MessagesServer

__all__ = [
    "MessagesServer",
    "Recorded",
    "Reply",
    "any_answer",
    "asked_keys",
    "asked_labels",
    "copied_answer",
    "cut_off_body",
    "cut_off_by_limit",
    "drafting_answer",
    "error",
    "expired",
    "garbage",
    "message",
    "never",
    "passage_ids",
    "passages",
    "refusal",
    "says",
]
