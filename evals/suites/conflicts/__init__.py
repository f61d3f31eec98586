"""Disagreements between sources."""
