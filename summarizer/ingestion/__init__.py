"""Ingestion: from rows to validated, de-duplicated and indexed items with passages."""
