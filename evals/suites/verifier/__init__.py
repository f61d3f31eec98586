"""Verification against labelled claims."""
