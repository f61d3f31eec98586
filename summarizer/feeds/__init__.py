"""Polls feeds and URLs into rows."""
