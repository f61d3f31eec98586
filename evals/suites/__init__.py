"""Eval suites."""
