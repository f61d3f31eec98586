"""Eval suites: they measure the same functions that make a draft."""
