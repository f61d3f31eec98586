"""The path of the data: ingest, settle, draft, store."""
