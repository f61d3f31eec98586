"""Verification of claims against the passages they cite: checks, entailment, judge, gate."""
