"""Noise of an incident: its score and state, at one time and as a series."""
