"""Conflicts suite: detection of disagreements between sources."""
