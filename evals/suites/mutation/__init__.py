"""Mutation suite: share of planted faults that the gate catches."""

from evals.suites.mutation.suite import MutationSuite

__all__ = ["MutationSuite"]
