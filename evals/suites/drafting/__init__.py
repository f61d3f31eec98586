"""How good drafts are: stories in, drafts out, and what is measured on the drafts."""

from evals.suites.drafting.suite import DraftingSuite, measure_drafting

__all__ = ["DraftingSuite", "measure_drafting"]
