"""Conflicts: different values that sources give to one fact, and which of them is the newest."""
