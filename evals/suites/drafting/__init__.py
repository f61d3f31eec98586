"""Drafting suite: quality and cost of drafts."""

from evals.suites.drafting.suite import DraftingSuite, measure_drafting

__all__ = ["DraftingSuite", "measure_drafting"]
