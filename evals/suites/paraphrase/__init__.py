"""Paraphrase suite: faults and honest claims built by rule from clauses of stories."""

from evals.suites.paraphrase.suite import ParaphraseSuite

__all__ = ["ParaphraseSuite"]
