"""Rows in; validated, de-duplicated, indexed items with passages out."""
