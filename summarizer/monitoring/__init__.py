"""Monitoring of drafts against later evidence: retractions, conflicts, forecasts, attention."""
