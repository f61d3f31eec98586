"""Faults planted in drafts one at a time, to see which the gate lets through."""

from evals.suites.mutation.suite import MutationSuite

__all__ = ["MutationSuite"]
