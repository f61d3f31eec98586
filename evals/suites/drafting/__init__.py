"""Drafting suite: quality and cost of drafts."""

from evals.suites.drafting.metrics import measure_drafting
from evals.suites.drafting.suite import Choice, DraftingSuite

__all__ = ["Choice", "DraftingSuite", "measure_drafting"]
