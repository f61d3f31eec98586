"""Fetching pages and feeds, and sending webhooks, over guarded HTTP."""
