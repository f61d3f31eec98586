"""Fetching of pages and feeds and sending of webhooks over guarded HTTP."""
