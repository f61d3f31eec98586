"""The pipeline from source items to stored drafts: ingest, settle, draft, store."""
