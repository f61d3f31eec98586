"""Rows from feeds and URLs."""
