"""Editors' operations: edit, lock, approve, merge, split, resolve forecasts."""
